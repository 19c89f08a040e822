"""A session as one zip file, to be mailed; and back, whoever sent it."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from pathlib import Path

from hipcue.config.errors import UserError
from hipcue.realtime.library.finish import finish
from hipcue.realtime.session.folder import (
    REPORT,
    STRIDES_CSV,
    VIDEO,
    create_folder,
    private_opener,
    slug,
)
from hipcue.realtime.session.open_readonly import open_reading
from hipcue.realtime.session.schema import DATABASE
from hipcue.realtime.session.video_file import TIMES

# What a session needs. The report and strides.csv are made anew: those in a foreign file
# could hold anything.
_TAKEN = (DATABASE, VIDEO, TIMES)
_SENT = (*_TAKEN, STRIDES_CSV, REPORT)
_LARGEST = 4_000_000_000
_BLOCK = 1 << 20
# What a stranger's file must leave free on the disk; as much as a film leaves.
_KEPT_FREE = 500_000_000


def pack(folder: Path, out: Path) -> Path:
    """Write a finished session into a zip file and return its path.

    Raises
    ------
    UserError
        When it is not a session or the file cannot be written.
    """
    open_reading(folder).close()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
            for path in sorted(folder.iterdir()):
                if path.name in _SENT and path.is_file() and not path.is_symlink():
                    archive.write(path, f"{slug(folder.resolve().name)}/{path.name}")
    except OSError as error:
        raise UserError(
            f"cannot write {out}", error.strerror or str(error), "choose another file"
        ) from error
    return out


def unpack(archive: Path, folder: Path) -> Path:
    """Take a session out of a zip file into a new folder and finish it.

    Only the files that a session has are taken, by their last name and nothing else of
    their path, as plain files, up to a limit; so a forged archive can write nowhere else.

    Raises
    ------
    UserError
        When it is no zip file, holds no session or two, is too large or is damaged, or
        the folder holds something already.
    """
    failed = f"cannot open {archive}"
    try:
        with zipfile.ZipFile(archive) as packed:
            chosen = _chosen(packed, failed)
            create_folder(folder)
            left = min(_LARGEST, shutil.disk_usage(folder).free - _KEPT_FREE)
            for info, name in chosen:
                left -= _extract(packed, info, folder / name, left, failed)
    except FileNotFoundError as error:
        raise UserError(failed, "no such file", "check the path") from error
    except zipfile.BadZipFile as error:
        seen = "it is no .zip archive, or a part of one"
        raise UserError(failed, seen, "ask for the file again") from error
    except (OSError, RuntimeError, ValueError, EOFError, zlib.error) as error:
        raise UserError(failed, str(error) or "damaged", "ask for the file again") from error
    open_reading(folder).close()
    finish(folder)
    return folder


def _chosen(packed: zipfile.ZipFile, failed: str) -> list[tuple[zipfile.ZipInfo, str]]:
    found: dict[str, zipfile.ZipInfo] = {}
    for info in packed.infolist():
        parts = info.filename.replace("\\", "/").split("/")
        name = parts[-1]
        if name not in _TAKEN:
            continue
        if ".." in parts or parts[0] == "" or ":" in parts[0]:
            raise UserError(failed, f"a path in it leads outside: {info.filename[:60]!r}",
                            "do not trust this file")  # fmt: skip
        # The upper half of the attributes is the Unix mode; a link is 0o12.
        if (info.external_attr >> 28) == 0o12:
            raise UserError(failed, f"{name} in it is a link", "do not trust this file")
        if name in found:
            raise UserError(failed, f"it holds {name} twice", "unpack it by hand")
        found[name] = info
    if DATABASE not in found:
        raise UserError(failed, f"no {DATABASE} in it", "a zip file that hipcue wrote")
    return [(info, name) for name, info in found.items()]


def _extract(
    packed: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, left: int, failed: str
) -> int:
    """Write one file; counts what really comes out, not what the archive claims."""
    size = 0
    with packed.open(info) as source, open(path, "xb", opener=private_opener) as target:
        while block := source.read(_BLOCK):
            size += len(block)
            if size > left:
                raise UserError(
                    failed,
                    "it is larger than any session, or than the free space",
                    "do not trust this file, or make room",
                )
            target.write(block)
    return size
