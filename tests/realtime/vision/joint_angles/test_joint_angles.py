"""Joint angles of OpenSim and OpenCap: the same budget from whatever layout, or a true reason."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings, changed
from hipcue.realtime.run.offline import Analysis, analyze
from hipcue.realtime.vision.joint_angles.coordinates import joint_angles
from hipcue.realtime.vision.joint_angles.cycles import cycles_of
from hipcue.realtime.vision.joint_angles.motion_file import read_motion
from tests.realtime.vision.joint_angles.motions import (
    CYCLE_S,
    KNEE_DEG,
    OPENSIM,
    SIMM,
    THIGH_AHEAD_DEG,
    THIGH_BACK_DEG,
    TILT_DEG,
    in_radians,
    motion,
    write_motion,
)

RUN = motion()
IN_RADIANS = OPENSIM.replace("Degrees=yes", "Degrees=no")


def as_states(columns: dict) -> dict:
    """What OpenSim 4 writes of a simulation: paths, speeds beside values, radians."""
    found = {}
    for name, values in in_radians(columns).items():
        if name == "time":
            found[name] = values
            continue
        found[f"/jointset/joint/{name}/value"] = values
        found[f"/jointset/joint/{name}/speed"] = np.gradient(values)
    return found


LAYOUTS = {
    "OpenSim, Rajagopal": lambda path: write_motion(path, RUN),
    "OpenSim, gait2392 in radians": lambda path: write_motion(
        path, in_radians(motion(knee=-1.0)), IN_RADIANS
    ),
    "OpenSim 4, states": lambda path: write_motion(path, as_states(RUN), IN_RADIANS),
    "OpenCap": lambda path: write_motion(path, RUN, mark="\t     ", lead="      "),
    "SIMM": lambda path: write_motion(path, RUN, SIMM),
    "blanks": lambda path: write_motion(path, RUN, mark="   "),
    "upper case, Windows": lambda path: _changed(
        write_motion(path, RUN), lambda t: t.replace("endheader", "ENDHEADER").replace("\n", "\r\n")
    ),
    "decimal commas": lambda path: _changed(
        write_motion(path, RUN), lambda t: re.sub(r"(\d)\.(\d)", r"\1,\2", t)
    ),
    "columns in another order": lambda path: write_motion(
        path, {"time": RUN["time"], **dict(reversed([*RUN.items()][1:]))}
    ),
    "a clock of its own": lambda path: write_motion(path, {**RUN, "time": RUN["time"] + 600.0}),
}  # fmt: skip


def _changed(path: Path, change) -> Path:
    path.write_bytes(change(path.read_text()).encode())
    return path


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_extension_budget_of_every_cycle(tmp_path, layout):
    path = LAYOUTS[layout](tmp_path / "ik.mot")
    angles = joint_angles(read_motion(path))
    start_s = 600.0 if "clock" in layout else 0.0
    cycles = cycles_of(angles)
    assert {side: sum(c.side == side for c in cycles) for side in "LR"} == {"L": 6, "R": 6}
    right = [cycle for cycle in cycles if cycle.side == "R"]
    assert [c.peak_s for c in right] == pytest.approx(
        [start_s + 0.2 + CYCLE_S * k for k in range(6)], abs=0.011
    )
    for cycle in cycles:
        found = cycle.values
        assert found["thigh_extension_deg"] == pytest.approx(THIGH_BACK_DEG, abs=0.1)
        assert found["pelvic_tilt_deg"] == pytest.approx(TILT_DEG + 3.0, abs=0.1)
        assert found["hip_extension_deg"] == pytest.approx(THIGH_BACK_DEG - TILT_DEG - 3, abs=0.1)
        assert found["knee_flexion_peak_deg"] == pytest.approx(KNEE_DEG, abs=0.5)
        assert found["hip_flexion_peak_deg"] == pytest.approx(THIGH_AHEAD_DEG + 14.0, abs=0.5)
        assert found["cadence_spm"] == pytest.approx(120 / CYCLE_S, abs=3)
        assert found["pelvic_drop_range_deg"] == pytest.approx(8.0, abs=0.1)


def test_degrees_are_told_by_the_hips_where_the_header_says_nothing(tmp_path):
    angles = joint_angles(read_motion(write_motion(tmp_path / "a.mot", in_radians(RUN), SIMM)))
    assert angles.deg["pelvic_tilt_deg"].mean() == pytest.approx(12.5, abs=0.1)
    assert angles.remarks == (Reason(ReasonCode.ANGLE_UNIT_GUESSED, unit="rad"),)


def measured(tmp_path: Path, path: Path, static: Path | None = None) -> Analysis:
    return analyze(path, changed(Settings(), "files.static_file", static), (), tmp_path / "out")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open() as file:
        return list(csv.DictReader(file))


def test_a_standing_trial_makes_angles_the_runners_own(tmp_path):
    standing = {name: 0 * values[:50] for name, values in RUN.items()}
    standing |= {"time": RUN["time"][:50], "pelvis_tilt": standing["pelvis_tilt"] - 10.0}
    standing["hip_flexion_r"] = standing["hip_flexion_l"] = standing["hip_flexion_r"] + 8.0
    static = write_motion(tmp_path / "static.mot", standing)
    found = measured(tmp_path, write_motion(tmp_path / "ik.mot", RUN), static)
    assert (found.strides, found.of, found.frames) == (12, "cycles", 500)
    assert "count from the standing trial" in found.lines[-1]
    for row in rows_of(tmp_path / "out" / "cycles.csv"):
        assert float(row["pelvic_tilt_deg"]) == pytest.approx(TILT_DEG + 3.0 - 10.0, abs=0.1)
        assert float(row["hip_extension_deg"]) == pytest.approx(24.0 - 14.0 + 8.0, abs=0.1)
    every = rows_of(tmp_path / "out" / "angles.csv")
    assert len(every) == 500
    assert float(every[20]["thigh_extension_deg_R"]) == pytest.approx(22.0, abs=0.1)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["angles.csv", "cycles.csv"]


def test_a_standing_trial_is_of_the_runs_unit_and_model(tmp_path):
    """A knee that stands bent by 2 degrees tells neither radians nor which way it bends."""
    standing = {name: 0 * values[:50] for name, values in RUN.items()}
    standing |= {"time": RUN["time"][:50], "pelvis_tilt": standing["pelvis_tilt"] - 2.0}
    standing |= {"hip_flexion_r": standing["time"] + 1, "hip_flexion_l": standing["time"] + 1}
    standing["knee_angle_r"] = standing["knee_angle_r"] - 2.0
    still = read_motion(write_motion(tmp_path / "static.mot", standing, SIMM))
    run = read_motion(write_motion(tmp_path / "ik.mot", motion(knee=-1.0), SIMM))
    plain, against = joint_angles(run).deg, joint_angles(run, still).deg
    for name, off in (("pelvic_tilt_deg", 2.0), ("knee_flexion_deg.R", 2.0)):
        np.testing.assert_allclose(plain[name] - against[name], off, atol=1e-6)


def test_rows_that_are_missing_leave_their_cycle_out(tmp_path):
    values = {name: way.copy() for name, way in RUN.items()}
    values["hip_flexion_r"][150:155] = np.nan
    cycles = cycles_of(joint_angles(read_motion(write_motion(tmp_path / "a.mot", values))))
    assert sum(cycle.side == "R" for cycle in cycles) == 5
    assert sum(cycle.side == "L" for cycle in cycles) == 6
    shorter = {name: np.delete(way, np.s_[150:170]) for name, way in RUN.items()}
    cycles = cycles_of(joint_angles(read_motion(write_motion(tmp_path / "b.mot", shorter))))
    assert [sum(cycle.side == side for cycle in cycles) for side in "RL"] == [5, 5]


def standing_still(deg_tilt: float = 8.0) -> dict:
    still = {name: 0 * values[:50] + 2 for name, values in RUN.items()}
    return still | {"time": RUN["time"][:50], "pelvis_tilt": still["pelvis_tilt"] - 2 - deg_tilt}


def test_a_run_is_no_standing_trial(tmp_path):
    path = write_motion(tmp_path / "ik.mot", RUN)
    with pytest.raises(UserError, match=r"nobody stands still in it: the thighs move by \d\d deg"):
        measured(tmp_path, path, path)
    assert not (tmp_path / "out").exists()


def test_a_standing_trial_of_no_unit_is_not_guessed_where_the_run_has_one(tmp_path):
    run = write_motion(tmp_path / "ik.mot", RUN)
    static = write_motion(tmp_path / "a.mot", in_radians(standing_still()), SIMM)
    with pytest.raises(UserError, match="whether its angles are degrees or radians"):
        measured(tmp_path, run, static)
    for columns, header in ((in_radians(standing_still()), IN_RADIANS), (standing_still(), SIMM)):
        still = read_motion(write_motion(tmp_path / "b.mot", columns, header))
        angles = joint_angles(read_motion(run), still)
        assert angles.deg["pelvic_tilt_deg"].mean() == pytest.approx(12.5 - 8.0, abs=0.1)


@pytest.mark.parametrize(
    "columns",
    [
        RUN | {"pelvis_tilt": RUN["pelvis_tilt"] + 360.0},
        RUN | {name: RUN[name] % 360.0 for name in ("hip_flexion_r", "hip_flexion_l")},
        RUN | {"knee_angle_l": RUN["knee_angle_l"] - 360.0},
    ],
)
def test_whole_turns_are_taken_off_and_said(tmp_path, columns):
    plain = joint_angles(read_motion(write_motion(tmp_path / "a.mot", RUN)))
    found = joint_angles(read_motion(write_motion(tmp_path / "b.mot", columns)))
    assert [remark.code for remark in found.remarks] == [ReasonCode.ANGLE_TURNS_TAKEN_OFF]
    for name, values in plain.deg.items():
        np.testing.assert_allclose(found.deg[name], values, atol=1e-5)


def test_a_header_that_says_radians_over_degrees_is_not_believed(tmp_path):
    plain = joint_angles(read_motion(write_motion(tmp_path / "a.mot", RUN)))
    found = joint_angles(read_motion(write_motion(tmp_path / "b.mot", RUN, IN_RADIANS)))
    assert found.remarks == (Reason(ReasonCode.ANGLE_UNIT_REFUTED, said="rad", unit="deg"),)
    for name, values in plain.deg.items():
        np.testing.assert_allclose(found.deg[name], values, atol=1e-5)


def test_what_no_joint_does_is_left_out_and_said(tmp_path):
    odd = {name: values.copy() for name, values in RUN.items()}
    odd["knee_angle_r"] += 120.0
    odd["hip_flexion_l"][100:105] = 170.0
    found = joint_angles(read_motion(write_motion(tmp_path / "a.mot", odd)))
    assert set(found.remarks) == {
        Reason(ReasonCode.ANGLE_LEFT_OUT, name="knee_angle_r"),
        Reason(ReasonCode.ANGLE_ROWS_LEFT_OUT, name="hip_flexion_l", count=5),
    }
    assert "knee_flexion_deg.R" not in found.deg and "knee_flexion_deg.L" in found.deg
    assert np.isnan(found.deg["thigh_extension_deg.L"]).sum() == 5


def test_an_angle_that_is_there_twice(tmp_path):
    path = write_motion(tmp_path / "a.mot", RUN | {"hip_flexion_X": RUN["hip_flexion_r"]})
    path.write_text(path.read_text().replace("hip_flexion_X", "hip_flexion_r"))
    joint_angles(read_motion(path))
    path = write_motion(tmp_path / "a.mot", RUN | {"hip_flexion_X": RUN["hip_flexion_r"] + 5})
    path.write_text(path.read_text().replace("hip_flexion_X", "hip_flexion_r"))
    with pytest.raises(UserError, match="hip_flexion_r is there twice, with different numbers"):
        joint_angles(read_motion(path))


def only(*names):
    return {"time": RUN["time"], **{name: RUN[name] for name in names}}


FORCES = {f"ground_force_{axis}": RUN["pelvis_list"] for axis in ("vx", "vy", "vz", "px")}
MOMENTS = {f"{name}_moment": values for name, values in RUN.items() if name != "time"}
REFUSED = {
    "forces": ({"time": RUN["time"], **FORCES}, "forces of the ground, no joint angles"),
    "moments": ({"time": RUN["time"], **MOMENTS}, "moments and forces (inverse dynamics)"),
    "no pelvis": (only("hip_flexion_r", "hip_flexion_l", "knee_angle_r"), "no pelvis_tilt"),
    "one leg": (only("pelvis_tilt", "hip_flexion_r"), "no hip_flexion_l"),
    "only zeros": ({n: v if n == "time" else 0 * v for n, v in RUN.items()}, "0 in every row"),
    "standing": ({n: v if n == "time" else 0 * v + 1 for n, v in RUN.items()}, "move by 0 degrees"),
    "time back": ({**RUN, "time": RUN["time"][::-1]}, "do not grow"),
    "milliseconds": ({**RUN, "time": RUN["time"] * 1000}, "cycle lasts 700 s"),
    "radians said to be degrees": (in_radians(RUN), "its header says degrees"),
    "no number": (RUN | {"hip_flexion_r": np.nan * RUN["time"]}, "has no number in any row"),
    "hip turned": (
        RUN | {"hip_flexion_r": RUN["hip_flexion_r"] + 180},
        "hip_flexion_r goes from 170 to 240 degrees, beyond a human's joint",
    ),
    "no time": ({f"x{n}": v for n, v in RUN.items()}, "first column is 'xtime'"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_holds_no_run_is_refused_with_the_true_reason(tmp_path, what):
    columns, seen = REFUSED[what]
    path = write_motion(tmp_path / "a.mot", columns)
    with pytest.raises(UserError) as caught:
        measured(tmp_path, path)
    assert seen in caught.value.seen
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 500
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("", "empty"),
        ("a,b\n1,2\n", "no line 'endheader'"),
        (OPENSIM + "time\tpelvis_tilt\n", "no rows"),
        (OPENSIM + "time\tpelvis_tilt\n\n\nx\ty\n", "no row of numbers"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, text, seen):
    path = tmp_path / "a.sto"
    path.write_text(text)
    with pytest.raises(UserError, match=seen):
        measured(tmp_path, path)
