"""A camera that pans, zooms or is held by hand: how it moved, by what stands still in the room.

Corners beside the runner are followed from a picture that serves as anchor to each later one;
what most of them did together, the camera did. It is taken off the joints, which then lie where
they would in the picture of the anchor: whoever runs on a belt stays where they are. A camera on
a tripod changes nothing, not even the last digit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.records import Pose

# Pictures are compared at about this width; so many corners, so far apart, and so weak against
# the strongest, are followed. Our choices.
_WIDTH_PX, _CORNERS, _APART_PX, _WEAKEST = 480, 120, 8, 0.002
# The runner and the belt beneath them, in body heights around the joints; our choice.
_AROUND = 0.12
# Corners that agree within so many pixels, this share and number of them at least, tell what the
# camera did. Our choices.
_AGREE_PX, _SHARE, _FEWEST = 0.8, 0.5, 7
# Corners of a room lie higher and lower than by this share of the picture's height; our choice.
_BAND = 0.12
# Less than this is the noise of the corners, pixels and share of the size. Our choice: 0.15 and
# 0.001 at the most in films from a tripod.
_STILL_PX, _STILL_SCALE = 0.35, 0.002
# Beyond this, or with less than this share of its corners, an anchor has served. Our choices.
_FAR_PX, _FAR_SCALE, _FEW_LEFT = 30.0, 0.06, 0.7
# While the camera stands, so much time may go by without a look; our choice: one of two
# pictures at 60 fps is enough.
_SELDOM_S = 0.025
# A camera that moves by more than this share of the picture's width, or zooms by this share, is
# worth a word; our choices.
_TOLD, _TOLD_SCALE = 0.01, 0.03

Matrix = NDArray[np.float64]
Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Look:
    """A picture in grey at the width at which they are compared, and where the runner is in it."""

    grey: Grey
    body: tuple[int, int, int, int]


class CameraMotion:
    """Takes the pictures of a film with their poses, in order, and steadies the poses.

    Attributes
    ----------
    moved : bool
        Whether the camera has moved so much that it is worth a word.
    lost : bool
        Whether nobody can say how a camera that moves got to the newest picture.
    stood_for_s : float
        For how long it has not moved.
    """

    def __init__(self) -> None:
        self.moved = self.lost = False
        self._anchor: _Look | None = None
        self._before: _Look | None = None
        self._corners = np.empty((0, 1, 2), np.float32)
        self._followed = 0
        # From the anchor, and from the newest picture, to the first one, in small pixels.
        self._anchor_to_first = self._to_first = _UNMOVED
        self._still, self._looked_s = True, -math.inf
        self.stood_for_s, self._newest_s = 0.0, math.inf

    def steadied(self, grey: Grey, pose: Pose) -> Pose:
        """Return the pose of the next picture as a camera that does not move would see it.

        `grey` is that picture, from `small_grey`.
        """
        self.lost = False
        self.stood_for_s += max(pose.t_capture_s - self._newest_s, 0.0)
        self._newest_s = pose.t_capture_s
        if not self._still or pose.t_capture_s - self._looked_s > _SELDOM_S:
            self._look(_Look(grey, _body(pose, grey)))
            self._looked_s = pose.t_capture_s
        if not pose.seen or self._to_first is _UNMOVED:
            return pose
        return self._taken_off(pose, pose.size_px[0] / grey.shape[1])

    def start_anew(self) -> None:
        """Begin with the next picture: the film was cut."""
        self._anchor = self._before = None
        self._still, self._looked_s = True, -math.inf
        self.stood_for_s = 0.0

    def _look(self, look: _Look) -> None:
        before, self._before = self._before, look
        if self._anchor is None or self._anchor.grey.shape != look.grey.shape:
            self._to_first = _UNMOVED
            self._set_anchor(look)
            return
        moved = self._moved_since(self._anchor, look)
        if moved is None and before is not None and before is not self._anchor:
            self._set_anchor(before)  # Its corners are not so far away yet.
            moved = self._moved_since(before, look)
        if moved is None:
            self.lost = not self._still
            self._set_anchor(look)
            return
        self._still = _is_still(moved, look)
        self.stood_for_s *= self._still
        self._to_first = self._anchor_to_first if self._still else self._anchor_to_first @ moved
        far_px, larger = _size_of(self._to_first, look.grey)
        shift_px, grown = _size_of(moved, look.grey)
        self.moved |= far_px > _TOLD * look.grey.shape[1] or larger > _TOLD_SCALE
        few = self._followed < _FEW_LEFT * len(self._corners)
        if shift_px > _FAR_PX or grown > _FAR_SCALE or few:
            self._set_anchor(look)

    def _set_anchor(self, look: _Look) -> None:
        """Begin to follow corners from a picture, the newest one or that before."""
        self._anchor, self._anchor_to_first = look, self._to_first
        mask = np.full(look.grey.shape, 255, np.uint8)
        left, top, right, bottom = look.body
        mask[top:bottom, left:right] = 0
        found = cv2.goodFeaturesToTrack(look.grey, _CORNERS, _WEAKEST, _APART_PX, mask=mask)
        none = np.empty((0, 1, 2), np.float32)
        self._corners = none if found is None else np.asarray(found, np.float32)

    def _moved_since(self, anchor: _Look, look: _Look) -> Matrix | None:
        """From this picture to the anchor; None where too few corners agree."""
        if len(self._corners) < _FEWEST:
            return None if not self._still else _UNMOVED  # There is nothing to go by.
        # Whether a camera still stands is told by less than how it moves.
        window, levels = (11, 2) if self._still else (15, 3)
        there, found, _ = cv2.calcOpticalFlowPyrLK(
            anchor.grey, look.grey, self._corners, self._guess(), winSize=(window, window),
            maxLevel=levels, flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
        )  # fmt: skip
        left, top, right, bottom = look.body
        x, y = there[:, 0, 0], there[:, 0, 1]
        hidden = (x > left) & (x < right) & (y > top) & (y < bottom)
        known = (found[:, 0] == 1) & ~hidden
        if known.sum() < _FEWEST:
            return None
        matrix, agree = cv2.estimateAffinePartial2D(
            there[known], self._corners[known], ransacReprojThreshold=_AGREE_PX
        )
        if matrix is None or agree.sum() < max(_FEWEST, _SHARE * known.sum()):
            return None
        self._followed = int(agree.sum())
        moved = np.vstack([matrix, (0.0, 0.0, 1.0)])
        low, high = np.percentile(y[known][agree[:, 0] == 1], (10, 90))
        # A moving belt is a band of the picture, and no camera.
        return moved if high - low > _BAND * look.grey.shape[0] or _is_still(moved, look) else None

    def _guess(self) -> NDArray[np.float32]:
        """Where the corners are about: where the camera's last known motion puts them."""
        from_first = np.linalg.inv(self._to_first) @ self._anchor_to_first
        at = self._corners[:, 0] @ from_first[:2, :2].T + from_first[:2, 2]
        return np.ascontiguousarray(at[:, None], np.float32)

    def _taken_off(self, pose: Pose, px: float) -> Pose:
        """Move and scale the joints; what turns, turns with the picture as it always did."""
        matrix = self._to_first
        middle = np.nanmean(pose.xy_px, axis=0)
        scale = float(np.sqrt(np.linalg.det(matrix[:2, :2])))
        there = (matrix[:2, :2] @ (middle / px) + matrix[:2, 2]) * px
        return replace(pose, xy_px=there + scale * (pose.xy_px - middle))


