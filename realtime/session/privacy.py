"""A runner's right to be forgotten, and to be shown without a name."""

from __future__ import annotations

import secrets
import shutil
import sqlite3
from pathlib import Path

from config.errors import UserError
from realtime.session.finish import finish
from realtime.session.opening import database_of, open_reading
from realtime.session.reader import SessionReader
from realtime.session.rows import to_json
from realtime.session.schema import DATABASE, migrate

# What of the settings says something about the run and not about a person or a machine.
_KEPT_SETTINGS = ("camera", "pose", "treadmill", "pelvis", "verdict", "feedback", "sound")


def delete_session(folder: Path) -> None:
    """Remove a session with everything in its folder; there is no way back.

    Raises
    ------
    UserError
        When it is not a session, is being recorded, or cannot be removed.
    """
    database_of(folder)
    if folder.is_symlink():
        raise UserError(
            f"cannot delete {folder}", "it is a link to another folder", "delete the folder itself"
        )
    _refuse_busy(folder)
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise UserError(
            f"cannot delete {folder}", error.strerror or str(error), "check the permissions"
        ) from error


def _refuse_busy(folder: Path) -> None:
    from realtime.session.opening import SessionBusyError

    try:
        open_reading(folder).close()
    except SessionBusyError:
        raise
    except UserError:
        # Damaged or foreign: may go.
        return


def anonymise(folder: Path) -> Path:
    """Take everything out of a session that tells who ran.

    The runner becomes a random name; films, pictures, exports, marks' notes, device and
    file names go; of the date the day stays. The measurements stay as they are. The
    folder is renamed, because its name holds the runner's.

    Returns
    -------
    Path
        The new folder.

    Raises
    ------
    UserError
        When it is not a session, is damaged or is being recorded.
    """
    with SessionReader(folder) as session:
        head = session.header
    name = f"runner-{secrets.token_hex(3)}"
    day = head.started_at[:10]
    settings = {key: head.settings[key] for key in _KEPT_SETTINGS if key in head.settings}
    for key in ("treadmill", "pelvis", "sound", "pose"):
        part = settings.get(key)
        if isinstance(part, dict):
            # Addresses, device names and paths are texts; numbers and switches stay.
            settings[key] = {k: v for k, v in part.items() if not _tells(k, v)}
    changes = {
        "runner": name,
        "settings": {**settings, "runner": {"name": name}},
        "devices": {},
        "source": "",
        "started_at": f"{day}T00:00:00+00:00" if head.started else "",
        "time_zone": "",
        "extra": {},
    }
    db = sqlite3.connect(folder / DATABASE, isolation_level=None, timeout=0.5)
    try:
        db.execute("PRAGMA trusted_schema=OFF")
        migrate(db)
        db.execute("PRAGMA secure_delete=ON")
        db.execute("BEGIN IMMEDIATE")
        keep = ("t_first_s", "size_px", "closed", "neutral", "baseline")
        db.execute(f"DELETE FROM header WHERE key NOT IN ({','.join('?' * len(keep))})", keep)
        for key, value in {**changes, "versions": dict(head.versions)}.items():
            db.execute("INSERT OR REPLACE INTO header VALUES (?, ?)", (key, to_json(value)))
        db.execute("UPDATE mark SET note = ''")
        db.execute("DELETE FROM device")
        db.execute("DELETE FROM fault")
        db.execute("COMMIT")
        # Deleted texts must not stay in free pages.
        db.execute("VACUUM")
    except sqlite3.Error as error:
        raise UserError(f"cannot anonymise {folder}", str(error), "hipcue review first") from error
    finally:
        db.close()
    _remove_all_but_database(folder)
    new = folder.with_name(f"{day or 'session'}_{name}")
    folder.rename(new)
    finish(new)
    return new


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
