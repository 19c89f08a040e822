"""Waveforms over the stride: 0 to 100 percent, contact to contact, of groups of strides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hipcue.realtime.records import Side
from hipcue.realtime.review.frame_table import FrameTable
from hipcue.realtime.session.frame_layout import ANGLES
from hipcue.realtime.session.stride_table import Flags, Floats, StrideTable, median

# The angles that have a waveform, as the recorded angles are called without the leg.
WAVE_ANGLES = (
    "thigh_extension_deg",
    "knee_flexion_deg",
    "ankle_dorsiflexion_deg",
    "pelvic_tilt_deg",
)
_POINTS = 101
# More strides do not change a mean curve; fewer would not show its spread.
_MOST = 120
_LEAST = 5
# Frames that can show the form of a stride, and the longest that is one; our choices.
_LEAST_FRAMES, _LONGEST_S = 8, 5.0
# Share of a stride's frames that must have an angle; our choice.
_LEAST_KNOWN = 0.8
# Frames are read from this much before a stride to this much after it.
_MARGIN_S = 0.06
# The speed within which a baseline holds, as in the settings.
_SAME_SPEED_MPS = 0.3
# Strides of one leg that count as cued: the response to a cue is judged on ten of both.
CUED_STRIDES = 5


@dataclass(frozen=True, slots=True, eq=False)
class Wave:
    """Mean and standard deviation of one angle over the stride, and of how many strides."""

    mean: Floats
    sd: Floats
    count: int


def at_usual_speed(table: StrideTable) -> Flags:
    """Return which strides were run at the session's usual speed; all, where none is known.

    Starting and stopping would make every spread wide, and the first fifth another gait.
    """
    speed = table.value("belt_speed_mps")
    usual = median(speed)
    if usual is None:
        return np.ones(len(table), bool)
    return np.asarray(np.abs(speed - usual) < _SAME_SPEED_MPS)


def best_side(table: StrideTable) -> Side:
    """Return the leg that was on the camera's side most of the time."""
    left = int((table.near & table.left).sum())
    right = int((table.near & ~table.left).sum())
    return Side.L if left > right else Side.R


def early_and_late(rows: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return the first and the last fifth of the strides, at least `_LEAST` each."""
    n = max(len(rows) // 5, _LEAST)
    return (list(rows[:n]), list(rows[-n:])) if len(rows) >= 2 * n else ([], [])


def not_cued_and_cued(
    table: StrideTable, rows: Sequence[int], cues_s: Sequence[float]
) -> tuple[list[int], list[int]]:
    """Return the strides that follow no cue, and those right after one."""
    cued: set[int] = set()
    starts = table.contact_s[list(rows)]
    for t in cues_s:
        first = int(np.searchsorted(starts, t))
        cued.update(rows[first : first + CUED_STRIDES])
    return [r for r in rows if r not in cued], [r for r in rows if r in cued]


def mean_waves(
    frames: FrameTable, table: StrideTable, rows: Sequence[int], side: Side
) -> dict[str, Wave]:
    """Return the mean waveforms of some strides of one leg, by `WAVE_ANGLES`.

    A stride counts for an angle when at least four fifths of its frames have that angle.
    Long lists are thinned evenly. An angle of too few strides is left out.
    """
    chosen = list(rows)[:: max(len(rows) // _MOST, 1)]
    found: dict[str, list[Floats]] = {name: [] for name in WAVE_ANGLES}
    grid = np.linspace(0, 1, _POINTS)
    for row in chosen:
        start, end = table.strides[row].contact_s, table.strides[row].end_s
        if not 0 < end - start < _LONGEST_S:
            continue
        t, values = _angles_between(frames, start, end)
        if len(t) < _LEAST_FRAMES:
            continue
        share = (t - start) / (end - start)
        for name in WAVE_ANGLES:
            key = name if name in ANGLES else f"{name}.{side.value}"
            curve = values[ANGLES.index(key)]
            known = np.isfinite(curve)
            if known.mean() >= _LEAST_KNOWN:
                found[name].append(np.interp(grid, share[known], curve[known]))
    return {
        name: Wave(np.mean(c, axis=0), np.std(c, axis=0, ddof=1), len(c))
        for name, c in found.items()
        if len(c) >= _LEAST
    }


def _angles_between(frames: FrameTable, start: float, end: float) -> tuple[Floats, Floats]:
    """Return times and angles (len(ANGLES), n) of the frames from just before to just after."""
    first = np.searchsorted(frames.t_s, start - _MARGIN_S, "left")
    last = np.searchsorted(frames.t_s, end + _MARGIN_S, "right")
    measured = frames.measured[first:last]
    values = frames.angles_deg[:, first:last][:, measured].astype(np.float64)
    return frames.t_s[first:last][measured], values
