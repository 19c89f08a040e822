"""`hipcue sessions`: kept sessions listed, removed or made nameless."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hipcue.config.settings import Settings
from hipcue.realtime.commands.kept_sessions import find_session, whole_session
from hipcue.realtime.library.anonymise import anonymise, delete_session
from hipcue.realtime.session.folder import sessions_parent
from hipcue.realtime.session.summary import SessionSummary, list_sessions


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
    print(f"session: {anonymise(whole_session(name, settings), out)}")
