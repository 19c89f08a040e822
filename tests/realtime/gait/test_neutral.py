from __future__ import annotations

import numpy as np
import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.gait.neutral import NeutralTracker
from hipcue.realtime.gait.pose_buffer import PoseBuffer
from hipcue.realtime.records import Side
from tests.realtime.gait.making import pose

STANDING = {
    "NOSE": (660, 100), "L_EAR": (640, 95), "R_EAR": (640, 95),
    "L_SHOULDER": (640, 190), "R_SHOULDER": (636, 190),
    "L_WRIST": (690, 230), "R_WRIST": (690, 232),
    "L_HIP": (640, 360), "R_HIP": (640, 360), "L_KNEE": (633, 500), "R_KNEE": (633, 500),
    "L_ANKLE": (632, 640), "R_ANKLE": (632, 640), "L_HEEL": (620, 655), "R_HEEL": (620, 655),
    "L_TOE": (690, 660), "R_TOE": (690, 660),
}  # fmt: skip
BODY_PX = 560.0


def stand(seconds: float, sway_px: float = 0.3, **changed: tuple[float, float]) -> NeutralTracker:
    tracker, memory = NeutralTracker(), PoseBuffer()
    chance = np.random.default_rng(1)
    joints = STANDING | changed
    for k in range(int(seconds * 60)):
        at = {n: tuple(np.array(xy) + chance.normal(0, sway_px, 2)) for n, xy in joints.items()}
        memory.add_pose(pose(k / 60, k, **at), facing=1)
        neutral = tracker.add_frame(memory, BODY_PX)
        tracker.neutral = neutral  # type: ignore[attr-defined]
    return tracker


def test_who_stands_still_side_on_gives_a_neutral_after_two_seconds() -> None:
    assert stand(1.8).neutral is None  # type: ignore[attr-defined]
    neutral = stand(3.2).neutral  # type: ignore[attr-defined]
    assert neutral is not None
    # Seven pixels back over 140 down.
    expected = np.degrees(np.arctan2(7, 140))
    assert neutral.thigh_deg[Side.L] == pytest.approx(expected, abs=0.2)
    assert neutral.height_px == pytest.approx(555 + 3, abs=6)


@pytest.mark.parametrize(
    ("changed", "trouble"),
    [
        ({"L_SHOULDER": (700, 190), "R_SHOULDER": (600, 190)}, ReasonCode.STANDS_NOT_SIDE_ON),
        ({"L_KNEE": (700, 480), "L_ANKLE": (640, 560)}, ReasonCode.LEGS_NOT_STRAIGHT),
        ({"R_WRIST": (645, 380)}, ReasonCode.ARMS_BEFORE_BACK),
        ({}, ReasonCode.MOVING),
    ],
)
def test_what_is_wrong_is_said(
    changed: dict[str, tuple[float, float]], trouble: ReasonCode
) -> None:
    sway_px = 8.0 if trouble is ReasonCode.MOVING else 0.3
    tracker = stand(3.2, sway_px=sway_px, **changed)
    assert tracker.neutral is None  # type: ignore[attr-defined]
    assert tracker.trouble == Reason(trouble)


NOWHERE = (float("nan"), float("nan"))


def test_feet_below_the_picture_leave_the_ankle_without_a_zero() -> None:
    feet = dict.fromkeys(("L_HEEL", "R_HEEL", "R_TOE"), NOWHERE)
    neutral = stand(3.2, **feet).neutral  # type: ignore[attr-defined]
    assert neutral is not None
    assert neutral.ankle_deg == {}
    one = stand(3.2, L_TOE=NOWHERE).neutral  # type: ignore[attr-defined]
    assert set(one.ankle_deg) == {Side.R}


@pytest.mark.parametrize("joint", ["L_KNEE", "R_ANKLE"])
def test_a_leg_of_which_a_joint_is_never_seen_has_no_zero(joint: str) -> None:
    tracker = stand(3.2, **{joint: NOWHERE})
    assert tracker.neutral is None  # type: ignore[attr-defined]
    assert tracker.trouble == Reason(ReasonCode.LEGS_NOT_SEEN)
