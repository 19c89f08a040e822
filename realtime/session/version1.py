"""Frames of sessions of version 1, read as if they were of version 2.

Version 1 kept less: angles lay with the step that had settled their frame, not with the
frame, and whether the legs of a frame had been exchanged was not kept. Both are found again
here; the files stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.gait.segment_angles import knee_flexion_deg, thigh_deg
from hipcue.realtime.records import JOINT_COUNT, Side
from hipcue.realtime.session.codec import (
    MAX_FRAMES,
    Columns,
    as_float64,
    damaged,
    filled,
    flags_of,
    inflated,
    record_in,
)
from hipcue.realtime.session.frame_layout import (
    ANGLES,
    PELVIS,
    POSE,
    SETTLED,
    STATE,
    WIDE,
    Field,
    layout,
)
from hipcue.realtime.session.frames import MAX_READINGS, Chunk, checked_poses, checked_times
from hipcue.realtime.session.rows import Row, whole

FORMAT = 1
# The legs of a frame are told apart at most so many frames after it.
_SETTLED_WITHIN = 40

_K = len(ANGLES)
_POSE: tuple[Field, ...] = (
    ("t_s", "<f8", ()),
    ("index", "<i8", ()),
    ("size_px", "<u4", (2,)),  # Frame after frame, other than all the rest.
    ("px_per_m", "<f8", ()),
    ("reason", "<u2", ()),
    ("readings", "<u2", ()),
    ("xy_px", "real", (JOINT_COUNT, 2)),
    ("confidence", "real", (JOINT_COUNT,)),
)
_PELVIS: tuple[Field, ...] = (
    ("t_s", "<f8", ()),
    ("source", "<u2", ()),
    ("angle_deg", "<f8", ()),
    ("sigma_deg", "<f8", ()),
    ("thorax_deg", "<f8", ()),
    ("thorax_sigma_deg", "<f8", ()),
    ("reason", "<u2", ()),
)
_ANGLES: tuple[Field, ...] = (
    ("known", "u1", ()),
    ("t_s", "<f8", ()),
    ("near", "u1", ()),
    ("facing", "i1", ()),
    ("pelvis_source", "<u2", ()),
    ("value_deg", "<f4", (_K,)),
    ("sigma_deg", "<f4", (_K,)),
    ("reason", "<u2", (_K,)),
)
# Pairs are the belt's speed and its grade.
_STATE: tuple[Field, ...] = (
    ("t_s", "<f8", ()),
    ("state", "<u2", ()),
    ("state_reason", "<u2", ()),
    ("strides_in_state", "<i8", ()),
    ("belt_source", "<u2", ()),
    ("value", "<f8", (2,)),
    ("sigma", "<f8", (2,)),
    ("reason", "<u2", (2,)),
    ("distance_m", "<f8", ()),
    ("neutral_progress", "<f8", ()),
    ("swaps", "<i8", ()),
)


@dataclass(frozen=True, eq=False)
class Version1Chunk(Chunk):
    """A chunk of version 1; `blobs` are pose, angles and state.

    Attributes
    ----------
    following : callable
        Returns the angle blobs of the chunks that follow, each with its first step and its
        number of frames: the last frames of this chunk were settled there.
    neutral_s : callable
        Returns from when on the standing neutral was measured.
    """

    following: Callable[[], Iterable[tuple[int, int, bytes]]]
    neutral_s: Callable[[], float]

    @cached_property
    def _given(self) -> tuple[Columns, Columns, bool]:
        """What the engine was given: poses, pelvis readings, and whether they are wide."""
        blob, n = self.blobs[0], _checked(self.count)
        wide = bool(flags_of(blob, FORMAT) & WIDE)
        fixed = layout(_POSE, n, wide=wide)
        raw = inflated(blob, fixed.itemsize + MAX_READINGS * n * layout(_PELVIS, 1).itemsize)
        pose = record_in(raw, fixed)
        pelvis = layout(_PELVIS, int(pose["readings"].sum(dtype=np.int64)))
        return pose, record_in(raw, pelvis, fixed.itemsize), wide

    @property
    def wide(self) -> bool:
        """Whether positions are float64."""
        return self._given[2]

    @cached_property
    def poses(self) -> Columns:
        """What the engine was given."""
        was, _, wide = self._given
        kept = {
            name: was[name]
            for name, _, _ in POSE
            if name in (was.dtype.names or ()) and name != "size_px"
        }
        size_px = was["size_px"].reshape(self.count, 2).T
        return checked_poses(filled(POSE, self.count, wide=wide, size_px=size_px, **kept))

    @cached_property
    def pelvis(self) -> Columns:
        """Readings of the pelvis that came with the frames."""
        pose, was, _ = self._given
        kept = {name: was[name] for name, _, _ in PELVIS if name != "frame"}
        frame = np.repeat(np.arange(self.count), pose["readings"])
        return filled(PELVIS, len(frame), frame=frame, **kept)

    @cached_property
    def settled(self) -> Columns:
        """The frames once their legs were told apart: where later steps have their angles."""
        t_s = self.poses["t_s"]
        steps, angles = self._angles_since()
        known = np.flatnonzero(angles["known"])
        # A step that settles no frame repeats the angles of the one before.
        times, at = np.unique(angles["t_s"][known], return_index=True)
        place = np.searchsorted(times, t_s).clip(0, max(len(times) - 1, 0))
        found = times[place] == t_s if len(times) else np.zeros(self.count, bool)
        row = known[at[place[found]]]
        here = np.flatnonzero(found)
        out = filled(SETTLED, self.count)
        out["settled_after"] = -1
        out["settled_after"][here] = steps[row] - self.first - here
        out["known"][here] = 1
        for name in ("pelvis_source", "near", "facing"):
            out[name][here] = angles[name][row]
        for name in ("value_deg", "sigma_deg", "reason"):
            out[name][:, here] = angles[name][:, row]
        out["swapped"][here] = were_swapped(
            self.xy_px[here], out["facing"][here], out["value_deg"][:4, here]
        )
        return out

    def _angles_since(self) -> tuple[NDArray[np.int64], Columns]:
        """Steps and angles from this chunk on, as far as its frames may have been settled."""
        parts = [(self.first, self.count, self.blobs[1])]
        last = self.first + self.count - 1 + _SETTLED_WITHIN
        for part in self.following():
            if part[0] > last:
                break
            parts.append(part)
        steps = np.concatenate([np.arange(first, first + n) for first, n, _ in parts])
        columns = [_decoded(blob, _ANGLES, n) for _, n, blob in parts]
        joined: dict[str, Any] = {
            name: np.concatenate([c[name] for c in columns], axis=-1) for name, _, _ in _ANGLES
        }
        return steps, filled(_ANGLES, len(steps), **joined)

    @cached_property
    def state(self) -> Columns:
        """What was known at every step, as far as it was kept."""
        out = state_of(self.blobs[2], self.count)
        out["preview_swapped"] = self.settled["swapped"]
        out["neutral_measured"] = out["t_s"] >= self.neutral_s()
        return out


def read_version1_chunk(
    row: Row,
    words: Sequence[str | None],
    following: Callable[[], Iterable[tuple[int, int, bytes]]],
    neutral_s: Callable[[], float],
) -> Version1Chunk:
    """Return the chunk of a row ``first, count, pose, angles, state``."""
    first, count, *blobs = row
    if not all(isinstance(blob, bytes) for blob in blobs):
        raise damaged("a block of frames is damaged")
    return Version1Chunk(whole(first), whole(count), tuple(blobs), words, following, neutral_s)


def neutral_end_s(end: object, states: Iterable[Columns]) -> float:
    """Return from when on the standing neutral was measured; infinity when it never was.

    Parameters
    ----------
    end : object
        ``neutral_end`` of the header: the neutral that the session ended with.
    states : iterable of record
        The state at every step, in order.
    """
    told = end.get("t_s") if isinstance(end, dict) else None
    found = [float(told)] if isinstance(told, int | float) else []
    for state in states:
        found += state["t_s"][state["neutral_progress"] >= 1.0][:1].tolist()
    return min(found, default=np.inf)


def state_of(blob: bytes, n: int) -> Columns:
    """Return the state at every step of a chunk, but for what version 1 did not keep."""
    was = _decoded(blob, _STATE, n)
    same = ("t_s", "state", "state_reason", "strides_in_state", "belt_source", "distance_m",
            "neutral_progress", "swaps")  # fmt: skip
    out = filled(
        STATE,
        n,
        **{name: was[name] for name in same},
        belt_speed_mps=was["value"][0],
        belt_speed_sigma_mps=was["sigma"][0],
        belt_speed_reason=was["reason"][0],
        grade_percent=was["value"][1],
        grade_sigma_percent=was["sigma"][1],
        grade_reason=was["reason"][1],
        planted_px_per_s=np.full(n, np.nan),
    )
    return checked_times(out)


def _decoded(blob: bytes, fields: tuple[Field, ...], n: int) -> Columns:
    flags_of(blob, FORMAT)
    kind = layout(fields, _checked(n))
    return record_in(inflated(blob, kind.itemsize), kind)


def _checked(n: int) -> int:
    if not 0 <= n <= MAX_FRAMES:
        raise damaged(f"a block of {n} frames")
    return n


def were_swapped(
    xy_px: NDArray[np.float64], facing: NDArray[np.int8], angles_deg: NDArray[np.float32]
) -> NDArray[np.bool_]:
    """Tell whether the legs of poses were exchanged before their angles were measured.

    Straight or crossed, whichever lies nearer to the angles (least squares over thighs and
    knees): what is common to both legs, like the standing neutral, drops out of that. A leg
    that was not seen says nothing.

    Parameters
    ----------
    xy_px : ndarray of float, shape (n, JOINT_COUNT, 2)
        As the pose source saw them.
    facing : ndarray of int, shape (n,)
        1 to the right of the picture, -1 to the left.
    angles_deg : ndarray of float, shape (4, n)
        Left and right thigh, left and right knee.
    """
    forward = np.where(facing == 0, 1, facing).astype(float)
    # Forward and up, as the angles are defined.
    axes = np.stack([forward, np.full(len(forward), -1.0)], axis=-1)[:, None]
    thigh_l, thigh_r, knee_l, knee_r = as_float64(angles_deg)
    # A stranger's numbers may be any.
    with np.errstate(invalid="ignore", over="ignore"):
        xy = xy_px * axes
        drawn_thigh = thigh_deg(xy, Side.L) - thigh_deg(xy, Side.R)
        drawn_knee = knee_flexion_deg(xy, Side.L) - knee_flexion_deg(xy, Side.R)
        likeness = np.nan_to_num((thigh_l - thigh_r) * drawn_thigh)
        likeness += np.nan_to_num((knee_l - knee_r) * drawn_knee)
    return np.asarray(likeness < 0.0)
