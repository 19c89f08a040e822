"""pygame without its greeting, and without what it takes along where it finds it.

Import ``pygame`` from here in what is imported first.
"""

from __future__ import annotations

import os
import sys

# It greets on standard output otherwise.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

# For files of its own that nobody here asks for it brings setuptools' pkg_resources, a tenth of
# a second and 8 MB, unless that cannot be imported.
_hides = "pkg_resources" not in sys.modules
if _hides:
    sys.modules["pkg_resources"] = None  # type: ignore[assignment]
try:
    import pygame
finally:
    if _hides:
        del sys.modules["pkg_resources"]

__all__ = ["pygame"]
