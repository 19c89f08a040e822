"""The last cue, over the picture: what was said, how soon, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

import pygame

from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.text_fit import wrap
from hipcue.realtime.hud.draw.theme import (
    BACKGROUND,
    GAP,
    HIP,
    MARGIN,
    SECONDARY,
    TEXT,
    WATCH,
    Type,
    Weight,
)
from hipcue.realtime.hud.facts.legs import near_side
from hipcue.realtime.hud.facts.texts import Texts
from hipcue.realtime.hud.widgets.notices import overlay_width
from hipcue.realtime.hud.widgets.skeleton import CHIP_GROUND, CHIP_OPACITY
from hipcue.realtime.records import Cue
from hipcue.realtime.view.snapshot import Snapshot

# Then it leaves the picture; its mark stays on the charts. Our choice.
_SHOWN_S = 20.0
# What is said or sounds because it goes well.
_PRAISE = ("good_stretch", "tilt_back")
# A tone and words that begin together are one cue to the eye: the words.
_TOGETHER_S = 1.0


def last_cue(snapshot: Snapshot) -> Cue | None:
    """Return the cue to show, words before tones."""
    if not snapshot.cues:
        return None
    newest = snapshot.cues[-1]
    if snapshot.t_s - newest.t_capture_s > _SHOWN_S:
        return None
    for cue in reversed(snapshot.cues):
        if newest.t_capture_s - cue.t_capture_s > _TOGETHER_S:
            break
        if cue.text:
            return cue
    return newest


def cue_words(cue: Cue, texts: Texts) -> str:
    """Return what was said, in quotes, or the name of the tone."""
    if cue.text:
        return texts("cue.quoted", words=cue.text)
    return texts.name_of("tone", cue.event)


def cue_details(snapshot: Snapshot, cue: Cue, texts: Texts) -> list[str]:
    """Return number, age, latency and response, as far as they are known."""
    near = near_side(snapshot)
    since = takewhile(lambda s: s.end_s > cue.t_capture_s, reversed(snapshot.strides))
    ago = sum(stride.side is near for stride in since)
    parts = [texts("cue.number", n=cue.number)]
    parts.append(texts("cue.stride_ago" if ago == 1 else "cue.strides_ago", n=ago))
    times = snapshot.cue_times.get(cue.number)
    if times is not None:
        parts.append(texts("cue.latency", ms=texts.number(times.sound_ms)))
    response = snapshot.responses.get(cue.number)
    if response is not None:
        before, after = response.before.value, response.after.value
        if before is not None and after is not None:
            name = texts.name_of("metric_short", response.metric)
            change = texts.number(after - before, 1, sign=True)
            parts.append(texts("cue.response", metric=name, change=change))
    return parts


@dataclass(frozen=True, slots=True)
class _Layout:
    """The lines of a cue and the size of the box around them."""

    kind: Type
    said: tuple[str, ...]
    cut: bool
    details: tuple[str, ...]
    size: tuple[int, int]


class CueChip:
    """Draws the last cue; breaks its words into lines only when they have changed."""

    def __init__(self) -> None:
        self._known: tuple[tuple[object, ...], _Layout] | None = None

    def draw(
        self, canvas: Canvas, picture: pygame.Rect, snapshot: Snapshot, texts: Texts, top: int
    ) -> int:
        """Lay the last cue over the picture, from `top`; return the y below it."""
        cue = last_cue(snapshot)
        if cue is None:
            return top
        theme = canvas.theme
        pad = theme.px(MARGIN)
        layout = self._layout(canvas, picture, cue_words(cue, texts), snapshot, cue, texts)
        kind = layout.kind
        box = pygame.Rect((picture.left + theme.px(GAP), top), layout.size)
        canvas.panel(box, BACKGROUND, CHIP_OPACITY)
        bar = pygame.Rect(box.left, box.top, theme.px(6), box.h)
        canvas.panel(bar, HIP if cue.event in _PRAISE else WATCH, radius=theme.px(3))
        x, baseline = box.left + pad, box.top + theme.px(18) + theme.cap_px(kind)
        for text in layout.said:
            canvas.text(
                text,
                x,
                baseline,
                kind,
                TEXT,
                Weight.SEMIBOLD,
                room=box,
                ground=CHIP_GROUND,
                cut=layout.cut,
            )
            baseline += theme.line_px(kind)
        baseline += theme.px(14) + theme.cap_px(Type.SMALL) - theme.line_px(kind)
        for text in layout.details:
            canvas.text(text, x, baseline, Type.SMALL, SECONDARY, room=box, ground=CHIP_GROUND)
            baseline += theme.line_px(Type.SMALL)
        return box.bottom + theme.px(8)

    def _layout(
        self,
        canvas: Canvas,
        picture: pygame.Rect,
        words: str,
        snapshot: Snapshot,
        cue: Cue,
        texts: Texts,
    ) -> _Layout:
        details = tuple(cue_details(snapshot, cue, texts))
        key = (words, details, picture.size, canvas.theme.size)
        if self._known is None or self._known[0] != key:
            self._known = (key, _lay_out(canvas, picture, words, details))
        return self._known[1]


def _lay_out(canvas: Canvas, picture: pygame.Rect, words: str, details: Sequence[str]) -> _Layout:
    theme = canvas.theme
    pad = theme.px(MARGIN)
    most = overlay_width(canvas, picture) - 2 * pad
    kind = Type.ROW
    if canvas.width(words, kind, Weight.SEMIBOLD) > most:
        kind = Type.NAME
    said, cut = wrap(canvas, words, most, kind, 2, Weight.SEMIBOLD)
    lines = _lines(canvas, details, most)
    width = max(
        *(canvas.width(line, kind, Weight.SEMIBOLD) for line in said),
        *(canvas.width(line, Type.SMALL) for line in lines),
    )
    height = 2 * theme.px(18) + theme.cap_px(kind) + theme.px(14) + theme.cap_px(Type.SMALL)
    height += (len(said) - 1) * theme.line_px(kind)
    height += (len(lines) - 1) * theme.line_px(Type.SMALL)
    return _Layout(kind, tuple(said), cut, tuple(lines), (width + 2 * pad, height))


def _lines(canvas: Canvas, parts: Sequence[str], width: int) -> list[str]:
    """Join parts on as few lines as they need; a part is never broken."""
    lines: list[str] = []
    for part in parts:
        longer = f"{lines[-1]} · {part}" if lines else part
        if lines and canvas.width(longer, Type.SMALL) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines
