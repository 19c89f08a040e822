"""The whole table: what each transition forgets of a runner, and what it keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings
from hipcue.realtime.gait.facing import FacingTracker
from hipcue.realtime.gait.leg_tracker import SettledPose
from hipcue.realtime.gait.neutral import NeutralRequest
from hipcue.realtime.gait.runner import Runner
from hipcue.realtime.gait.transitions import FORGETS, Part, Transition
from hipcue.realtime.records import JOINT_COUNT, Measurement, PelvisSource, Pose
from tests.realtime.gait.making import stride as judged
from tests.realtime.test_engine import FPS, film

# A row for each part, a column for each transition, in the order of `Transition`:
# neutral asked, taken, baseline asked, new runner, stepped off, stands about, turned round,
# picture resized, camera moved, picture zoomed, picture jumped, film cut, film jumps, legs mixed
# up. An x is forgotten.
TABLE = """
    PATHS            . . . x x . x x . . . x x x
    STRIDE_TIMES     . . . x . . . . . . . x . .
    SCALE            . . . x . . . x . x . x . .
    BODY_HEIGHT      . . . x . . . x . x . x . .
    NEUTRAL          . . . x . . . . . . . x . .
    NEUTRAL_REQUEST  x . . x . . . . x . . x . .
    STANDING         x . . x x . x x x x x x x .
    PELVIS           . . . x . . . . . . . x . .
    BASELINES        . x x x . . . . . . . . . .
    VERDICT          . x . x x x x . x . . x . .
    CUES             . . . x . . . . . . . . . .
"""


def rows() -> Iterator[tuple[Transition, Part, bool]]:
    """Every cell of the table."""
    for line in TABLE.split("\n"):
        if line.strip():
            name, *marks = line.split()
            for transition, mark in zip(Transition, marks, strict=True):
                yield transition, Part[name], mark == "x"


class Running:
    """Somebody who stood, ran for a while, and whose newest stride has just been judged."""

    def __init__(self) -> None:
        self.cues_forgotten = False
        self.runner = Runner(Settings(), markers=False, forget_cues=self.forget_cues)
        self.facing = FacingTracker()
        for pose in film()[1][: round(20 * FPS)]:
            self.runner.add_readings(pose.pelvis)
            self.look(pose)
            for closed in self.runner.take_closed_strides():
                self.runner.learn_scale(closed, Measurement(3.0))
                self.judge(closed.end_s)
        # As one who has just begun to stand still again.
        self.runner.standing.since_s = 19.0

    def look(self, pose: Pose) -> None:
        self.runner.add_pose(SettledPose(pose, False), self.facing.add_pose(pose))

    def forget_cues(self) -> None:
        self.cues_forgotten = True

    def judge(self, end_s: float) -> None:
        runner = self.runner
        runner.pelvis.add_stride(end_s - 0.7, end_s, end_s - 0.3)
        runner.last_stride_s = end_s
        runner.detector.judge_stride(judged(int(end_s / 0.36)), True, None)

    def known(self, part: Part) -> bool:
        """Whether that part is still there."""
        runner, now = self.runner, 20.0
        tilt, source = runner.pelvis.tilt_now(now)
        known: dict[Part, Callable[[], bool]] = {
            Part.PATHS: lambda: runner.paths.newest_s > 0 and runner.planted_px_per_s is not None,
            Part.STRIDE_TIMES: lambda: runner.last_stride_s > 0,
            Part.SCALE: lambda: runner.scale is not None and runner.scale.px_per_m.known,
            Part.BODY_HEIGHT: lambda: runner.body_height.px is not None,
            Part.NEUTRAL: lambda: runner.neutral.measured,
            Part.NEUTRAL_REQUEST: lambda: runner.standing.request is NeutralRequest.DONE,
            Part.STANDING: lambda: runner.standing.since_s is not None,
            Part.PELVIS: lambda: tilt.known and source is PelvisSource.TAG,
            Part.BASELINES: lambda: runner.detector.baseline is not None,
            Part.VERDICT: lambda: runner.detector.judgement is not None,
            Part.CUES: lambda: not self.cues_forgotten,
        }
        return known[part]()


@cache
def after_20_s() -> Running:
    """Made once; every test takes a copy of its own."""
    return Running()


def running_now() -> Running:
    return deepcopy(after_20_s())


def test_somebody_who_runs_is_known_in_every_part() -> None:
    running = running_now()
    assert [part for part in Part if not running.known(part)] == []


@pytest.mark.parametrize("transition", Transition)
def test_a_transition_forgets_its_row_of_the_table_and_nothing_else(transition: Transition) -> None:
    expected = {part for row, part, forgotten in rows() if row is transition and forgotten}
    running = running_now()
    running.runner.happens(transition)
    forgotten = {part for part in Part if not running.known(part)}
    assert forgotten == expected
    assert FORGETS[transition] == expected


def test_the_first_strides_settle_again_after_stepping_off_and_not_after_a_new_baseline() -> None:
    counts = []
    for transition in (Transition.NEUTRAL_TAKEN, Transition.BASELINE_ASKED):
        running = running_now()
        running.runner.happens(transition)
        detector = running.runner.detector
        count = 0
        while detector.baseline is None:
            detector.judge_stride(judged(count), True, None)
            count += 1
        counts.append(count)
    assert counts == [6 + 12, 12]


def go_on(running: Running, change: Callable[[Pose], Pose], seconds: float) -> None:
    """See the runner for longer, otherwise than before."""
    begin = round(20 * FPS)
    for pose in film()[1][begin : begin + round(seconds * FPS)]:
        running.look(change(pose))


def unseen(pose: Pose) -> Pose:
    empty = np.full((JOINT_COUNT, 2), np.nan)
    return replace(pose, xy_px=empty, reason=Reason(ReasonCode.NOBODY_IN_PICTURE))


def mirrored(pose: Pose) -> Pose:
    xy = pose.xy_px.copy()
    xy[:, 0] = pose.size_px[0] - xy[:, 0]
    return replace(pose, xy_px=xy)


def halved(pose: Pose) -> Pose:
    width, height = pose.size_px
    return replace(pose, xy_px=pose.xy_px / 2, size_px=(width // 2, height // 2))


@pytest.mark.parametrize(
    ("change", "seconds", "transition"),
    [
        (unseen, 1.2, Transition.STEPPED_OFF),
        (mirrored, 1.0, Transition.TURNED_ROUND),
        (halved, 0.05, Transition.PICTURE_RESIZED),
    ],
)
def test_what_is_seen_makes_it_happen(
    change: Callable[[Pose], Pose], seconds: float, transition: Transition
) -> None:
    running = running_now()
    go_on(running, change, seconds)
    # Paths, body height and scale are there again as soon as a frame is seen.
    again = {Part.PATHS, Part.BODY_HEIGHT}
    forgotten = {part for part in Part if not running.known(part)}
    assert forgotten - again == FORGETS[transition] - again


def test_an_arm_that_hides_them_for_less_makes_nothing_happen() -> None:
    running = running_now()
    go_on(running, unseen, 0.9)
    assert {part for part in Part if not running.known(part)} == set()


def test_three_seconds_without_a_stride_are_standing_about() -> None:
    running = running_now()
    newest_s = running.runner.last_stride_s
    running.runner.stop_running(newest_s + 2.9)
    assert running.known(Part.VERDICT)
    running.runner.stop_running(newest_s + 3.1)
    assert not running.known(Part.VERDICT)
