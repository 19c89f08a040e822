"""A recorded session as a bar of time: states as a band, cues, marks and faults, round times.

States are told by height as well as by colour, so that a bad minute stands out of an hour.
"""

from __future__ import annotations

import math

import numpy as np
import pygame
from numpy.typing import NDArray

from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.theme import (
    ACT,
    HIP,
    LINE,
    SECONDARY,
    SURFACE,
    TEXT,
    WATCH,
    Colour,
    Type,
    mix,
)
from hipcue.realtime.hud.facts.texts import clock
from hipcue.realtime.records import RunnerState
from hipcue.realtime.view.snapshot import Timeline

# Design pixels from the top of the strip: signs, band of states; then the labels.
SIGNS, BAND, BAND_HEIGHT = 26, 34, 26
# Round steps between labels, seconds.
_STEPS = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18000)

# How bad, how high and which colour: the worst of what falls into a pixel is drawn.
_LOOKS: tuple[tuple[float, Colour], ...] = (
    (0.0, SURFACE),
    (0.2, mix(SURFACE, SECONDARY, 0.35)),
    (0.2, mix(SURFACE, SECONDARY, 0.7)),
    (0.45, mix(SURFACE, HIP, 0.55)),
    (0.7, WATCH),
    (1.0, ACT),
)
_RANK: dict[RunnerState | None, int] = {
    None: 0,
    RunnerState.WAITING: 1,
    RunnerState.NEUTRAL: 1,
    RunnerState.WARMING_UP: 2,
    RunnerState.UNKNOWN: 2,
    RunnerState.OK: 3,
    RunnerState.WATCH: 4,
    RunnerState.RECOVERING: 4,
    RunnerState.COMPENSATING: 5,
}


def pixel_of(timeline: Timeline, width: int, t_s: float) -> int:
    """Return where a moment lies on a bar of this width."""
    span_s = timeline.end_s - timeline.start_s
    share = (t_s - timeline.start_s) / span_s if span_s > 0 else 0.0
    return round(min(max(share, 0.0), 1.0) * (width - 1))


def label_base(canvas: Canvas, track: pygame.Rect) -> int:
    """Return the baseline of the times below the bar."""
    below = track.top + canvas.theme.px(BAND + BAND_HEIGHT + 14)
    return below + canvas.theme.cap_px(Type.LABEL)


def draw_session(
    panel: Canvas, side: int, timeline: Timeline, free: tuple[int, int] | None
) -> None:
    """Draw the whole session: states as a band, cues, marks and faults above, times below."""
    theme = panel.theme
    panel.surface.fill(SURFACE)
    track = pygame.Rect(side, 0, panel.rect.w - 2 * side, panel.rect.h)
    band = pygame.Rect(track.left, theme.px(BAND), track.w, theme.px(BAND_HEIGHT))
    rank = ranks(timeline, track.w)
    edges = np.flatnonzero(np.diff(rank)) + 1
    for left, right in zip([0, *edges], [*edges, track.w], strict=True):
        share, colour = _LOOKS[rank[left]]
        high = round(share * band.h)
        panel.surface.fill(colour, (band.left + left, band.bottom - high, right - left, high))
    panel.surface.fill(LINE, (band.left, band.bottom, band.w, 1))
    _draw_signs(panel, track, timeline)
    _draw_labels(panel, track, timeline, free)


def ranks(timeline: Timeline, width: int) -> NDArray[np.int64]:
    """Return how bad the worst state in each pixel of the bar is, 0 (nothing kept) to 5."""
    found = np.zeros(width, np.int64)
    ends = [t_s for t_s, _ in timeline.states[1:]] + [timeline.end_s]
    for (start_s, state), end_s in zip(timeline.states, ends, strict=True):
        first, last = pixel_of(timeline, width, start_s), pixel_of(timeline, width, end_s)
        part = found[first : max(last, first + 1)]
        np.maximum(part, _RANK[state], out=part)
    return found


def _draw_signs(panel: Canvas, track: pygame.Rect, timeline: Timeline) -> None:
    theme = panel.theme
    size = max(theme.px(11), 7)
    y = theme.px(SIGNS) - size / 2 + theme.px(3)
    last = -math.inf
    for cue in timeline.cues:
        x = track.left + pixel_of(timeline, track.w, cue.t_capture_s)
        if x - last >= 0.5 * size:
            panel.icon("triangle_down", x, y, size, WATCH)
            last = x
    for mark in timeline.marks:
        x = track.left + pixel_of(timeline, track.w, mark.t_s)
        top = theme.px(SIGNS) - size
        panel.surface.fill(TEXT, (x, top, 1, theme.px(BAND + BAND_HEIGHT) - top))
        panel.icon("flag", x + size / 2, top + size / 2, size, TEXT)
    for t_s, _ in timeline.faults:
        x = track.left + pixel_of(timeline, track.w, t_s)
        panel.icon("cross", x, y, size, ACT, weight=0.24)


def _draw_labels(
    panel: Canvas, track: pygame.Rect, timeline: Timeline, free: tuple[int, int] | None
) -> None:
    """Write round times below the bar, except where the mouse's words are."""
    theme = panel.theme
    span_s = timeline.end_s - timeline.start_s
    widest = panel.width(clock(span_s), Type.LABEL)
    room_s = 2.5 * widest * span_s / track.w
    step_s = next((step for step in _STEPS if step >= room_s), None)
    if step_s is None or span_s <= 0:
        return
    for number in range(int(span_s / step_s) + 1):
        words = clock(number * step_s)
        x = pixel_of(timeline, track.w, timeline.start_s + number * step_s)
        panel.surface.fill(LINE, (track.left + x, theme.px(BAND + BAND_HEIGHT), 1, theme.px(6)))
        half = panel.width(words, Type.LABEL) // 2
        # At both ends words lie inside of the bar.
        middle = min(max(x, half), track.w - half)
        gap = theme.px(12)
        if free is not None and free[0] - gap < middle + half and middle - half < free[1] + gap:
            continue
        base = label_base(panel, track)
        panel.text(words, track.left + middle, base, Type.LABEL, SECONDARY, align="center")
