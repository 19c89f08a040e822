"""Where zero is: what bodies have in common as they land, and what a leg learns from it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipcue.realtime.gait.event_offset import EventOffset, Sign
from hipcue.realtime.gait.landing_cues import landing_cues, signs
from hipcue.realtime.gait.local_fits import local_parabolas, peak_s
from hipcue.realtime.gait.pose_buffer import PoseBuffer, Stretch
from hipcue.realtime.gait.push_off_cues import push_off_cues
from hipcue.realtime.records import JOINT_COUNT, Joint, Pose, Side

BODY_PX = 600.0
LANDS_S = 1.0
SIGNS = {"sharp": Sign(0.0, 0.004), "blunt": Sign(0.0, 0.009)}


@given(st.integers(0, 2**32 - 1))
def test_a_parabola_is_found_whatever_the_frames_are(seed: int) -> None:
    chance = np.random.default_rng(seed)
    t = np.sort(chance.uniform(0.0, 0.3, 30))
    y = 4.0 - 3.0 * t + 25.0 * t**2
    y[chance.random(30) < 0.2] = np.nan
    [fit] = local_parabolas(t, y, reach_s=0.08)
    known = ~np.isnan(fit.level)
    assert fit.level[known] == pytest.approx((4.0 - 3.0 * t + 25.0 * t**2)[known], abs=1e-3)
    assert fit.slope[known] == pytest.approx((-3.0 + 50.0 * t)[known], abs=0.1)
    assert fit.curve[known] == pytest.approx(np.full(known.sum(), 50.0), abs=5.0)


def test_where_two_frames_are_left_nothing_is_said() -> None:
    t = np.arange(6) / 30.0
    y = np.array([1.0, np.nan, np.nan, np.nan, np.nan, 2.0])
    assert np.isnan(local_parabolas(t, y, reach_s=0.05)[0].slope).all()


@pytest.mark.parametrize("hidden", [slice(0, 0), slice(20, 24)])
def test_signals_that_are_fitted_together_are_fitted_as_alone(hidden: slice) -> None:
    t = np.sort(np.random.default_rng(3).uniform(0.0, 1.0, 50))
    ways, heights = np.sin(7.0 * t), t**2
    heights[hidden] = np.nan
    together = local_parabolas(t, ways, heights, reach_s=0.08)
    for fit, y in zip(together, (ways, heights), strict=True):
        [alone] = local_parabolas(t, y, reach_s=0.08)
        for many, one in zip(fit, alone, strict=True):
            np.testing.assert_array_equal(many, one)


def test_a_peak_lies_between_frames_and_neither_at_the_edge_nor_in_the_noise() -> None:
    t = np.arange(30) / 60.0
    y = -((t - 0.213) ** 2)
    assert peak_s(t, y, (0.1, 0.35), 0.0001) == pytest.approx(0.213)
    assert peak_s(t, y, (0.25, 0.4), 0.0001) is None
    assert peak_s(t, y, (0.1, 0.35), 1.0) is None
    assert peak_s(t, np.full(30, np.nan), (0.1, 0.35), 0.0001) is None


def landing(fps: float, hips_mps2: float = 12.0) -> Stretch:
    """A leg that lands at `LANDS_S`: toe stopped, knee and foot turning as bodies do."""
    buffer = PoseBuffer()
    for index in range(round(2.0 * fps)):
        t_s = index / fps
        xy = np.full((JOINT_COUNT, 2), np.nan)
        u = t_s - LANDS_S
        falls = -0.5 * 9.81 * (u + 0.1) ** 2
        carried = -0.5 * 9.81 * 0.1**2 - 9.81 * 0.1 * u + 0.5 * hips_mps2 * u**2
        hip_y = 500.0 + 300.0 * (falls if u < 0 else carried)
        xy[[Joint.L_HIP, Joint.R_HIP]] = (0.0, hip_y)
        bend = np.radians(12.0 + 900.0 * (u + 0.0315) ** 2)
        xy[Joint.L_KNEE] = (60.0, hip_y - 140.0)
        shank = np.arctan2(60.0, 140.0) - bend
        xy[Joint.L_ANKLE] = xy[Joint.L_KNEE] + 150.0 * np.array([np.sin(shank), -np.cos(shank)])
        lift = max(0.0255 - u, 0.0)  # The toe comes down evenly, until it is stopped.
        foot = np.radians(20.0 - 2500.0 * (u + 0.034) ** 2)
        xy[Joint.L_HEEL] = (0.0, 100.0 + 300.0 * lift - 80.0 * np.sin(foot))
        xy[Joint.L_TOE] = (80.0 * np.cos(foot), 100.0 + 300.0 * lift)
        buffer.add_pose(Pose(t_s, index, xy * (1, -1), np.ones(JOINT_COUNT), (1000, 1000)), 1)
    return buffer.stretch(0.0)


@pytest.mark.parametrize("fps", [30.0, 60.0, 150.0])
def test_every_sign_of_a_landing_is_found_where_it_was_made(fps: float) -> None:
    found = landing_cues(landing(fps), Side.L, LANDS_S + 0.01, False, True, BODY_PX, None)
    for name in ("toe_stopped", "knee_straight", "foot_up"):
        assert found[name] == pytest.approx(LANDS_S, abs=max(0.004, 0.3 / fps)), name


def test_the_far_knee_is_not_asked_in_a_picture_and_the_hips_only_where_there_is_a_scale() -> None:
    frames = landing(150.0)
    assert "knee_straight" not in landing_cues(frames, Side.L, LANDS_S, False, False, BODY_PX, None)
    assert "hips_carry" not in landing_cues(frames, Side.L, LANDS_S, True, True, BODY_PX, None)
    found = landing_cues(frames, Side.L, LANDS_S, True, True, BODY_PX, 300.0)
    # The hips stop falling at once here; on a body it takes 25 ms until they carry.
    assert found["hips_carry"] == pytest.approx(LANDS_S - 0.025, abs=0.03)
    assert set(found) <= set(signs(True, True))


def test_a_leg_learns_where_its_contacts_lie_and_how_sure_that_is() -> None:
    offset = EventOffset(0.014)
    unsure = offset.between_s
    for k in range(12):
        noise = 0.003 * (-1) ** k
        offset.add_event(float(k), {"sharp": k + 0.020 + noise, "blunt": k + 0.017}, SIGNS)
    assert offset.offset_s == pytest.approx(0.0175, abs=0.0025)
    assert offset.between_s < unsure / 2


def test_one_landing_that_was_seen_badly_moves_nothing() -> None:
    offset = EventOffset(0.014)
    for k in range(8):
        offset.add_event(float(k), {"sharp": k + 0.010}, SIGNS)
    before_s = offset.offset_s
    offset.add_event(9.0, {"sharp": 9.055}, SIGNS)
    offset.add_event(10.0, {"sharp": 10.3}, SIGNS)
    assert offset.offset_s == pytest.approx(before_s, abs=0.0005)


def test_signs_that_contradict_each_other_are_worth_less() -> None:
    agree, differ = EventOffset(0.014), EventOffset(0.014)
    for k in range(8):
        agree.add_event(float(k), {"sharp": k + 0.02, "blunt": k + 0.02}, SIGNS)
        differ.add_event(float(k), {"sharp": k + 0.028, "blunt": k - 0.028}, SIGNS)
    assert differ.between_s > 2 * agree.between_s


def test_a_foot_that_is_set_down_flat_long_before_is_no_sign_of_its_landing() -> None:
    offset = EventOffset(0.014)
    for k in range(8):
        offset.add_event(float(k), {"sharp": k - 0.045}, SIGNS)
    assert offset.offset_s == 0.0


def test_noise_teaches_nothing() -> None:
    offset, chance = EventOffset(0.014), np.random.default_rng(2)
    for k in range(15):
        offset.add_event(float(k), {"sharp": k + chance.uniform(-0.065, 0.065)}, SIGNS)
    assert offset.offset_s == 0.0


@pytest.mark.parametrize("fps", [30.0, 60.0])
def test_a_push_off_is_where_the_foot_is_thrown_down_fastest(fps: float) -> None:
    buffer = PoseBuffer()
    for index in range(round(2.0 * fps)):
        t_s = index / fps
        u = t_s - LANDS_S + 0.024
        xy = np.full((JOINT_COUNT, 2), np.nan)
        xy[Joint.L_KNEE], xy[Joint.L_ANKLE] = (0.0, 400.0), (0.0, 250.0)
        pitch = -np.radians(30.0) * np.tanh(u / 0.05)  # Fastest at u = 0.
        xy[Joint.L_HEEL] = (-20.0, 220.0)
        xy[Joint.L_TOE] = xy[Joint.L_HEEL] + 80.0 * np.array([np.cos(pitch), np.sin(pitch)])
        buffer.add_pose(Pose(t_s, index, xy * (1, -1), np.ones(JOINT_COUNT), (1000, 1000)), 1)
    found = push_off_cues(buffer.stretch(0.0), Side.L, LANDS_S + 0.01)
    assert found["ankle_fastest"] == pytest.approx(LANDS_S, abs=0.003)
    hidden = push_off_cues(buffer.stretch(0.0), Side.R, LANDS_S)
    assert hidden == {}
