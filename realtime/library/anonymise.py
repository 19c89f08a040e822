"""A runner's right to be forgotten, and to be shown without a name."""

from __future__ import annotations

import secrets
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

from hipcue.config.errors import UserError
from hipcue.realtime.library.finish import finish
from hipcue.realtime.records import NewRunner
from hipcue.realtime.session.command_json import (
    UNKNOWN_COMMAND,
    UnknownCommandError,
    command_json,
    read_command,
)
from hipcue.realtime.session.folder import REPORT, STRIDES_CSV, VIDEO, create_folder, progress_of
from hipcue.realtime.session.header import SETTLED_STEP, STANDING, SessionHeader
from hipcue.realtime.session.migrations import migrate
from hipcue.realtime.session.open_readonly import SessionBusyError, database_of, open_reading
from hipcue.realtime.session.reader import SessionReader
from hipcue.realtime.session.rows import to_json
from hipcue.realtime.session.schema import APPLICATION_ID, DATABASE
from hipcue.realtime.session.session_log import LOG
from hipcue.realtime.session.video_file import RAW, TIMES

# What of the settings says something about the run and not about a person or a machine.
_KEPT = (
    "t_first_s", "size_px", "closed", "neutral_end", "baseline_end",
    "latency_ms", SETTLED_STEP,
)  # fmt: skip
_KEPT_SETTINGS = ("camera", "pose", "treadmill", "pelvis", "verdict", "feedback", "sound")


# What hipcue writes into a session's folder, beside the files of the database.
_WRITTEN = {
    STRIDES_CSV, REPORT, VIDEO, RAW, TIMES, LOG, "screens", "export", "truth.csv", "truth.json",
}  # fmt: skip
_MAGIC = b"SQLite format 3\x00"
# Where SQLite keeps the application's own number.
_ID_AT = slice(68, 72)


def delete_session(folder: Path) -> None:
    """Remove a session with everything in its folder; there is no way back.

    The progress pages of its runners go too: they show the session's numbers.

    Raises
    ------
    UserError
        When it is not a session, is being recorded, holds other sessions, or cannot be
        removed.
    """
    database_of(folder)
    failed = f"cannot delete {folder}"
    if folder.is_symlink():
        raise UserError(failed, "it is a link to another folder", "delete the folder itself")
    _refuse_foreign(folder, failed)
    if any(other.parent != folder for other in folder.rglob(DATABASE)):
        raise UserError(failed, "other sessions lie in it", "delete or move those first")
    runners = _runners_of(folder)
    try:
        shutil.rmtree(folder)
        for runner in runners:
            progress_of(folder.parent, runner).unlink(missing_ok=True)
    except OSError as error:
        raise UserError(failed, error.strerror or str(error), "check the permissions") from error


def _refuse_foreign(folder: Path, failed: str) -> None:
    """Refuse a folder whose session.db is somebody else's.

    One that is too damaged to tell may go when nothing lies in its folder but what hipcue
    writes.
    """
    with (folder / DATABASE).open("rb") as file:
        head = file.read(100)
    if head.startswith(_MAGIC) and len(head) == 100:
        if int.from_bytes(head[_ID_AT], "big") != APPLICATION_ID:
            raise UserError(failed, f"{DATABASE} was not written by hipcue", "is it a session?")
        return
    for path in folder.iterdir():
        if path.name not in _WRITTEN and not path.name.startswith(DATABASE):
            raise UserError(
                failed,
                f"{DATABASE} is damaged, and {path.name} was not written by hipcue",
                "move what is yours out of the folder first",
            )


def _runners_of(folder: Path) -> tuple[str, ...]:
    """Return who ran; nobody where that cannot be read. Raises when it is being recorded."""
    try:
        with SessionReader(folder) as session:
            return session.runners
    except SessionBusyError:
        raise
    except UserError:
        return ()


