"""`hipcue replay`: a session shown as it was, or run again and compared."""

from __future__ import annotations

from pydantic import ValidationError

from hipcue.config.errors import UserError
from hipcue.config.reason_words import with_advice
from hipcue.config.settings import Settings
from hipcue.realtime.commands.kept_sessions import opened
from hipcue.realtime.engine import Engine
from hipcue.realtime.run.replay_check import check
from hipcue.realtime.run.replay_loop import show_again
from hipcue.realtime.run.screen_opening import open_screen
from hipcue.realtime.session import SessionReader
from hipcue.realtime.session.video_file import VideoFile
from hipcue.realtime.session.why_empty import why_no_strides
from hipcue.realtime.view.player import Player
from hipcue.realtime.view.recorded_view import RecordedView


def play(name: str, settings: Settings, speed: float, headless: bool) -> None:
    """Show a session on the screen as it was."""
    with opened(name, settings) as folder, SessionReader(folder) as session:
        film = VideoFile(folder)
        try:
            player = Player(RecordedView(session, film if film.ok else None), speed)
            screen, headless = open_screen(settings, headless, "to the session's end")
            try:
                show_again(player, screen, headless=headless, fps=settings.screen.fps)
            finally:
                screen.close()
        finally:
            film.close()
        _say_why_empty(session)


def check_replay(name: str, settings: Settings) -> bool:
    """Run the engine again over what was recorded; True when it finds the very same."""
    with opened(name, settings) as folder, SessionReader(folder) as session:
        try:
            used = Settings.model_validate(session.header.settings)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise UserError(
                f"cannot check {name}",
                f"it was recorded with settings that this hipcue does not know ({where})",
                f"the hipcue that recorded it: {session.header.versions.get('hipcue', 'unknown')}",
            ) from error
        if session.frames.whole_steps == 0:
            raise UserError(
                f"cannot check {name}", "no frame was kept from its start on", "another session"
            )
        head = session.header
        engine = Engine(used, markers=bool(head.extra.get("markers")), standing=head.standing)
        found = check(session, engine)
        if found.note:
            print(found.note)
        if found.identical:
            print(f"identical: {found.strides} strides, {found.cues} cues in {found.steps} steps")
            _say_why_empty(session)
            return True
    for line in found.differences:
        print(line)
    return False


def _say_why_empty(session: SessionReader) -> None:
    """Say what was seen instead of strides, where there are none."""
    why = why_no_strides(session)
    if why is not None:
        print(f"no strides: {with_advice(why)}")
