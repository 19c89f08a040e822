"""The simulated runner: honest geometry, honest truth."""

from __future__ import annotations

import csv
import itertools
import json
import math

import pytest

from hipcue.devices.simulated import Body, SimulatedRunner
from tests.devices.simulated.running import fresh, run


def test_the_foot_on_the_belt_moves_exactly_as_the_belt_does():
    poses = run(fresh(), 9.0)
    pairs = 0
    for before, after in itertools.pairwise(poses):
        way = after.belt_distance_m - before.belt_distance_m
        for side in ("L", "R"):
            old, new = before.legs[side], after.legs[side]
            if old.on_belt and new.on_belt:
                assert old.ball[0] - new.ball[0] == pytest.approx(way, abs=1e-6)
                assert new.ball[1] == pytest.approx(0.0, abs=1e-9)
                pairs += 1
    assert pairs > 300


def test_the_belt_goes_as_far_as_its_speed_says():
    poses = run(fresh(), 9.0)
    # 1.5 m/s on average over 3 s, then 5 s at 3 m/s.
    assert poses[-1].belt_distance_m == pytest.approx(4.5 + 15.0, abs=1e-9)


def test_bones_keep_their_length():
    body = Body(height_m=1.66)
    for pose in run(SimulatedRunner(body, "L", 5), 8.0):
        for leg in pose.legs.values():
            assert math.dist(leg.hip, leg.knee) == pytest.approx(body.thigh_m, abs=1e-9)
            assert math.dist(leg.knee, leg.ankle) == pytest.approx(body.shank_m, abs=1e-9)
            sole = math.hypot(body.ball_m, body.ankle_m)
            assert math.dist(leg.ankle, leg.ball) == pytest.approx(sole, abs=1e-9)
        for shoulder, elbow, wrist in pose.arms.values():
            assert math.dist(shoulder, elbow) == pytest.approx(body.upper_arm_m, abs=1e-9)
            assert math.dist(elbow, wrist) == pytest.approx(body.forearm_m, abs=1e-9)


def test_the_angles_of_the_truth_are_those_of_the_joints():
    for pose in run(fresh(), 7.0)[300:]:
        for side, leg in pose.legs.items():
            behind, below = leg.hip[0] - leg.knee[0], leg.hip[1] - leg.knee[1]
            seen = math.degrees(math.atan2(behind, below))
            assert pose.thigh_extension_deg[side] == pytest.approx(seen, abs=1e-9)


def test_nothing_jumps_when_a_foot_lands_or_leaves():
    poses = run(fresh(), 10.0, fps=480.0)[240:]
    for before, after in itertools.pairwise(poses):
        for side in ("L", "R"):
            assert math.dist(before.legs[side].ankle, after.legs[side].ankle) < 12.0 / 480.0
            change = after.thigh_extension_deg[side] - before.thigh_extension_deg[side]
            assert abs(change) < 700.0 / 480.0


def test_at_three_metres_per_second_they_run_like_people_do():
    runner = fresh()
    poses = run(runner, 16.0)[420:]
    strides = [s for s in runner.truth.strides if s.contact_s > 7.0]
    assert len(strides) > 20
    for stride in strides:
        assert 165.0 < 120.0 / stride.stride_time_s < 172.0
        assert 0.25 < stride.toe_off_s - stride.contact_s < 0.28
        assert 20.0 < stride.thigh_extension_deg < 24.5
        assert 2.0 < stride.stride_length_m < 2.3
        assert 3.5 < stride.trunk_lean_deg < 6.5
        assert stride.hip_extension_deg == pytest.approx(
            stride.thigh_extension_deg - stride.pelvic_tilt_deg
        )
    for side in ("L", "R"):
        knees = [pose.knee_flexion_deg[side] for pose in poses]
        assert min(knees) > 1.0 and 85.0 < max(knees) < 115.0
    hips = [pose.hip[1] for pose in poses]
    assert 0.05 < max(hips) - min(hips) < 0.10


def test_strides_are_as_long_as_belt_and_footprints_say():
    runner = fresh()
    poses = run(runner, 14.0, fps=240.0)
    for stride in [s for s in runner.truth.strides if s.contact_s > 6.0]:
        belt_m = sum(
            (after.belt_speed_mps + before.belt_speed_mps) / 2.0 * (high - low)
            for before, after in itertools.pairwise(poses)
            if (high := min(after.t_s, stride.end_s)) > (low := max(before.t_s, stride.contact_s))
        )
        prints = []
        for edge_s in (stride.contact_s, stride.end_s):
            pose = next(p for p in poses if p.t_s >= edge_s and p.legs[stride.side].on_belt)
            prints.append(pose.legs[stride.side].ball[0] + 3.0 * (pose.t_s - edge_s))
        assert stride.stride_length_m == pytest.approx(belt_m + prints[1] - prints[0], abs=1e-6)