def anonymise(folder: Path, out: Path | None = None) -> Path:
    """Take everything out of a session that tells who ran; there is no way back.

    Every runner becomes a random name; films, pictures, exports, marks' notes, device and
    file names go; of the date the day stays. The measurements stay as they are, and so
    does what is needed to make them again, body height included. The folder is renamed,
    because its name holds the runner's.

    Parameters
    ----------
    folder : Path
        The session.
    out : Path, optional
        New folder for a nameless copy; the session then stays as it is.

    Returns
    -------
    Path
        The nameless session.

    Raises
    ------
    UserError
        When it is not a session, is damaged or is being recorded.
    """
    with SessionReader(folder) as session:
        head, runners = session.header, session.runners
    if out is not None:
        _copy_database(folder, out)
        _strip(out, head)
        finish(out)
        return out
    name = _strip(folder, head)
    _remove_all_but_database(folder)
    for runner in runners:
        progress_of(folder.parent, runner).unlink(missing_ok=True)
    new = folder.with_name(f"{head.started_at[:10] or 'session'}_{name}")
    folder.rename(new)
    finish(new)
    return new


def _copy_database(folder: Path, out: Path) -> None:
    create_folder(out)
    (out / DATABASE).touch(mode=0o600)
    source, target = open_reading(folder), sqlite3.connect(out / DATABASE)
    try:
        source.backup(target)
    except sqlite3.Error as error:
        raise UserError(f"cannot copy {folder}", str(error), "hipcue review first") from error
    finally:
        source.close()
        target.close()


def _strip(folder: Path, head: SessionHeader) -> str:
    """Take the names out of a database; returns the new one."""
    name = _random_name()
    settings = {key: head.settings[key] for key in _KEPT_SETTINGS if key in head.settings}
    for key in ("treadmill", "pelvis", "sound", "pose"):
        part = settings.get(key)
        if isinstance(part, dict):
            # Addresses, device names and paths are texts; numbers and switches stay.
            settings[key] = {k: v for k, v in part.items() if not _tells(k, v)}
    used = head.settings.get("runner")
    height = used.get("height_m") if isinstance(used, dict) else None
    height = height if isinstance(height, int | float) else None
    begun = used.get("name") if isinstance(used, dict) else None
    names = {head.runner: name}
    first = names.setdefault(str(begun or head.runner), _random_name())
    standing = {} if head.standing is None else {STANDING: head.standing.values()}
    changes = {
        "runner": name,
        "settings": {**settings, "runner": {"name": first, "height_m": height}},
        "devices": {},
        "source": "",
        "started_at": f"{head.started_at[:10]}T00:00:00+00:00" if head.started else "",
        "time_zone": "",
        # How the poses were made decides how they are read.
        "extra": {"markers": bool(head.extra.get("markers")), **standing},
        "versions": dict(head.versions),
    }
    db = sqlite3.connect(folder / DATABASE, isolation_level=None, timeout=0.5)
    try:
        db.execute("PRAGMA trusted_schema=OFF")
        migrate(db)
        db.execute("PRAGMA secure_delete=ON")
        db.execute("BEGIN IMMEDIATE")
        db.execute(f"DELETE FROM header WHERE key NOT IN ({','.join('?' * len(_KEPT))})", _KEPT)
        for key, value in changes.items():
            db.execute("INSERT OR REPLACE INTO header VALUES (?, ?)", (key, to_json(value)))
        db.execute("UPDATE mark SET note = ''")
        _rename_runners(db, names)
        db.execute("DELETE FROM device")
        db.execute("DELETE FROM fault")
        db.execute("COMMIT")
        # Deleted texts must not stay in free pages.
        db.execute("VACUUM")
    except sqlite3.Error as error:
        raise UserError(f"cannot anonymise {folder}", str(error), "hipcue review first") from error
    finally:
        db.close()
    return name


def _random_name() -> str:
    return f"runner-{secrets.token_hex(3)}"


def _rename_runners(db: sqlite3.Connection, names: dict[str, str]) -> None:
    """Give everybody who took over in mid-session a random name, the same one each time."""
    for number, text in db.execute("SELECT id, json FROM command").fetchall():
        try:
            command = read_command(str(text))
        except UnknownCommandError:
            # It may hold a name; that there was one is kept.
            db.execute("UPDATE command SET json = ? WHERE id = ?", (UNKNOWN_COMMAND, number))
            continue
        if isinstance(command, NewRunner):
            nameless = replace(command, name=names.setdefault(command.name, _random_name()))
            db.execute("UPDATE command SET json = ? WHERE id = ?", (command_json(nameless), number))


def _tells(key: str, value: object) -> bool:
    return isinstance(value, str) and key not in ("source", "schedule", "focus", "language")


def _remove_all_but_database(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name == DATABASE:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
