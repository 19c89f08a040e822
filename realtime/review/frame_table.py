"""The frames of a session as columns, read once for everything that the report draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.records import JOINT_COUNT
from hipcue.realtime.session.frame_layout import ANGLES
from hipcue.realtime.session.reader import SessionReader

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class FrameTable:
    """The frames that were kept, in order of their times.

    Attributes
    ----------
    t_s : ndarray of float, shape (n,)
        Capture times on the session's clock.
    xy_px : ndarray of float32, shape (n, JOINT_COUNT, 2)
        Positions of the joints with the legs told apart; NaN where not seen.
    measured : ndarray of bool, shape (n,)
        Whether the angles of a frame were measured at all.
    angles_deg : ndarray of float32, shape (len(ANGLES), n)
        Angles of the frames; NaN where missing.
    """

    t_s: Floats
    xy_px: NDArray[np.float32]
    measured: NDArray[np.bool_]
    angles_deg: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.t_s)


def frame_table(session: SessionReader) -> FrameTable:
    """Return the frames of a session; an hour of 60 a second takes some 45 MB."""
    t_s = [np.empty(0)]
    xy_px = [np.empty((0, JOINT_COUNT, 2), np.float32)]
    measured = [np.empty(0, bool)]
    angles_deg = [np.empty((len(ANGLES), 0), np.float32)]
    for chunk in session.frames.chunks():
        t_s.append(chunk.poses["t_s"])
        xy_px.append(chunk.settled_xy_px.astype(np.float32))
        measured.append(chunk.settled["known"].astype(bool))
        angles_deg.append(chunk.angles_deg.astype(np.float32))
    return in_order(
        FrameTable(
            np.concatenate(t_s),
            np.concatenate(xy_px),
            np.concatenate(measured),
            np.concatenate(angles_deg, axis=1),
        )
    )


def in_order(table: FrameTable) -> FrameTable:
    """Return the frames in order of their times, without those that have none.

    They are recorded like that; a foreign session may hold anything.
    """
    if len(table) == 0 or (np.diff(table.t_s) > 0).all():
        return table
    order = np.argsort(table.t_s, kind="stable")
    order = order[np.isfinite(table.t_s[order])]
    return FrameTable(
        table.t_s[order], table.xy_px[order], table.measured[order], table.angles_deg[:, order]
    )


def nearest_frames(table: FrameTable, t_s: Floats, within_s: float) -> NDArray[np.int64]:
    """Return the frame nearest to each time, -1 where none is nearer than `within_s`."""
    if len(table) == 0:
        return np.full(len(t_s), -1)
    after = np.searchsorted(table.t_s, t_s).clip(0, len(table) - 1)
    before = (after - 1).clip(0)
    gap_before, gap_after = np.abs(table.t_s[before] - t_s), np.abs(table.t_s[after] - t_s)
    nearest = np.where(gap_before <= gap_after, before, after)
    return np.where(np.minimum(gap_before, gap_after) < within_s, nearest, -1)
