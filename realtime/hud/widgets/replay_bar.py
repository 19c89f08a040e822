"""The strip below a replay: buttons, the time, and the session's bar with the playhead on it."""

from __future__ import annotations

import math

import pygame

from hipcue.realtime.hud.draw.cached_panel import CachedPanel
from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.text_fit import shorten
from hipcue.realtime.hud.draw.theme import (
    GAP,
    MARGIN,
    RAISED,
    SECONDARY,
    SURFACE,
    TEXT,
    Theme,
    Type,
    Weight,
)
from hipcue.realtime.hud.facts.texts import Texts, clock
from hipcue.realtime.hud.input.replay_keys import TRACK
from hipcue.realtime.hud.widgets.cue_chip import cue_words
from hipcue.realtime.hud.widgets.session_track import (
    BAND,
    BAND_HEIGHT,
    SIGNS,
    draw_session,
    label_base,
    pixel_of,
)
from hipcue.realtime.view.snapshot import Replay, Snapshot, Timeline

_HEIGHT = 100
_BUTTON, _LEAST_BUTTON = 48, 28
# A cue or a mark this near to the mouse is named, design pixels.
_NEAR = 8


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
            lambda panel: draw_session(panel, side, timeline, free),
        )
        canvas.target(track, TRACK)
        if hover_s is not None and free is not None:
            line = track.left + pixel_of(timeline, track.w, hover_s)
            top, foot = theme.px(SIGNS), theme.px(BAND + BAND_HEIGHT)
            canvas.surface.fill(SECONDARY, (line, track.top + top, 1, foot - top))
            canvas.text(pointed, track.left + free[0], label_base(canvas, track), Type.LABEL, TEXT)
        at = track.left + pixel_of(timeline, track.w, snapshot.t_s)
        wide = max(theme.px(3), 2)
        top = track.top + theme.px(12)
        foot = track.top + theme.px(BAND + BAND_HEIGHT + 4)
        canvas.surface.fill(SURFACE, (at - wide, top, 2 * wide + 1, foot - top))
        canvas.surface.fill(TEXT, (at - wide // 2, top, wide, foot - top))
        canvas.disc((at, top), max(theme.px(7), 5), TEXT)


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


def _label_box(
    canvas: Canvas, width: int, timeline: Timeline, hover_s: float | None, words: str
) -> tuple[int, int] | None:
    """Return where the mouse's words lie along the bar."""
    if hover_s is None:
        return None
    wide = canvas.width(words, Type.LABEL)
    left = min(max(pixel_of(timeline, width, hover_s) - wide // 2, 0), max(width - wide, 0))
    return left, left + wide


def _words_at(
    canvas: Canvas, width: int, timeline: Timeline, hover_s: float | None, texts: Texts
) -> str:
    """Return the time under the mouse, and the mark, cue or fault that lies there."""
    if hover_s is None:
        return ""
    words = clock(hover_s - timeline.start_s)
    within = canvas.theme.px(_NEAR)
    at = pixel_of(timeline, width, hover_s)
    there = [(mark.t_s, mark.note) for mark in timeline.marks if mark.note]
    there += [(t_s, texts.reason(why)) for t_s, why in timeline.faults]
    there += [(cue.t_capture_s, cue_words(cue, texts)) for cue in timeline.cues]
    away = [(abs(pixel_of(timeline, width, t_s) - at), said) for t_s, said in there]
    near = [(far, said) for far, said in away if far <= within]
    if not near:
        return words
    said = min(near, key=lambda pair: pair[0])[1]
    return shorten(canvas, f"{words} · {said}", width, Type.LABEL)
