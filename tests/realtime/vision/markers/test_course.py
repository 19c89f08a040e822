"""Over ground or on a treadmill: the same runner has the same strides, and turns are said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipcue.config.errors import UserError
from hipcue.config.reasons import ReasonCode
from hipcue.config.settings import Settings
from hipcue.devices.readings import BeltSource
from hipcue.realtime.engine import Engine
from hipcue.realtime.records import Joint
from hipcue.realtime.run.offline import BeltFeed, constant_belt
from hipcue.realtime.vision.markers.course import find_course
from hipcue.realtime.vision.markers.ground_slope import belt_rises_deg
from hipcue.realtime.vision.markers.marker_body import find_body
from hipcue.realtime.vision.markers.marker_file import MarkerFile
from hipcue.realtime.vision.markers.marker_poses import poses
from tests.realtime.vision.track_runner import (
    RATE_HZ,
    SPEED_MPS,
    STRIDE_S,
    along_a_way,
    on_a_belt,
    straight,
    times,
)

LENGTH_M = SPEED_MPS * STRIDE_S


def course_and_strides(ways, t_s=None, speed_mps=SPEED_MPS):
    if t_s is None:
        t_s = np.arange(len(ways["RHip"])) / RATE_HZ
    body = find_body(MarkerFile(Path("run.trc"), RATE_HZ, t_s, ways))
    course = find_course(body)
    engine = Engine(Settings(), markers=True)
    feed = BeltFeed(course.belt or constant_belt(speed_mps))
    strides = []
    for pose in poses(body, course):
        strides += engine.step(pose, feed.until(pose.t_capture_s), ()).strides
    return course, strides


def codes(course):
    return [remark.code for remark in course.remarks]


def values(strides, name):
    return np.array([stride.values[name].value for stride in strides], dtype=float)


def test_on_a_treadmill_nothing_is_said():
    course, strides = course_and_strides(on_a_belt(times(6.0)))
    assert course.belt == () and course.remarks == () and course.lost == ()
    assert len(strides) >= 12


@pytest.mark.parametrize("heading_deg", [0, 90, 200])
def test_across_the_room_the_strides_are_those_of_the_treadmill(heading_deg):
    t_s = times(6.0)
    ways = on_a_belt(t_s)
    _, on_belt = course_and_strides(ways)
    turn = np.full(len(t_s), np.radians(heading_deg))
    place = straight(t_s) @ np.array(
        [[np.cos(turn[0]), 0, -np.sin(turn[0])], [0, 1, 0], [np.sin(turn[0]), 0, np.cos(turn[0])]]
    )
    course, strides = course_and_strides(along_a_way(ways, place, turn))
    assert codes(course) == [ReasonCode.OVER_GROUND]
    assert course.remarks[0].value("mps") == pytest.approx(SPEED_MPS, abs=0.02)
    assert len(strides) == len(on_belt)
    assert {stride.belt_source for stride in strides} == {BeltSource.MARKERS}
    for name, within in (
        ("stride_time_s", 0.001),
        ("contact_time_s", 0.002),
        ("thigh_extension_deg", 0.1),
        ("stride_length_m", 0.03),
    ):
        np.testing.assert_allclose(values(strides, name), values(on_belt, name), atol=within)
    assert values(strides, "stride_length_m").mean() == pytest.approx(LENGTH_M, abs=0.01)


@pytest.mark.parametrize("radius_m", [36.0, 6.0])
def test_a_bend_is_measured_along_the_runner_s_own_heading(radius_m):
    t_s = times(7.0)
    angle = SPEED_MPS * t_s / radius_m
    place = radius_m * np.stack([np.sin(angle), 0 * angle, np.cos(angle) - 1.0], axis=1)
    course, strides = course_and_strides(along_a_way(on_a_belt(t_s), place, angle))
    assert codes(course) == [ReasonCode.OVER_GROUND, ReasonCode.WAY_BENDS]
    assert values(strides, "stride_length_m").mean() == pytest.approx(LENGTH_M, rel=0.01)


def test_out_and_back_leaves_out_the_turn_and_says_so():
    t_s = times(12.0)
    angle = np.clip((t_s - 6.0) / 1.0, 0.0, 1.0) * np.pi
    velocity = SPEED_MPS * np.stack([np.cos(angle), 0 * angle, -np.sin(angle)], axis=1)
    place = np.cumsum(velocity, axis=0) / RATE_HZ
    course, strides = course_and_strides(along_a_way(on_a_belt(t_s), place, angle))
    assert codes(course) == [ReasonCode.OVER_GROUND, ReasonCode.RUN_TURNED]
    assert course.why_lost(round(6.5 * RATE_HZ)).code is ReasonCode.RUNNER_TURNS
    ends = [(stride.contact_s, stride.end_s) for stride in strides]
    assert not any(contact < 6.5 < end for contact, end in ends), "a stride across the turn"
    assert min(contact for contact, _ in ends) < 4.0 and max(end for _, end in ends) > 10.0
    np.testing.assert_allclose(values(strides, "stride_length_m"), LENGTH_M, atol=0.06)
    np.testing.assert_allclose(values(strides, "stride_time_s"), STRIDE_S, atol=0.01)


@pytest.mark.parametrize(
    ("room_s", "kept", "source"),
    [
        (4.0, ReasonCode.BELT_PART_ONLY, BeltSource.FIXED),
        (9.0, ReasonCode.ROOM_PART_ONLY, BeltSource.MARKERS),
    ],
)
def test_the_larger_part_of_a_mixed_file_is_measured_and_the_other_named(room_s, kept, source):
    t_s = times(13.0)
    place = straight(np.minimum(t_s, room_s))
    course, strides = course_and_strides(along_a_way(on_a_belt(t_s), place, 0 * t_s))
    assert kept in codes(course)
    assert {stride.belt_source for stride in strides} == {source}
    in_room = np.array([stride.end_s < room_s + 0.5 for stride in strides])
    assert in_room.all() if source is BeltSource.MARKERS else not in_room.any()


def test_somebody_who_runs_backwards_is_told_so():
    t_s = times(6.0)
    ways = along_a_way(on_a_belt(t_s), straight(t_s), 0 * t_s)
    with pytest.raises(UserError, match="goes backwards"):
        course_and_strides({name: way[::-1] for name, way in ways.items()})


def test_who_stands_first_is_measured_from_their_first_steps():
    t_s = times(8.0)
    still = round(2.0 * RATE_HZ)
    ways = along_a_way(on_a_belt(t_s), straight(t_s), 0 * t_s)
    held = {
        name: np.concatenate([np.repeat(way[:1], still, axis=0), way[:-still]])
        + np.random.default_rng(1).normal(0.0, 0.0005, way.shape)
        for name, way in ways.items()
    }
    course, strides = course_and_strides(held)
    assert codes(course) == [ReasonCode.OVER_GROUND]
    assert course.why_lost(10) is None, "the standing runner is seen"
    assert len(strides) >= 12


@settings(max_examples=5, deadline=None)
@given(
    axis=st.permutations([0, 1, 2]),
    signs=st.tuples(*[st.sampled_from([-1.0, 1.0])] * 3),
    shift=st.floats(-20.0, 20.0),
)
def test_the_room_s_axes_do_not_matter(axis, signs, shift):
    """Handedness counts: a mirrored room would exchange the sides."""
    turn = np.zeros((3, 3))
    for row, column in enumerate(axis):
        turn[row, column] = signs[row]
    if np.linalg.det(turn) < 0:
        turn[0] *= -1.0
    t_s = times(4.0)
    ways = along_a_way(on_a_belt(t_s), straight(t_s), 0 * t_s)
    _, plain = course_and_strides(ways)
    _, turned = course_and_strides({name: way @ turn.T + shift for name, way in ways.items()})
    assert [s.side for s in turned] == [s.side for s in plain]
    np.testing.assert_allclose(
        [s.contact_s for s in turned], [s.contact_s for s in plain], atol=0.001
    )
    np.testing.assert_allclose(
        values(turned, "stride_length_m"), values(plain, "stride_length_m"), atol=0.005
    )


def test_a_marker_in_the_wrong_place_turns_nobody_s_forward():
    t_s = times(6.0)
    ways = on_a_belt(t_s)
    _, right = course_and_strides(ways)
    for frames, off_m in ((1, (15.0, 0.0, 15.0)), (8, (4.0, 0.0, 4.0)), (30, (1.5, 0.0, 1.5))):
        moved = {name: way.copy() for name, way in ways.items()}
        moved["RAnkle"][200 : 200 + frames] += off_m
        course, strides = course_and_strides(moved)
        np.testing.assert_allclose(course.frame.forward, (1.0, 0.0, 0.0))
        assert len(strides) >= len(right) - 2
        assert values(strides, "thigh_extension_deg").mean() == pytest.approx(
            values(right, "thigh_extension_deg").mean(), abs=0.3
        )


def test_a_system_that_writes_a_number_for_hidden_markers_moves_nothing():
    t_s = times(6.0)
    ways, rng = on_a_belt(t_s), np.random.default_rng(3)
    _, right = course_and_strides(ways)
    hidden = {
        name: np.where((rng.random(len(t_s)) < 0.02)[:, None], -9.99999, way)
        for name, way in ways.items()
    }
    course, strides = course_and_strides(hidden)
    assert course.remarks == ()
    assert len(strides) >= len(right) - 3
    assert values(strides, "thigh_extension_deg").mean() == pytest.approx(
        values(right, "thigh_extension_deg").mean(), abs=0.3
    )


@pytest.mark.parametrize("over_ground", [False, True])
@pytest.mark.parametrize("lean_deg", [-8.0, 0.0, 8.0])
def test_ground_that_is_not_level_is_said(lean_deg, over_ground):
    t_s = times(6.0)
    ways = on_a_belt(t_s)
    if over_ground:
        ways = along_a_way(ways, straight(t_s), 0 * t_s)
    lean = np.radians(lean_deg)
    turn = np.array([[np.cos(lean), -np.sin(lean), 0], [np.sin(lean), np.cos(lean), 0], [0, 0, 1]])
    course, _ = course_and_strides({name: way @ turn.T for name, way in ways.items()})
    said = [r.value("deg") for r in course.remarks if r.code is ReasonCode.GROUND_RISES]
    assert said == ([pytest.approx(lean_deg, abs=2.0)] if lean_deg else [])


def test_markers_that_tremble_do_not_tilt_the_ground():
    t_s, rng = times(6.0), np.random.default_rng(5)
    toe = on_a_belt(t_s)["RBigToe"]
    toe += rng.normal(0.0, 0.010, toe.shape)
    rises = belt_rises_deg({Joint.R_TOE: toe}, t_s, np.array([0.0, 1.0, 0.0]))
    assert rises == pytest.approx(0.0, abs=1.0)


@pytest.mark.parametrize("frames", [2, 10])
def test_a_few_frames_are_no_run_and_no_trouble(frames):
    ways = {name: way[:frames] for name, way in on_a_belt(times(1.0)).items()}
    _, strides = course_and_strides(ways, times(1.0)[:frames])
    assert strides == []


def test_one_frame_tells_no_forward():
    ways = {name: way[:1] for name, way in on_a_belt(times(1.0)).items()}
    with pytest.raises(UserError, match="forward from backward"):
        course_and_strides(ways, times(1.0)[:1])
    assert belt_rises_deg({Joint.R_TOE: ways["RBigToe"]}, times(1.0)[:1], np.eye(3)[1]) is None
