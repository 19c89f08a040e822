"""Whether the picture is fit for measuring: light, sharp, level, large, whole, side-on."""

from __future__ import annotations

import math
import statistics
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import Frame
from hipcue.realtime.records import Joint, Pose, Side

# Our choices, tuned on rendered runners and a phone film of a real one, which were
# darkened, blurred, turned and scaled on purpose.
DARK_BELOW = 40.0
BLURRED_ABOVE = 0.63
TILTED_ABOVE_DEG = 3.0
SMALL_BELOW_PX = 250.0
TURNED_ABOVE = 0.35
# The picture's level and upright lines must tell the same turn, or perspective made them.
_LINES_AGREE_DEG = 1.5
_LINES_WITHIN_DEG = 20.0
_LINES_WIDTH_PX = 480
_CROPPED = {
    "feet": ReasonCode.FEET_OUT_OF_PICTURE,
    "head": ReasonCode.HEAD_OUT_OF_PICTURE,
}


@dataclass(frozen=True, slots=True)
class ImageQuality:
    """What can be said of one picture; ``None`` where nothing can.

    Attributes
    ----------
    brightness : float or None
        Median grey around the runner, 0 black to 255 white.
    blur : float or None
        Blur of the lower legs, which move fastest: 0 sharp to 1 (Crete 2007).
    roll_deg : float or None
        By how much the camera leans, clockwise positive, from long lines of the room.
    height_px : float or None
        The runner from nose to foot.
    cropped : str
        ``"head"`` or ``"feet"`` when they lie outside of the picture, else empty.
    turned : float or None
        Level distance of the shoulders over the length of the trunk: near 0 from the
        side, about 0.35 from 30 degrees off, 0.7 from the front.
    """

    brightness: float | None
    blur: float | None
    roll_deg: float | None
    height_px: float | None
    cropped: str
    turned: float | None


