"""Where the joints went, by points that were followed, by what was expected, and by the bones.

Weighted least squares of all joints at once, reweighed against outliers. Lengths are in body
heights, which keeps the numbers near one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.vision.flow.skeleton import BONES, Floats

# Outliers weigh less from so many sigmas on; the usual constant of Cauchy's weights.
_CAUCHY = 2.4
_TURNS = 3
# One outlier counts for no more than this when it is asked how far points contradict each other.
_MOST_SQUARE = 100.0
# By how much a bone seems to get longer or shorter between two pictures; our choice: it turns
# out of the picture's plane meanwhile.
_BONE_SIGMA = 0.006


@dataclass(frozen=True, slots=True, eq=False)
class Bones:
    """What the lengths of the bones say of the ways of their ends, made linear.

    Attributes
    ----------
    rows : ndarray, shape (bones, 2 * joints)
        How each way (x and y of a joint beside each other) changes the length of each bone.
    wanted : ndarray, shape (bones,)
        The change that keeps the length.
    """

    rows: Floats
    wanted: Floats

    @classmethod
    def between(cls, xy: Floats, expected: Floats, seen: NDArray[np.bool_]) -> Bones:
        """Return what the bones between joints say; of joints that were not seen nothing.

        Parameters
        ----------
        xy : ndarray, shape (joints, 2)
            In the picture before, 0 where not seen.
        expected : ndarray, shape (joints, 2)
            The ways that were expected: the direction of each bone is that after them.
        seen : ndarray of bool, shape (joints,)
            Which joints were seen.
        """
        first, second = BONES.T
        before = xy[second] - xy[first]
        after = before + expected[second] - expected[first]
        length = np.hypot(after[:, 0], after[:, 1])
        held = seen[first] & seen[second] & (length > 1e-3)
        along = np.where(held, 1.0, 0.0)[:, None] * after / np.maximum(length, 1e-3)[:, None]
        rows = np.zeros((len(BONES), len(xy), 2))
        bone = np.arange(len(BONES))
        rows[bone, second] = along
        rows[bone, first] = -along
        was = np.hypot(before[:, 0], before[:, 1])
        wanted = was - (along * before).sum(axis=1)
        return cls(rows.reshape(len(BONES), -1), wanted)


def solve(
    *,
    mixed: Floats,
    moved: Floats,
    sigma: Floats,
    expected: Floats,
    expected_sigma: Floats,
    bones: Bones,
) -> tuple[Floats, Floats]:
    """Return the ways of the joints and their standard uncertainties in each direction.

    Parameters
    ----------
    mixed : ndarray, shape (points, joints)
        How the way of each point is mixed of those of the joints.
    moved, sigma : ndarray, shape (points, 2) and (points,)
        The ways of the points and their standard uncertainties; infinite where one was lost.
    expected, expected_sigma : ndarray, shape (joints, 2) and (joints,)
        The ways that were expected and their standard uncertainties.
    bones : Bones
        What the bones say.
    """
    weight, prior = sigma**-2, expected_sigma**-2
    bone_weight = _BONE_SIGMA**-2
    fixed = bones.rows.T @ bones.rows * bone_weight
    fixed[np.diag_indices_from(fixed)] += np.repeat(prior, 2)
    fixed_right = (bones.rows.T @ bones.wanted).reshape(-1, 2) * bone_weight
    fixed_right += prior[:, None] * expected
    way, whole = expected, fixed
    for _ in range(_TURNS):
        left = moved - mixed @ way
        off = np.hypot(left[:, 0], left[:, 1]) / sigma
        robust = mixed.T * (weight / (1.0 + (off / _CAUCHY) ** 2))
        normal = robust @ mixed
        whole = fixed.copy()
        whole[0::2, 0::2] += normal
        whole[1::2, 1::2] += normal
        right = (fixed_right + robust @ moved).reshape(-1, 1)
        # OpenCV's, not NumPy's: that would wake a thread on every core for so small a matrix.
        _, found = cv2.solve(whole, right, flags=cv2.DECOMP_CHOLESKY)
        way = cast(Floats, found).reshape(-1, 2)
    _, covariance = cv2.invert(whole, flags=cv2.DECOMP_CHOLESKY)
    variance = np.diagonal(covariance).reshape(-1, 2).max(axis=1)
    return way, np.sqrt(variance * _contradictions(mixed, moved - mixed @ way, sigma))


def _contradictions(mixed: Floats, left: Floats, sigma: Floats) -> Floats:
    """By how much the points around each joint contradict each other, 1 at least.

    Mean square of what they leave over what is expected of it (Birge 1932): of a joint whose
    points went here and there nobody knows where it went, however many there were.
    """
    tracked = np.isfinite(sigma)
    square = np.minimum((left[tracked] ** 2).sum(axis=1) / sigma[tracked] ** 2, _MOST_SQUARE)
    near = mixed[tracked]
    expected = np.maximum(2.0 * near.sum(axis=0), 1e-9)
    return cast(Floats, np.maximum((near.T @ square) / expected, 1.0))
