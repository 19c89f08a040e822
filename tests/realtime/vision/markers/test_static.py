"""Joints carried from a standing trial, and what is refused."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipcue.config.errors import UserError
from hipcue.config.reasons import ReasonCode
from hipcue.realtime.records import Joint, Side
from hipcue.realtime.vision.markers.marker_body import find_body
from hipcue.realtime.vision.markers.standing import find_standing
from hipcue.realtime.vision.markers.trc_file import read_trc
from tests.realtime.vision.walker import joints_of, laboratory, write_trc

RATE_HZ = 100.0


def trc(path, ways):
    return read_trc(write_trc(path, ways, rate_hz=RATE_HZ))


def found(folder, run, standing):
    """The body of a run with its standing trial, both through real files."""
    still = find_standing(trc(folder / "standing.trc", standing))
    return find_body(trc(folder / "run.trc", run), standing=still)


def assert_true(body, frames, turn=None, within_m=1e-4):
    """The joints are where they were made."""
    for name, way in joints_of(frames).items():
        side, joint = name.split()
        seen = body.joints[Joint.of(Side(side), joint)]
        true = way if turn is None else way @ turn.T
        np.testing.assert_allclose(seen, true, atol=within_m, err_msg=name)


# All ways to lay three axes, without mirrors.
TURNS = [
    matrix
    for order in itertools.permutations(range(3))
    for signs in itertools.product((1.0, -1.0), repeat=3)
    if np.linalg.det(matrix := np.diag(signs)[:, list(order)]) > 0
]


@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_joints_are_carried_whatever_names_axes_and_order(tmp_path_factory, data):
    run, standing = laboratory(60), laboratory(30, standing=True)
    turn, other = (data.draw(st.sampled_from(TURNS)) for _ in range(2))
    made_up = data.draw(st.booleans())
    order = data.draw(st.permutations(sorted(run)))
    clusters = [name for name in run if "TH" in name or "TB" in name]
    names = {name: f"x{k}" for k, name in enumerate(clusters)} if made_up else {}
    run = {names.get(name, name): run[name] @ turn.T for name in order}
    standing = {names.get(name, name): way @ other.T for name, way in standing.items()}
    body = found(tmp_path_factory.mktemp("lab"), run, standing)
    assert_true(body, 60, turn)
    assert [remark.code for remark in body.remarks] == [ReasonCode.JOINTS_BY_STATIC]


def test_a_hidden_marker_is_done_without_and_two_are_too_few(tmp_path):
    run = laboratory(30)
    for name in ("RTH1", "RTH2", "RTB1", "RTB2", "RTB3"):
        run[name][10:12] = np.nan
    run["LTH1"][5] = np.nan
    run["LTH4"] = laboratory(30)["LTH2"] + np.array([0.0, 0.0, -0.02])
    standing = laboratory(30, standing=True)
    standing["LTH4"] = standing["LTH2"] + np.array([0.0, 0.0, -0.02])
    body = found(tmp_path, run, standing)
    true = joints_of(30)
    hidden = np.isnan(body.joints[Joint.R_KNEE]).any(axis=1)
    assert hidden.tolist() == [k in (10, 11) for k in range(30)]
    assert np.isnan(body.joints[Joint.R_ANKLE][10]).all()
    np.testing.assert_allclose(body.joints[Joint.L_KNEE], true["L knee"], atol=1e-4)


def test_hands_and_knee_caps_are_not_on_the_segment(tmp_path):
    run, standing = laboratory(80), laboratory(30, standing=True)
    swing = 0.15 * np.sin(np.arange(80) / 5)[:, None]
    standing["RFIN"] = standing["RTH2"] + np.array([0.0, 0.0, 0.04])
    run["RFIN"] = run["RTH2"][:1] + np.array([0.0, 0.2, 0.1]) + swing
    assert_true(found(tmp_path, run, standing), 80)


def test_a_marker_beside_the_joint_and_one_on_the_segment_are_enough_with_the_hip(tmp_path):
    """As Plug-in Gait has them: the hip's centre is the third."""
    run, standing = laboratory(60), laboratory(30, standing=True)
    true = joints_of(60)
    for side, out in (("R", 1.0), ("L", -1.0)):
        beside = np.array([0.0, 0.0, out * 0.05])
        run[f"{side}LFC"] = true[f"{side} knee"] + beside
        run[f"{side}LMAL"] = true[f"{side} ankle"] + 0.7 * beside
        for name in ("TH1", "TH3", "TB1", "TB3"):
            del run[f"{side}{name}"], standing[f"{side}{name}"]
    assert_true(found(tmp_path, run, standing), 60)


def test_outer_markers_alone_make_an_outer_knee(tmp_path):
    run, standing = laboratory(60), laboratory(30, standing=True)
    for side in "RL":
        del standing[f"{side}MFC"], standing[f"{side}MMAL"]
    still = find_standing(trc(tmp_path / "standing.trc", standing))
    assert still.lateral == {Joint.L_KNEE, Joint.R_KNEE, Joint.L_ANKLE, Joint.R_ANKLE}
    body = find_body(trc(tmp_path / "run.trc", run), standing=still)
    way = body.joints[Joint.R_KNEE] - joints_of(60)["R knee"]
    np.testing.assert_allclose(way, np.tile([0.0, 0.0, 0.05], (60, 1)), atol=1e-4)
    assert ReasonCode.JOINTS_OUTER_ONLY in [remark.code for remark in body.remarks]


def test_joints_that_the_run_itself_has_are_its_own(tmp_path):
    run, standing = laboratory(60), laboratory(30, standing=True)
    run["RKJC"] = joints_of(60)["R knee"] + np.array([0.0, 0.0, 0.007])
    body = found(tmp_path, run, standing)
    np.testing.assert_allclose(body.joints[Joint.R_KNEE], run["RKJC"], atol=1e-5)


