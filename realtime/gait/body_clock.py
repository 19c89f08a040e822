"""The runner as a clock: joints go on evenly, so where they are tells when a picture was taken.

From one picture to the next a joint goes its way at nearly the same speed. Of three pictures
in a row, the middle one shows the joints between the other two, at the share of the way that
is its share of the time. So the body tells whether stamps are true or a regular clock behind
them is, and where time went by of which the stamps know nothing: there all joints jump.

Where time was lost the tracker of the legs takes joints that jump for joints that were not
seen; so those are looked at as the pose source saw them.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.gait.fits import FloatArray
from hipcue.realtime.records import Joint, Side

# The joints that move most, those of the arms among them: nobody mixes them up with a leg.
_NAMES = ("knee", "ankle", "heel", "toe", "elbow", "wrist")
_JOINTS = np.array([Joint.of(side, name) for side in Side for name in _NAMES])

# Three pictures, and four, that take longer than this are no help: the joints' ways bend. Our
# choices: 20 pictures a second, one of them late.
_THREE_S, _FOUR_S = 0.13, 0.13
# Joints that go slower than this, in body heights a second, say nothing; our choice.
_MOVES = 0.4
_FEWEST_JOINTS = 3
# How fast what the body says is forgotten, per picture; our choice: two strides at 60 fps.
_FORGETS = 1 / 80
# A regular clock is believed against the stamps when the body's word for it is so many times
# its own standard error, in so many pictures at least; the stamps against it when it is so
# many. Our choices: sparse pictures leave much of the joints' ways to either, by chance.
_FOR_REGULAR, _FOR_STAMPS, _FEWEST = 4.0, 2.5, 10
# Two clocks that differ by less than this share of the time between two pictures are the same.
_SAME = 0.01
# What one joint may leave at most, in the mean squares of all ways: legs that are mixed up
# would outvote all others. Our choice: a picture of the wrong end leaves a quarter.
_CAP = 0.5
# Time was lost where the joints went so many times the way that the stamps allow, and for so
# much longer. Our choices, tuned on six rendered runners and three laboratory ones with 17 to
# 100 ms cut out: four of five cuts of 33 ms are found, and in calm films one picture in 200.
_JUMPS, _JUMP_S = 1.8, 0.012
_KEPT_S = 5.0
# Frames that tell of one jump.
_IN_A_ROW = 4


@dataclass(frozen=True, slots=True)
class Jump:
    """Where the joints went further than time allows: between two frames, by so much, s."""

    before_s: float
    after_s: float
    lost_s: float


_Complex = NDArray[np.complex128]


class _Frame(NamedTuple):
    clocks_s: tuple[float, ...]
    t_s: float
    # As the pose source saw them, and without those that were not really seen.
    xy: FloatArray
    seen_xy: FloatArray
    body_px: float

    @property
    def seen(self) -> _Complex:
        """The joints that were really seen, in body heights, as complex numbers."""
        return np.asarray(_in_heights(self.seen_xy[None], np.array([self.body_px]))[0])


class BodyClock:
    """Judges the times of frames by the joints in them.

    Attributes
    ----------
    regular : int or None
        Which of the regular clocks is certainly better than the stamps; None where none is.
    stamped : bool
        Whether the stamps are certainly better than every regular clock that differs.
    """

    def __init__(self) -> None:
        self.regular: int | None = None
        self.stamped = False
        self._jumps: deque[Jump] = deque()
        # Those in which no jump was looked for yet, and the last three before them.
        self._frames: deque[_Frame] = deque()
        # By how much more the stamps leave of the joints' ways than each regular clock, as a
        # share of the ways: mean and mean square.
        self._more: list[tuple[float, float]] = []
        self._count = 0

    def add(
        self,
        stamp_s: float,
        regular_s: tuple[float, ...],
        t_s: float,
        xy: FloatArray,
        seen_xy: FloatArray,
        body_px: float,
    ) -> None:
        """Take the next frame, its legs told apart.

        Parameters
        ----------
        stamp_s, regular_s, t_s
            When it was taken by its stamp, by each regular clock, and as it counts.
        xy, seen_xy : ndarray, shape (JOINT_COUNT, 2)
            The joints as the pose source saw them, and without those that were not really
            seen (NaN), px.
        body_px : float
            Height of the body in the picture.
        """
        frames = self._frames
        frames.append(_Frame((stamp_s, *regular_s), t_s, xy, seen_xy, body_px))
        while t_s - frames[0].t_s > _KEPT_S and len(frames) > _IN_A_ROW:
            frames.popleft()
        if len(frames) < _IN_A_ROW:
            return
        first, second, after = frames[-3], frames[-2], frames[-1]
        if t_s - first.t_s < _THREE_S:
            self._compare(first, second, after)

    @property
    def jumps(self) -> tuple[Jump, ...]:
        """Where time seems to have been lost of which the stamps know nothing, lately.

        Asked for once a stride: the frames since are looked at together.
        """
        frames = self._frames
        if len(frames) >= _IN_A_ROW:
            newest_s = frames[-1].t_s
            self._jumps += _jumps(list(frames))
            while self._jumps and newest_s - self._jumps[0].after_s > _KEPT_S:
                self._jumps.popleft()
            while len(frames) >= _IN_A_ROW:
                frames.popleft()
        return tuple(self._jumps)

    def lost_between(self, start_s: float, end_s: float) -> float:
        """How much time seems to have been lost between two instants, s."""
        return sum(
            jump.lost_s for jump in self.jumps if jump.after_s > start_s and jump.before_s < end_s
        )

    def _compare(self, a: _Frame, b: _Frame, c: _Frame) -> None:
        """Learn from three frames which clock is the best one."""
        shares = [
            (now - begin) / max(end - begin, 1e-6)
            for begin, now, end in zip(a.clocks_s, b.clocks_s, c.clocks_s, strict=True)
        ]
        if max(shares) - min(shares) < _SAME:
            return
        pairs = zip((c.seen - a.seen).tolist(), (b.seen - a.seen).tolist(), strict=True)
        ways = [
            (whole.real, whole.imag, first.real, first.imag)
            for whole, first in pairs
            if whole == whole and first == first  # All were seen: NaN is not equal to itself.
        ]
        if len(ways) < _FEWEST_JOINTS:
            return
        moved = sum(x * x + y * y for x, y, _, _ in ways) / len(ways)
        if moved < (_MOVES * (c.t_s - a.t_s)) ** 2:
            return
        most = _CAP * moved
        left = [
            sum(min((u - share * x) ** 2 + (v - share * y) ** 2, most) for x, y, u, v in ways)
            for share in shares
        ]
        self._count += 1
        self._weigh([(left[0] - one) / (len(ways) * moved) for one in left[1:]])

    def _weigh(self, more: list[float]) -> None:
        """Learn by how much more the stamps leave than each regular clock; decide."""
        share = max(_FORGETS, 1 / self._count)
        before = self._more or [(0.0, 0.0)] * len(more)
        self._more = [
            (mean + (new - mean) * share, square + (new * new - square) * share)
            for (mean, square), new in zip(before, more, strict=True)
        ]
        if self._count < _FEWEST:
            return
        pictures = min(self._count, 1 / _FORGETS)
        says = [
            mean * (pictures / max(square - mean * mean, 1e-12)) ** 0.5
            for mean, square in self._more
        ]
        best = max(range(len(says)), key=says.__getitem__)
        self.regular = best if says[best] > _FOR_REGULAR else None
        self.stamped = self.regular is None and min(says) < -_FOR_STAMPS


def _jumps(frames: list[_Frame]) -> list[Jump]:
    """Find where the joints went further between two frames than time allows.

    How long each joint took for its way, at its mean speed before and after: the mean and the
    median of all must agree, weighted by how fast they go.
    """
    t = np.array([frame.t_s for frame in frames])
    joints = _in_heights(
        np.array([frame.xy for frame in frames]), np.array([frame.body_px for frame in frames])
    )
    gaps_s, ways = np.diff(t), np.diff(joints, axis=0)
    speeds = ways / np.where(gaps_s > 0.0, gaps_s, np.nan)[:, None]
    speed, way, gap_s = 0.5 * (speeds[:-2] + speeds[2:]), ways[1:-1], gaps_s[1:-1]
    square, along = (speed * speed.conj()).real, (speed.conj() * way).real
    moves = (square > _MOVES**2) & (along == along)  # NaN is not equal to itself.
    least_s = np.maximum(_JUMPS * gap_s, gap_s + _JUMP_S)
    whole = np.where(moves, along - least_s[:, None] * square, 0.0).sum(axis=1)
    near = (t[3:] - t[:-3] < _FOUR_S) & (whole >= -1e-9) & (moves.sum(axis=1) >= _FEWEST_JOINTS)
    found = []
    for k in np.flatnonzero(near).tolist():
        squares, ways_along = square[k, moves[k]].tolist(), along[k, moves[k]].tolist()
        all_along, all_square = sum(ways_along), sum(squares)
        took = [(way / each, each) for way, each in zip(ways_along, squares, strict=True)]
        if all_along < least_s[k] * all_square or _middle(took, all_square) < least_s[k]:
            continue
        lost_s = all_along / all_square - float(gap_s[k])
        found.append(Jump(frames[k + 1].t_s, frames[k + 2].t_s, lost_s))
    return found


def _in_heights(xy: FloatArray, body_px: FloatArray) -> _Complex:
    """The joints that are looked at in each frame, in body heights."""
    joints: FloatArray = xy.take(_JOINTS, axis=1) / body_px[:, None, None]
    return joints.view(np.complex128)[..., 0]


def _middle(values: list[tuple[float, float]], weights: float) -> float:
    """Weighted median of (value, weight), given the sum of the weights."""
    below = 0.0
    for value, weight in sorted(values):
        below += weight
        if below >= 0.5 * weights:
            return value
    return values[-1][0]
