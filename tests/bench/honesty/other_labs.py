"""A runner of another laboratory, with markers and a force plate, whose file hipcue refuses.

Its markers are clusters without joint centres. Feet and pelvis have markers of their own;
knees and ankles are put where they are about, so that only times are judged.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np

from hipcue.realtime.records import Side
from hipcue.realtime.run.offline import constant_belt
from hipcue.realtime.vision.markers.marker_body import find_body
from hipcue.realtime.vision.markers.marker_file import MarkerFile
from hipcue.realtime.vision.markers.marker_poses import poses
from hipcue.realtime.vision.markers.trc_file import read_trc
from tests.bench.honesty.bodies import Body, TrueStride
from tests.bench.honesty.faults import Source
from tests.bench.honesty.inputs import FloatArray, Inputs
from tests.bench.samples import SHARED

_RUN, _FORCES = "delaware_run.trc", "delaware_run_grf.mot"
_THRESHOLD_N = 50.0
# About; what the plate stands under is the right foot only.
_SPEED_MPS = 3.0


def other_labs() -> list[Body]:
    """Return them; none where their files are missing."""
    folder = SHARED / "marker_sets"
    if not (folder / _RUN).exists() or not (folder / _FORCES).exists():
        return []
    seen = tuple(poses(find_body(_with_joints(read_trc(folder / _RUN)))))
    inputs = Inputs(seen, constant_belt(_SPEED_MPS), Side.R)
    return [Body("delaware", Source.MARKERS, inputs, tuple(_strides(folder / _FORCES)))]


def _with_joints(file: MarkerFile) -> MarkerFile:
    """Put knee and ankle where the clusters and the foot say that they are, about."""
    found = {"RASI": "R.ASIS", "LASI": "L.ASIS", "SACR": "V.Sacral"}
    joints = {name: file.xyz_m[own] for name, own in found.items()}
    for side in "RL":
        heel, toe = file.xyz_m[f"{side}.Heel"], file.xyz_m[f"{side}.Toe.Tip"]
        shank, thigh = (_middle(file, f"{side}.{part}") for part in ("Shank", "Thigh"))
        knee = shank + 0.42 * (thigh - shank)
        ankle = 0.7 * heel + 0.3 * toe + 0.12 * (knee - heel)
        joints |= {f"{side}Heel": heel, f"{side}BigToe": toe}
        joints |= {f"{side}Knee": knee, f"{side}Ankle": ankle}
    return MarkerFile(file.path, file.rate_hz, file.t_s, joints)


def _middle(file: MarkerFile, cluster: str) -> FloatArray:
    places = [file.xyz_m[f"{cluster}.{name}"] for name in ("Upper", "Front", "Rear")]
    return np.asarray(np.mean(places, axis=0))


def _strides(path: Path) -> list[TrueStride]:
    lines = path.read_text(encoding="utf-8").splitlines()
    head = next(k for k, line in enumerate(lines) if line.strip() == "endheader") + 1
    column = lines[head].split().index("ground_force_vy")
    rows = [line.split() for line in lines[head + 1 :] if line.strip()]
    t_s, force = np.array([(row[0], row[column]) for row in rows], dtype=float).T
    contacts, offs = (_crossings(t_s, sign * force, sign * _THRESHOLD_N) for sign in (1, -1))
    strides = []
    for start, end in pairwise(contacts):
        off = next(t for t in offs if t > start)
        time_s = end - start
        values = {"stride_time_s": time_s, "cadence_spm": 120.0 / time_s}
        values["contact_time_s"] = off - start
        strides.append(TrueStride(Side.R, start, end, values))
    return strides


def _crossings(t_s: FloatArray, y: FloatArray, level: float) -> list[float]:
    """Instants at which a signal rises through a level."""
    k = np.flatnonzero((y[:-1] <= level) & (y[1:] > level))
    return [float(t) for t in t_s[k] + (level - y[k]) / (y[k + 1] - y[k]) * (t_s[k + 1] - t_s[k])]
