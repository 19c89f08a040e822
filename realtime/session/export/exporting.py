"""Which format is written by whom."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import quote

from hipcue.config.errors import UserError
from hipcue.realtime.session.export.fit import write_fit
from hipcue.realtime.session.export.mot import write_mot
from hipcue.realtime.session.export.parquet import write_parquet, write_parquet_table
from hipcue.realtime.session.export.text import write_csv, write_json
from hipcue.realtime.session.export.trc import write_trc
from hipcue.realtime.session.folder import session_folders, slug
from hipcue.realtime.session.open_readonly import SessionBusyError
from hipcue.realtime.session.reader import SessionReader
from hipcue.realtime.session.stride_table import table_of

# File systems take 255 bytes; the rest is for what comes before.
_LONGEST_NAME = 200

# Each writes a session into a folder under a name and returns the files.
Writer = Callable[[SessionReader, Path, str], list[Path]]
FORMATS: dict[str, Writer] = {
    "csv": write_csv,
    "json": write_json,
    "parquet": write_parquet,
    "trc": write_trc,
    "mot": write_mot,
    "fit": write_fit,
}


def export(folder: Path, format: str, out: Path | None = None) -> list[Path]:
    """Write one session in another format.

    Parameters
    ----------
    folder : Path
        The session.
    format : str
        One of `FORMATS`.
    out : Path, optional
        Folder for the files, made when it is missing; the session's own ``export``
        folder unless told.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    UserError
        For an unknown format, a session that cannot be read, a format whose library is
        not installed, or a folder that cannot be written.
    """
    writer = _writer_of(format)
    target = out if out is not None else folder / "export"
    with SessionReader(folder) as session:
        return _written(lambda: writer(session, _made(target), name_of(folder)), target)


def _as_it_is(folder: Path, write: Callable[[], list[Path]]) -> list[Path]:
    return write()


def export_all(
    parent: Path,
    format: str,
    out: Path,
    trouble: Callable[[UserError], None] = lambda error: None,
    around: Callable[[Path, Callable[[], list[Path]]], list[Path]] = _as_it_is,
) -> list[Path]:
    """Write all sessions of a folder in another format.

    Parquet becomes a data set ``strides/runner=NAME/date=YYYY-MM-DD/SESSION.parquet`` that
    DuckDB, Polars, Spark and Dask read as it is, partitions included. Other formats get a
    folder per session. A session that is being recorded is left out, and one that cannot
    be exported costs only itself: `trouble` is told why. `around` is given every session's
    folder and what writes its files, to call that, and again once it has repaired the session.
    """
    writer = _writer_of(format)
    folders = session_folders(parent)
    if not folders:
        raise UserError(
            f"cannot export {parent}", "no session in it", "hipcue sessions lists what there is"
        )
    files: list[Path] = []
    for folder in folders:
        try:
            files += around(folder, partial(_one_of_all, folder, writer, out))
        except SessionBusyError:
            continue
        except UserError as error:
            trouble(error)
    return files


def _one_of_all(folder: Path, writer: Writer, out: Path) -> list[Path]:
    with SessionReader(folder) as session:
        if writer is write_parquet:
            return _written(lambda: _partition(session, folder, out), out)
        target = out / _name_among(folder)
        return _written(lambda: writer(session, _made(target), target.name), target)


def _partition(session: SessionReader, folder: Path, out: Path) -> list[Path]:
    """Write one session's strides into the partitions of who ran."""
    started = session.header.started
    date = started.date().isoformat() if started else "unknown"
    paths = []
    for name in session.runners:
        runner = _short(quote(name or "unknown", safe=" "))
        target = _made(out / "strides" / f"runner={runner}" / f"date={date}")
        columns = table_of(session.of_runner(name)).columns()
        del columns["runner"]  # The partition's own column.
        count = len(columns["stride"])
        path = target / f"{_name_among(folder)}.parquet"
        write_parquet_table({"session": [folder.name] * count, **columns}, path)
        paths.append(path)
    return paths


def _short(quoted: str) -> str:
    """Return a quoted name that a file system takes; two long names stay two."""
    if len(quoted) <= _LONGEST_NAME:
        return quoted
    start = re.sub("%.?$", "", quoted[: _LONGEST_NAME - 10])
    return f"{start}-{_digest(quoted)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]


def name_of(folder: Path) -> str:
    """Return a harmless file name for a session."""
    return slug(folder.resolve().name)


def _name_among(folder: Path) -> str:
    """Return a harmless file name that no other folder beside this one has."""
    name = folder.resolve().name
    return name if slug(name) == name else f"{slug(name)}-{_digest(name)}"


def _writer_of(format: str) -> Writer:
    if format not in FORMATS:
        raise UserError("cannot export", f"unknown format {format!r}", f"{', '.join(FORMATS)}")
    return FORMATS[format]


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _written(write: Callable[[], list[Path]], target: Path) -> list[Path]:
    try:
        return write()
    except OSError as error:
        raise UserError(
            f"cannot write the export into {target}",
            error.strerror or str(error),
            "check space and permissions, or choose another folder with --out",
        ) from error
