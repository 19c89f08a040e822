"""The line at the bottom: what the keys do, and how the runner is doing."""

from __future__ import annotations

from collections.abc import Sequence

from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.text_fit import shorten
from hipcue.realtime.hud.draw.theme import (
    ACT,
    HIP,
    MARGIN,
    SECONDARY,
    TEXT,
    WATCH,
    Colour,
    Type,
    Weight,
)
from hipcue.realtime.hud.facts.latency import Line
from hipcue.realtime.hud.facts.mood import Mood
from hipcue.realtime.hud.facts.state import State
from hipcue.realtime.hud.facts.texts import Texts

HEIGHT = 72

MOOD_COLOUR: dict[Mood, Colour] = {
    Mood.CALM: TEXT,
    Mood.WATCH: WATCH,
    Mood.ACT: ACT,
    Mood.MISSING: SECONDARY,
}
# The order in which hints are left out where the window is narrow: last first.
COACH_KEYS = ("neutral", "mute", "mark", "cues", "help", "quit", "view", "full")
RUNNER_KEYS = ("number", "view", "full", "help", "quit")
REPLAY_KEYS = ("pause", "strides", "seconds", "peak", "speed", "help", "leave", "view", "full")
SETUP_KEYS = ("start", "name", "neutral", "help", "quit", "view", "full")


def footer_height(canvas: Canvas) -> int:
    """Return the height of the line, pixels."""
    return max(canvas.theme.px(HEIGHT), 2 * canvas.theme.type_px(Type.TITLE))


def draw_footer(
    canvas: Canvas,
    keys: Sequence[str],
    state: State | None,
    texts: Texts,
    blink: bool = False,
    latency: Sequence[Line] = (),
) -> None:
    """Draw key hints, each of which can be clicked, the latencies and the state.

    Where it is narrow the reason of the state is left out first, then the last hints.
    """
    theme = canvas.theme
    margin = theme.px(MARGIN)
    middle = canvas.rect.centery
    right = canvas.rect.w - margin
    hints = list(keys)
    if state is not None:
        wide = _hints_width(canvas, hints, texts) + _latency_width(canvas, latency)
        right = _state(canvas, state, right, middle, blink, wide)
    if latency:
        right = _latency(canvas, latency, right, middle)
    while len(hints) > 1 and margin + _hints_width(canvas, hints, texts) > right:
        hints.pop()
    x = margin
    level = middle + theme.cap_px(Type.SMALL) / 2
    # In the order of the keyboard hints' table, whatever was left out.
    for name in hints:
        key, word = texts(f"key.{name}"), texts(f"do.{name}")
        start = x
        x = canvas.text(key, x, level, Type.SMALL, TEXT, Weight.SEMIBOLD).right
        x = canvas.text(word, x + theme.px(6), level, Type.SMALL, SECONDARY).right
        box = canvas.rect.copy()
        box.left, box.width = start - theme.px(8), x - start + theme.px(16)
        canvas.target(box, f"key:{name}")
        x += theme.px(22)


def _hints_width(canvas: Canvas, hints: Sequence[str], texts: Texts) -> int:
    theme = canvas.theme
    total = 0
    for name in hints:
        total += canvas.width(texts(f"key.{name}"), Type.SMALL, Weight.SEMIBOLD)
        total += theme.px(6) + canvas.width(texts(f"do.{name}"), Type.SMALL) + theme.px(22)
    return total


def _latency_width(canvas: Canvas, lines: Sequence[Line]) -> int:
    """Return what the latencies take, with the room to their left; 0 without any."""
    if not lines:
        return 0
    names = max(canvas.width(name, Type.LABEL) for name, _ in lines)
    values = max(canvas.width(value, Type.LABEL) for _, value in lines)
    return names + canvas.theme.px(12) + values + canvas.theme.px(MARGIN)


def _latency(canvas: Canvas, lines: Sequence[Line], right: int, middle: int) -> int:
    """Write names and values in two columns, ending at `right`; return where they begin.

    A click on them opens the table of every stage.
    """
    theme = canvas.theme
    left = right - _latency_width(canvas, lines) + theme.px(MARGIN)
    names = max(canvas.width(name, Type.LABEL) for name, _ in lines)
    line = theme.line_px(Type.LABEL)
    base = middle + theme.cap_px(Type.LABEL) / 2 - (len(lines) - 1) * line / 2
    for number, (name, value) in enumerate(lines):
        at = base + number * line
        canvas.text(name, left, at, Type.LABEL, SECONDARY)
        canvas.text(value, left + names + theme.px(12), at, Type.LABEL, SECONDARY)
    box = canvas.rect.copy()
    box.left, box.width = left, right - left
    canvas.target(box, "key:latency")
    return left - theme.px(MARGIN)


def _state(
    canvas: Canvas,
    state: State,
    right: int,
    middle: int,
    blink: bool,
    hints_width: int,
) -> int:
    """Write the state at the right edge and its reason before it; return where they begin."""
    theme = canvas.theme
    colour = MOOD_COLOUR[state.mood]
    baseline = middle + theme.cap_px(Type.TITLE) / 2
    canvas.text(state.word, right, baseline, Type.TITLE, colour, Weight.SEMIBOLD, align="right")
    x = right - canvas.width(state.word, Type.TITLE, Weight.SEMIBOLD)
    size = 0.72 * theme.type_px(Type.TITLE)
    x -= round(theme.px(14) + size)
    if not (blink and state.blinks):
        icon_colour = HIP if state.mood is Mood.CALM else colour
        canvas.icon(state.icon, x + size / 2, middle, size, icon_colour, weight=0.18)
    if state.detail:
        room = x - theme.px(MARGIN) * 3 - hints_width
        least = canvas.width("0" * 16, Type.SMALL)
        if room >= least:
            words = shorten(canvas, state.detail, room, Type.SMALL)
            if words == state.detail:
                x -= theme.px(MARGIN)
                canvas.text(words, x, baseline, Type.SMALL, SECONDARY, align="right")
                x -= canvas.width(words, Type.SMALL)
    return x - theme.px(MARGIN)
