"""What tells that a run and its standing trial do not say the same: sides, order and zero."""

from __future__ import annotations

import numpy as np
import pytest

from hipcue.config.errors import UserError
from hipcue.config.reasons import ReasonCode
from hipcue.realtime.records import Joint
from hipcue.realtime.vision.markers.marker_body import find_body
from hipcue.realtime.vision.markers.standing import find_standing
from hipcue.realtime.vision.markers.trc_file import read_trc
from tests.realtime.vision.markers.test_static import found, jointed, only, trc
from tests.realtime.vision.walker import joints_of, laboratory, write_trc

OTHER_SIDE = {"R": "L", "L": "R"}


def exchanged(ways, *parts):
    """Left and right exchanged in the names that end in one of these; in all without."""
    return {
        OTHER_SIDE[name[0]] + name[1:] if not parts or name[1:] in parts else name: way
        for name, way in ways.items()
    }


def mirrored(ways):
    return {name: way * (1.0, 1.0, -1.0) for name, way in ways.items()}


@pytest.mark.parametrize("wrong", [exchanged, mirrored])
def test_sides_that_are_exchanged_in_one_of_both_files_are_refused(tmp_path, wrong):
    run, standing = laboratory(60), laboratory(30, standing=True)
    with pytest.raises(UserError, match="exchanged in the standing trial standing"):
        found(tmp_path, run, wrong(standing))
    with pytest.raises(UserError, match="exchanged in the run, and not in the standing trial"):
        found(tmp_path, wrong(run), standing)
    both = found(tmp_path, wrong(run), wrong(standing))
    assert ReasonCode.SIDES_LOOK_EXCHANGED in [remark.code for remark in both.remarks]


@pytest.mark.parametrize("pair", [("LFC", "MFC"), ("LMAL", "MMAL"), ("CAL",)])
def test_a_pair_whose_sides_are_exchanged_is_no_standing_trial(tmp_path, pair):
    crossed = exchanged(laboratory(30, standing=True), *pair)
    with pytest.raises(UserError, match="right hip's side: their sides are exchanged"):
        find_standing(trc(tmp_path / "s.trc", crossed))


def renamed(ways, one, two):
    """The names of two joints exchanged."""
    other = {one: two, two: one}
    return {other.get(name, name): way for name, way in ways.items()}


@pytest.mark.parametrize("side", ["R", "L"])
def test_a_knee_that_is_an_ankle_is_refused_in_the_standing_trial(tmp_path, side):
    standing = laboratory(30, standing=True)
    for where in "LM":
        standing = renamed(standing, f"{side}{where}FC", f"{side}{where}MAL")
    said = {"R": "right", "L": "left"}[side]
    with pytest.raises(UserError, match=f"the {said} knee is where the ankle should be"):
        find_standing(trc(tmp_path / "s.trc", standing))


@pytest.mark.parametrize(
    ("one", "two", "seen"),
    [
        ("Knee", "Ankle", "knee is where the ankle should be: the thigh would be 0."),
        ("Hip", "Knee", "hip is where the knee should be"),
        ("CAL", "TOE", "heel is where the toe should be"),
    ],
)
@pytest.mark.parametrize("sides", ["R", "RL"])
def test_joints_of_a_run_that_are_exchanged_are_refused(tmp_path, one, two, seen, sides):
    run = only(jointed(laboratory(80), joints_of(80)), "Hip", "Knee", "Ankle", "CAL", "TOE")
    find_body(trc(tmp_path / "run.trc", run))
    for side in sides:
        run = renamed(run, f"{side}{one}", f"{side}{two}")
    with pytest.raises(UserError, match=seen):
        find_body(trc(tmp_path / "run.trc", run))


def test_a_knee_that_is_far_up_on_one_leg_is_refused(tmp_path):
    run = only(jointed(laboratory(80), joints_of(80)), "Hip", "Knee", "Ankle", "CAL", "TOE")
    run["RKnee"] = run["RKnee"] + 0.17 * (run["RHip"] - run["RKnee"])
    with pytest.raises(UserError, match="thighs are not of one body, the left one"):
        find_body(trc(tmp_path / "run.trc", run))


def pitched(ways, degrees):
    """The whole body turned about the axis to the right, forward."""
    a = np.radians(degrees)
    turn = np.array([[np.cos(a), np.sin(a), 0], [-np.sin(a), np.cos(a), 0], [0, 0, 1]])
    return {name: way @ turn.T for name, way in ways.items()}


