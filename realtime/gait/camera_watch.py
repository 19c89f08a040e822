"""Notices that the camera was moved, by the pose alone: the whole body turns or jumps at once.

A camera that is knocked rolls head, trunk, thighs, shanks and feet the same way, by the same
angle, faster than a runner can. So every part of the body is compared with what it was one
stride ago, when the runner was at the same point of the stride (while they stand: a moment
ago), and every frame with the one before: nobody gets from here to there in a sixtieth of a
second. Whoever leans turns the trunk and not the feet; a pelvis that tilts turns neither.

A camera that always hung crooked is no fault: the standing neutral makes up for it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from hipcue.realtime.gait.body_comparison import FEET, Comparison
from hipcue.realtime.gait.body_parts import SHORT_S, PartsBuffer
from hipcue.realtime.records import Pose

# A frame shows the whole body elsewhere than the one before by this part of its height, and
# by this part a second besides: it jumped. Our choices: head, shoulders, hips, knees and ankles
# of eight films of 30 to 60 fps went the same way by 0.015 at the most; nobody's whole body
# rises, falls or drifts by 1.8 m/s in running.
_JUMP, _JUMP_PER_S = 0.02, 1.0
# After a longer gap nobody can say how the body got there; our choice.
_GAP_S = 0.3
# Trunk and legs both turned by more than this, degrees: in the last quarter of a second, which
# shows a large turn soon, or over a whole stride, which shows a small one. Our choices: in
# eight films (one of a real runner) they turned together by 1.7 and 1.0 at the most.
_TURNED_SOON_DEG, _TURNED_DEG = 2.5, 1.6
_TURNED_BEFORE_DEG = 3.0  # In the first strides, in which runners change more.
# Less than this is calm: the turn began after such a look; our choice, above the films' usual.
_CALM_DEG = 0.8
# Trunk and legs must agree to so much, degrees and share of the turn; feet that turn less than
# this share of a large turn do not turn with it. Our choices, tuned on the same films turned
# by 3 and 6 degrees at any instant: parts of the body differ by less.
_AGREE_DEG, _AGREE_SHARE = 1.2, 0.4
_FEET_SHARE, _FEET_ASKED_DEG = 0.25, 3.5
# Thighs and shanks must each turn by this share of it at least. Our choice: 0.5 and more in the
# films turned by known angles.
_LEG_SHARE = 0.3
# Legs that are apart by less than this on average, degrees, do not run yet; our choice: 20 and
# more in the films.
_LEAST_SWINGS_DEG = 10.0
# The legs must be at the same point of the stride as one stride ago, or nothing can be said:
# their angle to each other differs by less, degrees. Our choice: 20 at the most in the films.
_IN_STEP_DEG = 22.0
# And they must swing about as far: who begins to run leans forwards as a whole. Our choices.
_AS_FAR_DEG, _AS_FAR_SHARE = 4.0, 0.15
# All parts grew or shrank by this share at least, and by this in the middle: the picture was
# zoomed, or the runner went nearer or further. Our choices: 0.016 at the most in the films.
_ZOOMED_EACH, _ZOOMED = 0.025, 0.05
# How often is looked, and what "one stride ago" is for somebody who stands; our choices.
_LOOK_S, _STANDING_S = 0.06, 0.6
# When the first strides are believed so much of the past is looked at, in these steps: the
# frames that are still kept; our choices.
_BEHIND_S, _BEHIND_STEP_S = 2.6, 0.1
# A turn is measured once it is over: both halves of a stride agree to this. Otherwise it is
# tried again for so long. Our choices.
_OVER_DEG, _TRIED_S = 1.5, 2.5
# What a measured turn is off by, apart from how far trunk and legs differ: our choice, films
# turned by known angles.
_TURN_SIGMA_DEG = 0.8


class MoveKind(Enum):
    """What happened to the picture."""

    JUMPED = "the body is elsewhere from one frame to the next"
    ZOOMED = "all parts of the body grew or shrank"
    TURNED = "all parts of the body turn; by how much is not known yet"
    MEASURED = "by how much they turned"
    NOT_MEASURED = "by how much they turned cannot be told"


@dataclass(frozen=True, slots=True)
class CameraMove:
    """Something that the picture did and the runner did not.

    Attributes
    ----------
    kind : MoveKind
        What.
    since_s, until_s : float
        Between these times.
    turn_deg, sigma_deg : float
        By how much the body turned counterclockwise as the picture shows it, and the standard
        uncertainty of that. Of a turn that was measured.
    """

    kind: MoveKind
    since_s: float
    until_s: float
    turn_deg: float = 0.0
    sigma_deg: float = 0.0

    @property
    def counts(self) -> bool:
        """Whether a turn that was measured is one: less was the runner's own doing."""
        return abs(self.turn_deg) > _CALM_DEG


