"""Which words of a command do nothing for a file, so that nobody believes they did."""

from __future__ import annotations

from collections.abc import Sequence

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings
from hipcue.devices.readings import BeltSample
from hipcue.realtime.run.file_kinds import FileKind

_KEYPOINTS = {FileKind.DEEPLABCUT, FileKind.SLEAP}
_MARKERS = {FileKind.TRC, FileKind.LAB_TABLE, FileKind.POINTS}
_ALL = set(FileKind)
# For what each of them does something.
_FOR = {
    "--speed": _ALL - {FileKind.ANGLES},
    "--static": _MARKERS | {FileKind.ANGLES},
    "--names": _MARKERS | _KEYPOINTS,
    "--slow-motion": {FileKind.FILM},
    "--rate": _MARKERS | _KEYPOINTS,
}


def unused_options(
    kind: FileKind, settings: Settings, belt: Sequence[BeltSample]
) -> tuple[Reason, ...]:
    """Return a remark on the options that were given and do nothing for a file of a kind."""
    files = settings.files
    given = {
        "--speed": belt or None,
        "--static": files.static_file,
        "--names": files.names_file,
        "--slow-motion": files.slow_motion,
        "--rate": files.rate_hz,
    }
    idle = [name for name, value in given.items() if value is not None and kind not in _FOR[name]]
    if not idle:
        return ()
    return (Reason(ReasonCode.OPTIONS_IDLE, options=", ".join(idle)),)
