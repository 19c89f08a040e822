"""Toe-off, on knees with a known vertex and toes that leave at a known instant."""

from __future__ import annotations

import numpy as np
import pytest

from hipcue.realtime.gait.pose_buffer import Stretch
from hipcue.realtime.gait.segment_angles import FIRST_SEGMENT, LEG_SEGMENTS
from hipcue.realtime.gait.toe_off import leaves_belt_s, more_knee_lag_s, rises_s, toe_off_s
from hipcue.realtime.records import JOINT_COUNT, Joint, Side

NAN = float("nan")
BODY, BELT = 550.0, 900.0
CONTACT_S, STRAIGHTEST_S = 1.0, 1.2511
# 7 ms, and 0.15 ms for every ms by which the contact is shorter than 280 ms.
BY_KNEE_S = STRAIGHTEST_S - 0.007 - 0.15 * (0.280 - (0.2511 - 0.007))


def push_off(
    t: np.ndarray,
    *,
    side: Side = Side.L,
    leaves_s: float = STRAIGHTEST_S - 0.02,
    bends: float = 6000.0,
    rises_s: float = STRAIGHTEST_S,
) -> Stretch:
    """A leg at push-off: ankle 100 px behind the hip, knee straightest, toe leaving the belt.

    The toe goes with the belt until `leaves_s` and forward from there, and rises by a parabola
    that has a fifth of the belt's speed at `rises_s`.
    """
    xy = np.full((len(t), JOINT_COUNT, 2), NAN)
    xy[:, Joint.of(side, "hip")] = (0.0, 0.0)
    xy[:, Joint.of(side, "ankle")] = (-100.0, -270.0)
    leaves = t - leaves_s
    toe_x = np.where(leaves < 0.0, -BELT * leaves, 300.0 * leaves)
    lifts = t - rises_s
    xy[:, Joint.of(side, "toe")] = np.stack([toe_x, 0.2 * BELT * lifts + 5000 * lifts**2], axis=1)
    segments = np.full((len(t), LEG_SEGMENTS), NAN)
    segments[:, FIRST_SEGMENT[side]] = 15.0
    shank = 27.0 + bends * (t - STRAIGHTEST_S) ** 2
    segments[:, FIRST_SEGMENT[side] + 1] = np.minimum(shank, 90.0)
    return Stretch(t, xy, segments)


def frames(fps: float, until_s: float = STRAIGHTEST_S + 0.06, begin_s: float = 1.0) -> np.ndarray:
    return np.arange(begin_s, until_s, 1.0 / fps)


def found(frames_of_leg: Stretch, side: Side = Side.L, markers: bool = False) -> float | None:
    return toe_off_s(frames_of_leg, side, CONTACT_S, BELT, BODY, markers)


@pytest.mark.parametrize("fps", [25.0, 30.0, 50.0, 60.0, 120.0, 250.0])
@pytest.mark.parametrize("side", Side)
def test_a_runners_foot_leaves_a_little_before_the_knee_is_straightest(
    fps: float, side: Side
) -> None:
    # A slow camera needs a frame more to see that the toe left.
    t = frames(fps, STRAIGHTEST_S + max(0.06, 2.5 / fps))
    assert found(push_off(t, side=side), side) == pytest.approx(BY_KNEE_S, abs=1e-6)


def test_the_shorter_the_contact_the_longer_the_knee_goes_on_stretching() -> None:
    assert more_knee_lag_s(0.280) == 0.0
    assert more_knee_lag_s(0.220) == pytest.approx(0.009)
    assert more_knee_lag_s(0.100) == 0.015
    assert more_knee_lag_s(0.500) == -0.003


@pytest.mark.parametrize(("bends", "ahead_ms"), [(6000.0, 33), (2000.0, 45)])
def test_it_is_told_sooner_where_the_knee_has_clearly_bent_again(
    bends: float, ahead_ms: int
) -> None:
    told = []
    for after_ms in range(100):
        t = np.arange(-30, 1) / 120.0 + STRAIGHTEST_S + after_ms / 1e3
        if found(push_off(t, bends=bends)) is not None:
            told.append(after_ms)
    assert told[0] == ahead_ms


def test_a_toe_that_is_still_on_the_belt_has_not_left() -> None:
    t = frames(60.0)
    assert found(push_off(t, leaves_s=STRAIGHTEST_S + 1.0)) is None


def test_a_toe_that_is_not_seen_has_not_left() -> None:
    seen = push_off(frames(60.0))
    seen.xy[-3:, Joint.L_TOE] = NAN
    assert found(seen) is None


def test_a_foot_under_the_body_has_not_left() -> None:
    seen = push_off(frames(60.0))
    seen.xy[:, Joint.L_ANKLE, 0] = -0.07 * BODY
    assert found(seen) is None


def test_a_knee_that_is_still_straightening_waits() -> None:
    assert found(push_off(frames(60.0, STRAIGHTEST_S + 0.004))) is None


def test_a_knee_hidden_for_a_frame_does_not_matter() -> None:
    seen = push_off(frames(60.0))
    seen.segments_deg[-5, 1] = NAN
    assert found(seen) == pytest.approx(BY_KNEE_S, abs=1e-6)


def test_with_markers_the_rise_of_the_toe_is_averaged_in() -> None:
    seen = push_off(frames(150.0), rises_s=BY_KNEE_S + 0.006)
    assert found(seen, markers=True) == pytest.approx(BY_KNEE_S + 0.003, abs=1e-6)
    seen.xy[:, Joint.L_TOE, 1] = NAN
    assert found(seen, markers=True) == pytest.approx(BY_KNEE_S, abs=1e-6)


def test_a_toe_rises_where_its_parabola_has_that_slope() -> None:
    t = frames(60.0)
    height = 2500.0 * (t - 1.2) ** 2
    # 5000 (t - 1.2) is 200 at 1.24.
    assert rises_s(t, height, 1.21, 200.0) == pytest.approx(1.24, abs=1e-6)
    assert rises_s(t, -height, 1.21, 200.0) is None
    assert rises_s(t, height, 1.1, 200.0) is None  # Too far away to be believed.
    assert rises_s(t, np.where(t > 1.2, NAN, height), 1.24, 200.0) is None


def test_a_walkers_toe_leaves_where_it_has_three_quarters_of_the_belts_speed() -> None:
    t = frames(60.0, 1.30)
    # -900 + 9000 u is -675 at u = 0.025.
    toe = -BELT * (t - 1.25) + 4500.0 * (t - 1.25) ** 2
    assert leaves_belt_s(t, toe, BELT) == pytest.approx(1.275, abs=1e-6)


def test_a_walkers_toe_that_left_just_now_may_not_have_left() -> None:
    t = frames(100.0, 1.2901)
    toe = -BELT * (t - 1.25) + 4500.0 * (t - 1.25) ** 2
    assert leaves_belt_s(t, toe, BELT) is None
    assert leaves_belt_s(t, np.full(len(t), NAN), BELT) is None
    assert leaves_belt_s(t, -toe, BELT) is None


def test_a_knee_that_bent_long_before_is_a_walkers() -> None:
    t = frames(60.0, STRAIGHTEST_S + 0.25)
    seen = push_off(t, bends=300.0)
    left_s = STRAIGHTEST_S + 0.2
    u = t - (left_s - 0.025)
    seen.xy[:, Joint.L_TOE, 0] = -BELT * u + 4500.0 * np.where(t > left_s - 0.1, u, 0.0) ** 2
    assert found(seen) == pytest.approx(left_s, abs=1e-6)
