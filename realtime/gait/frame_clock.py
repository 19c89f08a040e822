"""When the pictures were really taken: repeated ones, and the regular clock behind the stamps.

A camera exposes its pictures at an even pace, but a program that stamps them as they arrive
adds what the way took: 10 ms and more on a busy machine. A phone really does change its pace,
and its stamps are true. The stamps alone do not tell one from the other; the body does
(`hipcue.realtime.gait.body_clock`). Here is kept what a regular clock would say, from the
pictures so far, and chosen between that and the stamps. Nothing waits for it.

A picture that repeats the one before shows nothing new: it is a picture that is missing.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, replace

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.gait.body_clock import BodyClock
from hipcue.realtime.gait.leg_tracker import SettledPose, legs_swapped
from hipcue.realtime.records import Pose

# Joints that stand exactly still for longer than this are a body that stands, not a picture
# that hangs; our choice: longer than what a camera or a film hangs, shorter than a neutral.
_FROZEN_S = 0.5
# The regular clock forgets stamps that are older than so many pictures; our choice: two
# seconds at 60 fps, in which chance of 15 ms averages out to 3.
_REMEMBERS = 120
# A stamp that is off by more than this sets the regular clock anew, as do so many in a row that
# are off by more than half a picture the same way: pictures were lost, or the camera has
# changed its pace. What it knew counts as so many pictures then. Our choices.
_LOST_S, _OFF_IN_A_ROW, _KNOWS = 0.15, 15, 6
# A stamp counts for no more than so many times the usual error: a program that was held up
# stamps several pictures late. Our choice.
_MOST_ERRORS = 2.0
# Stamps that are off by less than this are as good as regular: 60 fps in whole milliseconds.
_REGULAR_S = 0.0015
# How fast the mean error of the stamps follows, per picture; our choice.
_ERROR_SHARE = 1 / 30
# Usual share of a mean absolute error in a standard deviation, whatever its shape.
_SIGMA_OF_MEAN = 1.25
_FEWEST = 12
# A picture whose time is less sure than this leaves an instant near it open, and so many of
# them the stride; jitter of so much is worth a word. Our choices.
_UNSURE_S, _MANY, _TELLS_S, _KEPT_S = 0.008, 3, 0.004, 5.0
# Fewer pictures a second than this deserve a word: of slower cameras (24, and all that lose
# pictures) contacts are missed or unsure.
_FEW_PER_S = 23.5
# Between two pictures there is at least so much time: a camera of 1000 frames a second.
_LEAST_S = 0.0005
# An event is found in pictures so far around it, at most; our choice, as in
# `hipcue.realtime.gait.contact`.
_AROUND_S = 0.06
# A stride in which time was lost is shorter than usual by more than this share of it; our
# choice: strides differ by 1 to 3 %.
_SHORT = 0.4


@dataclass(frozen=True, slots=True)
class FrameTime:
    """When a picture was taken.

    Attributes
    ----------
    pose : Pose
        As it came in, with its stamp.
    regular_s : tuple of float
        As regular clocks have it: one that counts the pictures that were lost on the way, by
        their numbers, and one that counts only those that came.
    t_s : float
        What counts; never before that of the picture before.
    sigma_s : float
        Standard uncertainty of `t_s`; 0 where nothing speaks against it.
    """

    pose: Pose
    regular_s: tuple[float, ...]
    t_s: float
    sigma_s: float

    @property
    def stamp_s(self) -> float:
        """As it was stamped."""
        return self.pose.t_capture_s

    def retimed(self) -> Pose:
        """Return the pose with the time that counts, and what was read off its picture too."""
        pose, t_s = self.pose, self.t_s
        if t_s == pose.t_capture_s:
            return pose
        pelvis = tuple(
            replace(one, t_s=t_s) if one.t_s == pose.t_capture_s else one for one in pose.pelvis
        )
        return replace(pose, t_capture_s=t_s, pelvis=pelvis)

    def stamped(self, pose: Pose) -> Pose:
        """Return a retimed pose, its legs told apart, with its stamp again, as it is recorded."""
        if self.t_s == self.stamp_s:
            return pose
        return replace(pose, t_capture_s=self.stamp_s, pelvis=self.pose.pelvis)


class FrameClock:
    """Follows the stamps of the pictures; asks the body whom to believe.

    Attributes
    ----------
    body : BodyClock
        To be told of every frame whose legs are told apart.
    repeated : int
        Pictures that repeated the one before, so far.
    """

    def __init__(self) -> None:
        self.body = BodyClock()
        self.repeated = 0
        self._joints = b""
        self._changed_s = -math.inf
        self._lines = (_RegularClock(), _RegularClock())
        self._unsure: deque[tuple[float, float]] = deque()
        self._index: int | None = None
        self._newest_s = -math.inf
        self._recent_s: deque[float] = deque(maxlen=_REMEMBERS)

    def repeats(self, pose: Pose) -> bool:
        """Whether a pose is that of the picture before, to be left out."""
        joints = pose.xy_px.tobytes()
        if pose.seen and joints == self._joints:
            hangs = pose.t_capture_s - self._changed_s < _FROZEN_S
            self.repeated += hangs
            return hangs
        # The first picture, and the first of somebody who comes in, has not moved.
        if self._joints and pose.seen:
            self._changed_s = pose.t_capture_s
        self._joints = joints if pose.seen else b""
        return False

    def time_of(self, pose: Pose) -> FrameTime:
        """Return when a picture was taken. To be called once for every one that is new."""
        stamp_s = pose.t_capture_s
        gone_on = 1 if self._index is None else max(pose.index - self._index, 1)
        self._index = pose.index
        self._recent_s.append(stamp_s)
        numbered, counted = self._lines
        numbered.add(stamp_s, gone_on)
        counted.add(stamp_s, 1)
        t_s, sigma_s = stamp_s, 0.0
        best = self.body.regular
        if best is not None and self._lines[best].error_s > _REGULAR_S:
            t_s, sigma_s = self._lines[best].now_s, self._lines[best].sigma_s
        elif best is None and not self.body.stamped and numbered.error_s > _REGULAR_S:
            sigma_s = numbered.error_s  # Nobody has told yet.
        # It has never gone back, whichever of them it is now.
        later_s = max(self._newest_s + _LEAST_S - t_s, 0.0)
        t_s, sigma_s = t_s + later_s, max(sigma_s, later_s)
        self._newest_s = t_s
        if sigma_s > _UNSURE_S:
            self._unsure.append((t_s, sigma_s))
            while t_s - self._unsure[0][0] > _KEPT_S:
                self._unsure.popleft()
        return FrameTime(pose, (numbered.now_s, counted.now_s), t_s, sigma_s)

    @property
    def jitter_s(self) -> float | None:
        """By how much the stamps are off a regular clock; None where they are true."""
        if self.body.stamped or self._lines[0].error_s < _TELLS_S:
            return None
        return self._lines[0].error_s

    def add_settled(self, time: FrameTime, settled: SettledPose, body_px: float) -> None:
        """Take a frame whose legs are told apart."""
        raw_px, seen_px = time.pose.xy_px, settled.pose.xy_px
        if settled.swapped:
            raw_px = legs_swapped(raw_px)
        self.body.add(time.stamp_s, time.regular_s, time.t_s, raw_px, seen_px, body_px)

    def untimed(self, start_s: float, end_s: float, usual_s: float | None) -> Reason | None:
        """Why the times of a stride are not to be trusted; None where they are.

        Parameters
        ----------
        start_s, end_s : float
            Its contacts.
        usual_s : float or None
            How long the strides before lasted, where that is known.
        """
        unsure_s = [sigma_s for t_s, sigma_s in self._unsure if start_s <= t_s <= end_s]
        if len(unsure_s) >= _MANY:
            return Reason(ReasonCode.TIMES_UNSURE, ms=round(1e3 * max(unsure_s)))
        lost_s = self.body.lost_between(start_s - _AROUND_S, end_s + _AROUND_S)
        if lost_s <= 0.0:
            return None
        # Legs that are mixed up jump too; only a stride without some of its time is short.
        short_s = lost_s if usual_s is None else usual_s - (end_s - start_s)
        return Reason(ReasonCode.TIME_LOST) if short_s > _SHORT * lost_s else None

    def remarks(self) -> tuple[Reason, ...]:
        """What is the matter with the pictures' times, in steps that do not flicker."""
        remarks = []
        fps, jitter_s = self.pictures_per_s, self.jitter_s
        if fps is not None and fps < _FEW_PER_S:
            remarks.append(Reason(ReasonCode.FEW_PICTURES, fps=_stepwise(fps)))
        if jitter_s is not None:
            remarks.append(Reason(ReasonCode.STAMPS_JITTER, ms=_stepwise(1e3 * jitter_s)))
        return tuple(remarks)

    @property
    def pictures_per_s(self) -> float | None:
        """Pictures a second that showed something new, lately; None before there are enough."""
        recent = self._recent_s
        if len(recent) < _FEWEST or recent[-1] <= recent[0]:
            return None
        return (len(recent) - 1) / (recent[-1] - recent[0])


