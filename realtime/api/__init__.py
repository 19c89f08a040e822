"""hipcue: live hip extension, stride length and borrowed extension for treadmill runners.

This file is what ``import hipcue`` gives. It is the package `hipcue` itself, installed from
the folder ``realtime/api``; its rooms are `hipcue.config`, `hipcue.devices` and
`hipcue.realtime`. Importing it opens nothing and imports none of them.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("hipcue")
except PackageNotFoundError:  # Run from the folder, without an installation.
    __version__ = "0+unknown"

__all__ = ["__version__"]
