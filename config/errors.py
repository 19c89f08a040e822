"""The one family of errors that a user can mend."""

from __future__ import annotations

import re


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

    def __reduce__(self) -> tuple[type[UserError], tuple[str, str, str]]:
        """Travel between processes in its three parts."""
        return type(self), (self.failed, self.seen, self.try_this)


# System libraries that opencv-python and pygame expect and bare servers lack, with the
# Debian and Fedora packages that bring them.
_PACKAGES = {
    "libGL": ("libgl1", "mesa-libGL"),
    "libglib-2.0": ("libglib2.0-0", "glib2"),
    "libgthread-2.0": ("libglib2.0-0", "glib2"),
    "libEGL": ("libegl1", "mesa-libEGL"),
    "libGLESv2": ("libgles2", "mesa-libGLES"),
}


def explain_import_error(error: ImportError) -> UserError | None:
    """Turn a failed import that a user can mend into its one line.

    Parameters
    ----------
    error : ImportError
        As raised by ``import cv2`` and the like.

    Returns
    -------
    UserError or None
        For a system library that is missing, or a package that is not installed;
        ``None`` when the import failed through a mistake in hipcue itself.
    """
    library = re.match(r"(lib[\w.+-]+?)\.so[\w.]*: cannot open shared object", str(error))
    if library is not None:
        packages = _PACKAGES.get(library.group(1))
        advice = "install the system package that brings it"
        if packages is not None:
            advice = f"apt-get install {packages[0]}  (Fedora: dnf install {packages[1]})"
        return UserError(
            "cannot start", f"this system lacks {library.group(1)} ({error.args[0]})", advice
        )
    own = ("hipcue", "tests")
    if isinstance(error, ModuleNotFoundError) and error.name is not None:
        top = error.name.split(".")[0]
        if top not in own:
            return UserError(
                "cannot start",
                f"the Python package {top!r} is not installed",
                "python -m pip install -e .  in the folder of hipcue",
            )
    return None