class CameraWatch:
    """Compares every pose with those before. It takes them as the pose source saw them."""

    def __init__(self) -> None:
        self._parts = PartsBuffer()
        self.forget()

    def forget(self) -> None:
        """Begin anew, as with somebody else or in a picture of another size."""
        self._parts.clear()
        self._looked_s = -math.inf
        self._calm_s = -math.inf
        self._trusted_s = -math.inf
        self._noticed_s = -math.inf
        self._turned: CameraMove | None = None

    def add_pose(self, pose: Pose, stride_s: float | None) -> CameraMove | None:
        """Take a pose; say what the picture did, if anything.

        Parameters
        ----------
        pose : Pose
            Of somebody; times run forwards.
        stride_s : float or None
            How long the runner's strides last, while they run.
        """
        now, before_s = pose.t_capture_s, self._parts.newest_s
        jumped = self._parts.add_pose(pose, _JUMP + _JUMP_PER_S * (now - before_s))
        if now - before_s > _GAP_S:
            self._trusted_s = self._calm_s = now
            if self._turned is not None:
                return self._give_up(now)
        elif jumped:
            return CameraMove(MoveKind.JUMPED, before_s, now)
        if now - self._looked_s < _LOOK_S - 1e-6:
            return None
        lag_s = stride_s
        if lag_s is None and self._parts.stands_still(2 * _STANDING_S):
            lag_s = _STANDING_S
        self._looked_s = now
        if self._turned is not None:
            return self._measure(now, lag_s)
        return None if lag_s is None else self._look(now, lag_s, stands=stride_s is None)

    def look_behind(self, stride_s: float, ran_from_s: float) -> CameraMove | None:
        """Look at what went before the first strides, once it is known how long they last.

        `ran_from_s` is the contact of the first of them: it is compared with the stride before
        it at the most, as who begins to run changes all of the body.
        """
        now = self._parts.newest_s
        at_s = max(now - _BEHIND_S, ran_from_s + SHORT_S)
        while self._turned is None and at_s < now:
            move = self._look(at_s, stride_s, stands=False, least_deg=_TURNED_BEFORE_DEG)
            if move is not None:
                return move
            at_s += _BEHIND_STEP_S
        return None

    def _look(
        self, now: float, lag_s: float, stands: bool, least_deg: float = _TURNED_SOON_DEG
    ) -> CameraMove | None:
        """Compare with one stride ago."""
        soon = self._compared(now, SHORT_S, lag_s)
        if soon is None:
            return None
        turned_deg = _together_deg(soon, stands)
        if turned_deg < _CALM_DEG:
            self._calm_s = now
            if soon.grown < _ZOOMED / 2:
                return None
        whole = self._compared(now, lag_s, lag_s)
        turned = turned_deg > least_deg
        if whole is not None:
            least_deg *= _TURNED_DEG / _TURNED_SOON_DEG
            turned |= _together_deg(whole, stands) > least_deg
        if turned:
            since_s = max(min(self._calm_s, now - _LOOK_S) - _LOOK_S, now - 2 * lag_s)
            self._turned = CameraMove(MoveKind.TURNED, since_s, now)
            self._noticed_s = self._parts.newest_s
            return self._turned
        if whole is not None and _zoomed(whole):
            self._trusted_s = now - _LOOK_S
            return CameraMove(MoveKind.ZOOMED, now - lag_s, now)
        return None

    def _compared(self, now: float, window_s: float, lag_s: float) -> Comparison | None:
        """Compare with so long ago; None while the legs are not at the same point."""
        if now - window_s - lag_s < self._trusted_s:
            return None
        found = self._parts.compare(now, window_s, lag_s)
        if found is None or not found.legs_deg < _IN_STEP_DEG:
            return None
        low, high = sorted(found.swings_deg)
        return found if high - low < _AS_FAR_DEG + _AS_FAR_SHARE * low else None

    def _measure(self, now: float, lag_s: float | None) -> CameraMove | None:
        """Measure the turn once it is over: the last stride against the one before it began."""
        assert self._turned is not None
        since_s, seen_s = self._turned.since_s, self._turned.until_s
        if now - self._noticed_s > _TRIED_S:
            return self._give_up(now)
        if lag_s is None or now - lag_s < seen_s:
            return None
        ago_s = math.ceil((now - since_s) / lag_s) * lag_s
        whole = self._compared(now, lag_s, ago_s)
        late = self._compared(now, lag_s / 2, ago_s)
        early = self._compared(now - lag_s / 2, lag_s / 2, ago_s)
        if whole is None or late is None or early is None:
            return None
        if abs(late.turn_deg - early.turn_deg) > _OVER_DEG:
            return None
        self._turned = None
        self._trusted_s = self._calm_s = now - lag_s
        apart_deg = abs(whole.trunk_deg - whole.lower_deg)
        sigma_deg = math.hypot(_TURN_SIGMA_DEG, apart_deg / 2)
        return CameraMove(MoveKind.MEASURED, since_s, now - lag_s, whole.turn_deg, sigma_deg)

    def _give_up(self, now: float) -> CameraMove:
        assert self._turned is not None
        since_s = self._turned.since_s
        self._turned = None
        self._trusted_s = self._calm_s = now
        return CameraMove(MoveKind.NOT_MEASURED, since_s, now)


def _together_deg(found: Comparison, stands: bool) -> float:
    """By how much trunk and legs turned together at least; 0 where they did not."""
    trunk, legs, feet = found.trunk_deg, found.lower_deg, found.parts_deg[FEET]
    if trunk * legs <= 0.0:
        return 0.0
    least = min(abs(trunk), abs(legs))
    # The mean of thighs and shanks can go the trunk's way while they go opposite ways, as when
    # somebody begins to run.
    way = math.copysign(1.0, trunk)
    if any(part * way < _LEG_SHARE * least for part in found.parts_deg[1:FEET]):
        return 0.0
    if not stands and max(found.swings_deg) < _LEAST_SWINGS_DEG:
        return 0.0
    if abs(trunk - legs) > _AGREE_DEG + _AGREE_SHARE * least:
        return 0.0
    asked = stands or least > _FEET_ASKED_DEG
    # Feet that were not seen do not contradict: nothing is smaller than NaN.
    if asked and feet * way < _FEET_SHARE * least:
        return 0.0
    return least


def _zoomed(found: Comparison) -> bool:
    """Whether all parts of the body grew, or all shrank."""
    least, middle, most = sorted(scale - 1.0 for scale in found.scales)
    each = least if least > 0.0 else -most
    return each > _ZOOMED_EACH and abs(middle) > _ZOOMED
