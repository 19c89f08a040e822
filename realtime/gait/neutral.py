"""The runner's own zero: how they stand, side-on and still.

A pose model puts the hip a few centimetres off, always the same way for one body, so a
thigh that hangs straight reads several degrees. Standing still tells by how much; it is
taken off everything measured afterwards, and with it a tilted camera.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from statistics import median

import numpy as np

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.gait.fits import FloatArray, known_median
from hipcue.realtime.gait.pose_buffer import PoseBuffer, Stretch, joint
from hipcue.realtime.gait.segment_angles import ankle_angle_deg, body_line_deg, trunk_deg
from hipcue.realtime.gait.standing_zero import StandingZero
from hipcue.realtime.records import Joint, Measurement, Side

# How long the runner must stand for the neutral, and how still. Our choices: three
# seconds are asked for; two still ones are enough, tuned on six standing trials.
STANDING_S = 2.0
_STILL = 0.006  # body heights, standard deviation of any leg joint
_STRAIGHT_DEG = 16.0  # a standing thigh is nearer to the vertical than this
_STRAIGHT_KNEE_DEG = 25.0
# Shoulders further apart than this share of the body height: not side-on. Our choice: they
# are about a quarter of the height apart from the front.
_SIDE_ON = 0.11
# A wrist this far ahead of the hip, or this far above it, is out of the way; our choices.
_BESIDE, _ABOVE = 0.06, 0.08

# Without a neutral: what MediaPipe's full model reads for a thigh that hangs straight.
# Mean and spread over seven rendered standing bodies; a real body may differ.
_MODEL_THIGH_DEG = Measurement(2.4, 2.0)


@dataclass(frozen=True, slots=True)
class Neutral:
    """What the standing runner reads, to be taken off. Angles in degrees, per side.

    It was taken from `since_s` to `t_s`. `measured` is False for the values that are
    assumed when nobody stood still. `line_deg` is the line from shoulders to ankles, as a
    thigh is measured; None where it was not seen. `turned_deg` is by how much the
    camera's turning since then leans everything forwards, taken up in the zeros already, and
    `turned_sigma_deg` what it adds to the uncertainty of all that is measured against the
    vertical. `outer_sigma_deg` is what a thigh is less sure by for knees that markers tell by
    their outside alone.
    """

    since_s: float
    t_s: float
    thigh_deg: Mapping[Side, float]
    knee_deg: Mapping[Side, float]
    ankle_deg: Mapping[Side, float]
    trunk_deg: float | None
    height_px: float | None
    sigma_deg: float
    measured: bool
    line_deg: float | None = None
    turned_deg: float = 0.0
    turned_sigma_deg: float = 0.0
    outer_sigma_deg: float = 0.0

    def turned(self, forward_deg: float, sigma_deg: float) -> Neutral:
        """Return the zero in a picture in which everything turned forwards by so much."""
        return replace(
            self,
            thigh_deg={side: deg + forward_deg for side, deg in self.thigh_deg.items()},
            trunk_deg=None if self.trunk_deg is None else self.trunk_deg + forward_deg,
            line_deg=None if self.line_deg is None else self.line_deg + forward_deg,
            sigma_deg=math.hypot(self.sigma_deg, sigma_deg),
            turned_deg=self.turned_deg + forward_deg,
            turned_sigma_deg=math.hypot(self.turned_sigma_deg, sigma_deg),
        )


def assumed_neutral(markers: bool, standing: StandingZero | None = None) -> Neutral:
    """Return the zero used before anybody stood: the model's own, or a standing trial's.

    Markers without a standing trial have none.
    """
    offset, sigma = _MODEL_THIGH_DEG.value or 0.0, _MODEL_THIGH_DEG.sigma or 0.0
    thigh = 0.0 if markers else offset
    return Neutral(
        since_s=-np.inf,
        t_s=-np.inf,
        thigh_deg=dict.fromkeys(Side, thigh),
        knee_deg=dict.fromkeys(Side, 0.0),
        ankle_deg={} if standing is None else standing.ankle_deg,
        trunk_deg=None if standing is None else standing.trunk_deg,
        outer_sigma_deg=0.0 if standing is None else standing.outer_sigma_deg,
        height_px=None,
        sigma_deg=0.3 if markers else sigma,
        measured=False,
    )


class NeutralRequest(Enum):
    """Whether a neutral is wanted, and how far it is.

    It begins as WAITING, and again whenever somebody asks for a new neutral. Only standing
    ends the waiting, so that a runner can be asked while they run. STANDING has a neutral
    that gets better for as long as they stand. DONE once they have moved on.
    """

    WAITING = "waiting"
    STANDING = "standing"
    DONE = "done"


class NeutralTracker:
    """Notices somebody who stands still and side-on, and measures them while it lasts.

    Attributes
    ----------
    request : NeutralRequest
        Whether a neutral is wanted.
    since_s : float or None
        Since when they have been standing; None while they move.
    trouble : Reason or None
        What keeps them from a neutral.
    """

    def __init__(self) -> None:
        self.request = NeutralRequest.WAITING
        self.since_s: float | None = None
        self.trouble: Reason | None = None

    def ask(self) -> None:
        """Want a neutral, or another one."""
        self.request = NeutralRequest.WAITING

    def forget_standing(self) -> None:
        """Count the time of standing from the next frame on."""
        self.since_s = None

    def add_frame(self, memory: PoseBuffer, body_px: float) -> Neutral | None:
        """Look at the newest frame of `memory` while a neutral is wanted.

        Returns a neutral once they have stood for long enough; the longer, the better it is.
        """
        if self.request is NeutralRequest.DONE:
            return None
        neutral = self._measure_standing(memory, body_px)
        if neutral is not None:
            self.request = NeutralRequest.STANDING
        elif self.request is NeutralRequest.STANDING and self.since_s is None:
            self.request = NeutralRequest.DONE
        return neutral

    def progress_at(self, now: float) -> float | None:
        """Share of the standing time that has passed, 0 to 1.

        None while they move, and while no neutral is wanted.
        """
        if self.since_s is None or self.request is NeutralRequest.DONE:
            return None
        return float(min((now - self.since_s) / STANDING_S, 1.0))

    def _measure_standing(self, memory: PoseBuffer, body_px: float) -> Neutral | None:
        now = memory.newest_s
        frames = memory.stretch(now - 0.5)
        code = _trouble(frames, body_px) if len(frames.t) >= 5 else ReasonCode.SEEN_TOO_BRIEFLY
        self.trouble = None if code is None else Reason(code)
        if self.trouble is not None:
            self.since_s = None
            return None
        if self.since_s is None:
            self.since_s = float(frames.t[0])
        if now - self.since_s < STANDING_S:
            return None
        return _measure(memory.stretch(max(self.since_s, now - 3.0)))


def _trouble(frames: Stretch, body_px: float) -> ReasonCode | None:
    """What is wrong with how they stand; None when nothing is."""
    xy = frames.xy
    joints = [Joint.of(s, n) for s in Side for n in ("hip", "knee", "ankle")]
    path = xy[:, joints]
    unseen = np.isnan(path)
    # A joint that is never seen would leave its leg without a zero.
    if unseen.mean() > 0.2 or unseen.all(axis=0).any():
        return ReasonCode.LEGS_NOT_SEEN
    if float(np.nanmax(np.nanstd(path, axis=0))) > _STILL * body_px:
        return ReasonCode.MOVING
    width = np.abs(xy[:, Joint.L_SHOULDER, 0] - xy[:, Joint.R_SHOULDER, 0])
    if (known_median(width) or 0.0) > _SIDE_ON * body_px:
        return ReasonCode.STANDS_NOT_SIDE_ON
    for side in Side:
        thigh, knee = frames.thigh_deg(side), frames.knee_flexion_deg(side)
        if (
            abs(known_median(thigh) or 0.0) > _STRAIGHT_DEG
            or abs(known_median(knee) or 0.0) > _STRAIGHT_KNEE_DEG
        ):
            return ReasonCode.LEGS_NOT_STRAIGHT
    return ReasonCode.ARMS_BEFORE_BACK if _arms_low(xy, body_px) else None


def _arms_low(xy: FloatArray, body_px: float) -> bool:
    """Whether a forearm hangs beside the hip, where it hides the back's outline."""
    for side in Side:
        wrist, hip = joint(xy, side, "wrist"), joint(xy, side, "hip")
        gap = wrist - hip
        gap = gap[~np.isnan(gap[:, 0])]
        if len(gap) and (
            median(gap[:, 0].tolist()) < _BESIDE * body_px
            and median(gap[:, 1].tolist()) < _ABOVE * body_px
        ):
            return True
    return False