def _stepwise(value: float) -> int:
    """The value in steps of a fifth, so that it is told once and not in every picture."""
    return round(1.2 ** round(math.log(max(value, 1.0), 1.2)))


class _RegularClock:
    """A line through the stamps against the pictures' numbers, the newest counting most.

    It is the recursive form of the least-squares line: exact for the first pictures, then
    with a memory of fixed length.

    Attributes
    ----------
    now_s : float
        Where the line is at the newest picture.
    error_s : float
        Standard deviation of the stamps about the line.
    """

    def __init__(self) -> None:
        self.now_s = 0.0
        self.error_s = 0.0
        self._mean_error_s = 0.0
        self._step_s = 0.0
        self._count = 0
        self._off = 0

    @property
    def sigma_s(self) -> float:
        """Standard uncertainty of `now_s`: that of the end of a fitted line."""
        return 2.0 * self.error_s / math.sqrt(max(min(self._count, _REMEMBERS), 4))

    def add(self, stamp_s: float, gone_on: int) -> None:
        """Take the stamp of the picture that is `gone_on` after the last one."""
        if self._count < 2:
            if self._count:
                self._step_s = (stamp_s - self.now_s) / gone_on
            self.now_s = stamp_s
            self._count += 1
            return
        step_s = max(self._step_s, 1e-3)
        expected_s = self.now_s + self._step_s * gone_on
        off_s = stamp_s - expected_s
        way = (off_s > 0.5 * step_s) - (off_s < -0.5 * step_s)
        self._off = self._off + way if self._off * way > 0 else way
        if abs(off_s) > _LOST_S or abs(self._off) >= _OFF_IN_A_ROW:
            self.now_s, self._count, self._off = stamp_s, min(self._count, _KNOWS), 0
            return
        k = min(self._count + 1, _REMEMBERS)
        # The gains of a straight line through k equidistant samples.
        most_s = _MOST_ERRORS * self._mean_error_s + 1e-3 if self._count > _FEWEST else _LOST_S
        counts_s = min(max(off_s, -most_s), most_s)
        self.now_s = expected_s + counts_s * (4 * k - 2) / (k * (k + 1))
        self._step_s += counts_s / gone_on * 6 / (k * (k + 1))
        self._count += 1
        share = max(_ERROR_SHARE, 1 / self._count)
        self._mean_error_s += (abs(off_s) - self._mean_error_s) * share
        self.error_s = _SIGMA_OF_MEAN * self._mean_error_s
