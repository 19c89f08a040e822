"""The phases of a leg, told as stories about a puppet whose contacts are written down."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import pytest

from hipcue.realtime.gait.events import LegEventDetector
from hipcue.realtime.gait.leg_state import Phase
from hipcue.realtime.gait.pose_buffer import PoseBuffer
from hipcue.realtime.records import EventKind, GaitEvent, Joint, Pose, Side
from tests.realtime.gait.puppet import (
    BELT_PX_PER_S,
    BODY_PX,
    STRAIGHTEST_S,
    STRIDE_S,
    Puppet,
    leg,
    without,
)

# A pose model sees the heel come to rest, and the knee straightest, so long after the plate.
CONTACT_LAG_S, KNEE_LAG_S = 0.0055, 0.007
TOE_OFF_S = (
    STRAIGHTEST_S - KNEE_LAG_S - 0.15 * (0.28 - (STRAIGHTEST_S - KNEE_LAG_S + CONTACT_LAG_S))
)
CONTACT, TOE_OFF, PEAK = EventKind.CONTACT, EventKind.TOE_OFF, EventKind.MAX_EXTENSION


class Watched:
    """A detector that looks at the puppet's left leg, and all that it told."""

    def __init__(self, *, markers: bool = False, near: bool = True, facing: int = 1) -> None:
        self.puppet = Puppet(facing)
        self.memory = PoseBuffer()
        self.detector = LegEventDetector(Side.L, markers)
        self.near = near
        self.events: list[GaitEvent] = []
        self.phases: list[Phase] = []

    def look(self, poses: Iterable[Pose]) -> list[GaitEvent]:
        """Look at some frames; return what was told meanwhile."""
        first = len(self.events)
        for pose in poses:
            self.memory.add_pose(pose, self.puppet.facing)
            learnt_s = self.detector.contact_offset_s
            for event in self.detector.find_events(self.memory, BODY_PX, self.near):
                # The puppet is no body: what bodies teach about their landings is left out.
                off_s = learnt_s if event.kind is CONTACT else 0.0
                self.events.append(replace(event, t_s=event.t_s - off_s))
            if not self.phases or self.phases[-1] is not self.detector.phase:
                self.phases.append(self.detector.phase)
        return self.events[first:]

    def run(
        self,
        begin_s: float,
        end_s: float,
        fps: float = 60.0,
        change: Callable[[Pose], Pose | None] = lambda pose: pose,
    ) -> list[GaitEvent]:
        """Let it run from one instant to another, what is seen of it changed."""
        poses = self.puppet.poses(fps, end_s - begin_s, begin_s)
        return self.look(seen for pose in poses if (seen := change(pose)) is not None)


def of(kind: EventKind, events: Iterable[GaitEvent]) -> list[float]:
    return [event.t_s for event in events if event.kind is kind]


def lost(begin_s: float, end_s: float) -> Callable[[Pose], Pose | None]:
    """Frames between two instants never arrive."""
    return lambda pose: None if begin_s < pose.t_capture_s < end_s else pose


def hidden(begin_s: float, end_s: float, *joints: str) -> Callable[[Pose], Pose | None]:
    """Joints are not seen between two instants."""
    return lambda pose: without(pose, *joints) if begin_s < pose.t_capture_s < end_s else pose


def true_peak_s() -> float:
    """When the puppet's thigh points furthest back, after its contact."""
    phase = np.arange(0.0, STRIDE_S, 1e-4)
    knee = leg(phase)["knee"]
    return float(phase[np.argmax(np.arctan2(-knee[:, 0], -knee[:, 1]))])