def picture_facts(frame: Frame, pose: Pose) -> ImageQuality:
    """Measure one picture; takes some 10 ms, so not for every frame of a run."""
    grey = np.asarray(cv2.cvtColor(frame.image_bgr, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    body = _cut(grey, pose, tuple(Joint), 0.05)
    return ImageQuality(
        brightness=None if body is None else float(np.median(body)),
        blur=_leg_blur(grey, pose),
        roll_deg=_roll_deg(grey),
        height_px=_height_px(pose),
        cropped=_cropped(pose),
        turned=_turned(pose),
    )


def advice(facts: Iterable[ImageQuality]) -> list[Reason]:
    """Say what to mend, from one or several pictures (medians), most harmful first."""
    facts = list(facts)
    notices: list[Reason] = []
    for part, code in _CROPPED.items():
        if sum(fact.cropped == part for fact in facts) > 0.1 * len(facts):
            notices.append(Reason(code))
    turned = _median(fact.turned for fact in facts)
    if turned is not None and turned > TURNED_ABOVE:
        notices.append(Reason(ReasonCode.PICTURE_TURNED))
    brightness = _median(fact.brightness for fact in facts)
    if brightness is not None and brightness < DARK_BELOW:
        notices.append(Reason(ReasonCode.PICTURE_DARK))
    blur = _median(fact.blur for fact in facts)
    if blur is not None and blur > BLURRED_ABOVE:
        notices.append(Reason(ReasonCode.PICTURE_BLURRED))
    height_px = _median(fact.height_px for fact in facts)
    if height_px is not None and height_px < SMALL_BELOW_PX:
        notices.append(Reason(ReasonCode.PICTURE_SMALL, px=round(height_px)))
    roll_deg = _median(fact.roll_deg for fact in facts)
    if roll_deg is not None and abs(roll_deg) > TILTED_ABOVE_DEG:
        notices.append(Reason(ReasonCode.PICTURE_TILTED, deg=round(abs(roll_deg))))
    return notices


class ImageQualityMonitor:
    """Advice that does not flicker: looks at a picture now and then and pools the last ones.

    Parameters
    ----------
    every_s : float
        Pictures in between are not looked at.
    pool : int
        How many pictures back the medians reach.
    """

    def __init__(self, every_s: float = 0.5, pool: int = 8) -> None:
        self._every_s = every_s
        self._facts: deque[ImageQuality] = deque(maxlen=pool)
        self._looked_s = -math.inf
        self._notices: tuple[Reason, ...] = ()

    def add_frame(self, frame: Frame, pose: Pose) -> tuple[Reason, ...]:
        """Take the next picture; return what is wrong at present."""
        if pose.seen and frame.t_capture_s - self._looked_s >= self._every_s:
            self._looked_s = frame.t_capture_s
            self._facts.append(picture_facts(frame, pose))
            self._notices = tuple(advice(self._facts))
        return self._notices


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def _cut(
    grey: NDArray[np.uint8], pose: Pose, joints: tuple[Joint, ...], margin: float
) -> NDArray[np.uint8] | None:
    """Cut out the box around joints, widened by a share of its height."""
    points = pose.xy_px[list(joints)]
    points = points[np.isfinite(points).all(axis=1)]
    if len(points) < 3:
        return None
    low, high = points.min(axis=0), points.max(axis=0)
    room = margin * (high[1] - low[1])
    left, top = np.maximum(low - room, 0).astype(int)
    right, bottom = np.maximum(high + room, 0).astype(int)
    box = grey[top:bottom, left:right]
    return box if min(box.shape) >= 16 else None


def _leg_blur(grey: NDArray[np.uint8], pose: Pose) -> float | None:
    """Return the blur of the better seen lower leg.

    A picture that is sharp loses much of its neighbour-to-neighbour change by one more
    blur, a blurred one little: Crete, Dolmiere, Ladret and Nicolas 2007, SPIE 6492.
    """
    legs = [tuple(Joint.of(side, n) for n in ("knee", "ankle", "heel", "toe")) for side in Side]
    leg = max(legs, key=lambda joints: float(pose.confidence[list(joints)].sum()))
    box = _cut(grey, pose, leg, 0.15)
    if box is None:
        return None
    sharp = box.astype(np.float32)
    blurs: list[float] = []
    for axis, kernel in ((0, (1, 9)), (1, (9, 1))):
        change = np.abs(np.diff(sharp, axis=axis))
        after = np.abs(np.diff(np.asarray(cv2.blur(sharp, kernel)), axis=axis))
        total = float(change.sum())
        if total > 0:
            blurs.append(1.0 - float(np.maximum(change - after, 0).sum()) / total)
    return max(blurs, default=None)


def _roll_deg(grey: NDArray[np.uint8]) -> float | None:
    """Return the camera's lean from the level and upright lines of the room."""
    scale = min(1.0, _LINES_WIDTH_PX / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    lines: Any = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(small)[0]
    if lines is None:
        return None
    found = np.asarray(lines, dtype=np.float64).reshape(-1, 4)  # Up to OpenCV 4 in brackets.
    step = found[:, 2:] - found[:, :2]
    length = np.hypot(step[:, 0], step[:, 1])
    angle_deg = np.degrees(np.arctan2(step[:, 1], step[:, 0]))
    leans: list[float] = []
    for zero_deg in (0.0, 90.0):
        off_deg = (angle_deg - zero_deg + 90.0) % 180.0 - 90.0
        long = (np.abs(off_deg) < _LINES_WITHIN_DEG) & (length > _LINES_WIDTH_PX / 16)
        if not long.any():
            return None
        order = np.argsort(off_deg[long])
        weight = np.cumsum(length[long][order])
        middle = int(np.searchsorted(weight, weight[-1] / 2))
        leans.append(float(off_deg[long][order][middle]))
    return sum(leans) / 2 if abs(leans[0] - leans[1]) <= _LINES_AGREE_DEG else None


def _height_px(pose: Pose) -> float | None:
    feet_px = pose.xy_px[[Joint.L_HEEL, Joint.R_HEEL, Joint.L_TOE, Joint.R_TOE], 1]
    top_px = pose.xy_px[Joint.NOSE, 1]
    if not np.isfinite(top_px) or not np.isfinite(feet_px).any():
        return None
    return float(np.nanmax(feet_px) - top_px)


def _cropped(pose: Pose) -> str:
    width_px, height_px = pose.size_px
    for part, joints in (
        ("feet", [Joint.L_HEEL, Joint.R_HEEL, Joint.L_TOE, Joint.R_TOE]),
        ("head", [Joint.NOSE, Joint.L_EAR, Joint.R_EAR]),
    ):
        # NaN compares as inside: what was not seen is not known to be outside.
        x_px, y_px = pose.xy_px[joints].T
        if ((x_px < 0) | (y_px < 0) | (x_px > width_px) | (y_px > height_px)).any():
            return part
    return ""


def _turned(pose: Pose) -> float | None:
    shoulders = pose.xy_px[[Joint.L_SHOULDER, Joint.R_SHOULDER]]
    hips = pose.xy_px[[Joint.L_HIP, Joint.R_HIP]]
    trunk_px = float(np.linalg.norm(shoulders.mean(axis=0) - hips.mean(axis=0)))
    if not math.isfinite(trunk_px) or trunk_px < 1:
        return None
    return float(abs(shoulders[0, 0] - shoulders[1, 0])) / trunk_px
