"""The main thread of a live session: draws, and hands on what people ask for."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

from hipcue.config.settings import Settings
from hipcue.realtime.hud import Screen, display_available
from hipcue.realtime.records import EngineCommand, Notice, RunnerState
from hipcue.realtime.run.live_session import LiveSession
from hipcue.realtime.session.folder import keep_private
from hipcue.realtime.session.video import faceless
from hipcue.realtime.view.commands import AddMark, Quit, ToggleMute, UserCommand
from hipcue.realtime.view.snapshot import Snapshot
from hipcue.realtime.vision.image_quality import ImageQualityMonitor

# Without a window the screen is drawn for the pictures only.
_HEADLESS_FPS = 4
# A session without a window keeps a picture of its screen when the state has been new for
# this long, and every so often.
_SETTLED_S, _EVERY_S, _MOST = 2.0, 30.0, 60

# The screen rests for this many times as long as it drew: a quarter of a core at most.
_REST = 3.0
# A frame follows the picture that came last, but not sooner than this share of its due time;
# our choice: a camera of 120 Hz is not drawn at 120 Hz.
_SOONEST = 0.75
# A picture is looked at for light, level and framing this seldom in a run: it costs 10 ms.
_LOOK_RARELY_S = 5.0


def open_screen(
    settings: Settings, headless: bool, instead: str = "pictures of the screen are kept"
) -> tuple[Screen, bool]:
    """Open the window; without a display go on without one and say so, and what happens instead."""
    if not headless and not display_available():
        print(f"hipcue: no display found; going on without a window, {instead}")
        headless = True
    screen = Screen(settings.screen, settings.feedback.language, headless=headless)
    screen.open()
    return screen, headless


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
    started_s = time.monotonic()
    step_s = 1.0 / (_HEADLESS_FPS if headless else fps)
    with stop_signals() as stop:
        while session.running and not stop.is_set():
            begun_s = time.monotonic()
            if seconds is not None and begun_s - started_s >= seconds:
                break
            snapshot = session.chronicle.snapshot(
                begun_s,
                session.statuses(),
                recording=session.recording,
                muted=session.muted,
                notices=session.notices(),
            )
            told = (*snapshot.notices, *watch.step(snapshot))
            if headless and session.settings.session.blur_face:
                snapshot = _without_face(snapshot)
            commands = screen.show(replace(snapshot, notices=told))
            if any(not _obey(session, command) for command in commands):
                break
            state = snapshot.result.state if snapshot.result is not None else None
            album.look(begun_s, state)
            took_s = time.monotonic() - begun_s
            # On a slow machine the screen gives way first: strides come before pictures.
            due_s = step_s / session.load.screen_share
            stop.wait(max(_SOONEST * due_s - took_s, _REST * took_s, 0.001))
            session.rest(max(begun_s + due_s - time.monotonic(), 0.0))
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

    def step(self, snapshot: Snapshot) -> tuple[Notice, ...]:
        """Return what is wrong at present."""
        frame, result = snapshot.frame, snapshot.result
        if frame is None or result is None:
            return ()
        running = result.state not in (RunnerState.WAITING, RunnerState.NEUTRAL)
        watch = self._rarely if running else self._often
        return watch.step(frame, result.preview_pose)


def _obey(session: LiveSession, command: UserCommand) -> bool:
    """Do what somebody asked; False ends the session."""
    if isinstance(command, Quit):
        return False
    if isinstance(command, ToggleMute):
        session.mute()
    elif isinstance(command, AddMark):
        session.mark(command.note, command.t_s)
    elif isinstance(command, EngineCommand):
        session.ask(command)
    return True


class Album:
    """Pictures of the screen of a session that nobody watched."""

    def __init__(self, screen: Screen, folder: Path | None) -> None:
        self._screen = screen
        self._folder = folder
        self._state: RunnerState | None = None
        self._since_s = 0.0
        self._taken: set[RunnerState] = set()
        self._last_s = -_EVERY_S
        self._count = 0

    def look(self, now_s: float, state: RunnerState | None) -> None:
        """Take a picture when there is something new to see."""
        if state is not self._state:
            self._state, self._since_s = state, now_s
        settled = now_s - self._since_s > _SETTLED_S
        fresh = state is not None and state not in self._taken and settled
        if fresh or (now_s - self._last_s > _EVERY_S and self._count < _MOST):
            self._last_s = now_s
            if state is not None:
                self._taken.add(state)
            self._take("start" if state is None else state.value)

    def close(self) -> None:
        """Take the last one."""
        self._take("end")

    def _take(self, word: str) -> None:
        if self._folder is None:
            return
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self._count += 1
            name = f"{self._count:03d}-{word.replace(' ', '-')}.png"
            self._screen.screenshot(self._folder / name)
            keep_private(self._folder / name)
        except OSError:
            self._folder = None  # The store says what is wrong with the disk.


@contextmanager
def stop_signals() -> Iterator[threading.Event]:
    """Turn SIGINT and SIGTERM into an event, so that a session is finished, not lost."""
    stop = threading.Event()

    def handle(number: int, frame: FrameType | None) -> None:
        stop.set()

    kept = {}
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            kept[number] = signal.signal(number, handle)
    try:
        yield stop
    finally:
        for number, before in kept.items():
            signal.signal(number, before)
