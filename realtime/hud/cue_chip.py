"""The last cue, over the picture: what was said, how soon, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

import pygame

from realtime.hud.canvas import Canvas
from realtime.hud.facts import near_side, plain_tone
from realtime.hud.fitting import wrap
from realtime.hud.look import (
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
from realtime.hud.notices import overlay_width
from realtime.hud.skeleton import CHIP_GROUND, CHIP_OPACITY
from realtime.hud.texts import Texts
from realtime.records import Cue, Snapshot

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
    return texts(f"tone.{plain_tone(cue.event)}")


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
            name = texts(f"metric_short.{response.metric}")
            change = texts.number(after - before, 1, sign=True)
            parts.append(texts("cue.response", metric=name, change=change))
    return parts


def draw_cue(
    canvas: Canvas, picture: pygame.Rect, snapshot: Snapshot, texts: Texts, top: int
) -> int:
    """Lay the last cue over the picture, from `top`; return the y below it."""
    cue = last_cue(snapshot)
    if cue is None:
        return top
    theme = canvas.theme
    pad = theme.px(MARGIN)
    most = overlay_width(canvas, picture) - 2 * pad
    words = cue_words(cue, texts)
    kind = Type.ROW
    if canvas.width(words, kind, Weight.SEMIBOLD) > most:
        kind = Type.NAME
    said, cut = wrap(canvas, words, most, kind, 2, Weight.SEMIBOLD)
    details = _lines(canvas, cue_details(snapshot, cue, texts), most)
    width = max(
        *(canvas.width(line, kind, Weight.SEMIBOLD) for line in said),
        *(canvas.width(line, Type.SMALL) for line in details),
    )
    cap, small = theme.cap_px(kind), theme.cap_px(Type.SMALL)
    line, small_line = theme.line_px(kind), theme.line_px(Type.SMALL)
    height = 2 * theme.px(18) + cap + theme.px(14) + small
    height += (len(said) - 1) * line + (len(details) - 1) * small_line
    box = pygame.Rect(picture.left + theme.px(GAP), top, width + 2 * pad, height)
    canvas.panel(box, BACKGROUND, CHIP_OPACITY)
    bar = pygame.Rect(box.left, box.top, theme.px(6), box.h)
    canvas.panel(bar, HIP if cue.event in _PRAISE else WATCH, radius=theme.px(3))
    x, baseline = box.left + pad, box.top + theme.px(18) + cap
    for text in said:
        canvas.text(
            text,
            x,
            baseline,
            kind,
            TEXT,
            Weight.SEMIBOLD,
            room=box,
            ground=CHIP_GROUND,
            cut=cut,
        )
        baseline += line
    baseline += theme.px(14) + small - line
    for text in details:
        canvas.text(text, x, baseline, Type.SMALL, SECONDARY, room=box, ground=CHIP_GROUND)
        baseline += small_line
    return box.bottom + theme.px(8)


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
