"""A runner of another laboratory, with markers and a force plate.

Its markers are clusters without joint centres: a standing trial tells where the joints are.
Nothing but the plate tells what is right, so that only times are judged.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np

from hipcue.realtime.records import Side
from hipcue.realtime.run.offline import constant_belt
from hipcue.realtime.vision.markers.marker_body import find_body
from hipcue.realtime.vision.markers.marker_poses import poses
from hipcue.realtime.vision.markers.standing import find_standing
from hipcue.realtime.vision.markers.trc_file import read_trc
from tests.bench.honesty.bodies import Body, TrueStride
from tests.bench.honesty.faults import Source
from tests.bench.honesty.inputs import FloatArray, Inputs
from tests.bench.samples import SHARED

_RUN, _STATIC, _FORCES = "delaware_run.trc", "delaware_static.trc", "delaware_run_grf.mot"
_THRESHOLD_N = 50.0
# About; what the plate stands under is the right foot only.
_SPEED_MPS = 3.0


def other_labs() -> list[Body]:
    """Return them; none where their files are missing."""
    folder = SHARED / "marker_sets"
    if not all((folder / name).exists() for name in (_RUN, _STATIC, _FORCES)):
        return []
    standing = find_standing(read_trc(folder / _STATIC))
    seen = tuple(poses(find_body(read_trc(folder / _RUN), standing=standing)))
    inputs = Inputs(seen, constant_belt(_SPEED_MPS), Side.R)
    return [Body("delaware", Source.MARKERS, inputs, tuple(_strides(folder / _FORCES)))]


def plate_contacts(path: Path, column: str = "ground_force_vy") -> list[float]:
    """Return when a plate felt a foot land."""
    t_s, force = _vertical(path, column)
    return _crossings(t_s, force, _THRESHOLD_N)


def _vertical(path: Path, column: str) -> tuple[FloatArray, FloatArray]:
    lines = path.read_text(encoding="utf-8").splitlines()
    head = next(k for k, line in enumerate(lines) if line.strip() == "endheader") + 1
    at = lines[head].split().index(column)
    rows = [line.split() for line in lines[head + 1 :] if line.strip()]
    t_s, force = np.array([(row[0], row[at]) for row in rows], dtype=float).T
    return t_s, force


def _strides(path: Path) -> list[TrueStride]:
    contacts = plate_contacts(path)
    t_s, force = _vertical(path, "ground_force_vy")
    offs = _crossings(t_s, -force, -_THRESHOLD_N)
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
