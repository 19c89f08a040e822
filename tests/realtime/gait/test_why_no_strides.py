"""Why there are no strides: each kind of thing that people film instead of a run, by its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from hipcue.config.languages import LANGUAGES
from hipcue.config.reason_words import advice_on, in_words
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.gait.leg_tracker import swap_legs
from hipcue.realtime.gait.why_no_strides import Witness
from hipcue.realtime.records import Joint, Pose
from tests.realtime.test_engine import FPS, PX_PER_M, Treadmill, film

Change = Callable[[Pose], Pose]
LEGS = [joint for joint in Joint if joint >= Joint.L_KNEE]


@cache
def running() -> list[Pose]:
    """Six seconds of a steady run."""
    return film()[1][400:760]


@cache
def at_speed(speed_mps: float, seconds: float) -> list[Pose]:
    treadmill = Treadmill(speed=lambda t_s: speed_mps)
    return [treadmill.look(k / FPS) for k in range(1, round(seconds * FPS) + 1)]


def why(poses: Sequence[Pose], landings: int = 5) -> Reason:
    witness = Witness()
    for pose in poses:
        witness.add_pose(pose)
    return witness.why(landings)


def moved(pose: Pose, x_px: float = 0.0, y_px: float = 0.0) -> Pose:
    return replace(pose, xy_px=pose.xy_px + np.array([x_px, y_px]))


def without(pose: Pose, joints: Sequence[Joint]) -> Pose:
    xy = pose.xy_px.copy()
    xy[list(joints)] = np.nan
    return replace(pose, xy_px=xy)


def from_behind(pose: Pose) -> Pose:
    """Sideways in the picture there is the width of the body instead of the run."""
    xy = pose.xy_px.copy()
    xy[:, 0] = 640.0 + 0.1 * (xy[:, 0] - 640.0)
    for joint in Joint:
        side = {"L": -1.0, "R": 1.0}.get(joint.name[0] if "_" in joint.name else "", 0.0)
        wide_m = 0.18 if "SHOULDER" in joint.name else 0.09
        xy[joint, 0] += side * wide_m * PX_PER_M
    return replace(pose, xy_px=xy)


KINDS: list[tuple[str, Change, ReasonCode]] = [
    ("lies", lambda p: replace(p, xy_px=p.xy_px[:, ::-1].copy()), ReasonCode.LIES_IN_PICTURE),
    ("hangs", lambda p: replace(p, xy_px=[1280, 720] - p.xy_px), ReasonCode.UPSIDE_DOWN),
    ("feet below", lambda p: moved(p, y_px=330.0), ReasonCode.LEGS_OUT_OF_PICTURE),
    (
        "feet left out",
        lambda p: moved(without(p, LEGS[2:]), y_px=300.0),
        ReasonCode.LEGS_OUT_OF_PICTURE,
    ),
    ("no heels", lambda p: without(p, [Joint.L_HEEL, Joint.R_HEEL]), ReasonCode.JOINTS_NOT_SEEN),
    ("from behind", from_behind, ReasonCode.FILMED_FROM_FRONT),
    ("over ground", lambda p: moved(p, 3.0 * PX_PER_M * p.t_capture_s), ReasonCode.CROSSES_PICTURE),
    (
        "no toes",
        lambda p: without(p, [Joint.NOSE, Joint.L_EAR, Joint.R_EAR, Joint.L_TOE, Joint.R_TOE]),
        ReasonCode.NO_TOES,
    ),
    (
        "two people",
        lambda p: moved(p, 600.0 * (p.t_capture_s % 1.0 > 0.5)),
        ReasonCode.SEVERAL_PEOPLE,
    ),
    (
        "time lapse",
        lambda p: replace(p, t_capture_s=p.t_capture_s * 0.5),
        ReasonCode.CADENCE_TOO_FAST,
    ),
    (
        "slow motion",
        lambda p: replace(p, t_capture_s=p.t_capture_s * 4.0),
        ReasonCode.CADENCE_TOO_SLOW,
    ),
]


@pytest.mark.parametrize(("change", "code"), [k[1:] for k in KINDS], ids=[k[0] for k in KINDS])
def test_what_was_seen_instead_is_named(change: Change, code: ReasonCode) -> None:
    reason = why([change(pose) for pose in running()])
    assert reason.code is code
    for language in LANGUAGES:
        assert "{" not in in_words(reason, language)
        assert "–" not in in_words(reason, language)
        assert advice_on(reason, language)


def test_the_factor_of_a_wrong_pace_is_told() -> None:
    fast = why([replace(p, t_capture_s=p.t_capture_s * 0.25) for p in at_speed(3.0, 16.0)])
    slow = why([replace(p, t_capture_s=p.t_capture_s * 4.0) for p in running()])
    assert fast.value("factor") == pytest.approx(0.25, abs=0.06)
    assert slow.value("factor") == pytest.approx(4.0, abs=0.5)
    assert "--slow-motion 4" in advice_on(slow)


def test_legs_that_the_model_takes_for_each_other_are_no_time_lapse() -> None:
    def front_one_left(pose: Pose) -> Pose:
        ahead = pose.xy_px[Joint.L_ANKLE, 0] > pose.xy_px[Joint.R_ANKLE, 0]
        return pose if ahead else swap_legs(pose)

    assert why([front_one_left(p) for p in running()]).code is ReasonCode.NONE_ALIKE


def test_nobody_is_nobody() -> None:
    away = Reason(ReasonCode.NOBODY_IN_PICTURE)
    assert why([replace(p, reason=away) for p in running()]) == Reason(
        ReasonCode.NOBODY_FOUND, frames=360
    )


def test_who_stands_stands_and_who_walks_walks() -> None:
    assert why(at_speed(0.0, 6.0)) == Reason(ReasonCode.ONLY_STANDS, seconds=6)
    assert why(at_speed(1.2, 6.0)).code is ReasonCode.ONLY_WALKS
    walk = [moved(p, 1.2 * PX_PER_M * p.t_capture_s) for p in at_speed(1.2, 6.0)]
    assert why(walk).code is ReasonCode.CROSSES_PICTURE


def test_too_short_and_too_few_are_told_with_how_much_there_is() -> None:
    assert why(running()[:61]) == Reason(ReasonCode.SEEN_FOR_SHORT, seconds=1.0)
    stand_then_run = film()[1][:250]
    assert why(stand_then_run).code is ReasonCode.MOVES_FOR_SHORT
    assert why(running()[::6]) == Reason(ReasonCode.PICTURES_TOO_FEW, fps=10)


def test_a_run_that_looks_well_and_makes_no_stride_says_what_came_of_it() -> None:
    assert why(running(), landings=0) == Reason(ReasonCode.NO_LANDING, frames=360)
    assert why(running(), landings=7) == Reason(ReasonCode.NONE_ALIKE, landings=7)


def test_markers_have_no_edge_of_a_picture_and_no_side_they_are_seen_from() -> None:
    below = [replace(from_behind(moved(p, y_px=400.0)), px_per_m=PX_PER_M) for p in running()]
    assert why(below).code not in {
        ReasonCode.LEGS_OUT_OF_PICTURE,
        ReasonCode.FILMED_FROM_FRONT,
    }


def test_one_picture_and_hidden_people_are_no_crash() -> None:
    assert why(running()[:1]).code is ReasonCode.SEEN_FOR_SHORT
    hidden = [without(p, list(Joint)) for p in running()]
    assert why(hidden).code is ReasonCode.JOINTS_NOT_SEEN
    halves = [without(p, list(Joint) if p.t_capture_s % 0.1 > 0.05 else []) for p in running()]
    assert why(halves)
