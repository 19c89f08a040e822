"""A folder that is there when the work is done, and not at all when it fails."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hipcue.config.errors import UserError


class Trace:
    """What is made of a folder; `keep` leaves it there although the work fails."""

    def __init__(self) -> None:
        self.kept = False

    def keep(self) -> None:
        """Leave what there is: it is worth more than nothing."""
        self.kept = True


@contextmanager
def no_trace_of_failure(folder: Path) -> Iterator[Trace]:
    """Take away what was made of a folder and its parents when a `UserError` comes by.

    A folder that held something before is none of ours, and stays.
    """
    new = [each for each in (folder, *folder.parents) if not each.exists()]
    ours = folder in new or (folder.is_dir() and not any(folder.iterdir()))
    trace = Trace()
    try:
        yield trace
    except UserError:
        if not trace.kept:
            if ours:
                _empty(folder)
            for each in new:  # The innermost first; one that holds something stays.
                with suppress(OSError):
                    each.rmdir()
        raise


def _empty(folder: Path) -> None:
    for found in folder.iterdir() if folder.is_dir() else ():
        if found.is_dir() and not found.is_symlink():
            shutil.rmtree(found, ignore_errors=True)
        else:
            found.unlink(missing_ok=True)
