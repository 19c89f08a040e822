"""No angle that no joint can be at is measured, shown or kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.gait.human_range import HUMAN_RANGE_DEG, is_possible, only_possible
from hipcue.realtime.gait.segment_angles import ankle_angle_deg
from hipcue.realtime.metrics import METRICS
from hipcue.realtime.records import JOINT_COUNT, BodyAngles, Joint, Measurement, Pose, Side
from hipcue.realtime.session.frame_layout import ANGLES
from tests.realtime.test_engine import Filmed

# Angles of a stride that have no joint of their own: shares and spreads.
NO_JOINT = {"pelvic_tilt_sd_deg", "triple_extension_deg"}


def test_every_angle_of_a_frame_and_of_a_stride_has_its_range() -> None:
    names = {key.partition(".")[0] for key in ANGLES}
    names |= {name for name in METRICS if name.endswith("_deg")} - NO_JOINT
    assert names == set(HUMAN_RANGE_DEG)


def test_what_runners_do_is_possible_and_what_nobody_does_is_not() -> None:
    for name, runs, never in (
        ("thigh_extension_deg", (-80.0, 45.0), 90.0),
        ("knee_flexion_deg", (-5.0, 140.0), -30.0),
        ("ankle_dorsiflexion_deg", (-40.0, 35.0), -100.0),
        ("ankle_toe_off_deg", (-20.0, 40.0), 80.0),
        ("trunk_lean_deg", (-5.0, 25.0), 150.0),
    ):
        assert all(is_possible(name, angle) for angle in runs)
        assert not is_possible(name, never)
    kept = only_possible("knee_flexion_deg", np.array([-30.0, 20.0, np.nan, 170.0]))
    assert np.isnan(kept).tolist() == [True, False, True, True]


def test_a_heel_on_the_toes_tells_no_ankle() -> None:
    xy = np.zeros((2, JOINT_COUNT, 2))
    xy[:, Joint.R_KNEE] = (0.0, 40.0)
    xy[:, Joint.R_TOE] = [(20.0, 0.0), (5.0, 3.0)]
    assert np.isnan(ankle_angle_deg(xy, Side.R)).tolist() == [False, True]


def angles_of(one: BodyAngles) -> dict[str, Measurement]:
    """Every angle of a frame by its name and leg."""
    found = {}
    for name in {key.partition(".")[0] for key in ANGLES}:
        value = getattr(one, name)
        if isinstance(value, Measurement):
            found[name] = value
        else:
            found |= {f"{name}.{side}": angle for side, angle in value.items()}
    return found


def test_a_runner_drawn_as_no_body_can_be_has_no_such_angle_in_frames_and_strides() -> None:
    treadmill = Filmed()
    chance = np.random.default_rng(1)

    def wild(pose: Pose) -> Pose:
        """Now and then a foot the wrong way round, or a shank that points ahead."""
        xy = pose.xy_px.copy()
        if pose.t_capture_s > 6.0 and chance.random() < 0.3:
            heel, toe = xy[Joint.R_HEEL].copy(), xy[Joint.R_TOE].copy()
            xy[Joint.R_HEEL], xy[Joint.R_TOE] = toe, heel
            xy[Joint.L_TOE] = xy[Joint.L_HEEL] + (1.0, 2.0)
            xy[Joint.L_ANKLE, 0] += 150.0
        return replace(pose, xy_px=xy)

    treadmill.change = wild
    treadmill.run(11.0)
    codes = set()
    for result in treadmill.results:
        for frame in result.settled_frames:
            assert frame.angles is not None
            for name, angle in angles_of(frame.angles).items():
                if angle.value is not None:
                    assert is_possible(name.partition(".")[0], angle.value)
                elif angle.reason is not None:
                    codes.add(angle.reason.code)
    assert ReasonCode.ANGLE_IMPOSSIBLE in codes
    for stride in treadmill.strides:
        for name, value in stride.values.items():
            assert value.value is None or is_possible(name, value.value)
