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

from hipcue.realtime.records import JOINT_COUNT
from hipcue.realtime.vision.flow.skeleton import ACCELERATIONS, BONES, POINTS, Floats

Picture = NDArray[np.uint8]
Singles = NDArray[np.float32]

# The body is followed in a picture in which it is at most so high, px; our choice: fine enough
# for a foot, and half the time of 540.
_HEIGHT_PX = 400.0
# The part of the picture around the joints that is looked at, body heights to each side.
_AROUND = 0.15
# Window and levels of the pyramid: a foot goes 0.1 body heights between two pictures.
_WINDOW, _LEVELS = (17, 17), 3
_CRITERIA = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 15, 0.03)
# A point that comes back further away from where it was is left out; body heights. Our choice.
_COMES_BACK = 0.006
# Lengths are in body heights. What a point that came back is off by: our choice, what the joints
# of the model leave in eight films, less the model's own noise.
_POINT_SIGMA = 0.004
# Outliers weigh less from so many sigmas on; the usual constant of Cauchy's weights.
_CAUCHY = 2.4
_TURNS = 3
# The model's own noise between two pictures, of which the speed is made.
_SEEN_SIGMA = 0.004
# Of a joint whose speed is not known; body heights per s: a foot in full swing.
_ANY_SPEED = 4.0
# By how much a bone seems to get longer or shorter between two pictures.
_BONE_SIGMA = 0.006
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
    """
    seen = ~np.isnan(xy_px[:, 0])
    went = np.nan_to_num(speed_px_per_s * dt_s)
    lost = Followed(np.full_like(xy_px, np.nan), np.full(JOINT_COUNT, np.nan))
    part = _Part.around(xy_px, went, body_px, now.shape)
    if part is None:
        return lost
    first, second = part.cut(before), part.cut(now)
    places = POINTS @ np.nan_to_num(xy_px)
    known = (POINTS[:, ~seen] == 0.0).all(axis=1)
    moved, sigma = _points(first, second, part, places[known], (POINTS @ went)[known], body_px)
    still_sigma = np.where(np.isnan(speed_px_per_s[:, 0]), _ANY_SPEED * dt_s, _SEEN_SIGMA)
    guess_sigma = body_px * np.hypot(ACCELERATIONS * dt_s**2, still_sigma)
    way, way_sigma = _solve(POINTS[known], moved, sigma, went, guess_sigma, xy_px, seen, body_px)
    sure = seen & (way_sigma < _SURE * body_px)
    xy = np.where(sure[:, None], xy_px + way, np.nan)
    return Followed(xy, np.where(sure, way_sigma, np.nan))


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
        gray = cv2.cvtColor(
            image_bgr[self.y : self.bottom, self.x : self.right], cv2.COLOR_BGR2GRAY
        )
        if self.scale < 1.0:
            gray = cv2.resize(
                gray, None, fx=self.scale, fy=self.scale, interpolation=cv2.INTER_AREA
            )
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
    good = (found[:, 0] == 1) & (found_back[:, 0] == 1) & (away < _COMES_BACK * body_px)
    sigma = np.where(good, np.hypot(_POINT_SIGMA * body_px, away), np.inf)
    return (there - begin)[:, 0].astype(np.float64) / part.scale, sigma


def _tracked(
    first: Picture, second: Picture, begin: Singles, guess: Singles
) -> tuple[Singles, NDArray[np.uint8]]:
    there, found, _ = cv2.calcOpticalFlowPyrLK(
        first,
        second,
        begin,
        guess.copy(),  # It is overwritten.
        winSize=_WINDOW,
        maxLevel=_LEVELS,
        criteria=_CRITERIA,
        flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
    )
    return cast(Singles, there), cast("NDArray[np.uint8]", found)


def _solve(
    mixed: Floats,
    moved: Floats,
    sigma: Floats,
    went: Floats,
    guess_sigma: Floats,
    xy_px: Floats,
    seen: NDArray[np.bool_],
    body_px: float,
) -> tuple[Floats, Floats]:
    """Weighted least squares of all joints' ways; returns them and their uncertainties."""
    n = JOINT_COUNT
    prior = 1.0 / guess_sigma**2
    # Bones: the second end goes along the bone as far as the first.
    a, b = BONES.T
    along = xy_px[b] - xy_px[a] + (went[b] - went[a])
    length = np.linalg.norm(along, axis=1)
    held = seen[a] & seen[b] & (length > 1e-6)
    unit = np.where(held[:, None], np.nan_to_num(along) / np.where(held, length, 1.0)[:, None], 0.0)
    rows = np.zeros((len(BONES), 2 * n))
    k = np.arange(len(BONES))
    for axis in (0, 1):
        rows[k, 2 * b + axis] = unit[:, axis]
        rows[k, 2 * a + axis] = -unit[:, axis]
    wanted = np.einsum("ij,ij->i", unit, -(np.nan_to_num(xy_px[b] - xy_px[a])))
    wanted += np.linalg.norm(np.nan_to_num(xy_px[b] - xy_px[a]), axis=1)
    bones = rows.T @ rows / (_BONE_SIGMA * body_px) ** 2
    bones_right = rows.T @ wanted / (_BONE_SIGMA * body_px) ** 2
    # The same numbers for x and y.
    base_right = (prior[:, None] * went).ravel() + bones_right
    weight = 1.0 / sigma**2
    way = went
    for _ in range(_TURNS):
        off = np.linalg.norm(moved - mixed @ way, axis=1) / sigma
        robust = weight / (1.0 + (off / _CAUCHY) ** 2)
        normal = (mixed.T * robust) @ mixed + np.diag(prior)
        whole = bones.copy()
        whole[0::2, 0::2] += normal
        whole[1::2, 1::2] += normal
        right = base_right + (mixed.T @ (robust[:, None] * moved)).ravel()
        way = np.linalg.solve(whole, right).reshape(n, 2)
    cov = np.diagonal(np.linalg.inv(whole)).reshape(n, 2)
    return way, np.sqrt(cov.max(axis=1))
