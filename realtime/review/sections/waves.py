"""Waveforms of the session: early against late, cued against not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hipcue.realtime.records import Side
from hipcue.realtime.review.charts.waves import wave_chart
from hipcue.realtime.review.frame_table import FrameTable
from hipcue.realtime.review.heard_cues import heard_asks
from hipcue.realtime.review.sections.charts import Figure
from hipcue.realtime.review.texts import Texts
from hipcue.realtime.review.waveforms import (
    CUED_STRIDES,
    WAVE_ANGLES,
    at_usual_speed,
    best_side,
    early_and_late,
    mean_waves,
    not_cued_and_cued,
)
from hipcue.realtime.session.reader import SessionReader
from hipcue.realtime.session.stride_table import StrideTable

# What each angle is called in the texts.
_NAMES = dict(zip(WAVE_ANGLES, ("thigh", "knee", "ankle", "pelvis"), strict=True))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two groups of strides against each other: their names, and a chart per angle."""

    title: str
    first: str
    second: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Waves:
    """The comparisons of a session, and whose leg they show."""

    hint: str
    comparisons: tuple[Comparison, ...]


def waves_of(
    session: SessionReader, frames: FrameTable, table: StrideTable, texts: Texts
) -> Waves | None:
    """Return the mean waveforms of the leg on the camera's side; ``None`` without any."""
    if not len(table):
        return None
    side = best_side(table)
    rows = np.flatnonzero(table.of(side) & at_usual_speed(table)).tolist()
    cues_s = [c.t_capture_s - session.t_first_s for c in heard_asks(session)]
    fifths = texts("waves.early"), texts("waves.late")
    cued = texts("waves.not_cued"), texts("waves.after_cue", n=CUED_STRIDES)
    groups = (
        ("waves.early_late", fifths, early_and_late(rows)),
        ("waves.cued", cued, not_cued_and_cued(table, rows, cues_s)),
    )
    found = [
        _compared(frames, table, side, texts(title), names, pair, texts)
        for title, names, pair in groups
        if all(pair)
    ]
    shown = tuple(comparison for comparison in found if comparison.figures)
    hint = texts("waves.hint_left" if side is Side.L else "waves.hint_right")
    return Waves(hint, shown) if shown else None


def _compared(
    frames: FrameTable,
    table: StrideTable,
    side: Side,
    title: str,
    names: tuple[str, str],
    pair: tuple[list[int], list[int]],
    texts: Texts,
) -> Comparison:
    first, second = (mean_waves(frames, table, rows, side) for rows in pair)
    figures = [
        Figure(
            angle := texts(f"waves.{_NAMES[key]}"),
            wave_chart(first[key], second[key], f"{angle}, {title}", texts),
            texts("unit.deg"),
            texts(f"waves.{_NAMES[key]}_sign"),
        )
        for key in WAVE_ANGLES
        if key in first and key in second
    ]
    keys = [
        f"{name} ({texts.count('count.stride', max((w.count for w in waves.values()), default=0))})"
        for name, waves in zip(names, (first, second), strict=True)
    ]
    return Comparison(title, keys[0], keys[1], tuple(figures))
