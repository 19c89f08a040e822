"""What can be done with kept sessions: replay, review, list, export, remove."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from config.errors import UserError
from config.settings import Settings
from realtime.engine import Engine
from realtime.review import build_report, progress_report
from realtime.session import SessionReader
from realtime.session.export import FORMATS, export, export_all
from realtime.session.folder import sessions_parent
from realtime.session.packed import unpack
from realtime.session.privacy import anonymise, delete_session
from realtime.session.recover import find_unfinished, recover
from realtime.session.replay import check
from realtime.session.summary import list_sessions


def finish_unfinished(settings: Settings) -> None:
    """Finish sessions that were not closed, with a line for each."""
    parent = sessions_parent(settings)
    if not parent.is_dir():
        return
    for folder in find_unfinished(parent):
        try:
            line = recover(folder)
        except UserError:
            continue  # Being recorded by another hipcue, or not ours to mend now.
        if line:
            print(f"hipcue: {line}")


def find_session(name: str, settings: Settings) -> Path:
    """Return the folder of a session given by path, or by its name among the kept ones.

    Raises
    ------
    UserError
        When there is none.
    """
    for folder in (Path(name), sessions_parent(settings) / name):
        if (folder / "session.db").is_file():
            return folder
    raise UserError(
        f"no session {name}",
        "neither a session folder nor the name of a kept one",
        "hipcue sessions lists them",
    )


@contextmanager
def _opened(name: str, settings: Settings) -> Iterator[Path]:
    """Give a session's folder; a mailed .zip is unpacked for as long as it is needed."""
    path = Path(name)
    if path.suffix.lower() != ".zip":
        yield find_session(name, settings)
        return
    room = Path(tempfile.mkdtemp(prefix="hipcue-"))
    try:
        yield unpack(path, room / "session")
    finally:
        shutil.rmtree(room, ignore_errors=True)


def check_replay(name: str, settings: Settings) -> bool:
    """Run the engine again over what was recorded; True when it finds the very same."""
    with _opened(name, settings) as folder, SessionReader(folder) as session:
        used = Settings.model_validate(session.header.settings)
        engine = Engine(used, markers=bool(session.header.extra.get("markers")))
        found = check(session, engine)
    if found.note:
        print(found.note)
    if found.identical:
        print(f"identical: {found.strides} strides, {found.cues} cues in {found.steps} steps")
        return True
    for line in found.differences:
        print(line)
    return False


def review(name: str, settings: Settings) -> None:
    """Build the report of a session and say where it is."""
    folder = find_session(name, settings)
    line = recover(folder)
    if line:
        print(f"hipcue: {line}")
    print(f"report: {build_report(folder)}")


def review_runner(runner: str, settings: Settings) -> None:
    """Build the progress report over all sessions of a runner."""
    print(f"report: {progress_report(sessions_parent(settings), runner)}")


def show_sessions(settings: Settings) -> None:
    """List the kept sessions."""
    parent = sessions_parent(settings)
    found = list_sessions(parent) if parent.is_dir() else []
    if not found:
        print(f"no sessions in {parent}")
        return
    table = Table(title=str(parent), title_justify="left")
    for column in ("session", "runner", "min", "strides", "borrowed", "cues", "pelvis"):
        table.add_column(column)
    for one in found:
        borrowed = f"{100 * one.compensating / one.judged:.0f} %" if one.judged else "–"
        table.add_row(
            one.folder.name,
            one.runner,
            f"{one.minutes:.0f}",
            str(one.strides),
            borrowed,
            str(one.cues),
            one.pelvis_source,
        )
    Console().print(table)


def remove(name: str, settings: Settings) -> None:
    """Remove a session for good."""
    folder = find_session(name, settings)
    delete_session(folder)
    print(f"removed: {folder}")


def strip_names(name: str, settings: Settings) -> None:
    """Make a copy of a session without name and film."""
    print(f"session: {anonymise(find_session(name, settings))}")


def export_one(name: str, form: str, out: Path | None, settings: Settings) -> None:
    """Export a session in one of `FORMATS`."""
    _known(form)
    for path in export(find_session(name, settings), form, out):
        print(path)


def export_everything(form: str, out: Path, settings: Settings) -> None:
    """Export all kept sessions as one data set."""
    _known(form)
    written = export_all(sessions_parent(settings), form, out)
    print(f"{len(written)} files in {out}")


def _known(form: str) -> None:
    if form not in FORMATS:
        raise UserError(f"cannot export as {form}", "unknown format", ", ".join(FORMATS))


def play(name: str, settings: Settings, speed: float, headless: bool) -> None:
    """Show a session on the screen as it was."""
    from realtime.past import Past
    from realtime.player import Player
    from realtime.replaying import show_again
    from realtime.session.video_file import VideoFile
    from realtime.show import open_screen

    with _opened(name, settings) as folder, SessionReader(folder) as session:
        film = VideoFile(folder)
        try:
            player = Player(Past(session, film if film.ok else None), speed)
            screen, headless = open_screen(settings, headless)
            try:
                show_again(player, screen, headless=headless, fps=settings.screen.fps)
            finally:
                screen.close()
        finally:
            film.close()