def _measure(frames: Stretch) -> Neutral | None:
    """Read the zero off somebody who stands; None where a knee was never seen bent or straight."""
    xy = frames.xy
    thighs = _middles({side: frames.thigh_deg(side) for side in Side})
    knees = _middles({side: frames.knee_flexion_deg(side) for side in Side})
    if len(thighs) < 2 or len(knees) < 2:
        return None
    head = known_median(xy[:, [Joint.NOSE, Joint.L_EAR, Joint.R_EAR], 1])
    foot = known_median(xy[:, [Joint.L_HEEL, Joint.R_HEEL], 1])
    return Neutral(
        since_s=float(frames.t[0]),
        t_s=float(frames.t[-1]),
        thigh_deg=thighs,
        knee_deg=knees,
        # Feet may stand below the picture.
        ankle_deg=_middles({side: ankle_angle_deg(xy, side) for side in Side}),
        trunk_deg=known_median(trunk_deg(xy)),
        height_px=None if head is None or foot is None else head - foot,
        sigma_deg=1.0,
        measured=True,
        line_deg=known_median(body_line_deg(xy)),
    )


def _middles(angles: Mapping[Side, FloatArray]) -> dict[Side, float]:
    """Median of each side that was seen."""
    middles = {side: known_median(angle) for side, angle in angles.items()}
    return {side: middle for side, middle in middles.items() if middle is not None}