def test_they_stand_quite_still_before_the_belt_starts():
    runner = fresh()
    poses = [runner.advance(k / 60.0, 0.0) for k in range(1, 120)]
    for pose in poses:
        assert pose.legs == poses[0].legs and pose.arms == poses[0].arms
        assert pose.tilt_deg == pose.lean_deg == 0.0
        assert abs(pose.thigh_extension_deg["R"]) < 1.5
    assert runner.truth.facts()["standing"][0][1] == pytest.approx(119 / 60.0)


def test_they_come_to_a_stand_when_the_belt_stops():
    runner = fresh()
    run(runner, 8.0)
    for k in range(1, 60 * 8):
        pose = runner.advance(8.0 + k / 60.0, max(3.0 - k / 60.0, 0.0))
    later = runner.advance(pose.t_s + 0.5, 0.0)
    assert all(leg.on_belt for leg in later.legs.values())
    assert later.legs["R"].knee == pose.legs["R"].knee


def test_borrowing_tips_the_pelvis_while_the_thigh_goes_on_as_before():
    runner = fresh()
    run(runner, 12.0)
    runner.compensate()
    run(runner, 10.0)
    clean = [s for s in runner.truth.strides if 7.0 < s.contact_s < 11.0]
    borrowed = [s for s in runner.truth.strides if s.contact_s > 18.0]

    def mean(strides, name):
        return sum(getattr(s, name) for s in strides) / len(strides)

    rise = mean(borrowed, "pelvic_tilt_mean_deg") - mean(clean, "pelvic_tilt_mean_deg")
    assert rise == pytest.approx(10.0, abs=1.0)
    kept = mean(borrowed, "thigh_extension_deg") - mean(clean, "thigh_extension_deg")
    assert kept == pytest.approx(0.0, abs=1.0)
    lost = mean(borrowed, "hip_extension_deg") - mean(clean, "hip_extension_deg")
    assert lost == pytest.approx(-10.0, abs=1.5)


def test_they_keep_borrowing_until_they_hear_of_it():
    runner = fresh()
    run(runner, 12.0)
    runner.compensate()
    run(runner, 10.0)
    runner.hear("good_stretch", 21.0)
    assert run(runner, 6.0)[-1].tilt_deg > 10.0
    runner.hear("tilt_out", 28.0)
    assert run(runner, 8.0)[-1].tilt_deg < 6.0
    (episode,) = runner.truth.episodes
    assert episode.onset_s == pytest.approx(12.0)
    assert episode.heard_s == 28.0
    assert 28.0 < episode.corrected_s < 34.0


def test_somebody_who_does_not_respond_goes_on_borrowing():
    runner = fresh(responds=False)
    run(runner, 12.0)
    runner.compensate()
    run(runner, 6.0)
    runner.hear("tilt_out", 18.0)
    assert run(runner, 8.0)[-1].tilt_deg > 10.0
    assert runner.truth.episodes[0].corrected_s is None


def test_the_same_seed_runs_the_same_way_and_another_one_does_not():
    one, same, other = (run(fresh(seed=seed), 8.0)[-1] for seed in (4, 4, 5))
    assert one == same
    assert one.legs != other.legs


def test_the_pictures_asked_for_hardly_change_the_run():
    often, seldom = fresh(), fresh()
    run(often, 10.0, fps=60.0)
    run(seldom, 10.0, fps=20.0)
    pairs = list(zip(often.truth.events, seldom.truth.events, strict=True))
    assert len(pairs) > 40
    for one, two in pairs:
        assert (one.kind, one.side) == (two.kind, two.side)
        assert one.t_s == pytest.approx(two.t_s, abs=0.002)


def test_nobody_runs_into_the_past():
    runner = fresh()
    runner.advance(1.0, 0.0)
    with pytest.raises(ValueError, match="back"):
        runner.advance(0.5, 0.0)


def test_the_truth_is_written_for_others_to_check_against(tmp_path):
    runner = fresh()
    run(runner, 8.0)
    runner.truth.write(tmp_path / "out")
    facts = json.loads((tmp_path / "out" / "truth.json").read_text(encoding="utf-8"))
    assert facts["near_side"] == "R" and facts["onset_s"] is None
    assert len(facts["strides"]) == len(runner.truth.strides) > 5
    assert {event["kind"] for event in facts["events"]} == {"contact", "toe_off"}
    with (tmp_path / "out" / "truth.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 480
    assert float(rows[-1]["t_s"]) == pytest.approx(8.0)
    for row in rows[::50]:
        lumbar = float(row["pelvic_tilt_deg"]) - float(row["trunk_lean_deg"])
        assert float(row["lumbar_extension_deg"]) == pytest.approx(lumbar, abs=2e-5)
