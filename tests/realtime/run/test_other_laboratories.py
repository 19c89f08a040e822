"""Marker files of other laboratories, where they are on this machine: never copied, see there."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from hipcue.config.settings import Settings, changed
from hipcue.realtime.engine import Engine
from hipcue.realtime.records import Side
from hipcue.realtime.run.file_sources import open_source
from tests.bench.honesty.other_labs import plate_contacts
from tests.bench.samples import SHARED

SETS = SHARED / "marker_sets"
pytestmark = pytest.mark.skipif(not SETS.exists(), reason="the files are not on this machine")
HAMNER = {Side.L: "L_ground_force_vy", Side.R: "R_ground_force_vy"}
CASES = {
    "hamner04_3mps": (None, "hamner04_3mps_grf.mot", HAMNER),
    "delaware_run": ("delaware_static", "delaware_run_grf.mot", {Side.R: "ground_force_vy"}),
    "sprinter_3p5": ("sprinter_static", None, {}),
}


@cache
def measured(name):
    """Strides and the angles of every frame."""
    static, _, _ = CASES[name]
    chosen = Settings()
    if static is not None:
        chosen = changed(chosen, "files.static_file", SETS / f"{static}.trc")
    source = open_source(SETS / f"{name}.trc", chosen)
    engine = Engine(source.settings, markers=True, standing=source.standing)
    strides, frames, times = [], [], []
    for pose, _ in source.poses():
        times.append(pose.t_capture_s)
        result = engine.step(pose, ())
        strides += result.strides
        frames += result.settled_frames
    last = engine.finish()
    if last is not None:
        strides += last.strides
        frames += last.settled_frames
    return strides, [frame.angles for frame in frames if frame.angles], times


@pytest.mark.parametrize("name", ["hamner04_3mps", "delaware_run"])
def test_strides_are_those_of_the_force_plate(name):
    strides, _, times = measured(name)
    _, forces, columns = CASES[name]
    for side, column in columns.items():
        contacts = np.array(plate_contacts(SETS / forces, column))
        contacts = contacts[(contacts > times[0] + 0.1) & (contacts < times[-1] - 0.1)]
        own = [stride for stride in strides if stride.side is side]
        for begin, end in list(pairwise(contacts))[1:-1] or [contacts[-2:]]:
            [stride] = [s for s in own if abs(s.contact_s - begin) < 0.08]
            assert stride.end_s - stride.contact_s == pytest.approx(end - begin, abs=0.010)


@pytest.mark.parametrize("name", ["delaware_run", "sprinter_3p5"])
def test_hip_knee_and_ankle_are_a_humans_in_every_frame(name):
    _, angles, times = measured(name)
    assert len(angles) > 0.95 * len(times)
    for side in Side:
        for what, low, high in (
            ("thigh_extension_deg", -80.0, 45.0),
            ("knee_flexion_deg", 0.0, 130.0),
            ("ankle_dorsiflexion_deg", -45.0, 40.0),
        ):
            values = [getattr(frame, what)[side].value for frame in angles]
            assert None not in values, what
            assert low < min(values) < max(values) < high, (what, min(values), max(values))
