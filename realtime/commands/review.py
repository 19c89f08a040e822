"""`hipcue review`: the report of a session, or the progress of a runner."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from hipcue.config.errors import UserError
from hipcue.config.settings import Settings
from hipcue.realtime.commands.kept_sessions import (
    find_session,
    finish_unfinished,
    is_mailed,
    opened,
    read_or_repair,
    recover_session,
)
from hipcue.realtime.review import build_report, progress_report
from hipcue.realtime.session.folder import sessions_parent, write_text

T = TypeVar("T")


def review_session(name: str, settings: Settings, language: str | None = None) -> None:
    """Build the report of a session and say where it is.

    That of a mailed session is written beside its .zip; nothing else is left of it. Without a
    `language` the report speaks that of the session's cues.
    """
    path = Path(name)
    if is_mailed(path):
        with opened(name, settings) as folder:
            report = path.with_suffix(".html")
            text = _built(folder, language).read_text("utf-8")
            _write(lambda: write_text(report, text, private=True), report.parent)
            print(f"report: {report}")
        return
    folder = find_session(name, settings)
    recover_session(folder)
    print(f"report: {_built(folder, language)}")


def review_runner(runner: str, settings: Settings) -> None:
    """Build the progress report over all sessions of a runner, in the settings' language."""
    finish_unfinished(settings)
    parent, language = sessions_parent(settings), settings.feedback.language
    report = _write(lambda: progress_report(parent, runner, language), parent)
    print(f"report: {report}")


def _built(folder: Path, language: str | None) -> Path:
    build = partial(build_report, folder, language)
    return _write(lambda: read_or_repair(folder, build), folder)


def _write(write: Callable[[], T], folder: Path) -> T:
    try:
        return write()
    except OSError as error:
        raise UserError(
            f"cannot write the report in {folder}",
            error.strerror or str(error),
            "make room, or copy the folder to where you may write, and review the copy",
        ) from error
