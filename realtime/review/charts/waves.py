"""Waveforms over the stride: 0 to 100 percent, contact to contact, with their spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hipcue.realtime.records import Side
from hipcue.realtime.review.charts import svg
from hipcue.realtime.review.charts.svg import Axis, Floats
from hipcue.realtime.session.codec_state import ANGLES
from hipcue.realtime.session.reader import SessionReader
from hipcue.realtime.session.stride_table import Flags, StrideTable, median

# Name in the report, and the row of the recorded angles without the leg.
WAVES = (
    ("Thigh", "thigh_extension_deg", "extension (behind the vertical) +"),
    ("Knee", "knee_flexion_deg", "flexion +"),
    ("Ankle", "ankle_dorsiflexion_deg", "dorsiflexion +"),
    ("Pelvis", "pelvic_tilt_deg", "anterior (forward) +"),
)
POINTS = 101
# More strides do not change a mean curve; fewer would not show its spread.
_MOST = 120
_LEAST = 5
# Frames that can show the form of a stride, and the longest that is one; our choices.
_LEAST_FRAMES, _LONGEST_S = 8, 5.0
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


def early_and_late(table: StrideTable, rows: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return the first and the last fifth of the strides, at least `_LEAST` each."""
    n = max(len(rows) // 5, _LEAST)
    return (list(rows[:n]), list(rows[-n:])) if len(rows) >= 2 * n else ([], [])


def cued_and_not(
    table: StrideTable, rows: Sequence[int], cues_s: Sequence[float]
) -> tuple[list[int], list[int]]:
    """Return the strides right after a cue, and the others."""
    cued: set[int] = set()
    starts = table.contact_s[list(rows)]
    for t in cues_s:
        first = int(np.searchsorted(starts, t))
        cued.update(rows[first : first + CUED_STRIDES])
    return [r for r in rows if r in cued], [r for r in rows if r not in cued]


def waves(
    session: SessionReader, table: StrideTable, rows: Sequence[int], side: Side
) -> dict[str, Wave]:
    """Return the mean waveforms of some strides of one leg.

    A stride counts for an angle when at least four fifths of its frames have that angle.
    Long lists are thinned evenly.
    """
    chosen = list(rows)[:: max(len(rows) // _MOST, 1)]
    found: dict[str, list[Floats]] = {name: [] for _, name, _ in WAVES}
    grid = np.linspace(0, 1, POINTS)
    for row in chosen:
        start, end = table.strides[row].contact_s, table.strides[row].end_s
        if not 0 < end - start < _LONGEST_S:
            continue
        t, values = _angles_between(session, start, end)
        if len(t) < _LEAST_FRAMES:
            continue
        share = (t - start) / (end - start)
        for _, name, _ in WAVES:
            key = name if name in ANGLES else f"{name}.{side.value}"
            curve = values[ANGLES.index(key)]
            known = np.isfinite(curve)
            if known.mean() >= 0.8:
                found[name].append(np.interp(grid, share[known], curve[known]))
    return {
        name: Wave(np.mean(c, axis=0), np.std(c, axis=0, ddof=1), len(c))
        for name, c in found.items()
        if len(c) >= _LEAST
    }


def _angles_between(session: SessionReader, start: float, end: float) -> tuple[Floats, Floats]:
    """Return times and angles (len(ANGLES), n) of the frames from just before to just after."""
    margin = 0.06
    chunks = list(session.chunks_between(start - margin, end + margin))
    if not chunks:
        return np.empty(0), np.empty((len(ANGLES), 0))
    t = np.concatenate([c.poses.t_s for c in chunks])
    values = np.concatenate([c.angles.value for c in chunks], axis=1)
    present = np.concatenate([c.angles.present for c in chunks])
    inside = (t >= start - margin) & (t <= end + margin) & present
    return t[inside], values[:, inside]


def wave_chart(first: Wave | None, second: Wave | None, label: str, kinds: tuple[str, str]) -> str:
    """Return two mean waveforms with bands of one standard deviation."""
    given = [(w, k) for w, k in zip((first, second), kinds, strict=True) if w is not None]
    if not given:
        return ""
    width, floor, left, top = 440.0, 160.0, 36.0, 8.0
    edges = [w.mean + s * w.sd for w, _ in given for s in (-1, 1)]
    low, high = float(np.min(edges)), float(np.max(edges))
    pad = max((high - low) * 0.06, 1.0)
    x, y = Axis(0, 100, left, width - 6), Axis(low - pad, high + pad, floor, top)
    parts = []
    for value in svg.ticks(y.low, y.high):
        parts.append(svg.line(left, y.px(value), width - 6, y.px(value), "grid"))
        parts.append(svg.text(left - 6, y.px(value) + 4, svg.plain(value), "tick", "end"))
    for value in (0, 25, 50, 75, 100):
        anchor = {0: "start", 100: "end"}.get(value, "middle")
        parts.append(svg.text(x.px(value), floor + 16, f"{value} %", "tick", anchor))
    at = x.many(np.linspace(0, 100, POINTS))
    for wave, kind in given:
        band = svg.area(at, y.many(wave.mean - wave.sd), y.many(wave.mean + wave.sd))
        parts.append(f'<path class="band {kind}" d="{band}"/>')
        parts.append(f'<path class="line {kind}" d="{svg.path(at, y.many(wave.mean))}"/>')
    return svg.picture(width, floor + 22, parts, label)
