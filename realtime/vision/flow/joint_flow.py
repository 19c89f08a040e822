"""Follows the joints from one picture to the next by sparse optical flow.

Lucas-Kanade with pyramids follows points of every segment forwards and back again; a point
that does not come back to where it was is left out. What remains is weighed against where the
joints would be had they gone on as before, with bones that keep their length: the estimate is
that of weighted least squares, reweighed against outliers (a point of the far leg that went
on with the near one), and its covariance says how sure it is. A joint that is not sure enough
is missing.

Sources: Lucas and Kanade 1981; Bouguet 2001 (pyramids); Kalal et al. 2010 (forward-backward
error); Cauchy weights after Holland and Welsch 1977.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.records import JOINT_COUNT, Side
from hipcue.realtime.vision.flow.least_squares import Bones, solve
from hipcue.realtime.vision.flow.skeleton import (
    ACCELERATIONS,
    LEG_SEGMENTS,
    LEGS,
    OF_LEG,
    POINTS,
    Floats,
)

Picture = NDArray[np.uint8]
Singles = NDArray[np.float32]

# The body is followed in a picture in which it is at most so high, px; our choice: fine enough
# for a foot, and half the time of 540.
_HEIGHT_PX = 300.0
# The part of the picture around the joints that is looked at, body heights to each side.
_AROUND = 0.15
# Window and levels of the pyramid: a foot goes 0.1 body heights between two pictures.
_WINDOW, _LEVELS = (17, 17), 3
_CRITERIA = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 15, 0.03)
# A point that comes back further away from where it was is left out; body heights. Our choice.
_COMES_BACK = 0.006
# And one whose surroundings differ by more than so many grey levels on average. Our choice: 25
# to 34 in one of twenty that came back, in eight films.
_LOOKS_LIKE = 30.0
# Lengths are in body heights. What a point that came back is off by: our choice, what the joints
# of the model leave in eight films, less the model's own noise.
_POINT_SIGMA = 0.004
# The model's own noise between two pictures, of which the speed is made.
_SEEN_SIGMA = 0.004
# Of a joint whose speed is not known; body heights per s: a foot in full swing.
_ANY_SPEED = 4.0
# Whatever is nearer than this to the middle of the other leg may be behind it: half of a leg,
# and half of what is looked at around a point.
_LEG_WIDTH = 0.05
# Legs that go together: they differ by less from picture to picture, body heights. Our choice:
# three times the model's noise; legs that pass each other differ by 0.03 at 60 pictures a second.
_TOGETHER = 0.006
# A joint that is less sure than this is missing; our choice.
_SURE = 0.012


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """Where the joints went.

    Attributes
    ----------
    xy_px : ndarray, shape (JOINT_COUNT, 2)
        In the new picture; NaN where a joint was lost.
    sigma_px : ndarray, shape (JOINT_COUNT,)
        Standard uncertainty of the way since the picture before, in each direction.
    """

    xy_px: Floats
    sigma_px: Floats


def follow(
    before: Picture,
    now: Picture,
    xy_px: Floats,
    speed_px_per_s: Floats,
    dt_s: float,
    body_px: float,
    behind: tuple[Side, ...] = (),
) -> Followed:
    """Follow joints from one picture to the next.

    Parameters
    ----------
    before, now : ndarray of uint8, shape (height, width, 3)
        The two pictures, of the same size.
    xy_px : ndarray, shape (JOINT_COUNT, 2)
        The joints in the picture before; NaN where not seen.
    speed_px_per_s : ndarray, shape (JOINT_COUNT, 2)
        How fast they went; NaN where not known.
    dt_s : float
        Time between the pictures.
    body_px : float
        Height of the body in the picture.
    behind : tuple of Side
        Legs that the other leg may hide.
    """
    seen = ~np.isnan(xy_px[:, 0])
    went = np.nan_to_num(speed_px_per_s * dt_s)
    lost = Followed(np.full_like(xy_px, np.nan), np.full(JOINT_COUNT, np.nan))
    part = _Part.around(xy_px, went, body_px, now.shape)
    if part is None:
        return lost
    places = POINTS @ np.nan_to_num(xy_px)
    known = (POINTS[:, ~seen] == 0.0).all(axis=1)
    for side in () if _go_together(speed_px_per_s * dt_s, body_px) else behind:
        known &= ~(OF_LEG[side] & _covered(places, xy_px, side.other, body_px))
    if not known.any():  # Each may be behind another.
        return lost
    first, second = part.cut(before), part.cut(now)
    moved, sigma = _points(first, second, part, places[known], (POINTS @ went)[known], body_px)
    still_sigma = np.where(np.isnan(speed_px_per_s[:, 0]), _ANY_SPEED * dt_s, _SEEN_SIGMA)
    # In body heights from here on.
    way, way_sigma = solve(
        mixed=POINTS[known],
        moved=moved / body_px,
        sigma=sigma / body_px,
        expected=went / body_px,
        expected_sigma=np.hypot(ACCELERATIONS * dt_s**2, still_sigma),
        bones=Bones.between(np.nan_to_num(xy_px) / body_px, went / body_px, seen),
    )
    sure = seen & (way_sigma < _SURE)
    xy = np.where(sure[:, None], xy_px + way * body_px, np.nan)
    return Followed(xy, np.where(sure, way_sigma * body_px, np.nan))


def _go_together(way_px: Floats, body_px: float) -> bool:
    """Whether both legs go the same way, as of somebody who stands: it is all the same then."""
    left, right = (way_px[LEGS[side]] for side in Side)
    # Where a way is not known, nothing is.
    return bool((np.abs(left - right) < _TOGETHER * body_px).all())


def _covered(places: Floats, xy_px: Floats, by: Side, body_px: float) -> NDArray[np.bool_]:
    """Which places are on a leg as wide as legs are."""
    first, second = xy_px[LEG_SEGMENTS[by]].transpose(1, 0, 2)
    along = second - first
    square = np.maximum((along**2).sum(axis=1), 1e-9)
    offset = places[:, None] - first
    share = np.clip((offset * along).sum(axis=2) / square, 0.0, 1.0)
    away = np.linalg.norm(offset - share[:, :, None] * along, axis=2)
    # A joint that was not seen covers nothing: NaN is not less.
    return np.asarray((away < _LEG_WIDTH * body_px).any(axis=1))


@dataclass(frozen=True, slots=True)
class _Part:
    """The part of the picture around the runner, and how much smaller it is looked at."""

    x: int
    y: int
    right: int
    bottom: int
    scale: float

    @classmethod
    def around(
        cls, xy_px: Floats, went: Floats, body_px: float, shape: tuple[int, ...]
    ) -> _Part | None:
        both = np.vstack([xy_px, xy_px + went])
        both = both[~np.isnan(both[:, 0])]
        if len(both) == 0:
            return None
        low = np.maximum(both.min(axis=0) - _AROUND * body_px, 0).astype(int)
        high = np.minimum(both.max(axis=0) + _AROUND * body_px, (shape[1], shape[0])).astype(int)
        if (high - low < 32).any():
            return None
        (x, y), (right, bottom) = low.tolist(), high.tolist()
        return cls(x, y, right, bottom, min(1.0, _HEIGHT_PX / body_px))

    def cut(self, image_bgr: Picture) -> Picture:
        """Return it in grey."""
        cut = image_bgr[self.y : self.bottom, self.x : self.right]
        gray = cv2.cvtColor(cut, cv2.COLOR_BGR2GRAY)
        if self.scale < 1.0:
            # By area costs ten times as much, and is worth it where pixels would be left out.
            how = cv2.INTER_LINEAR if self.scale > 0.5 else cv2.INTER_AREA
            gray = cv2.resize(gray, None, fx=self.scale, fy=self.scale, interpolation=how)
        return cast(Picture, gray)

    def into(self, xy_px: Floats) -> Singles:
        there = (xy_px - (self.x, self.y) + 0.5) * self.scale - 0.5
        return there.astype(np.float32).reshape(-1, 1, 2)


def _points(
    first: Picture, second: Picture, part: _Part, places: Floats, went: Floats, body_px: float
) -> tuple[Floats, Floats]:
    """Follow points; return their ways and standard uncertainties (infinite where lost), px."""
    begin = part.into(places)
    guess = part.into(places + went)
    there, found = _tracked(first, second, begin, guess)
    # The way back begins as far off as the way there did, not with the answer.
    back, found_back = _tracked(second, first, there, begin + (guess - there))
    away = np.linalg.norm((back - begin)[:, 0], axis=1) / part.scale
    good = found & found_back & (away < _COMES_BACK * body_px)
    sigma = np.where(good, np.hypot(_POINT_SIGMA * body_px, away), np.inf)
    return (there - begin)[:, 0].astype(np.float64) / part.scale, sigma


def _tracked(
    first: Picture, second: Picture, begin: Singles, guess: Singles
) -> tuple[Singles, NDArray[np.bool_]]:
    """Return where points went, and which of them look there as they did."""
    there, found, differs = cv2.calcOpticalFlowPyrLK(
        first,
        second,
        begin,
        guess.copy(),  # It is overwritten.
        winSize=_WINDOW,
        maxLevel=_LEVELS,
        criteria=_CRITERIA,
        flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
    )
    alike = (found[:, 0] == 1) & (differs[:, 0] < _LOOKS_LIKE)
    return cast(Singles, there), cast("NDArray[np.bool_]", alike)
