"""What a metric may look at: one stride, measured, in forward and up."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import BeltSource
from hipcue.realtime.gait.fits import FloatArray, fit_line, fit_parabola, fit_reach_s
from hipcue.realtime.gait.hip_centre import (
    HipCentre,
    running_thigh_deg,
    true_hip,
    trunk_zero_deg,
)
from hipcue.realtime.gait.neutral import Neutral
from hipcue.realtime.gait.pelvis_stride import PelvisOverStride
from hipcue.realtime.gait.pose_buffer import joint
from hipcue.realtime.metrics.event_bias import CONTACT_TIME_S
from hipcue.realtime.records import Joint, Measurement, Side

# Pictures further apart than this are too few to see every instant in: 22 a second. Our choice:
# a film of 24 is hardly worse than one of 25, of one of 20 every third toe-off is missed.
_SLOW_S = 1 / 22
# A toe-off that falls into a longer gap is found later, or another instant for it. Our choice,
# tuned on films that hang for 50 to 300 ms.
_BLIND_S, _NEAR_S = 0.09, 0.03
# Whoever looks at an instant looks no further than this, and so many frames.
_REACH_S, _REACH_FRAMES = 0.1, 2.5


@dataclass(frozen=True, slots=True)
class StrideData:
    """One stride of one leg, contact to contact.

    Attributes
    ----------
    side, near : Side, bool
        Whose leg; whether it is the one on the camera's side.
    contact_s, toe_off_s, end_s : float
        Contact, toe-off (None where it was not seen) and the next contact.
    event_sigma_s : float
        Standard uncertainty of one contact.
    peak_s : float or None
        Instant of peak thigh extension.
    other_contact_s, other_toe_off_s : float or None
        First contact of the other foot in the stride, and its last toe-off before the
        stride's own contact or in it.
    t, xy : ndarray
        Frames from a little before the stride to a little after, as in
        `hipcue.realtime.gait.pose_buffer.Stretch`.
    neutral : Neutral
        The runner's zero.
    px_per_m, belt_speed_mps, belt_distance_m : Measurement
        Scale, mean speed and way of the belt.
    pelvis : PelvisOverStride
        The pelvis in this stride.
    hip_centre : HipCentre or None
        Where the body carries its hips; None where the hips are markers.
    frame_s : float
        Usual time from picture to picture.
    untimed : Reason or None
        Why no duration in this stride is to be trusted; None where they are.
    unlike_stance_s : float
        By how much more the stance differs from those before than they vary.
    """

    side: Side
    near: bool
    contact_s: float
    toe_off_s: float | None
    end_s: float
    event_sigma_s: float
    peak_s: float | None
    other_contact_s: float | None
    other_toe_off_s: float | None
    t: FloatArray
    xy: FloatArray
    neutral: Neutral
    px_per_m: Measurement
    belt_speed_mps: Measurement
    belt_distance_m: Measurement
    belt_source: BeltSource
    pelvis: PelvisOverStride
    frame_s: float
    hip_centre: HipCentre | None = None
    untimed: Reason | None = None
    unlike_stance_s: float = 0.0
    _known: dict[str, Measurement] = field(default_factory=dict, init=False)

    @property
    def stride_time_s(self) -> float:
        """Contact to contact."""
        return self.end_s - self.contact_s

    @property
    def by_markers(self) -> bool:
        """Whether the joints come from a file of markers rather than from a pose model."""
        return self.neutral.sigma_deg < 0.5

    @property
    def stance_sigma_s(self) -> float:
        """Standard uncertainty of what lies between a contact and a toe-off of this stride."""
        events_s = math.sqrt(2) * self.event_sigma_s
        return math.hypot(events_s, CONTACT_TIME_S[self.by_markers], self.unlike_stance_s)

    def has(self, name: str) -> bool:
        """Whether a joint of this leg is known at all: a file of markers may tell no knee."""
        path = self.path(name)
        return not self.by_markers or bool((path == path).any())

    def path(self, name: str, side: Side | None = None) -> FloatArray:
        """Path of one joint of this leg (or the other's), shape (n, 2), px, forward and up."""
        return joint(self.xy, side or self.side, name)

    def thigh_deg(self, frames: slice) -> FloatArray:
        """Thigh of this leg behind the vertical in some frames, neutral taken off; shape (n,)."""
        xy = self.xy[frames]
        return running_thigh_deg(xy, self.side, self.near, self.neutral, self.hip_centre)

    def hip(self, frames: slice) -> FloatArray:
        """Path of this leg's hip as the thigh's angle has it, shape (n, 2), px."""
        return true_hip(self.xy[frames], self.side, self.near, self.neutral, self.hip_centre)

    @property
    def trunk_zero_deg(self) -> float | None:
        """What an upright trunk reads; None where nobody stood."""
        return trunk_zero_deg(self.neutral, self.hip_centre)

    @property
    def seen_share(self) -> float:
        """Share of the stride in which hip, knee, ankle and heel of the leg were seen."""
        joints = [Joint.of(self.side, name) for name in ("hip", "knee", "ankle", "heel")]
        forward = self.xy[self.inside()][:, joints, 0]
        if not forward.size:
            return 0.0
        return float(np.count_nonzero(forward == forward) / forward.size)

    def inside(self) -> slice:
        """Which frames belong to the stride itself."""
        first, last = self.t.searchsorted((self.contact_s, self.end_s))
        return slice(int(first), int(last))

    def around(self, t_s: float) -> slice:
        """Which frames are near an instant: all that `value_at` and `peak_of` may look at."""
        reach_s = max(_REACH_S, _REACH_FRAMES * self.frame_s)
        first, last = self.t.searchsorted((t_s - reach_s, t_s + reach_s))
        return slice(int(first), int(last))

    def blind_between(self, start_s: float, end_s: float) -> bool:
        """Whether pictures are missing around or between two instants for too long.

        One of the two, or another one in its place, may not have been seen then.
        """
        first = max(int(self.t.searchsorted(start_s - _NEAR_S)) - 1, 0)
        last = int(self.t.searchsorted(end_s + _NEAR_S)) + 1
        return bool((np.diff(self.t[first:last]) > max(_BLIND_S, 1.5 * self.frame_s)).any())

    def unseen(self, code: ReasonCode) -> Measurement:
        """Missing for that reason, or because there were too few pictures to see it."""
        if self.frame_s > _SLOW_S:
            return Measurement.missing(ReasonCode.TOO_FEW_PICTURES, fps=round(1 / self.frame_s))
        return Measurement.missing(code)

    def once(self, name: str, measure: Callable[[StrideData], Measurement]) -> Measurement:
        """Measure with `measure` the first time, and hand out the same afterwards."""
        if name not in self._known:
            self._known[name] = measure(self)
        return self._known[name]


def value_at(
    t: FloatArray, y: FloatArray, t_s: float, reach_s: float = 0.04, sigma_s: float = 0.0
) -> Measurement:
    """Value of a signal at an instant, by a line through the frames around it.

    `sigma_s` is how well the instant is known: where the signal changes fast, that counts.
    Missing with a reason unless frames within `reach_s` were seen before it and after it.
    """
    near, value = _seen_near(t, y, t_s, reach_s)
    count = len(near)
    if count < 2 or not near[0] <= 0.0 <= near[-1]:
        return Measurement.missing(ReasonCode.LEG_HIDDEN_AT_INSTANT)
    slope, level = fit_line(near, value)
    fit = 0.0 if count == 2 else _spread(value - level - slope * near) / math.sqrt(count)
    return Measurement(level, math.hypot(fit, slope * sigma_s))


def peak_of(t: FloatArray, y: FloatArray, around_s: float, frame_s: float) -> Measurement:
    """Height of the parabola through a signal within 50 ms of its peak; uncertainty of the fit.

    Where the usual time between frames leaves too few of them, a little more of it.
    """
    for reach_s in (0.05, fit_reach_s(frame_s, 0.075)):
        near, value = _seen_near(t, y, around_s, reach_s + 0.002)
        count = len(near)
        if count >= 4:
            curve, slope, level = fit_parabola(near, value)
            if curve >= 0:
                break
            shift = min(max(-slope / (2 * curve), -0.03), 0.03)
            spread = _spread(value - level - (slope + curve * near) * near)
            return Measurement(
                level + (slope + curve * shift) * shift, spread / math.sqrt(max(count - 3, 1))
            )
    return Measurement.missing(ReasonCode.LEG_HIDDEN_AT_PEAK)


def _seen_near(
    t: FloatArray, y: FloatArray, t_s: float, reach_s: float
) -> tuple[FloatArray, FloatArray]:
    """Times from an instant and values of the frames around it that were seen."""
    after = t - t_s
    near = (np.abs(after) <= reach_s) & (y == y)  # NaN is not equal to itself.
    return after[near], y[near]


def _spread(rest: FloatArray) -> float:
    """Root mean square of what a fit leaves."""
    return math.sqrt(float(rest @ rest) / len(rest))