@pytest.mark.parametrize("fps", [50.0, 60.0, 100.0, 150.0, 250.0])
@pytest.mark.parametrize("facing", [1, -1])
def test_contacts_toe_offs_and_peaks_are_where_they_are_written_down(
    fps: float, facing: int
) -> None:
    watched = Watched(facing=facing)
    watched.run(0.0, 6.0, fps)
    # The first is missed while nothing is known, and the usual delay is learnt in a few.
    for kind, at_s, close_s in (
        (CONTACT, STRIDE_S - CONTACT_LAG_S, 0.001),
        (TOE_OFF, TOE_OFF_S, 0.001),
        (PEAK, true_peak_s(), 0.003),
    ):
        told = of(kind, watched.events)[3:]
        assert len(told) >= 4
        assert [t % STRIDE_S for t in told] == pytest.approx([at_s] * len(told), abs=close_s)
        assert np.diff(told) == pytest.approx(STRIDE_S, abs=0.001)
    assert watched.detector.planted_px_per_s == pytest.approx(BELT_PX_PER_S)
    assert watched.detector.last_stance_px_per_s == pytest.approx(BELT_PX_PER_S)


@pytest.mark.parametrize("fps", [25.0, 30.0])
def test_a_slow_camera_sees_every_step_to_a_quarter_of_a_frame(fps: float) -> None:
    watched = Watched()
    watched.run(0.0, 6.0, fps)
    contacts, toe_offs = of(CONTACT, watched.events), of(TOE_OFF, watched.events)
    assert len(contacts) == len(toe_offs) == 8
    off = [(t + CONTACT_LAG_S + 0.35) % STRIDE_S - 0.35 for t in contacts]
    assert off == pytest.approx([0.0] * len(off), abs=0.25 / fps)
    assert [t % STRIDE_S for t in toe_offs] == pytest.approx([TOE_OFF_S] * 8, abs=0.25 / fps)


def test_a_foot_goes_through_its_phases_in_order() -> None:
    watched = Watched()
    watched.run(0.0, 4.0)
    # A slip back at the top of the swing is no landing: no phase comes twice.
    order = [Phase.AWAITING_SWING, Phase.SWING, Phase.STANCE]
    assert watched.phases == [order[k % 3] for k in range(len(watched.phases))]
    assert len(watched.phases) >= 12
    kinds = [event.kind for event in watched.events if event.kind is not PEAK]
    assert kinds == [(CONTACT, TOE_OFF)[k % 2] for k in range(len(kinds))]


def test_nothing_is_told_before_32_ms_were_seen_after_it_nor_much_later() -> None:
    watched = Watched()
    watched.run(0.0, 6.0, 250.0)
    late_s = dict.fromkeys(EventKind, 0.0)
    for event in watched.events:
        late_s[event.kind] = max(late_s[event.kind], event.t_decided_s - event.t_s)
        assert event.t_decided_s - event.t_s >= 0.032
    # What is looked ahead, what the instant lies before what is seen of it, and a frame.
    assert late_s[CONTACT] < 0.032 + CONTACT_LAG_S + 3 / 250
    assert late_s[TOE_OFF] < 0.045 + STRAIGHTEST_S - TOE_OFF_S + 2 / 250
    assert late_s[PEAK] < 0.045 + 0.004 + 2 / 250


def test_a_swing_that_was_not_seen_costs_that_step_and_no_other() -> None:
    watched = Watched()
    watched.run(0.0, 3.0)
    # From after the toe-off at 3.04 to after the contact at 3.50 nothing arrives.
    told = watched.run(3.0, 6.0, change=lost(3.12, 3.56))
    # A contact that is told of the step that was lost says itself how little it is worth.
    sure = [event for event in told if event.sigma_s < 0.1]
    assert of(CONTACT, sure) == pytest.approx(
        [k * STRIDE_S - CONTACT_LAG_S for k in (6, 7, 8)], abs=0.002
    )
    toe_offs = [t for t in of(TOE_OFF, sure) if not 3.5 < t < 4.2]
    assert toe_offs == pytest.approx([k * STRIDE_S + TOE_OFF_S for k in (4, 6, 7, 8)], abs=0.002)


