"""MediaPipe's parts without its front door.

``import mediapipe`` brings in a plotting library, a sound library and every ready-made
solution: a second at each start, and 60 MB, for parts that nobody here uses.
"""

from __future__ import annotations

import importlib.util
import sys


def skip_package_init() -> None:
    """Let parts of MediaPipe be imported by name, e.g. ``mediapipe.python.packet_creator``.

    The package itself stays empty, unless somebody has imported it before.
    """
    if "mediapipe" in sys.modules:
        return
    spec = importlib.util.find_spec("mediapipe")
    if spec is not None:  # Else the import of a part says what is missing.
        sys.modules["mediapipe"] = importlib.util.module_from_spec(spec)