def test_a_hidden_pelvis_is_carried_by_what_is_left_of_it_and_by_the_thigh(tmp_path):
    run, standing = laboratory(30), laboratory(30, standing=True)
    run["RASI"][5:8] = np.nan
    for name in ("RASI", "LASI", "RPSI", "LPSI"):
        run[name][20:22] = np.nan
    body = found(tmp_path, run, standing)
    assert_true(body, 30)
    assert np.isfinite(body.pelvis_front[:20]).all()
    plain = find_body(trc(tmp_path / "plain.trc", laboratory(30)))
    np.testing.assert_allclose(body.pelvis_front[5:8], plain.pelvis_front[5:8], atol=1e-4)


def test_names_of_the_other_side_are_said_and_the_hips_stay_below_the_pelvis(tmp_path):
    run = laboratory(60)
    swapped = {{"R": "L", "L": "R"}[name[0]] + name[1:]: way for name, way in run.items()}
    body = find_body(trc(tmp_path / "run.trc", swapped))
    assert ReasonCode.SIDES_LOOK_EXCHANGED in [remark.code for remark in body.remarks]
    np.testing.assert_allclose(body.joints[Joint.L_HIP], joints_of(60)["R hip"], atol=1e-4)


def jointed(ways, joints):
    """A run without clusters, whose joints have names."""
    kept = {name: way for name, way in ways.items() if "TH" not in name and "TB" not in name}
    for name, way in joints.items():
        side, joint = name.split()
        kept[f"{side}{joint.title()}"] = way
    return kept


def test_a_run_with_joints_of_its_own_takes_the_neutral_and_keeps_them(tmp_path):
    body = found(tmp_path, jointed(laboratory(60), joints_of(60)), laboratory(30, standing=True))
    assert body.remarks == ()
    assert_true(body, 60)


def test_legs_of_another_length_are_another_body(tmp_path):
    giant = {name: way * 1.1 for name, way in laboratory(30, standing=True).items()}
    with pytest.raises(UserError, match=r"legs are 0\.82 m long, those of the standing trial 0\.9"):
        found(tmp_path, jointed(laboratory(60), joints_of(60)), giant)


def test_the_standing_pelvis_is_the_neutral(tmp_path):
    standing = laboratory(30, standing=True)
    for name in ("RPSI", "LPSI"):
        standing[name] = standing[name] + np.array([0.0, 0.14 * np.tan(np.radians(11.0)), 0.0])
    turned = {name: way @ TURNS[7].T for name, way in standing.items()}
    for ways in (standing, turned):
        assert find_standing(trc(tmp_path / "s.trc", ways)).tilt_deg == pytest.approx(
            11.0, abs=0.01
        )


def moved(ways, part, by):
    return {name: way + np.array(by) if part in name else way for name, way in ways.items()}


def only(ways, *parts):
    return {name: way for name, way in ways.items() if any(part in name for part in parts)}


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        (
            lambda s: {
                **s,
                "RTH2": s["RTH2"] + [0.08, 0, 0],
                "LTH2": s["LTH2"] + [0.08, 0, 0],
                "RTB2": s["RTB2"] + [0.08, 0, 0],
                "LTB2": s["LTB2"] + [0.08, 0, 0],
            },
            "mm from where they stand in it",
        ),
        (lambda s: moved(s, "TB", [0.0, -0.09, 0.0]), "the knee is 9"),
        (
            lambda s: only(s, "ASI", "PSI", "LFC", "MFC", "MAL", "CAL"),
            "no three markers of a thigh",
        ),
        (lambda s: {f"new{name[1:]}{name[0]}": way for name, way in s.items()}, "no leg"),
    ],
    ids=["markers moved", "put on anew", "no clusters", "other names"],
)
def test_a_standing_trial_of_another_body_is_refused_by_what_is_left(tmp_path, change, seen):
    with pytest.raises(UserError) as caught:
        found(tmp_path, laboratory(60), change(laboratory(30, standing=True)))
    assert seen in caught.value.seen
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        (lambda s: laboratory(100), "nobody stands still"),
        (lambda s: only(s, "TH", "TB"), "none of its 12 markers"),
        (lambda s: only(s, "ASI", "PSI", "CAL", "TOE"), "found no knee, ankle in 8"),
        (lambda s: {name: way * 1000 for name, way in s.items()}, "m long"),
    ],
    ids=["a run", "clusters only", "no knee", "unit"],
)
def test_what_is_no_standing_trial_is_refused(tmp_path, change, seen):
    with pytest.raises(UserError) as caught:
        find_standing(trc(tmp_path / "s.trc", change(laboratory(30, standing=True))))
    assert "s.trc" in caught.value.failed
    assert seen in caught.value.seen


def test_sides_that_are_exchanged_between_joints_are_refused(tmp_path):
    run = laboratory(80)
    run["RCAL"], run["LCAL"] = run["LCAL"], run["RCAL"]
    with pytest.raises(UserError, match="sides are exchanged"):
        find_body(trc(tmp_path / "run.trc", run))


def test_without_a_standing_trial_it_is_said_what_one_would_add(tmp_path):
    body = find_body(trc(tmp_path / "run.trc", laboratory(60)))
    assert Joint.R_KNEE not in body.joints
    assert {Joint.R_HIP, Joint.R_HEEL, Joint.R_TOE} <= set(body.joints)
    [remark] = body.remarks
    assert remark.code is ReasonCode.STATIC_WOULD_TELL
    assert "RTH1" in str(remark)
    assert "RTB1" in str(remark)
