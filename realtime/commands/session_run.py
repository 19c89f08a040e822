"""A session from its first picture to its folder, whatever the pictures come from."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from hipcue.config.cues import load_cues
from hipcue.config.errors import UserError
from hipcue.config.reason_words import advice_on, in_words, with_advice
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings, changed
from hipcue.devices.sound import Sound
from hipcue.realtime.engine import Engine
from hipcue.realtime.library.finish import finish
from hipcue.realtime.library.runners import known_runners, next_in_programme
from hipcue.realtime.records import RunnerState, StepResult
from hipcue.realtime.run.device_set import DeviceSet
from hipcue.realtime.run.ledger import Ledger
from hipcue.realtime.run.live_session import Listener, LiveSession
from hipcue.realtime.run.low_jitter import leave_to_rest
from hipcue.realtime.session import SessionHeader, SessionWriter
from hipcue.realtime.session.folder import sessions_parent
from hipcue.realtime.session.session_log import SessionLog, log_versions
from hipcue.realtime.session.summary import SessionSummary, list_sessions
from hipcue.realtime.session.video import VideoRecorder
from hipcue.realtime.view.live_view import LiveView

# What a machine that is too slow for its camera can be the cause of.
_OF_A_SLOW_MACHINE = {
    ReasonCode.PICTURES_TOO_FEW,
    ReasonCode.MOVES_OTHERWISE,
    ReasonCode.NO_LANDING,
    ReasonCode.NONE_ALIKE,
}


class Tally:
    """Counts what happened, for the lines at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ledger = Ledger()
        self.cues = 0
        self.first_s: float | None = None
        self.changes: list[tuple[float, RunnerState]] = []

    def step(self, result: StepResult) -> None:
        """Take a step."""
        self.first_s = result.t_s if self.first_s is None else self.first_s
        self._ledger.add(result)
        self.cues += len(result.cues)
        if not self.changes or self.changes[-1][1] is not result.state:
            self.changes.append((result.t_s - self.first_s, result.state))

    @property
    def frames(self) -> int:
        """Frames so far."""
        return self._ledger.frames

    @property
    def seen(self) -> int:
        """Frames with a runner in them."""
        return self._ledger.seen

    @property
    def strides(self) -> int:
        """Strides measured."""
        return self._ledger.strides

    def tell(self, slow: Reason | None) -> None:
        """Say what the session was, and why it has no strides."""
        print(f"{self.strides} strides, {self.cues} cues in {self.frames} frames")
        if self.strides == 0 and self.frames > 0:
            why = self._ledger.why_none()
            if slow is not None and why.code in _OF_A_SLOW_MACHINE:
                why = slow
            print(f"no strides: {with_advice(why)}")
        for line in self._ledger.remarks if self.strides else ():
            print(f"  {line}")
        print(f"session: {self.folder}")

    def tell_demo(self) -> None:
        """Say how the runner's state went."""
        told = ", ".join(f"{t:.0f} s {state.value}" for t, state in self.changes)
        print(f"states: {told}")


def _recorder(
    settings: Settings, devices: DeviceSet, folder: Path, writer: SessionWriter
) -> VideoRecorder:
    kept = settings.session
    rate = devices.camera.fps
    return VideoRecorder(
        folder,
        (kept.video_width, kept.video_height),
        rate.got or rate.asked or settings.camera.fps,
        blur_face=kept.blur_face,
        keep_free_bytes=kept.keep_free_mb * 1_000_000,
        tell=lambda why: writer.note_fault(time.monotonic(), why),
    )


def open_sound(settings: Settings, clock: Callable[[], float]) -> Sound:
    """Return the loudspeaker with every phrase that may be said."""
    language = settings.feedback.language
    sound = Sound(settings.sound, language, clock)
    sound.prepare(load_cues().all_phrases(language))
    return sound


def run_session(
    settings: Settings,
    devices: DeviceSet,
    *,
    plugged: Mapping[str, str],
    headless: bool,
    seconds: float | None,
    folder: Path,
    listeners: Sequence[Listener] = (),
) -> Tally:
    """Run a session until its pictures end, the time is up or somebody quits.

    Parameters
    ----------
    settings : Settings
        As given; where nobody said which session of the programme it is, that is filled in.
    devices : DeviceSet
        Opened, not yet started; closed at the end.
    plugged : mapping of str to str
        Their addresses, for the session's header; ``"camera"`` is one of them.
    headless : bool
        No window: pictures of the screen are kept instead.
    seconds : float or None
        How long at most.
    folder : Path
        The session's.
    listeners : sequence of Listener
        Who else is told what happens.

    Returns
    -------
    Tally
        What happened, which has been said already.

    Raises
    ------
    UserError
        When no picture came, or nobody was in any of them.
    """
    tally = Tally(folder)
    source = plugged["camera"]
    counting = Listener(on_step=lambda frame, result: tally.step(result))
    with ExitStack() as at_the_end:
        kept = list_sessions(sessions_parent(settings))
        settings = _with_programme(settings, kept)
        header = SessionHeader.now(settings, source, devices=plugged)
        # Strides go on in the last fifth of what the film leaves free.
        free_bytes = settings.session.keep_free_mb * 200_000
        writer = SessionWriter(folder, header, keep_free_bytes=free_bytes, finish=finish)
        filmed = settings.session.video
        recorder = _recorder(settings, devices, folder, writer) if filmed else None
        session = LiveSession(
            Engine(settings),
            devices,
            writer,
            LiveView(settings, known_runners(kept)),
            listeners=[*listeners, counting],
            recorder=recorder,
            next_session=partial(next_in_programme, kept),
        )
        with SessionLog(folder, lambda: writer.runners):
            log_versions(header)
            try:
                session.start()
                # While the pose model is read and the first pictures come, that which shows
                # them is; it takes as long.
                from hipcue.realtime.run.live_loop import show
                from hipcue.realtime.run.screen_opening import open_screen

                screen, headless = open_screen(settings, headless)
                at_the_end.callback(screen.close)
                leave_to_rest()
                stopped = show(
                    session,
                    screen,
                    headless=headless,
                    seconds=seconds,
                    pictures=folder / "screens",
                    fps=settings.screen.fps,
                )
            finally:
                for line in session.stop():
                    print(f"hipcue: {line}", file=sys.stderr)
            if session.error is not None:
                raise session.error
    if tally.frames == 0 and not stopped:
        why = devices.camera.status().reason
        raise UserError(
            f"no picture from camera {source}",
            advice_on(why) or in_words(why),
            "hipcue devices lists what is plugged in",
        )
    if tally.seen == 0 and not stopped:
        raise UserError(
            f"nobody found by camera {source}",
            f"{tally.frames} frames, none with a person; the session is kept in {folder}",
            "stand side-on, whole body in the picture, enough light",
        )
    tally.tell(session.slow)
    return tally


def _with_programme(settings: Settings, kept: Sequence[SessionSummary]) -> Settings:
    """Fill in which session of the programme it is, where nobody said."""
    if settings.feedback.programme_session is not None:
        return settings
    number = next_in_programme(kept, settings.runner.name)
    return changed(settings, "feedback.programme_session", number)
