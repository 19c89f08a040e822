"""A film or a marker file through the same engine, as fast as the machine allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from hipcue.config.errors import UserError
from hipcue.config.reason_words import advice_on, in_words
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings
from hipcue.devices.readings import BeltSample, BeltSource, DeviceStatus, LinkState
from hipcue.realtime.engine import Engine
from hipcue.realtime.library.finish import finish
from hipcue.realtime.run.angle_files import measure_angles
from hipcue.realtime.run.file_kinds import FileKind, kind_of
from hipcue.realtime.run.file_options import unused_options
from hipcue.realtime.run.file_sources import open_source
from hipcue.realtime.run.film_source import FilmSource
from hipcue.realtime.run.ledger import Ledger
from hipcue.realtime.run.no_trace import Trace, no_trace_of_failure
from hipcue.realtime.run.stepper import Stepper
from hipcue.realtime.session import SessionHeader, SessionWriter
from hipcue.realtime.session.header import OWN_CLOCK, STANDING

Progress = Callable[[int, int | None], None]
"""Called with frames done and frames in all (None when the file does not say)."""


# Belt speeds that end by so much before a file begins are of another clock; our choice.
_APART_S = 1.0


@dataclass(frozen=True, slots=True)
class Analysis:
    """What came out of a file.

    Attributes
    ----------
    folder : Path
        The session folder.
    frames, seen : int
        Frames in the file, and those with a runner in them.
    strides, swaps : int
        Strides measured and leg swaps undone.
    remarks : tuple of Reason
        What is the matter with the file's pictures and their times.
    lines : tuple of str
        What the strides should be read with, as `Ledger.remarks` says it.
    begun : int
        Strides that the landings make, whether they could be measured or not.
    of : str
        What was counted: of joint angles alone there are cycles, without contacts, and the folder
        is no session.
    elsewhere : tuple of (Reason, int)
        Frames with somebody who does not run as in the others: why, and how many.
    """

    folder: Path
    frames: int
    seen: int
    strides: int
    swaps: int
    remarks: tuple[Reason, ...] = ()
    lines: tuple[str, ...] = ()
    begun: int = 0
    of: Literal["strides", "cycles"] = "strides"
    elsewhere: tuple[tuple[Reason, int], ...] = ()


# What is said of a file's pictures and times when it is done: all else is said stride by stride.
_REMARKS = {
    ReasonCode.FEW_PICTURES,
    ReasonCode.STAMPS_JITTER,
    ReasonCode.TIME_LOST,
    ReasonCode.CAMERA_MOVED,
    ReasonCode.CAMERA_TURNED,
    ReasonCode.PICTURE_JUMPED,
    ReasonCode.PICTURE_ZOOMED,
}


def analyze(
    path: Path,
    settings: Settings,
    belt: Sequence[BeltSample],
    folder: Path,
    progress: Progress = lambda done, total: None,
) -> Analysis:
    """Measure a film, markers or joint angles and write a folder: a session but for angles.

    Parameters
    ----------
    path : Path
        A film, a TRC file of markers, or a MOT or STO file of joint angles.
    settings : Settings
        As for a live run.
    belt : sequence of BeltSample
        Belt speed against the file's own time; empty when it is not known.
    folder : Path
        New session folder.
    progress : callable
        Told how far it is.

    Raises
    ------
    UserError
        When the file cannot be read, shows nobody or no stride, or the session could not all be
        kept. Nothing is left of the folder then.
    """
    with no_trace_of_failure(folder) as trace:
        kind = kind_of(path)
        idle = unused_options(kind, settings, belt)
        if kind is FileKind.ANGLES:
            found = measure_angles(path, settings, folder)
            rows, cycles, remarks = found.rows, found.cycles, (*found.remarks, *idle)
            return Analysis(folder, rows, rows, cycles, 0, remarks, found.lines, of="cycles")
        done = _measure(path, settings, belt, folder, progress, trace)
        return replace(done, remarks=(*done.remarks, *idle))


def _measure(
    path: Path,
    settings: Settings,
    belt: Sequence[BeltSample],
    folder: Path,
    progress: Progress,
    trace: Trace,
) -> Analysis:
    """Measure a film or markers; what a full disk took is kept."""
    source = open_source(path, settings)
    settings = source.settings
    markers = source.kind == "markers"
    poses = source.poses()
    first = next(poses, None)
    if first is None:
        raise UserError(f"cannot analyze {path}", "no frames in it", "check the file")
    _check_times(belt, first[0].t_capture_s, path)
    standing = {} if source.standing is None else {STANDING: source.standing.values()}
    header = SessionHeader.now(
        settings,
        str(path.name),
        devices={"camera": source.kind},
        size_px=first[0].size_px,
        extra={"markers": markers, OWN_CLOCK: markers, **standing},
    )
    writer = SessionWriter(folder, header, finish=finish)
    stepper = Stepper(Engine(settings, markers=markers, standing=source.standing), writer)
    ledger = Ledger(film=isinstance(source, FilmSource))
    swaps = 0
    remarks: dict[ReasonCode, Reason] = {}
    try:
        belt = source.belt or belt
        writer.device(0.0, _belt_light(belt))
        feed = BeltFeed(belt)
        pose, total = first
        while True:
            samples = feed.until(pose.t_capture_s)
            result = stepper.step(pose, samples)
            ledger.add(result)
            swaps = result.swaps
            remarks.update((r.code, r) for r in result.notices if r.code in _REMARKS)
            progress(pose.index + 1, total)
            following = next(poses, None)
            if following is None:
                break
            pose, total = following
        last = stepper.settle_last_frames()
        if last is not None:
            ledger.add_found(last)
            swaps = last.swaps
        stepper.record_neutral()
        for remark in source.remarks():
            remarks[remark.code] = remark
            writer.device(pose.t_capture_s, DeviceStatus("camera", LinkState.LIVE, remark))
    finally:
        writer.close()
    if writer.fault is not None:
        trace.keep()
        raise UserError(
            f"cannot keep all of {path} in {folder}",
            in_words(writer.fault),
            advice_on(writer.fault) or "make room on the disk, or choose another folder with --out",
        )
    if ledger.strides == 0 or ledger.from_elsewhere:
        why = ledger.why_none()
        failed = f"no stride in {path}" if ledger.seen else f"nobody found in {path}"
        raise UserError(failed, in_words(why), advice_on(why))
    return Analysis(
        folder,
        ledger.frames,
        ledger.seen,
        ledger.strides,
        swaps,
        tuple(remarks.values()),
        ledger.remarks,
        ledger.begun,
        elsewhere=tuple(ledger.elsewhere.most_common()),
    )


def _check_times(belt: Sequence[BeltSample], first_s: float, path: Path) -> None:
    """Make sure that belt speeds of a file are of the time in which somebody ran.

    Raises
    ------
    UserError
        When they end before: both clocks do not count from the same instant.
    """
    told = [sample.t_s for sample in belt if sample.source is BeltSource.FILE]
    if len(told) > 1 and told[-1] < first_s - _APART_S:
        raise UserError(
            f"cannot use these belt speeds for {path}",
            f"they go from {told[0]:g} to {told[-1]:g} s, its first frame is at {first_s:g} s",
            "times as the file counts them",
        )


class BeltFeed:
    """Hands out belt samples as a film reaches them."""

    def __init__(self, samples: Sequence[BeltSample]) -> None:
        self._samples = sorted(samples, key=lambda sample: sample.t_s)
        self._next = 0

    def until(self, t_s: float) -> tuple[BeltSample, ...]:
        """Return the samples not yet handed out, up to `t_s` and the first one beyond."""
        first = self._next
        while self._next < len(self._samples) and (
            self._next == 0 or self._samples[self._next - 1].t_s <= t_s
        ):
            self._next += 1
        return tuple(self._samples[first : self._next])


def constant_belt(speed_mps: float | None) -> tuple[BeltSample, ...]:
    """Return the samples of a belt that keeps one speed; none when it is not known."""
    if speed_mps is None:
        return ()
    return (BeltSample(0.0, speed_mps, source=BeltSource.FIXED),)


def _belt_light(belt: Sequence[BeltSample]) -> DeviceStatus:
    if not belt:
        return DeviceStatus("belt", LinkState.OFF, Reason(ReasonCode.BELT_NOT_GIVEN))
    if belt[0].source is BeltSource.MARKERS:
        return DeviceStatus("belt", LinkState.LIVE, Reason(ReasonCode.BELT_MARKERS))
    speed = belt[0].speed_mps if belt[0].source is BeltSource.FIXED else None
    file = Reason(ReasonCode.BELT_FILE)
    reason = file if speed is None else Reason(ReasonCode.BELT_FIXED, mps=speed)
    return DeviceStatus("belt", LinkState.LIVE, reason)
