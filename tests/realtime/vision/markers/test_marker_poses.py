"""Marker files: whatever laboratory wrote them, the same runner comes out."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.records import Joint, PelvisSource
from hipcue.realtime.vision.markers.marker_body import find_body
from hipcue.realtime.vision.markers.marker_poses import PX_PER_M, poses
from hipcue.realtime.vision.markers.trc_file import read_trc
from tests.realtime.vision.walker import HIP_M, THIGH_M, body, write_trc

LAB = Path(__file__).parents[4] / ".." / "shared" / "lab"


def read(path):
    return list(poses(find_body(read_trc(path))))


def leg_angles(pose, side="R"):
    """Thigh behind the vertical and shank behind the vertical in degrees."""
    hip, knee, ankle = (pose.xy_px[Joint[f"{side}_{name}"]] for name in ("HIP", "KNEE", "ANKLE"))
    return [
        math.degrees(math.atan2(-(low[0] - high[0]), low[1] - high[1]))
        for high, low in ((hip, knee), (knee, ankle))
    ]


def assert_same_runner(seen, expected):
    assert len(seen) == len(expected)
    for one, other in zip(seen, expected, strict=True):
        hip_one, hip_other = one.xy_px[Joint.R_HIP], other.xy_px[Joint.R_HIP]
        np.testing.assert_allclose(
            one.xy_px - hip_one, other.xy_px - hip_other, atol=0.02, equal_nan=True
        )


def test_the_runner_faces_right_at_a_millimetre_per_pixel(tmp_path):
    ways = body()
    seen = read(write_trc(tmp_path / "run.trc", ways))
    assert len(seen) == 60
    first = seen[0]
    assert first.px_per_m == PX_PER_M == 1000.0
    assert first.seen
    hip, knee = first.xy_px[Joint.R_HIP], first.xy_px[Joint.R_KNEE]
    assert math.hypot(*(hip - knee)) == pytest.approx(1000 * THIGH_M, abs=0.1)
    assert knee[1] > hip[1], "y points down"
    assert first.xy_px[Joint.R_TOE, 0] > first.xy_px[Joint.R_HEEL, 0], "forward is right"
    # At a quarter of the swing the right thigh is flexed by 25 degrees: it lies ahead.
    quarter = seen[round(60 / 1.4 / 4)]
    assert leg_angles(quarter)[0] == pytest.approx(-25.0, abs=0.1)
    for pose in seen:
        inside = pose.xy_px[np.isfinite(pose.xy_px).all(axis=1)]
        assert (inside >= 0).all()
        assert (inside <= np.array(pose.size_px)).all()


def test_times_count_in_seconds_on_the_files_own_clock(tmp_path):
    seen = read(write_trc(tmp_path / "run.trc", body(), rate_hz=100.0))
    assert [pose.t_capture_s for pose in seen[:3]] == pytest.approx([0.0, 0.01, 0.02])
    assert [pose.index for pose in seen[:3]] == [0, 1, 2]


@pytest.mark.parametrize("units", ["m", "cm", "mm"])
def test_units_are_honoured(tmp_path, units):
    expected = read(write_trc(tmp_path / "metres.trc", body()))
    assert_same_runner(read(write_trc(tmp_path / "run.trc", body(), units=units)), expected)


@pytest.mark.parametrize(
    ("axes", "name"),
    [
        (lambda p: p, "Y up, X forward"),
        (lambda p: np.stack([-p[:, 0], p[:, 1], -p[:, 2]], axis=1), "running towards -X"),
        (lambda p: np.stack([p[:, 0], -p[:, 2], p[:, 1]], axis=1), "Z up"),
        (lambda p: np.stack([p[:, 2], p[:, 0], p[:, 1]], axis=1), "Z up, Y forward"),
        (lambda p: np.stack([p[:, 2], p[:, 1], -p[:, 0]], axis=1), "Y up, -Z forward"),
        (lambda p: np.stack([p[:, 0], -p[:, 1], -p[:, 2]], axis=1), "Y down"),
        (lambda p: p + np.array([3.0, 0.4, -7.0]), "elsewhere in the room"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_up_and_forward_are_found_in_any_axes(tmp_path, axes, name):
    expected = read(write_trc(tmp_path / "plain.trc", body()))
    turned = {marker: axes(way) for marker, way in body().items()}
    seen = read(write_trc(tmp_path / "turned.trc", turned))
    assert_same_runner(seen, expected)
    assert seen[5].pelvis[0].angle_deg == pytest.approx(12.0, abs=0.05)


def test_a_treadmill_across_the_room_is_seen_from_its_own_side(tmp_path):
    turn = math.radians(40)
    turned = {
        marker: np.stack(
            [
                way[:, 0] * math.cos(turn) - way[:, 2] * math.sin(turn),
                way[:, 1],
                way[:, 0] * math.sin(turn) + way[:, 2] * math.cos(turn),
            ],
            axis=1,
        )
        for marker, way in body().items()
    }
    expected = read(write_trc(tmp_path / "plain.trc", body()))
    seen = read(write_trc(tmp_path / "turned.trc", turned))
    for one, other in zip(seen, expected, strict=True):
        assert leg_angles(one) == pytest.approx(leg_angles(other), abs=0.2)
    assert seen[0].pelvis[0].angle_deg == pytest.approx(12.0, abs=0.1)


def renamed(names):
    ways = body()
    return {new: ways[old] for new, old in names.items()}


def two_sided(pattern_r, pattern_l, table):
    names = {}
    for core, ours in table.items():
        names[pattern_r.format(core)] = f"R{ours}"
        names[pattern_l.format(core)] = f"L{ours}"
    return names


VENDORS = {
    "blazepose": two_sided(
        "right_{}",
        "left_{}",
        {
            "hip": "Hip",
            "knee": "Knee",
            "ankle": "Ankle",
            "heel": "Heel",
            "foot_index": "BigToe",
            "shoulder": "Shoulder",
        },
    ),
    "opensim": two_sided(
        "R.{}",
        "L.{}",
        {
            "Hip": "Hip",
            "Knee.Lat": "Knee",
            "Ankle.Lat": "Ankle",
            "Heel": "Heel",
            "Toe.Tip": "BigToe",
            "Acromium": "Shoulder",
            "ASIS": "ASIS",
            "PSIS": "PSIS",
        },
    ),
    "vicon": two_sided(
        "Anna:R{}",
        "Anna:L{}",
        {
            "HJC": "Hip",
            "KNE": "Knee",
            "ANK": "Ankle",
            "HEE": "Heel",
            "TOE": "BigToe",
            "SHO": "Shoulder",
            "ASI": "ASIS",
            "PSI": "PSIS",
        },
    ),
    "suffix": two_sided(
        "{}_r",
        "{}_l",
        {
            "hip": "Hip",
            "knee": "Knee",
            "ankle": "Ankle",
            "calcn": "Heel",
            "heel": "Heel",
            "toe": "BigToe",
            "shoulder": "Shoulder",
        },
    ),
}


@pytest.mark.parametrize("vendor", VENDORS)
def test_names_of_every_house_are_understood(tmp_path, vendor):
    expected = read(write_trc(tmp_path / "ours.trc", body()))
    seen = read(write_trc(tmp_path / f"{vendor}.trc", renamed(VENDORS[vendor])))
    assert_same_runner(seen, expected)
    has_pelvis = any("SIS" in name for name in VENDORS[vendor].values())
    assert bool(seen[0].pelvis) == has_pelvis


def test_opencap_markers_make_joints_and_own_up_to_their_uncertainty(tmp_path):
    names = {}
    ways = body()
    for side, letter in (("R", "r"), ("L", "L")):
        for study, ours in (
            ("_calc_study", "Heel"),
            ("_toe_study", "BigToe"),
            ("_shoulder_study", "Shoulder"),
            (".ASIS_study", "ASIS"),
            (".PSIS_study", "PSIS"),
        ):
            names[f"{letter}{study}"] = ways[f"{side}{ours}"]
        for joint in ("knee", "ankle"):
            centre = ways[f"{side}{joint.title()}"]
            wide = np.array([0.01, 0.0, 0.05])
            names[f"{letter}_{joint}_study"] = centre + wide
            names[f"{letter}_m{joint}_study"] = centre - wide
            # The keypoints that these were made from are in the file too, and cruder.
            names[f"{side}{joint.title()}"] = centre + np.array([0.03, 0.0, 0.0])
        names[f"{side}HJC_study"] = ways[f"{side}Hip"]
        names[f"{side}Hip"] = ways[f"{side}Hip"] + np.array([0.04, 0.0, 0.0])
    expected = read(write_trc(tmp_path / "ours.trc", body()))
    seen = read(write_trc(tmp_path / "opencap.trc", names))
    assert_same_runner(seen, expected)
    measured, guessed = expected[0].pelvis[0], seen[0].pelvis[0]
    assert guessed.angle_deg == pytest.approx(12.0, abs=0.05)
    assert guessed.sigma_deg > 5 * measured.sigma_deg


def test_the_neck_stands_for_shoulders_that_are_not_in_the_file(tmp_path):
    ways = {name: way for name, way in body().items() if "Shoulder" not in name}
    assert np.isnan(read(write_trc(tmp_path / "lab.trc", ways))[0].xy_px[Joint.R_SHOULDER]).all()
    ways["Neck"] = body()["RShoulder"] - np.array([0.0, 0.0, 0.18])
    pose = read(write_trc(tmp_path / "halpe.trc", ways))[0]
    hip = pose.xy_px[Joint.R_HIP]
    assert pose.xy_px[Joint.R_SHOULDER] - hip == pytest.approx([50.0, -500.0], abs=0.1)
    np.testing.assert_allclose(pose.xy_px[Joint.L_SHOULDER], pose.xy_px[Joint.R_SHOULDER])


def test_the_small_toe_is_second_best(tmp_path):
    ways = body()
    ways["RSmallToe"] = ways["RBigToe"] + np.array([-0.03, 0.0, 0.05])
    with_both = read(write_trc(tmp_path / "both.trc", ways))[0].xy_px[Joint.R_TOE]
    del ways["RBigToe"]
    with_small = read(write_trc(tmp_path / "small.trc", ways))[0].xy_px[Joint.R_TOE]
    assert with_both[0] - with_small[0] == pytest.approx(30.0, abs=0.1)


@pytest.mark.parametrize(
    "hide",
    [
        lambda way: way.__setitem__(slice(10, 12), np.nan),
        lambda way: way.__setitem__(slice(10, 12), 0.0),  # the origin means hidden
        lambda way: way.__setitem__((slice(10, 12), 1), np.nan),  # one cell is enough
    ],
    ids=["empty", "origin", "half"],
)
def test_a_hidden_marker_is_missing_never_zero(tmp_path, hide):
    ways = body()
    hide(ways["RKnee"])
    hide(ways["RASIS"])
    seen = read(write_trc(tmp_path / "run.trc", ways))
    for index, pose in enumerate(seen):
        hidden = index in (10, 11)
        assert np.isnan(pose.xy_px[Joint.R_KNEE]).all() == hidden
        assert pose.confidence[Joint.R_KNEE] == (0.0 if hidden else 1.0)
        assert pose.confidence[Joint.L_KNEE] == 1.0
        reading = pose.pelvis[0]
        assert (reading.angle_deg is None) == hidden
        assert bool(reading.reason) == hidden


def test_a_frame_without_any_marker_has_a_reason(tmp_path):
    ways = body()
    for way in ways.values():
        way[7] = np.nan
    seen = read(write_trc(tmp_path / "run.trc", ways))
    assert not seen[7].seen
    assert seen[7].reason == Reason(ReasonCode.NO_MARKER_IN_FRAME)
    assert seen[8].seen


@pytest.mark.parametrize("tilt_deg", [-4.0, 0.0, 11.55, 25.0])
def test_pelvic_tilt_is_the_line_of_the_spines_anterior_positive(tmp_path, tilt_deg):
    seen = read(write_trc(tmp_path / "run.trc", body(tilt_deg=tilt_deg)))
    for pose in seen:
        assert pose.pelvis[0].source is PelvisSource.MARKERS
        assert pose.pelvis[0].angle_deg == pytest.approx(tilt_deg, abs=0.01)
        assert pose.pelvis[0].t_s == pose.t_capture_s


def test_one_sides_spines_stand_for_both_when_the_other_side_is_never_seen(tmp_path):
    ways = body()
    ways["LASIS"][5:] = np.nan
    seen = read(write_trc(tmp_path / "run.trc", ways))
    assert all(pose.pelvis[0].angle_deg is not None for pose in seen)


def test_odd_but_readable_files_are_read(tmp_path):
    expected = read(write_trc(tmp_path / "plain.trc", body()))
    for name, options in {
        "no blank line": {"blank_line": False},
        "decimal commas": {"comma": True},
        "no times": {"times": False},
    }.items():
        seen = read(write_trc(tmp_path / f"{name}.trc", body(), **options))
        assert_same_runner(seen, expected)
        assert [pose.t_capture_s for pose in seen] == pytest.approx(
            [pose.t_capture_s for pose in expected], abs=1e-5
        )
    path = tmp_path / "windows.trc"
    text = (tmp_path / "plain.trc").read_text().replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert_same_runner(read(path), expected)


def only(*names):
    return {name: way for name, way in body().items() if name in names}


@pytest.mark.parametrize(
    ("make", "seen"),
    [
        (lambda path: path.write_text(""), "empty"),
        (lambda path: path.write_text("time,x\n0,1\n" * 10), "PathFileType"),
        (lambda path: path.write_bytes(b"\x00\xff" * 5000), "no text"),
        (lambda path: write_trc(path, body(), units="px"), "'px'"),
        (lambda path: write_trc(path, {k: v / 5 for k, v in body().items()}, ""), "no unit"),
        (lambda path: write_trc(path, body(frames=0)), "no frame"),
        (lambda path: write_trc(path, only("RHip", "LHip", "RASIS")), "found no knee"),
        (lambda path: write_trc(path, {k: v * 1000 for k, v in body().items()}), "m long"),
        (lambda path: write_trc(path, {k: v * 0 for k, v in body().items()}), "no frame"),
        (lambda path: write_trc(path, body(), rate_hz=60.0, times=False), None),
        (lambda path: path.mkdir(), "directory"),
        (lambda path: None, "No such file"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_in_one_line(tmp_path, make, seen):
    path = tmp_path / "run.trc"
    make(path)
    if seen is None:  # the rate alone is enough
        assert len(read(path)) == 60
        return
    with pytest.raises(UserError) as caught:
        poses(find_body(read_trc(path)))
    assert str(path) in caught.value.failed
    assert seen in caught.value.seen
    assert caught.value.try_this
    assert "\n" not in str(caught.value)


def test_without_rate_and_times_the_time_is_unknown_not_guessed(tmp_path):
    path = write_trc(tmp_path / "run.trc", body(), times=False)
    path.write_text(path.read_text().replace("60.00\t60.00", "\t"))
    with pytest.raises(UserError, match="Time column"):
        read_trc(path)


def test_without_feet_the_knees_tell_forward(tmp_path):
    names = [n for n in body() if not n.endswith(("Heel", "Toe"))]
    expected = read(write_trc(tmp_path / "plain.trc", body()))
    backwards = {n: body()[n] * np.array([-1.0, 1.0, -1.0]) for n in names}
    seen = read(write_trc(tmp_path / "run.trc", backwards))
    for one, other in zip(seen, expected, strict=True):
        assert leg_angles(one) == pytest.approx(leg_angles(other), abs=0.01)


def test_hip_height_is_the_hips_height(tmp_path):
    seen = read(write_trc(tmp_path / "run.trc", body()))
    ankle_low = max(pose.xy_px[Joint.R_ANKLE, 1] for pose in seen)
    hip = seen[0].xy_px[Joint.R_HIP, 1]
    assert (ankle_low - hip) / PX_PER_M < HIP_M


@pytest.mark.skipif(not LAB.exists(), reason="the laboratory samples are not on this machine")
@pytest.mark.parametrize("name", ["rbds001_T25", "rbds001_T35"])
class TestLaboratoryRunner:
    """One runner of the Running Biomechanics Data Set (Fukuchi 2017)."""

    def test_running_tilt_is_the_one_the_laboratory_found(self, name):
        facts = json.loads((LAB / f"{name}.json").read_text())
        angles = [pose.pelvis[0].angle_deg for pose in read(LAB / f"{name}.trc")]
        assert None not in angles
        assert np.mean(angles) == pytest.approx(facts["running_pelvic_tilt_mean_deg"], abs=0.1)

    def test_frames_times_and_direction(self, name):
        seen = read(LAB / f"{name}.trc")
        assert len(seen) == 4500
        assert seen[-1].t_capture_s == pytest.approx(29.993333)
        toes = np.mean([p.xy_px[Joint.L_TOE, 0] - p.xy_px[Joint.L_HEEL, 0] for p in seen])
        assert toes > 100

    def test_hip_centres_come_out_of_the_pelvis_when_nobody_computed_them(self, name):
        from hipcue.realtime.vision.markers.names import MarkerNames

        file = read_trc(LAB / f"{name}.trc")
        raw = {marker: way for marker, way in file.xyz_m.items() if "Hip" not in marker}
        joints = MarkerNames(raw).joints()
        for joint, marker in ((Joint.R_HIP, "RHip"), (Joint.L_HIP, "LHip")):
            error_mm = 1000 * (joints[joint] - file.xyz_m[marker])
            assert np.abs(error_mm.mean(axis=0)).max() < 1.0
            assert error_mm.std(axis=0).max() < 2.0