def test_a_toe_off_that_was_not_seen_does_not_hide_the_next_contact() -> None:
    watched = Watched()
    watched.run(0.0, 3.0)
    told = watched.run(3.0, 5.0, change=hidden(3.0, 3.3, "L_KNEE", "L_TOE"))
    assert of(CONTACT, told)[0] == pytest.approx(5 * STRIDE_S - CONTACT_LAG_S, abs=0.002)
    assert of(TOE_OFF, told)[0] == pytest.approx(5 * STRIDE_S + TOE_OFF_S, abs=0.002)


@pytest.mark.parametrize("gap_s", [0.035, 0.05])
def test_a_heel_that_is_hidden_as_it_lands_lands_all_the_same(gap_s: float) -> None:
    watched = Watched()
    watched.run(0.0, 3.0)
    told = watched.run(
        3.0, 3.8, change=hidden(3.5 - 0.012, 3.5 - 0.012 + gap_s, "L_HEEL", "L_ANKLE", "L_TOE")
    )
    assert of(CONTACT, told) == pytest.approx([3.5 - CONTACT_LAG_S], abs=0.006)


def test_a_heel_that_is_not_seen_again_has_landed_where_its_slowing_down_led() -> None:
    watched = Watched()
    watched.run(0.0, 3.0)
    told = watched.run(3.0, 3.6, change=hidden(3.5 - 0.012, 4.0, "L_HEEL"))
    assert of(CONTACT, told) == pytest.approx([3.5 - CONTACT_LAG_S], abs=0.02)


def test_a_heel_that_is_hidden_long_before_it_lands_is_not_guessed() -> None:
    watched = Watched()
    watched.run(0.0, 3.0)
    told = watched.run(3.0, 4.0, change=hidden(3.5 - 0.08, 3.9, "L_HEEL"))
    assert of(CONTACT, told) == []


def test_a_belt_that_stops_leaves_no_events_and_begins_again() -> None:
    watched = Watched()
    stopped = replace(watched.puppet, stopped=(2.95, 7.95))
    watched.puppet = stopped
    before = watched.run(0.0, 2.95)
    standing = watched.run(2.95, 7.95)
    after = watched.run(7.95, 12.0)
    assert len(of(CONTACT, before)) >= 3
    assert standing == []
    assert of(CONTACT, after)[-3:] == pytest.approx(
        [5.0 + k * STRIDE_S - CONTACT_LAG_S for k in (7, 8, 9)], abs=0.002
    )
    # The stop is not taken for a stride: strides are still told one by one.
    assert np.diff(of(CONTACT, after)) == pytest.approx(STRIDE_S, abs=0.01)


def test_a_stance_that_takes_too_long_is_given_up() -> None:
    watched = Watched()
    watched.puppet = replace(watched.puppet, stopped=(2.95, 9.0))
    watched.run(0.0, 2.94)
    assert watched.detector.phase is Phase.STANCE
    watched.run(2.94, 4.3)
    assert watched.detector.phase is Phase.STANCE
    watched.run(4.3, 4.6)  # The contact was at 2.8.
    assert watched.detector.phase is Phase.SWING


def test_a_foot_that_comes_down_sooner_than_it_can_has_not_landed() -> None:
    def stumbles(pose: Pose) -> Pose:
        """From 3.19 on, half a stride after the contact at 2.8, once more what was at 3.5."""
        again = (0.31 if pose.t_capture_s > 3.19 else 0.0) + pose.t_capture_s
        return replace(watched.puppet.pose(again, pose.index), t_capture_s=pose.t_capture_s)

    watched = Watched()
    watched.run(0.0, 3.0)
    told = watched.run(3.0, 3.4, change=stumbles)
    assert of(CONTACT, told) == []
    assert watched.detector.phase is Phase.AWAITING_SWING


