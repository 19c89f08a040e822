"""Joint angles of somebody who runs, as programs write them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

CYCLE_S = 0.7
TILT_DEG, THIGH_BACK_DEG, THIGH_AHEAD_DEG, KNEE_DEG = 11.0, 24.0, 46.0, 95.0


def motion(seconds: float = 5.0, rate_hz: float = 100.0, knee: float = 1.0) -> dict:
    """OpenSim's coordinates, degrees: the thigh peaks every `CYCLE_S`, from 0.2 s on, right first.

    The pelvis tips forward by 11 degrees, and 3 more whenever a thigh is furthest back.
    """
    t_s = np.arange(round(seconds * rate_hz)) / rate_hz
    found = {"time": t_s}
    tilt = TILT_DEG + 1.5 + 1.5 * np.cos(4 * np.pi * (t_s - 0.2) / CYCLE_S)
    found["pelvis_tilt"] = -tilt
    found["pelvis_list"] = 4.0 * np.sin(2 * np.pi * t_s / CYCLE_S)
    found["pelvis_rotation"] = 6.0 * np.sin(2 * np.pi * t_s / CYCLE_S)
    found |= {f"pelvis_t{axis}": 0 * t_s for axis in "xyz"}
    for side, late in (("r", 0.0), ("l", 0.5)):
        turn = np.cos(2 * np.pi * ((t_s - 0.2) / CYCLE_S - late))
        thigh = (THIGH_BACK_DEG - THIGH_AHEAD_DEG) / 2 + (
            THIGH_BACK_DEG + THIGH_AHEAD_DEG
        ) / 2 * turn
        found[f"hip_flexion_{side}"] = -(thigh - tilt)
        found[f"hip_adduction_{side}"] = 5.0 * turn
        found[f"hip_rotation_{side}"] = 0 * t_s
        found[f"knee_angle_{side}"] = knee * (KNEE_DEG / 2) * (1 - turn)
        found[f"ankle_angle_{side}"] = 10.0 * turn
    found["lumbar_extension"] = tilt - 10.0
    return found


OPENSIM = """Coordinates
version=1
nRows={rows}
nColumns={columns}
inDegrees=yes

Units are S.I. units (second, meters, Newtons, ...)
If the header above contains a line with 'inDegrees', this indicates whether rotational values \
are in degrees (yes) or radians (no).

endheader
"""
SIMM = "name run.mot\ndatacolumns {columns}\ndatarows {rows}\nrange 0.0 5.0\nendheader\n"


def write_motion(
    path: Path, columns: dict, header: str = OPENSIM, mark: str = "\t", lead: str = ""
) -> Path:
    """Write a table under a header."""
    rows = np.column_stack(list(columns.values()))
    lines = [mark.join(columns)]
    lines += [lead + mark.join(f"{value:.8f}" for value in row) for row in rows.tolist()]
    text = header.format(rows=len(rows), columns=len(columns)) + "\n".join(lines) + "\n"
    path.write_text(text)
    return path


def in_radians(columns: dict) -> dict:
    return {
        name: values if name == "time" or "_t" in name[-3:-1] else np.radians(values)
        for name, values in columns.items()
    }
