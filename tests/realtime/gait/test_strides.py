"""From contacts to strides: what is believed, and when."""

from __future__ import annotations

import math

import pytest

from hipcue.realtime.gait.pose_buffer import PoseBuffer
from hipcue.realtime.gait.strides import StrideBuilder, StrideEvents
from hipcue.realtime.records import EventKind, GaitEvent, Side
from tests.realtime.gait.making import swinging

FPS, STRIDE_S = 60.0, 0.7


class Runner:
    """Thighs that swing for good, and contacts as somebody says they were."""

    def __init__(self, seconds: float = 8.0) -> None:
        self.memory = PoseBuffer(seconds=seconds)
        for pose in swinging(FPS, seconds, STRIDE_S):
            self.memory.add_pose(pose, 1)
        self.builder = StrideBuilder()
        self.strides: list[StrideEvents] = []

    def leaves(self, side: Side, t_s: float) -> None:
        """Tell a toe-off."""
        event = GaitEvent(EventKind.TOE_OFF, side, t_s, 0.01, t_s + 0.05)
        assert self.builder.add_event(event, self.memory) == []

    def lands(self, *contacts: tuple[Side, float]) -> list[StrideEvents]:
        """Tell contacts; return the strides that became certain."""
        found: list[StrideEvents] = []
        for side, t_s in contacts:
            event = GaitEvent(EventKind.CONTACT, side, t_s, 0.01, t_s + 0.05)
            found += self.builder.add_event(event, self.memory)
        self.strides += found
        return found


def steps(first: float, until: float) -> list[tuple[Side, float]]:
    """Contacts in turn: left at 0, 0.7 ..., right at 0.35, 1.05 ..., as the thighs swing."""
    half, out, k = STRIDE_S / 2, [], 0
    while k * half < until:
        if k * half >= first:
            out.append(((Side.L, Side.R)[k % 2], k * half))
        k += 1
    return out


def test_the_first_strides_come_together_once_three_of_them_agree() -> None:
    runner = Runner()
    told = [len(runner.lands(contact)) for contact in steps(0.0, 4.0)]
    # Left from 0, right from 0.35, left from 0.7: then they are alike, and each one counts.
    assert told[:5] == [0, 0, 0, 0, 3]
    assert set(told[5:]) == {1}
    assert [s.side for s in runner.strides[:3]] == [Side.L, Side.R, Side.L]


def test_a_contact_seen_in_the_wrong_place_at_the_start_makes_no_stride() -> None:
    runner = Runner()
    runner.lands((Side.R, 0.15), *steps(0.3, 4.0))
    assert runner.strides
    assert all(abs(s.lasted_s - STRIDE_S) < 0.01 for s in runner.strides)


def test_two_strides_whose_contact_was_missed_are_not_one() -> None:
    runner = Runner()
    # Every other contact of both feet is missed, from the very beginning: the contacts that
    # are left look like a slow runner's, with one landing of the other foot between them.
    slow = [(side, t_s) for side, t_s in steps(0.0, 7.5) if int(t_s / STRIDE_S + 0.01) % 2 == 0]
    runner.lands(*slow)
    assert runner.strides == []


def test_after_a_pause_the_usual_length_still_counts() -> None:
    runner = Runner()
    runner.lands(*steps(0.0, 3.0))
    runner.builder.forget_open_strides()
    assert [s.contact_s for s in runner.lands(*steps(4.1, 5.0))] == [pytest.approx(4.2)]


def test_what_is_believed_late_is_told_only_while_it_can_be_measured() -> None:
    runner = Runner()
    assert runner.lands(*steps(0.0, 0.75)) == []  # One stride, then nothing for five seconds.
    told = runner.lands(*steps(5.6, 7.5))
    assert [s.contact_s for s in told[:2]] == [pytest.approx(5.6), pytest.approx(5.95)]


def test_a_stride_unlike_the_others_is_as_unsure_as_it_is_unlike_them() -> None:
    runner = Runner()
    runner.lands(*steps(0.0, 3.7))
    (usual,) = runner.lands((Side.R, 3.85))
    assert usual.sigma_s == pytest.approx(0.01)
    # 70 ms too late, of which 21 are within what strides differ by.
    (late,) = runner.lands((Side.L, 4.27))
    assert late.lasted_s == pytest.approx(0.77)
    assert late.sigma_s == pytest.approx(math.hypot(0.01, 0.049 / math.sqrt(2)))


def test_a_toe_off_in_the_wrong_place_is_not_told_and_who_changes_is_believed() -> None:
    runner = Runner(12.0)
    stances = [0.25] * 6 + [0.48] + [0.25] * 2 + [0.33] * 5
    for k, stance_s in enumerate(stances):
        start_s = k * STRIDE_S
        runner.lands((Side.L, start_s))
        runner.leaves(Side.L, start_s + stance_s)
        runner.lands((Side.R, start_s + STRIDE_S / 2))
    left = [s for s in runner.strides if s.side is Side.L]
    # A tenth more than usual is told, and as unsure as it is more than stances vary.
    assert max(s.unlike_stance_s for s in left) == 0.0
    told = [s.toe_off_s is not None for s in left]
    assert told == [stance_s == 0.25 for stance_s in stances[:9]] + [False] * 2 + [True] * 2


def test_a_half_hidden_leg_does_not_stand_for_half_the_time_of_the_other() -> None:
    runner = Runner(12.0)
    for k in range(10):
        start_s, half = k * STRIDE_S, STRIDE_S / 2
        runner.lands((Side.L, start_s))
        runner.leaves(Side.L, start_s + 0.25)
        runner.lands((Side.R, start_s + half))
        if k % 3 == 2:  # Now and then something is seen, and taken for its toe-off.
            runner.leaves(Side.R, start_s + half + 0.14)
    told = {side: {s.toe_off_s is None for s in runner.strides if s.side is side} for side in Side}
    assert told == {Side.L: {False}, Side.R: {True}}


def test_a_stance_a_little_unlike_the_others_is_told_and_less_sure() -> None:
    runner = Runner(12.0)
    for k, stance_s in enumerate([0.25] * 6 + [0.29]):
        start_s = k * STRIDE_S
        runner.lands((Side.L, start_s))
        runner.leaves(Side.L, start_s + stance_s)
        runner.lands((Side.R, start_s + STRIDE_S / 2))
    runner.lands((Side.L, 7 * STRIDE_S))
    last = [s for s in runner.strides if s.side is Side.L][-1]
    assert last.toe_off_s is not None
    assert last.unlike_stance_s == pytest.approx(0.04 - 0.05 * 0.25)
