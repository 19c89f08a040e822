"""MOT: joint angles over time, as OpenSim reads coordinates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.realtime.session.folder import write_text
from hipcue.realtime.session.frame_layout import ANGLES
from hipcue.realtime.session.reader import SessionReader

Floats = NDArray[np.float64]


def write_mot(session: SessionReader, folder: Path, name: str) -> list[Path]:
    """Write the angles of the frames in degrees.

    OpenSim's older readers take no gaps: a coordinate that is missing in more than half
    of the frames is left out, and so is a frame in which one of the others is missing.

    Signs are OpenSim's: ``pelvis_tilt`` anterior negative, ``hip_flexion`` of the thigh
    against the pelvis, ``knee_angle`` and ``ankle_angle`` flexion positive,
    ``lumbar_extension`` positive when the back arches. Angles count from the runner's
    own standing, not from the model's pose.
    """
    chunks = list(session.frames.chunks())
    if not chunks:
        raise UserError(
            f"cannot export {session.folder}", "no frame was kept", "--format csv has the strides"
        )
    t_s = np.concatenate([c.poses["t_s"] for c in chunks]) - session.t_zero_s
    values = np.concatenate([c.angles_deg for c in chunks], axis=1)
    found = coordinates({key: values[row] for row, key in enumerate(ANGLES)})
    columns = {key: v for key, v in found.items() if np.isfinite(v).mean() >= 0.5}
    table = np.column_stack([t_s, *columns.values()])
    table = table[np.isfinite(table).all(axis=1)]
    if not columns or not len(table):
        raise UserError(
            f"cannot export {session.folder}",
            "no angle is known in most of the frames",
            "--format csv has what there is",
        )
    lines = [
        name, "version=1", f"nRows={len(table)}", f"nColumns={len(columns) + 1}", "inDegrees=yes",
        "endheader", "\t".join(["time", *columns]),
    ]  # fmt: skip
    lines += ["\t".join(f"{v:.6f}" for v in row) for row in table.tolist()]
    path = folder / f"{name}.mot"
    write_text(path, "\n".join(lines) + "\n")
    return [path]


def coordinates(angles: dict[str, Floats]) -> dict[str, Floats]:
    """Return OpenSim's coordinates from our angles, both in degrees."""
    tilt = angles["pelvic_tilt_deg"]
    out = {"pelvis_tilt": -tilt}
    for side in ("R", "L"):
        end = side.lower()
        thigh = angles[f"thigh_extension_deg.{side}"]
        out[f"hip_flexion_{end}"] = -(thigh - tilt)
        out[f"knee_angle_{end}"] = angles[f"knee_flexion_deg.{side}"]
        out[f"ankle_angle_{end}"] = angles[f"ankle_dorsiflexion_deg.{side}"]
    out["lumbar_extension"] = angles["lumbar_extension_deg"]
    return out
