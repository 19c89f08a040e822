"""The engine and the clock of the pictures: every fault gives right numbers, wide ones or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from hipcue.config.reasons import ReasonCode
from hipcue.config.settings import Settings
from hipcue.devices.readings import BeltSample, BeltSource
from hipcue.devices.simulated.truth import TrueStride
from hipcue.realtime.engine import Engine
from hipcue.realtime.records import Pose, Stride
from hipcue.realtime.run.replay_check import check
from hipcue.realtime.run.stepper import Stepper
from hipcue.realtime.session import SessionHeader, SessionReader, SessionWriter
from tests.realtime.test_engine import FPS, Treadmill

# Running evenly from here on.
STEADY_S, END_S = 6.0, 14.0
SPEED_MPS = 3.0

Frames = list[tuple[Pose, float]]
"""Poses as they come in, and when they are really of."""


@cache
def filmed() -> tuple[list[Pose], tuple[TrueStride, ...]]:
    """A runner for 14 s, and what they really did."""
    treadmill = Treadmill()
    poses = [treadmill.look(k / FPS) for k in range(1, round(END_S * FPS) + 1)]
    return poses, tuple(treadmill.runner.truth.strides)


def stamped(pose: Pose, t_s: float, index: int) -> Pose:
    """Return a pose that came with another stamp."""
    pelvis = tuple(replace(one, t_s=t_s) for one in pose.pelvis)
    return replace(pose, t_capture_s=t_s, index=index, pelvis=pelvis)


def as_it_was() -> Frames:
    return [(pose, pose.t_capture_s) for pose in filmed()[0]]


def held(times: int) -> Frames:
    poses = filmed()[0]
    return [
        (stamped(poses[k - k % times], pose.t_capture_s, k), pose.t_capture_s)
        for k, pose in enumerate(poses)
    ]


def hung(seconds: float, every_s: float) -> Frames:
    frames: Frames = []
    shown = filmed()[0][0]
    for k, pose in enumerate(filmed()[0]):
        t_s = pose.t_capture_s
        if t_s < STEADY_S or t_s % every_s >= seconds:
            shown = pose
        frames.append((stamped(shown, t_s, k), t_s))
    return frames


def jittering(most_s: float) -> Frames:
    chance = np.random.default_rng(7)
    frames: Frames = []
    last_s = 0.0
    for pose in filmed()[0]:
        last_s = max(pose.t_capture_s + chance.uniform(-most_s, most_s), last_s + 1e-5)
        frames.append((stamped(pose, last_s, pose.index), pose.t_capture_s))
    return frames


def cut(seconds: float, every_s: float) -> Frames:
    kept = [
        pose
        for pose in filmed()[0]
        if pose.t_capture_s < STEADY_S or pose.t_capture_s % every_s >= seconds
    ]
    return [(stamped(p, (k + 1) / FPS, k), p.t_capture_s) for k, p in enumerate(kept)]


def lost(share: float) -> Frames:
    chance = np.random.default_rng(8)
    kept = [pose for pose in filmed()[0] if chance.random() > share]
    return [(replace(pose, index=k), pose.t_capture_s) for k, pose in enumerate(kept)]


def fewer(fps: float) -> Frames:
    poses = filmed()[0]
    picked = [poses[round(t * FPS)] for t in np.arange(0.0, END_S - 0.1, 1.0 / fps)]
    return [(replace(pose, index=k), pose.t_capture_s) for k, pose in enumerate(picked)]


def measured(frames: Frames, engine: Engine | None = None) -> list[Stride]:
    engine = engine or Engine(Settings())
    strides: list[Stride] = []
    for k, (pose, _) in enumerate(frames):
        belt = (BeltSample(0.0, SPEED_MPS, source=BeltSource.FIXED),) if k == 0 else ()
        strides += engine.step(pose, belt).strides
    return strides


def errors(frames: Frames, strides: Sequence[Stride]) -> tuple[list[tuple[float, float]], int]:
    """Of each stride time what it is off by, and its ±; and how many strides there were."""
    stamps = np.array([pose.t_capture_s for pose, _ in frames])
    real = np.array([t_s for _, t_s in frames])
    true = [s for s in filmed()[1] if s.contact_s > STEADY_S + 1.0 and s.end_s < END_S - 0.3]
    found = []
    for stride in strides:
        at_s = float(np.interp(stride.contact_s, stamps, real))
        for one in true:
            time = stride.measure("stride_time_s")
            alike = stride.side.value == one.side and abs(one.contact_s - at_s) < 0.12
            if alike and time.value is not None:
                found.append((time.value - (one.end_s - one.contact_s), time.sigma or 0.0))
    return found, len(true)


@pytest.mark.parametrize(
    ("fault", "least"),
    [
        (as_it_was, 1.0),
        (lambda: held(2), 0.7),
        (lambda: held(4), 0.0),
        (lambda: hung(0.05, 1.9), 0.7),
        (lambda: hung(0.2, 3.1), 0.5),
        (lambda: jittering(0.010), 0.85),
        (lambda: jittering(0.020), 0.85),
        (lambda: cut(0.0334, 2.3), 0.5),
        (lambda: cut(0.1, 2.3), 0.3),
        (lambda: lost(0.3), 0.5),
        (lambda: fewer(25.0), 0.5),
        (lambda: fewer(18.0), 0.0),
    ],
    ids=[
        *("calm", "held2", "held4", "hung50", "hung200", "jitter10", "jitter20"),
        *("cut33", "cut100", "lost30", "25", "18"),
    ],
)
def test_no_wrong_number_with_a_narrow_range(fault: Callable[[], Frames], least: float) -> None:
    frames = fault()
    found, count = errors(frames, measured(frames))
    assert [(e, sigma) for e, sigma in found if abs(e) > 4 * sigma] == []
    assert len(found) >= least * count


def test_jittering_stamps_are_evened_out_and_true_ones_are_not() -> None:
    """The stamps of a busy machine mean little, those of a phone that changes its pace all."""
    for frames in (jittering(0.020), lost(0.3)):
        found, _ = errors(frames, measured(frames))
        off = [abs(e) for e, _ in found]
        assert float(np.median(off)) < 0.012


def test_cut_out_pictures_are_named_where_time_was_lost() -> None:
    why: Counter[ReasonCode] = Counter()
    for stride in measured(cut(0.05, 2.3)):
        reason = stride.measure("stride_length_m").reason
        if reason is not None:
            why[reason.code] += 1
    assert why[ReasonCode.TIME_LOST] >= 2
    assert not any(
        stride.measure("stride_time_s").reason is not None for stride in measured(as_it_was())
    )


def test_too_few_pictures_are_the_reason_and_are_told_on_the_screen() -> None:
    engine = Engine(Settings())
    whys, notices = set(), set()
    for pose, _ in fewer(15.0):
        result = engine.step(pose)
        notices |= {notice.code for notice in result.notices}
        for stride in result.strides:
            reason = stride.measure("contact_time_s").reason
            whys |= {None if reason is None else reason.code}
    assert ReasonCode.FEW_PICTURES in notices
    assert whys <= {None, ReasonCode.TOO_FEW_PICTURES, ReasonCode.PICTURES_MISSING}


@pytest.mark.parametrize("fault", [lambda: jittering(0.015), lambda: held(3)], ids=str)
def test_a_recording_with_bad_times_gives_the_same_again(
    fault: Callable[[], Frames], tmp_path: Path
) -> None:
    settings = Settings()
    header = SessionHeader.now(settings, "film", devices={}, size_px=(1280, 720))
    writer = SessionWriter(tmp_path / "s", header)
    stepper = Stepper(Engine(settings), writer)
    for pose, _ in fault()[: round(9 * FPS)]:
        stepper.step(pose)
    writer.close()
    with SessionReader(tmp_path / "s") as session:
        found = check(session, Engine(settings))
    assert found.differences == []
    assert found.strides > 0