def test_a_foot_that_slows_down_behind_the_hip_does_not_land() -> None:
    def behind(pose: Pose) -> Pose:
        """The whole leg but the hip lies 200 px further back."""
        xy = pose.xy_px.copy()
        xy[[Joint.L_KNEE, Joint.L_ANKLE, Joint.L_HEEL, Joint.L_TOE], 0] -= 200.0
        return replace(pose, xy_px=xy)

    watched = Watched()
    watched.run(0.0, 3.0)
    assert of(CONTACT, watched.run(3.1, 3.8, change=behind)) == []


def test_who_is_forgotten_is_learnt_afresh() -> None:
    watched = Watched()
    watched.run(0.0, 3.0)
    assert watched.detector.phase is Phase.STANCE
    watched.detector.reset()
    watched.memory.clear()
    assert watched.detector.phase is Phase.AWAITING_SWING
    assert watched.detector.planted_px_per_s is None
    assert watched.detector.last_stance_px_per_s is None
    # Seen first in the middle of a stance, it does not leave: it was not seen landing.
    assert of(TOE_OFF, watched.run(3.0, 3.4)) == []
    fresh = Watched()
    fresh.run(3.0, 3.4)
    assert watched.run(3.4, 7.0) == fresh.run(3.4, 7.0)


def test_after_a_pause_the_speed_of_before_no_longer_counts() -> None:
    watched = Watched()
    watched.run(0.0, 3.0)
    assert watched.detector.planted_px_per_s is not None
    watched.run(3.0, 7.0, change=lost(3.05, 6.05))
    told = of(CONTACT, watched.events)
    assert max(np.diff(told)) > 2.0
    before = [t for t in told if t < 3.0]
    assert len(told) - len(before) == 1
    # The new one has been learnt from one stance, whatever the seven before were.
    assert watched.detector.last_stance_px_per_s == watched.detector.planted_px_per_s


def test_who_stands_is_not_watched_for_steps() -> None:
    watched = Watched()
    watched.puppet = Puppet(stopped=(0.0, 99.0))
    assert watched.run(0.0, 4.0) == []
    assert watched.detector.phase is Phase.AWAITING_SWING


@pytest.mark.parametrize(
    ("markers", "near", "sigma_s"),
    [(True, True, 0.0025), (True, False, 0.0025), (False, True, 0.003), (False, False, 0.0038)],
)
def test_an_event_is_as_uncertain_as_its_source_and_as_the_widest_gap(
    markers: bool, near: bool, sigma_s: float
) -> None:
    watched = Watched(markers=markers, near=near)
    told = watched.run(0.0, 3.0, 150.0)
    peaks = [event.sigma_s for event in told if event.kind is PEAK]
    steady_s = np.hypot(sigma_s, 2.7 / 150**2)
    assert peaks == pytest.approx([steady_s] * len(peaks))
    # 60 ms without a frame before the peak at 3.08.
    told = watched.run(3.0, 3.2, 150.0, change=lost(3.0, 3.055))
    (peak,) = (event for event in told if event.kind is PEAK)
    assert peak.sigma_s == pytest.approx(np.hypot(steady_s, 0.25 * (0.06 - 1 / 150)), rel=0.1)


@pytest.mark.parametrize(("fps", "slow_s"), [(60.0, 0.00075), (30.0, 0.003), (18.0, 0.0083)])
def test_a_slow_camera_tells_an_event_worse_than_in_proportion(fps: float, slow_s: float) -> None:
    told = Watched().run(0.0, 4.0, fps)
    peaks = [event.sigma_s for event in told if event.kind is PEAK]
    assert peaks == pytest.approx([np.hypot(0.003, slow_s)] * len(peaks), rel=0.02)


def test_markers_are_sharp_enough_without_the_usual_delay() -> None:
    watched = Watched(markers=True)
    told = of(CONTACT, watched.run(0.0, 4.0, 150.0))
    assert [t % STRIDE_S for t in told] == pytest.approx([STRIDE_S - 0.017] * len(told), abs=0.001)
