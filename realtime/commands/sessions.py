"""What can be done with kept sessions: replay, review, list, export, remove."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hipcue.config.errors import UserError
from hipcue.config.settings import Settings
from hipcue.realtime.engine import Engine
from hipcue.realtime.library.anonymise import anonymise, delete_session
from hipcue.realtime.library.mail_zip import pack, unpack
from hipcue.realtime.library.recover import find_unfinished, finished, recover
from hipcue.realtime.review import build_report, progress_report
from hipcue.realtime.run.replay_check import check
from hipcue.realtime.session import SessionReader
from hipcue.realtime.session.export import FORMATS, export, export_all
from hipcue.realtime.session.export.exporting import name_of
from hipcue.realtime.session.folder import sessions_parent, write_text
from hipcue.realtime.session.summary import SessionSummary, list_sessions

T = TypeVar("T")

# One file with everything of a session, to be mailed; read by `replay` and `review`.
ZIP = "zip"


def finish_unfinished(settings: Settings) -> None:
    """Finish sessions that were not finished, with a line for each."""
    for folder in find_unfinished(sessions_parent(settings)):
        try:
            line = recover(folder)
        except (UserError, OSError):
            # Being recorded by another hipcue, nothing left of it, or no room for its report:
            # no reason not to run today. The list of sessions says what is wrong.
            continue
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


def _mailed(path: Path) -> bool:
    return path.suffix.lower() == ".zip" and not path.is_dir()


def _whole_session(name: str, settings: Settings) -> Path:
    """Return a session's folder; one that was not finished is finished first, with a line."""
    folder = find_session(name, settings)
    if not finished(folder):
        _recovered(folder)
    return folder


def _recovered(folder: Path) -> None:
    try:
        line = recover(folder)
    except OSError as error:
        raise UserError(
            f"cannot finish the session {folder}",
            error.strerror or str(error),
            "make room, or copy the folder to where you may write",
        ) from error
    if line:
        print(f"hipcue: {line}")


@contextmanager
def _opened(name: str, settings: Settings) -> Iterator[Path]:
    """Give a session's folder; a mailed .zip is unpacked for as long as it is needed."""
    path = Path(name)
    if not _mailed(path):
        yield _whole_session(name, settings)
        return
    room = Path(tempfile.mkdtemp(prefix="hipcue-"))
    try:
        yield unpack(path, room / "session")
    finally:
        shutil.rmtree(room, ignore_errors=True)


def check_replay(name: str, settings: Settings) -> bool:
    """Run the engine again over what was recorded; True when it finds the very same."""
    with _opened(name, settings) as folder, SessionReader(folder) as session:
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
        if session.whole_steps == 0:
            raise UserError(
                f"cannot check {name}", "no frame was kept from its start on", "another session"
            )
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


def review(name: str, settings: Settings, language: str | None = None) -> None:
    """Build the report of a session and say where it is.

    That of a mailed session is written beside its .zip; nothing else is left of it. Without a
    `language` the report speaks that of the session's cues.
    """
    path = Path(name)
    if _mailed(path):
        with _opened(name, settings) as folder:
            report = path.with_suffix(".html")
            text = _write(lambda: build_report(folder, language)).read_text("utf-8")
            _write(lambda: write_text(report, text, private=True))
            print(f"report: {report}")
        return
    folder = find_session(name, settings)
    _recovered(folder)
    print(f"report: {_write(lambda: build_report(folder, language))}")


def review_runner(runner: str, settings: Settings) -> None:
    """Build the progress report over all sessions of a runner, in the settings' language."""
    finish_unfinished(settings)
    parent, language = sessions_parent(settings), settings.feedback.language
    report = _write(lambda: progress_report(parent, runner, language))
    print(f"report: {report}")


def _write(write: Callable[[], T]) -> T:
    try:
        return write()
    except OSError as error:
        raise UserError(
            "cannot write the report", error.strerror or str(error), "check space and permissions"
        ) from error


def show_sessions(settings: Settings) -> None:
    """List the kept sessions."""
    parent = sessions_parent(settings)
    found = list_sessions(parent) if parent.is_dir() else []
    if not found:
        print(f"no sessions in {parent}")
        return
    table = Table(title=str(parent), title_justify="left")
    for column in ("session", "runner", "min", "strides", "borrowed", "cues", "pelvis", ""):
        table.add_column(column, overflow="fold")
    for one in found:
        borrowed = f"{100 * one.compensating / one.judged:.0f} %" if one.judged else "–"
        if one.trouble:
            table.add_row(_told(one.folder.name), *["–"] * 6, _told(one.trouble))
            continue
        table.add_row(
            _told(one.folder.name),
            _told(one.runner),
            f"{one.minutes:.0f}",
            str(one.strides),
            borrowed,
            str(one.cues),
            _told(one.pelvis_source),
            ", ".join(_about(one)),
        )
    Console().print(table)


def _told(text: str) -> Text:
    """Return a text as it is: what looks like a style or moves the cursor is shown, not done."""
    return Text("".join(c if c.isprintable() else "?" for c in text))


def _about(one: SessionSummary) -> list[str]:
    notes = ["retention"] if one.schedule == "retention" else []
    notes += ["film"] if one.video else []
    return notes + ([] if one.closed else ["being recorded"])


def remove(name: str, settings: Settings) -> None:
    """Remove a session for good."""
    folder = find_session(name, settings)
    delete_session(folder)
    print(f"removed: {folder}")


def strip_names(name: str, out: Path | None, settings: Settings) -> None:
    """Take name and film out of a session, or with `out` make a copy without them."""
    print(f"session: {anonymise(_whole_session(name, settings), out)}")


def export_one(name: str, form: str, out: Path | None, settings: Settings) -> None:
    """Export a session in one of `FORMATS`, or as one file to be mailed."""
    _known(form, ZIP)
    folder = _whole_session(name, settings)
    if form == ZIP:
        print(pack(folder, (out or folder / "export") / f"{name_of(folder)}.zip"))
        return
    for path in export(folder, form, out):
        print(path)


def export_everything(form: str, out: Path, settings: Settings) -> None:
    """Export all kept sessions as one data set."""
    _known(form)
    finish_unfinished(settings)
    failed: list[UserError] = []
    written = export_all(sessions_parent(settings), form, out, failed.append)
    print(f"{len(written)} files in {out}")
    for error in failed[:-1]:
        print(f"hipcue: {error}", file=sys.stderr)
    if failed:
        raise failed[-1]


def _known(form: str, *more: str) -> None:
    known = (*FORMATS, *more)
    if form not in known:
        raise UserError(f"cannot export as {form}", "unknown format", ", ".join(known))


def play(name: str, settings: Settings, speed: float, headless: bool) -> None:
    """Show a session on the screen as it was."""
    from hipcue.realtime.run.live_loop import open_screen
    from hipcue.realtime.run.replay_loop import show_again
    from hipcue.realtime.session.video_file import VideoFile
    from hipcue.realtime.view.player import Player
    from hipcue.realtime.view.recorded_view import RecordedView

    with _opened(name, settings) as folder, SessionReader(folder) as session:
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
