"""What the engine saw on the way to strides, so that a run without any can say why."""

from __future__ import annotations

from collections import Counter
from statistics import median

import numpy as np

from hipcue.config.reason_words import with_advice
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.gait.belt_doubt import BELT_DOUBTS
from hipcue.realtime.gait.seen_from import SeenFrom
from hipcue.realtime.gait.why_no_strides import Witness
from hipcue.realtime.records import JOINT_COUNT, EventKind, Joint, Side, StepResult

# A joint that is seen in less than this costs strides; our choice.
_OFTEN = 0.8
# Where there are strides, so many frames are kept to tell why they are none after all.
_FIRST_FRAMES = 2_000
# Who goes faster than this runs, and has a flight; our choices: people begin to run at 2 m/s,
# and landings and toe-offs are known to a hundredth of a second.
_RUNS_MPS, _NO_FLIGHT_S = 2.3, -0.01
_OF_A_STRIDE = ("hip", "knee", "ankle", "heel")
_ELSEWHERE = {
    ReasonCode.RUNS_OVER_GROUND,
    ReasonCode.RUNS_ON_A_BELT,
    ReasonCode.RUNNER_TURNS,
    ReasonCode.RUNS_BACKWARDS,
}
_SIDES = {Side.L: "left", Side.R: "right"}


class Ledger:
    """Counts frames, joints, landings and strides.

    Attributes
    ----------
    frames, seen : int
        Frames, and those with a runner in them.
    strides, landings : int
        Strides measured, and contacts found of both feet.
    elsewhere : Counter of Reason
        Frames with somebody who does not run as the others show, by why.

    Parameters
    ----------
    film : bool
        Whether it is a film, which can be played slowly; of others the frame rate is wrong then.
    """

    def __init__(self, *, film: bool = True) -> None:
        self._film = film
        self.elsewhere: Counter[Reason] = Counter()
        self.frames = self.seen = self.strides = self.landings = 0
        self._witness = Witness()
        self._joints = np.zeros(JOINT_COUNT, dtype=np.int64)
        self._seen_from = SeenFrom()
        self._doubts: list[Reason] = []
        self._flights: list[tuple[float, float]] = []

    def add(self, result: StepResult) -> None:
        """Take what a step found."""
        pose = result.raw_pose
        self.frames += 1
        self.add_found(result)
        if self.strides == 0 or self.frames <= _FIRST_FRAMES:
            self._witness.add_pose(pose)
        if not pose.seen:
            if pose.reason is not None and pose.reason.code in _ELSEWHERE:
                self.elsewhere[pose.reason] += 1
            return
        self.seen += 1
        self._joints += pose.xy_px[:, 0] == pose.xy_px[:, 0]  # NaN is not equal to itself.
        self._seen_from.add(pose)

    def add_found(self, result: StepResult) -> None:
        """Take the events and strides of a step, not its frame."""
        self.strides += len(result.strides)
        self.landings += sum(event.kind is EventKind.CONTACT for event in result.events)
        for stride in result.strides:
            flight_s, mps = (stride.measure(n).value for n in ("flight_time_s", "belt_speed_mps"))
            if flight_s is not None and mps is not None:
                self._flights.append((flight_s, mps))
        doubt = next((n for n in result.notices if n.code in BELT_DOUBTS), None)
        self._doubts += [] if doubt is None else [doubt] * len(result.strides)

    @property
    def begun(self) -> int:
        """Strides that the landings make: one less than there are of each foot."""
        return max(self.landings - 2, self.strides)

    @property
    def from_elsewhere(self) -> bool:
        """Whether nobody was seen upright from the side: what looks like strides is none."""
        return self._seen_from.lies or self._seen_from.from_front

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the strides there are should be read with: hidden joints, a doubted belt."""
        # What a file of markers never has, the file's own remark tells.
        hidden = [f"{n} in {share:.0%}" for n, share in self._shares() if 0.0 < share < _OFTEN]
        lines = [f"of the frames with a runner, seen: {', '.join(hidden)}"] if hidden else []
        lines += [with_advice(r) for r in (self._witness.feet_below, self._overlap()) if r]
        if self._doubts:
            most = Counter(doubt.code for doubt in self._doubts).most_common(1)[0][0]
            said = [doubt for doubt in self._doubts if doubt.code is most]
            doubt = self._of_times(said[len(said) // 2])
            lines.append(
                f"belt speed doubted in {len(self._doubts)} of {self.strides} strides: "
                f"{with_advice(doubt)}"
            )
        return tuple(lines)

    def _overlap(self) -> Reason | None:
        """That a runner has no flight: what was seen goes backwards in time, or walks."""
        if not self._flights:
            return None
        flight_s, mps = (median(values) for values in zip(*self._flights, strict=True))
        if mps < _RUNS_MPS or flight_s > _NO_FLIGHT_S:
            return None
        return Reason(ReasonCode.FEET_OVERLAP, mps=round(mps, 1))

    def _shares(self) -> list[tuple[str, float]]:
        """In which share of the frames with a runner each joint of a stride was seen."""
        return [
            (f"{_SIDES[side]} {name}", self._joints[Joint.of(side, name)] / max(self.seen, 1))
            for name in _OF_A_STRIDE
            for side in Side
        ]

    def why_none(self) -> Reason:
        """Return what stood in the way of strides."""
        return self._of_times(self._witness.why(self.landings))

    def _of_times(self, reason: Reason) -> Reason:
        """Name what can be done about times: only films can be told to be slow motion."""
        if self._film:
            return reason
        match reason.code:
            case ReasonCode.LOOKS_SLOW_MOTION:
                return Reason(ReasonCode.TIMES_LOOK_SLOW, times=reason.value("times") or 0.0)
            case ReasonCode.CADENCE_TOO_SLOW:
                return Reason(ReasonCode.TIMES_LOOK_SLOW, times=reason.value("factor") or 0.0)
            case ReasonCode.LOOKS_FAST_MOTION | ReasonCode.CADENCE_TOO_FAST:
                return Reason(ReasonCode.TIMES_LOOK_FAST, spm=reason.value("spm") or 0.0)
        return reason
