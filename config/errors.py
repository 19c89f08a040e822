"""The one family of errors that a user can mend."""

from __future__ import annotations


class UserError(Exception):
    """Something a user can mend: shown as one line, exit code 2, never a traceback.

    Parameters
    ----------
    failed : str
        What failed, e.g. ``"cannot open camera 3"``.
    seen : str
        What was seen, e.g. ``"cameras found: 0, 1"``.
    try_this : str
        What to try, e.g. ``"hipcue devices lists what is plugged in"``.
    """

    def __init__(self, failed: str, seen: str, try_this: str) -> None:
        self.failed = failed
        self.seen = seen
        self.try_this = try_this
        super().__init__(f"{failed}: {seen}; try: {try_this}")