_UNMOVED: Matrix = np.eye(3)


def small_grey(image: NDArray[np.uint8]) -> Grey:
    """The picture in grey at about the width at which pictures are compared."""
    height, width = image.shape[:2]
    block = max(round(width / _WIDTH_PX), 1)  # Whole blocks are much faster.
    size = (max(width // block, 1), max(height // block, 1))
    whole = image[: size[1] * block, : size[0] * block]
    small = whole if block == 1 else cv2.resize(whole, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)


def _body(pose: Pose, grey: Grey) -> tuple[int, int, int, int]:
    """The part of a small picture with the runner in it: left, top, right, bottom."""
    if not pose.seen:
        return 0, 0, 0, 0
    per_px = pose.size_px[0] / grey.shape[1]
    low, high = np.nanmin(pose.xy_px, axis=0) / per_px, np.nanmax(pose.xy_px, axis=0) / per_px
    around = _AROUND * float(high[1] - low[1])
    (left, top), (right, bottom) = np.maximum(low - around, 0), np.maximum(high + around, 0)
    return int(left), int(top), int(right), int(bottom)


def _is_still(matrix: Matrix, look: _Look) -> bool:
    shift_px, grown = _size_of(matrix, look.grey)
    return shift_px < _STILL_PX and grown < _STILL_SCALE


def _size_of(matrix: Matrix, small: Grey) -> tuple[float, float]:
    """How far the middle of the picture moved, pixels, and by which share it grew or shrank."""
    middle = np.array((small.shape[1] / 2, small.shape[0] / 2))
    shift = matrix[:2, :2] @ middle + matrix[:2, 2] - middle
    return float(np.hypot(*shift)), abs(float(np.sqrt(abs(np.linalg.det(matrix[:2, :2])))) - 1.0)
