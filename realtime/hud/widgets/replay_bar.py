"""The strip below a replay: buttons, the time, and the whole session as a bar of time.

States are told by height as well as by colour, so that a bad minute stands out of an hour.
"""

from __future__ import annotations

import math

import numpy as np
import pygame
from numpy.typing import NDArray

from hipcue.realtime.hud.draw.cached_panel import CachedPanel
from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.text_fit import shorten
from hipcue.realtime.hud.draw.theme import (
    ACT,
    GAP,
    HIP,
    LINE,
    MARGIN,
    RAISED,
    SECONDARY,
    SURFACE,
    TEXT,
    WATCH,
    Colour,
    Theme,
    Type,
    Weight,
    mix,
)
from hipcue.realtime.hud.facts.texts import Texts, clock
from hipcue.realtime.hud.input.replay_keys import TRACK
from hipcue.realtime.hud.widgets.cue_chip import cue_words
from hipcue.realtime.records import RunnerState
from hipcue.realtime.view.snapshot import Replay, Snapshot, Timeline

# Design pixels from the top of the strip: signs, band of states; then the labels.
_SIGNS, _BAND, _HIGH = 26, 34, 26
_HEIGHT = 100
_BUTTON, _LEAST_BUTTON = 48, 28
# Round steps between labels, seconds.
_STEPS = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18000)
# A cue or a mark this near to the mouse is named, design pixels.
_NEAR = 8

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


def bar_height(theme: Theme) -> int:
    """Return the height of the strip, pixels."""
    return max(theme.px(_HEIGHT), theme.px(_HEIGHT - 18) + theme.cap_px(Type.LABEL))


