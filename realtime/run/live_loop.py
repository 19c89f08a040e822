"""The main thread of a live session: draws, and hands on what people ask for."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from hipcue.config.reasons import Reason
from hipcue.realtime.hud import Screen
from hipcue.realtime.records import EngineCommand, RunnerState
from hipcue.realtime.run.album import Album
from hipcue.realtime.run.heap import give_back
from hipcue.realtime.run.live_session import LiveSession
from hipcue.realtime.run.stop_signals import stop_signals
from hipcue.realtime.session.video import faceless
from hipcue.realtime.view.commands import AddMark, Quit, ToggleMute, UserCommand
from hipcue.realtime.view.snapshot import Snapshot
from hipcue.realtime.vision.image_quality import ImageQualityMonitor

# Without a window the screen is drawn for the pictures only.
_HEADLESS_FPS = 4

# The screen rests for this many times as long as it drew: a quarter of a core at most.
_REST = 3.0
# A frame follows the picture that came last, but not sooner than this share of its due time;
# our choice: a camera of 120 Hz is not drawn at 120 Hz.
_SOONEST = 0.75
# Memory that a slow moment took is given back this seldom; our choice.
_TIDY_S = 5.0
# A picture is looked at for light, level and framing this seldom in a run: it costs 10 ms.
_LOOK_RARELY_S = 5.0


def show(
    session: LiveSession,
    screen: Screen,
    *,
    headless: bool,
    seconds: float | None,
    pictures: Path | None,
    fps: int,
) -> bool:
    """Draw until the session ends, somebody quits, or the time is up.

    Returns whether somebody ended it before its time.
    """
    album = Album(screen, pictures if headless else None)
    watch = _PictureAdvice()
    started_s = tidied_s = time.monotonic()
    step_s = 1.0 / (_HEADLESS_FPS if headless else fps)
    with stop_signals() as stop:
        while session.running and not stop.is_set():
            begun_s = time.monotonic()
            if seconds is not None and begun_s - started_s >= seconds:
                break
            snapshot = session.snapshot()
            told = (*snapshot.notices, *watch.step(snapshot))
            if headless and session.settings.session.blur_face:
                snapshot = _without_face(snapshot)
            commands = screen.show(replace(snapshot, notices=told))
            if any(not _obey(session, command) for command in commands):
                break
            state = snapshot.result.state if snapshot.result is not None else None
            album.add_screen(begun_s, state)
            if begun_s - tidied_s > _TIDY_S:
                tidied_s = begun_s
                give_back()
            took_s = time.monotonic() - begun_s
            # On a slow machine the screen gives way first: strides come before pictures.
            due_s = step_s / session.screen_share
            stop.wait(max(_SOONEST * due_s - took_s, _REST * took_s, 0.001))
            session.wait_for_turn(max(begun_s + due_s - time.monotonic(), 0.0))
        ended = session.running and (seconds is None or time.monotonic() - started_s < seconds)
    album.close()
    return ended


def _without_face(snapshot: Snapshot) -> Snapshot:
    """Pictures of the screen are kept, so no face may be on it where none may be kept."""
    frame, result = snapshot.frame, snapshot.result
    if frame is None:
        return snapshot
    return replace(snapshot, frame=faceless(frame, None if result is None else result.preview_pose))


class _PictureAdvice:
    """What is wrong with the picture: looked at often while setting up, rarely in a run."""

    def __init__(self) -> None:
        self._often, self._rarely = ImageQualityMonitor(), ImageQualityMonitor(_LOOK_RARELY_S)

    def step(self, snapshot: Snapshot) -> tuple[Reason, ...]:
        """Return what is wrong at present."""
        frame, result = snapshot.frame, snapshot.result
        if frame is None or result is None:
            return ()
        running = result.state not in (RunnerState.WAITING, RunnerState.NEUTRAL)
        watch = self._rarely if running else self._often
        return watch.add_frame(frame, result.preview_pose)


def _obey(session: LiveSession, command: UserCommand) -> bool:
    """Do what somebody asked; False ends the session."""
    if isinstance(command, Quit):
        return False
    if isinstance(command, ToggleMute):
        session.toggle_mute()
    elif isinstance(command, AddMark):
        session.mark(command.note, command.t_s)
    elif isinstance(command, EngineCommand):
        session.command(command)
    return True
