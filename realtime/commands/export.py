"""`hipcue export`: a session, or all of them, for other programs."""

from __future__ import annotations

import sys
from pathlib import Path

from hipcue.config.errors import UserError
from hipcue.config.settings import Settings
from hipcue.realtime.commands.kept_sessions import finish_unfinished, read_or_repair, whole_session
from hipcue.realtime.library.mail_zip import pack
from hipcue.realtime.session.export import FORMATS, export, export_all
from hipcue.realtime.session.export.exporting import name_of
from hipcue.realtime.session.folder import sessions_parent

# One file with everything of a session, to be mailed; read by `replay` and `review`.
ZIP = "zip"


def export_one(name: str, form: str, out: Path | None, settings: Settings) -> None:
    """Export a session in one of `FORMATS`, or as one file to be mailed."""
    _known(form, ZIP)
    folder = whole_session(name, settings)
    if form == ZIP:
        print(pack(folder, (out or folder / "export") / f"{name_of(folder)}.zip"))
        return
    for path in read_or_repair(folder, lambda: list(export(folder, form, out))):
        print(path)


def export_everything(form: str, out: Path, settings: Settings) -> None:
    """Export all kept sessions as one data set."""
    _known(form)
    finish_unfinished(settings)
    failed: list[UserError] = []
    written = export_all(sessions_parent(settings), form, out, failed.append, read_or_repair)
    print(f"{len(written)} files in {out}")
    for error in failed[:-1]:
        print(f"hipcue: {error}", file=sys.stderr)
    if failed:
        raise failed[-1]


def _known(form: str, *more: str) -> None:
    known = (*FORMATS, *more)
    if form not in known:
        raise UserError(f"cannot export as {form}", "unknown format", ", ".join(known))
