"""TRC: joint positions in metres for OpenSim, Pose2Sim and other marker programs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.realtime.records import Joint, Side
from hipcue.realtime.session.folder import write_text
from hipcue.realtime.session.reader import SessionReader

Floats = NDArray[np.float64]

# Names as Pose2Sim and Sports2D write them.
MARKERS = {
    Joint.NOSE: "Nose", Joint.L_EAR: "LEar", Joint.R_EAR: "REar",
    Joint.L_SHOULDER: "LShoulder", Joint.R_SHOULDER: "RShoulder", Joint.L_ELBOW: "LElbow",
    Joint.R_ELBOW: "RElbow", Joint.L_WRIST: "LWrist", Joint.R_WRIST: "RWrist",
    Joint.L_HIP: "LHip", Joint.R_HIP: "RHip", Joint.L_KNEE: "LKnee", Joint.R_KNEE: "RKnee",
    Joint.L_ANKLE: "LAnkle", Joint.R_ANKLE: "RAnkle", Joint.L_HEEL: "LHeel",
    Joint.R_HEEL: "RHeel", Joint.L_TOE: "LBigToe", Joint.R_TOE: "RBigToe",
}  # fmt: skip

# Thigh and shank as shares of body height (Drillis and Contini 1966, as in Winter,
# Biomechanics and Motor Control of Human Movement).
_THIGH, _SHANK = 0.245, 0.246
# Adult in the middle between the sexes; used when the runner's height is not set. The
# positions are then right up to a common factor.
_HEIGHT_M = 1.72


def write_trc(session: SessionReader, folder: Path, name: str) -> list[Path]:
    """Write the joints as markers: x forward, y up, z 0, in metres.

    The origin is the lowest, hindmost point of the whole session. The scale comes from a
    marker file's own, else from the runner's height and the length of the legs in the
    picture. Hidden joints are left empty.

    Raises
    ------
    UserError
        When no frame with a leg was kept.
    """
    t_s, xy_px, scale, forward = _positions(session)
    x = (xy_px[:, :, 0] * forward[:, None]) / scale
    y = -xy_px[:, :, 1] / scale
    x, y = x - np.nanmin(x), y - np.nanmin(y)
    rate = (len(t_s) - 1) / (t_s[-1] - t_s[0]) if len(t_s) > 1 else 60.0
    n, file_name = len(t_s), f"{name}.trc"
    first = "PathFileType\t4\t(X/Y/Z)\t" + file_name
    columns = (
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\t"
        "OrigDataStartFrame\tOrigNumFrames"
    )
    values = f"{rate:.3f}\t{rate:.3f}\t{n}\t{len(MARKERS)}\tm\t{rate:.3f}\t1\t{n}"
    names = "Frame#\tTime\t" + "\t\t\t".join(MARKERS.values()) + "\t\t"
    axes = "\t\t" + "\t".join(f"X{k}\tY{k}\tZ{k}" for k in range(1, len(MARKERS) + 1))
    lines = [first, columns, values, names, axes, ""]
    rows = list(MARKERS)
    for i in range(n):
        cells = [
            "\t\t" if x[i, j] != x[i, j] else f"{x[i, j]:.5f}\t{y[i, j]:.5f}\t0.00000" for j in rows
        ]
        lines.append(f"{i + 1}\t{t_s[i]:.6f}\t" + "\t".join(cells))
    path = folder / file_name
    write_text(path, "\n".join(lines) + "\n")
    return [path]


def _positions(session: SessionReader) -> tuple[Floats, Floats, float, Floats]:
    """Return times, positions in pixels, pixels per metre, and +1 or -1 for the direction."""
    chunks = list(session.frames.chunks())
    if not chunks:
        raise UserError(
            f"cannot export {session.folder}", "no frame was kept", "--format csv has the strides"
        )
    t_s = np.concatenate([c.poses["t_s"] for c in chunks]) - session.t_zero_s
    xy_px = np.concatenate([c.settled_xy_px for c in chunks])
    own = np.concatenate([c.poses["px_per_m"] for c in chunks])
    known = own[np.isfinite(own)]
    scale = float(np.median(known)) if len(known) else _scale(session, xy_px)
    facing = np.concatenate([c.settled["facing"] for c in chunks])
    way = 1.0 if facing.sum() >= 0 else -1.0
    return t_s, xy_px, scale, np.full(len(t_s), way)


def _scale(session: SessionReader, xy_px: Floats) -> float:
    """Return pixels per metre from the legs' length and the runner's height."""
    runner = session.header.settings.get("runner")
    height = runner.get("height_m") if isinstance(runner, dict) else None
    height_m = float(height) if isinstance(height, int | float) else _HEIGHT_M
    lengths = []
    for side in Side:
        hip, knee, ankle = (xy_px[:, Joint.of(side, k)] for k in ("hip", "knee", "ankle"))
        thigh = np.linalg.norm(hip - knee, axis=1)
        shank = np.linalg.norm(knee - ankle, axis=1)
        lengths.append(thigh + shank)
    legs = np.concatenate(lengths)
    legs = legs[np.isfinite(legs)]
    if not len(legs):
        raise UserError(
            f"cannot export {session.folder}", "no leg was seen", "--format csv has the strides"
        )
    return float(np.median(legs)) / ((_THIGH + _SHANK) * height_m)
