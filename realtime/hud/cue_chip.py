"""The last cue, over the picture: what was said, how soon, and what came of it."""

from __future__ import annotations

import pygame

from realtime.hud.canvas import Canvas
from realtime.hud.facts import plain_tone
from realtime.hud.fitting import first_that_fits, shorten
from realtime.hud.look import (
    BACKGROUND,
    GAP,
    MARGIN,
    SECONDARY,
    TEXT,
    WATCH,
    Type,
    Weight,
)
from realtime.hud.skeleton import CHIP_GROUND, CHIP_OPACITY
from realtime.hud.texts import Texts
from realtime.records import Cue, Snapshot

# Then it leaves the picture; its mark stays on the charts. Our choice.
_SHOWN_S = 45.0
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
    return texts(f"tone.{plain_tone(cue.event)}")


def cue_details(snapshot: Snapshot, cue: Cue, texts: Texts) -> list[str]:
    """Return number, age, latency and response, as far as they are known."""
    ago = sum(stride.end_s > cue.t_capture_s for stride in snapshot.strides)
    parts = [texts("cue.number", n=cue.number)]
    parts.append(texts("cue.stride_ago" if ago == 1 else "cue.strides_ago", n=ago))
    latency = snapshot.cue_latency_ms.get(cue.number)
    if latency is not None:
        parts.append(texts("cue.latency", ms=texts.number(latency)))
    response = snapshot.responses.get(cue.number)
    if response is not None:
        before, after = response.before.value, response.after.value
        if before is not None and after is not None:
            name = texts(f"metric_short.{response.metric}")
            change = texts.number(after - before, 1, sign=True)
            parts.append(texts("cue.response", metric=name, change=change))
    return parts


def draw_cue(canvas: Canvas, picture: pygame.Rect, snapshot: Snapshot, texts: Texts) -> None:
    """Lay the last cue over the lower left of the picture."""
    cue = last_cue(snapshot)
    if cue is None:
        return
    theme = canvas.theme
    gap, pad = theme.px(GAP), theme.px(MARGIN)
    most = picture.w - 2 * gap - 2 * pad
    words, kind, cut = first_that_fits(
        canvas, [cue_words(cue, texts)], most, (Type.ROW, Type.NAME), Weight.SEMIBOLD
    )
    parts = cue_details(snapshot, cue, texts)
    line = " · ".join(parts)
    while len(parts) > 1 and canvas.width(line, Type.SMALL) > most:
        parts.pop(1)  # The age goes first: the charts tell it too.
        line = " · ".join(parts)
    line = shorten(canvas, line, most, Type.SMALL)
    width = max(canvas.width(words, kind, Weight.SEMIBOLD), canvas.width(line, Type.SMALL))
    cap, small = theme.cap_px(kind), theme.cap_px(Type.SMALL)
    height = 2 * theme.px(20) + cap + theme.px(16) + small
    box = pygame.Rect(picture.left + gap, 0, width + 2 * pad, height)
    box.bottom = picture.bottom - gap
    canvas.panel(box, BACKGROUND, CHIP_OPACITY)
    bar = pygame.Rect(box.left, box.top, theme.px(6), box.h)
    canvas.panel(bar, WATCH, radius=theme.px(3))
    baseline = box.top + theme.px(20) + cap
    x = box.left + pad
    canvas.text(
        words,
        x,
        baseline,
        kind,
        TEXT,
        Weight.SEMIBOLD,
        room=box,
        ground=CHIP_GROUND,
        cut=cut,
    )
    baseline += theme.px(16) + small
    canvas.text(line, x, baseline, Type.SMALL, SECONDARY, room=box, ground=CHIP_GROUND)


def cue_height(canvas: Canvas) -> int:
    """Return about how much of the picture's foot the cue takes."""
    theme = canvas.theme
    return theme.px(2 * GAP + 56) + theme.cap_px(Type.ROW) + theme.cap_px(Type.SMALL)