def raised(ways, part, by_m):
    return {
        name: way + np.array([0.0, by_m, 0.0]) if part in name else way
        for name, way in ways.items()
    }


def why_not(body):
    zero = ("static_not_upright", "static_pelvis_elsewhere", "static_tilt_elsewhere")
    return [remark.code.value for remark in body.remarks if remark.code.value in zero]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda s: s, []),
        (lambda s: pitched(s, 17.0), ["static_not_upright"]),
        (lambda s: pitched(s, -17.0), ["static_not_upright"]),
        (lambda s: raised(s, "ASI", 0.04), ["static_pelvis_elsewhere"]),
    ],
    ids=["upright", "leaning forward", "leaning back", "front spines higher"],
)
def test_who_does_not_stand_as_they_run_is_no_zero_but_tells_the_joints(tmp_path, change, why):
    body = found(tmp_path, laboratory(60), change(laboratory(30, standing=True)))
    assert why_not(body) == why
    assert body.standing_is_zero is (not why)
    assert Joint.R_KNEE in body.joints


def test_a_trunk_that_is_bent_over_upright_legs_is_no_zero(tmp_path):
    standing = laboratory(30, standing=True)
    for side in "RL":
        standing[f"{side}SHO"] = standing[f"{side}ASI"] + np.array([0.3, 0.4, 0.0])
    assert why_not(found(tmp_path, laboratory(60), standing)) == ["static_not_upright"]


def test_a_pelvis_that_runs_far_more_tilted_than_it_stands_is_no_zero(tmp_path):
    run = jointed(laboratory(60), joints_of(60))
    standing = raised(laboratory(30, standing=True), "ASI", 0.05)
    body = found(tmp_path, run, standing)
    assert why_not(body) == ["static_tilt_elsewhere"]


def test_what_is_hidden_on_a_bend_is_filled_in_as_the_body_has_it(tmp_path):
    """A difference between both trials turns with the runner, not with the room."""
    frames = 120
    run, standing = laboratory(frames), laboratory(30, standing=True)
    standing = {
        n: w + np.array([0.015, 0.0, 0.0]) if "ASI" in n else w for n, w in standing.items()
    }
    turns = np.radians(np.linspace(0.0, 180.0, frames))
    c, s, zero, one = np.cos(turns), np.sin(turns), 0 * turns, 1 + 0 * turns
    about_up = np.stack([[c, zero, s], [zero, one, zero], [-s, zero, c]]).transpose(2, 0, 1)
    run = {name: np.einsum("fij,fj->fi", about_up, way) for name, way in run.items()}
    true = (run["RASI"] + run["LASI"]) / 2
    run["RASI"] = run["RASI"].copy()
    run["RASI"][110:] = np.nan
    body = found(tmp_path, run, standing)
    np.testing.assert_allclose(body.pelvis_front, true, atol=0.006)


def test_two_markers_that_are_left_on_a_segment_are_too_few_and_not_moved(tmp_path):
    run, standing = laboratory(60), laboratory(30, standing=True)
    for side in "RL":
        for name in ("TH1", "TH2", "TH3", "TB3"):
            run[f"{side}{name}"] = np.full((60, 3), np.nan)
    with pytest.raises(UserError) as caught:
        found(tmp_path, run, standing)
    assert "shank has 2 markers that are in standing.trc, too (LTB1, LTB2)" in caught.value.seen


def test_names_that_are_there_twice_are_the_reason(tmp_path):
    run = only(jointed(laboratory(60), joints_of(60)), "Hip", "Knee", "Ankle", "CAL", "TOE")
    path = write_trc(tmp_path / "run.trc", run, rate_hz=100.0)
    text = path.read_text(encoding="utf-8")
    sideless = tmp_path / "sideless.trc"
    names = [name for name in run if name.startswith("R")]
    for name in names:
        text = text.replace(f"\t{name}\t", f"\t{name[1:]}\t").replace(
            f"\tL{name[1:]}\t", f"\t{name[1:]}\t"
        )
    sideless.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"every name \(.*Hip.*\) is there twice, at different"):
        find_body(read_trc(sideless))
    with pytest.raises(UserError, match="or names without their side"):
        find_standing(read_trc(sideless))