class ReplayBar:
    """Draws the strip; keeps the picture of the session, which never changes."""

    def __init__(self) -> None:
        self._session = CachedPanel(SURFACE)

    def draw(
        self,
        canvas: Canvas,
        rect: pygame.Rect,
        snapshot: Snapshot,
        texts: Texts,
        hover_s: float | None = None,
    ) -> None:
        """Draw one frame; `hover_s` is the moment under the mouse."""
        replay = snapshot.replay
        if replay is None:
            return
        theme = canvas.theme
        canvas.surface.fill(SURFACE, rect)
        kept, canvas.ground = canvas.ground, SURFACE
        margin = theme.px(MARGIN)
        x = _buttons(canvas, rect, replay)
        x = _times(canvas, rect, x + theme.px(GAP), snapshot, replay, texts)
        right = _speed(canvas, rect, replay, texts)
        track = pygame.Rect(x + margin, rect.top, right - x - 2 * margin, rect.h)
        if track.w > theme.px(100):
            self._track(canvas, track, snapshot, replay.timeline, texts, hover_s)
        canvas.ground = kept

    def _track(
        self,
        canvas: Canvas,
        track: pygame.Rect,
        snapshot: Snapshot,
        timeline: Timeline,
        texts: Texts,
        hover_s: float | None,
    ) -> None:
        theme = canvas.theme
        pointed = _words_at(canvas, track.w, timeline, hover_s, texts)
        # Beside the bar there is room for the halves of its signs and labels.
        side = theme.px(MARGIN) - 1
        box = track.inflate(2 * side, 0)
        free = _label_box(canvas, track.w, timeline, hover_s, pointed)
        self._session.show(
            canvas,
            box,
            (timeline, free),
            None,
            snapshot.t_s,
            lambda panel: _session(panel, side, timeline, free),
        )
        canvas.target(track, TRACK)
        if hover_s is not None and free is not None:
            line = track.left + _x(timeline, track.w, hover_s)
            top, foot = theme.px(_SIGNS), theme.px(_BAND + _HIGH)
            canvas.surface.fill(SECONDARY, (line, track.top + top, 1, foot - top))
            canvas.text(pointed, track.left + free[0], _label_base(canvas, track), Type.LABEL, TEXT)
        at = track.left + _x(timeline, track.w, snapshot.t_s)
        wide = max(theme.px(3), 2)
        top = track.top + theme.px(12)
        foot = track.top + theme.px(_BAND + _HIGH + 4)
        canvas.surface.fill(SURFACE, (at - wide, top, 2 * wide + 1, foot - top))
        canvas.surface.fill(TEXT, (at - wide // 2, top, wide, foot - top))
        canvas.disc((at, top), max(theme.px(7), 5), TEXT)


def _x(timeline: Timeline, width: int, t_s: float) -> int:
    span_s = timeline.end_s - timeline.start_s
    share = (t_s - timeline.start_s) / span_s if span_s > 0 else 0.0
    return round(min(max(share, 0.0), 1.0) * (width - 1))


def _buttons(canvas: Canvas, rect: pygame.Rect, replay: Replay) -> int:
    """Draw the buttons; return where they end."""
    theme = canvas.theme
    side = max(theme.px(_BUTTON), _LEAST_BUTTON)
    x = rect.left + theme.px(MARGIN)
    middle = "pause" if replay.playing else "play"
    for icon, name in (
        ("step_back", "stride_before"),
        (middle, "pause"),
        ("step_on", "strides"),
    ):
        _button(canvas, pygame.Rect(x, rect.centery - side // 2, side, side), icon, name)
        x += side + theme.px(8)
    return x - theme.px(8)


def _button(canvas: Canvas, box: pygame.Rect, icon: str, name: str) -> None:
    canvas.panel(box, RAISED)
    canvas.icon(icon, *box.center, 0.46 * box.h, TEXT, room=box, weight=0.16)
    canvas.target(box, f"key:{name}")


def _times(
    canvas: Canvas, rect: pygame.Rect, x: int, snapshot: Snapshot, replay: Replay, texts: Texts
) -> int:
    """Write where the replay is, in time and in strides; return where the column ends."""
    theme, timeline = canvas.theme, replay.timeline
    whole = clock(timeline.end_s - timeline.start_s)
    now = clock(snapshot.elapsed_s)
    upper = rect.centery - theme.px(6)
    lower = rect.centery + theme.px(10) + theme.cap_px(Type.LABEL)
    # As wide as it ever becomes, so that the bar beside it stands still.
    digits = max(canvas.width(d * 8, Type.NAME, Weight.SEMIBOLD) for d in "08") / 8
    long = max(canvas.width(whole, Type.NAME, Weight.SEMIBOLD), round(digits * (len(whole) - 1)))
    end = canvas.text(now, x, upper, Type.NAME, TEXT, Weight.SEMIBOLD).right
    canvas.text(f" / {whole}", end, upper, Type.NAME, SECONDARY)
    widest = long + canvas.width(f" / {whole}", Type.NAME)
    key = "replay.peak" if replay.at_peak else "replay.stride"
    canvas.text(texts(key, n=replay.stride, all=timeline.strides), x, lower, Type.LABEL, SECONDARY)
    for name in ("replay.peak", "replay.stride"):
        words = texts(name, n=timeline.strides, all=timeline.strides)
        widest = max(widest, canvas.width(words, Type.LABEL))
    return x + widest


def _speed(canvas: Canvas, rect: pygame.Rect, replay: Replay, texts: Texts) -> int:
    """Draw the speed between its buttons; return where that begins."""
    theme = canvas.theme
    side = max(theme.px(_BUTTON), _LEAST_BUTTON)
    room = canvas.width(_times_words(0.25, texts), Type.NAME, Weight.SEMIBOLD) + theme.px(20)
    right = rect.right - theme.px(MARGIN)
    faster = pygame.Rect(right - side, rect.centery - side // 2, side, side)
    slower = faster.move(-side - room, 0)
    _button(canvas, faster, "plus", "speed")
    _button(canvas, slower, "dash", "slower")
    canvas.text(
        _times_words(replay.speed, texts),
        (slower.right + faster.left) / 2,
        rect.centery + theme.cap_px(Type.NAME) / 2,
        Type.NAME,
        TEXT,
        Weight.SEMIBOLD,
        align="center",
    )
    return slower.left


def _times_words(speed: float, texts: Texts) -> str:
    decimals = next((d for d in (0, 1) if math.isclose(speed, round(speed, d))), 2)
    return f"{texts.number(speed, decimals)}×"


def _label_base(canvas: Canvas, track: pygame.Rect) -> int:
    below = track.top + canvas.theme.px(_BAND + _HIGH + 14)
    return below + canvas.theme.cap_px(Type.LABEL)


def _session(panel: Canvas, side: int, timeline: Timeline, free: tuple[int, int] | None) -> None:
    """Draw the whole session: states as a band, cues, marks and faults above, times below."""
    theme = panel.theme
    panel.surface.fill(SURFACE)
    track = pygame.Rect(side, 0, panel.rect.w - 2 * side, panel.rect.h)
    band = pygame.Rect(track.left, theme.px(_BAND), track.w, theme.px(_HIGH))
    rank = ranks(timeline, track.w)
    edges = np.flatnonzero(np.diff(rank)) + 1
    for left, right in zip([0, *edges], [*edges, track.w], strict=True):
        share, colour = _LOOKS[rank[left]]
        high = round(share * band.h)
        panel.surface.fill(colour, (band.left + left, band.bottom - high, right - left, high))
    panel.surface.fill(LINE, (band.left, band.bottom, band.w, 1))
    _signs(panel, track, timeline)
    _labels(panel, track, timeline, free)


def ranks(timeline: Timeline, width: int) -> NDArray[np.int64]:
    """Return how bad the worst state in each pixel of the bar is, 0 (nothing kept) to 5."""
    found = np.zeros(width, np.int64)
    ends = [t_s for t_s, _ in timeline.states[1:]] + [timeline.end_s]
    for (start_s, state), end_s in zip(timeline.states, ends, strict=True):
        first, last = _x(timeline, width, start_s), _x(timeline, width, end_s)
        part = found[first : max(last, first + 1)]
        np.maximum(part, _RANK[state], out=part)
    return found


def _signs(panel: Canvas, track: pygame.Rect, timeline: Timeline) -> None:
    theme = panel.theme
    size = max(theme.px(11), 7)
    y = theme.px(_SIGNS) - size / 2 + theme.px(3)
    last = -math.inf
    for cue in timeline.cues:
        x = track.left + _x(timeline, track.w, cue.t_capture_s)
        if x - last >= 0.5 * size:
            panel.icon("triangle_down", x, y, size, WATCH)
            last = x
    for mark in timeline.marks:
        x = track.left + _x(timeline, track.w, mark.t_s)
        top = theme.px(_SIGNS) - size
        panel.surface.fill(TEXT, (x, top, 1, theme.px(_BAND + _HIGH) - top))
        panel.icon("flag", x + size / 2, top + size / 2, size, TEXT)
    for t_s, _ in timeline.faults:
        x = track.left + _x(timeline, track.w, t_s)
        panel.icon("cross", x, y, size, ACT, weight=0.24)


def _labels(
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
        x = _x(timeline, track.w, timeline.start_s + number * step_s)
        panel.surface.fill(LINE, (track.left + x, theme.px(_BAND + _HIGH), 1, theme.px(6)))
        half = panel.width(words, Type.LABEL) // 2
        # At both ends words lie inside of the bar.
        middle = min(max(x, half), track.w - half)
        gap = theme.px(12)
        if free is not None and free[0] - gap < middle + half and middle - half < free[1] + gap:
            continue
        base = _label_base(panel, track)
        panel.text(words, track.left + middle, base, Type.LABEL, SECONDARY, align="center")


def _label_box(
    canvas: Canvas, width: int, timeline: Timeline, hover_s: float | None, words: str
) -> tuple[int, int] | None:
    """Where the mouse's words lie along the bar."""
    if hover_s is None:
        return None
    wide = canvas.width(words, Type.LABEL)
    left = min(max(_x(timeline, width, hover_s) - wide // 2, 0), max(width - wide, 0))
    return left, left + wide


def _words_at(
    canvas: Canvas, width: int, timeline: Timeline, hover_s: float | None, texts: Texts
) -> str:
    """The time under the mouse, and the mark, cue or fault that lies there."""
    if hover_s is None:
        return ""
    words = clock(hover_s - timeline.start_s)
    within = canvas.theme.px(_NEAR)
    at = _x(timeline, width, hover_s)
    there = [(abs(_x(timeline, width, m.t_s) - at), m.note) for m in timeline.marks if m.note]
    there += [(abs(_x(timeline, width, s) - at), texts.reason(why)) for s, why in timeline.faults]
    there += [
        (abs(_x(timeline, width, cue.t_capture_s) - at), cue_words(cue, texts))
        for cue in timeline.cues
    ]
    near = [(far, said) for far, said in there if far <= within]
    if not near:
        return words
    said = min(near, key=lambda pair: pair[0])[1]
    return shorten(canvas, f"{words} · {said}", width, Type.LABEL)
