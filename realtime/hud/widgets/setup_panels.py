"""The panels of the set-up screen: what to do next, who runs, the framing, the devices."""

from __future__ import annotations

from collections.abc import Sequence

import pygame

from hipcue.config.reason_words import advice_on
from hipcue.devices.readings import DeviceStatus, LinkState
from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.text_fit import first_that_fits, shorten, wrap
from hipcue.realtime.hud.draw.theme import (
    ACT,
    HIP,
    LINE,
    MARGIN,
    SECONDARY,
    TEXT,
    WATCH,
    Colour,
    Type,
    Weight,
)
from hipcue.realtime.hud.facts.guide import Check, Guide, Step
from hipcue.realtime.hud.facts.texts import Texts
from hipcue.realtime.hud.widgets.header import STATUS_ICONS
from hipcue.realtime.hud.widgets.ring import draw_ring

# A device with advice gets this many times the height of one without.
_ADVICE_SHARE = 1.8
_MOST_LINES = 3


def draw_guide_panel(canvas: Canvas, now: Guide, texts: Texts) -> None:
    """Draw the steps as dots, the instruction large, the countdown as a ring.

    The ring stands beside the words, in a panel taller than wide below them.
    """
    theme = canvas.theme
    pad = theme.px(MARGIN)
    inner = canvas.rect.inflate(-2 * pad, -2 * pad)
    width = inner.w
    if now.progress is not None:
        side = min(inner.h, inner.w, theme.px(180))
        box = pygame.Rect(inner.right - side, 0, side, side)
        box.centery = canvas.rect.centery
        if inner.h > inner.w:
            box.left, box.top = inner.left, inner.bottom - side
            inner.height -= side + pad
        else:
            width -= side + pad
        draw_ring(canvas, box, now.progress)
    title_lines, kind, _ = _title_lines(canvas, now.title, width)
    title_line = round(1.15 * theme.type_px(kind))
    advice, cut = wrap(canvas, now.advice, width, Type.NAME, _MOST_LINES)
    dots = theme.cap_px(Type.SMALL)
    used = dots + theme.px(28) + len(title_lines) * title_line
    used += theme.px(8) + len(advice) * theme.line_px(Type.NAME)
    y = inner.top + max((inner.h - used) // 2, 0)
    _step_dots(canvas, inner.left, y + dots, now.step, texts, width)
    y += dots + theme.px(28)
    for line in title_lines:
        base = y + theme.cap_px(kind)
        canvas.text(line, inner.left, base, kind, TEXT, Weight.SEMIBOLD)
        y += title_line
    y += theme.px(8)
    for line in advice:
        base = y + theme.cap_px(Type.NAME)
        canvas.text(line, inner.left, base, Type.NAME, SECONDARY, cut=cut)
        y += theme.line_px(Type.NAME)


def _title_lines(canvas: Canvas, words: str, width: int) -> tuple[list[str], Type, bool]:
    for kind in (Type.TILE, Type.ROW):
        if canvas.width(words, kind, Weight.SEMIBOLD) <= width:
            return [words], kind, False
    lines, cut = wrap(canvas, words, width, Type.ROW, 2, Weight.SEMIBOLD)
    return lines, Type.ROW, cut


def _step_dots(canvas: Canvas, x: int, baseline: int, step: Step, texts: Texts, width: int) -> None:
    """Draw the three steps (in the picture, stand still, run) as done, now or to come."""
    theme = canvas.theme
    middle = baseline - theme.cap_px(Type.SMALL) / 2
    size = 0.9 * theme.type_px(Type.SMALL)
    for number, name in ((1, "seen"), (2, "neutral"), (3, "run")):
        done, current = step > number, step == number
        icon = "check" if done else "dot" if current else "ring"
        colour = HIP if done else TEXT if current else SECONDARY
        scale = 1.0 if done else 0.62
        canvas.icon(icon, x + size / 2, middle, scale * size, colour, weight=0.16)
        x += round(size + theme.px(8))
        weight = Weight.SEMIBOLD if current else Weight.REGULAR
        words = texts(f"step.{name}")
        shade = TEXT if current else SECONDARY
        x = canvas.text(words, x, baseline, Type.SMALL, shade, weight).right + theme.px(28)


def draw_runner_panel(canvas: Canvas, name: str, texts: Texts) -> None:
    """Write who runs, and the key that changes it."""
    theme = canvas.theme
    pad = theme.px(MARGIN)
    spare = canvas.rect.h - theme.cap_px(Type.SMALL) - theme.cap_px(Type.ROW)
    label = round(spare * 0.36) + theme.cap_px(Type.SMALL)
    base = label + round(spare * 0.28) + theme.cap_px(Type.ROW)
    canvas.text(texts("setup.runner"), pad, label, Type.SMALL, SECONDARY)
    key, word = texts("key.name"), texts("setup.change")
    right = canvas.rect.w - pad
    start = right - canvas.width(word, Type.SMALL)
    canvas.text(word, right, base, Type.SMALL, SECONDARY, align="right")
    start -= theme.px(6) + canvas.width(key, Type.SMALL, Weight.SEMIBOLD)
    canvas.text(key, start, base, Type.SMALL, TEXT, Weight.SEMIBOLD)
    shown = shorten(canvas, name, start - 2 * pad, Type.ROW, Weight.SEMIBOLD)
    canvas.text(shown, pad, base, Type.ROW, TEXT, Weight.SEMIBOLD)
    canvas.target(canvas.rect, "key:name")


def _rows(canvas: Canvas, title: str, shares: Sequence[float]) -> list[pygame.Rect]:
    """Write a title and divide what is below it."""
    theme = canvas.theme
    pad = theme.px(MARGIN)
    base = theme.px(20) + theme.cap_px(Type.NAME)
    canvas.text(title, pad, base, Type.NAME, TEXT, Weight.SEMIBOLD)
    top = base + theme.px(12)
    unit = (canvas.rect.h - top - theme.px(12)) / max(sum(shares), 1.0)
    width = canvas.rect.w - 2 * pad
    rows = []
    y = float(top)
    for share in shares:
        rows.append(pygame.Rect(pad, round(y), width, round(share * unit)))
        y += share * unit
    return rows


def draw_checks_panel(canvas: Canvas, checks: tuple[Check, ...], texts: Texts) -> None:
    """Draw each point of the framing, ticked or with what to do."""
    theme = canvas.theme
    rows = _rows(canvas, texts("setup.picture"), [1.0] * len(checks))
    names = [texts(f"check.{check.name}") for check in checks]
    column = max(canvas.width(name, Type.SMALL) for name in names) + theme.px(24)
    for check, name, row in zip(checks, names, rows, strict=True):
        size = 0.9 * theme.type_px(Type.SMALL)
        base = row.centery + theme.cap_px(Type.SMALL) / 2
        icon, colour = ("ring", SECONDARY) if check.done is None else ("check", HIP)
        if check.done is False:
            icon, colour = "triangle_up", WATCH
        scale = 0.62 if icon == "ring" else 0.85
        canvas.icon(icon, row.left + size / 2, row.centery, scale * size, colour, weight=0.16)
        x = row.left + round(size) + theme.px(12)
        canvas.text(name, x, base, Type.SMALL, TEXT if check.done is False else SECONDARY)
        if check.advice:
            left = x + column
            room = pygame.Rect(left, row.top, row.right - left, row.h)
            _small_print(canvas, check.advice, room, WATCH)


def draw_devices_panel(
    canvas: Canvas,
    devices: tuple[DeviceStatus, ...],
    muted: bool,
    texts: Texts,
    blink: bool,
) -> None:
    """Draw each device with its status, and what to do where it needs help."""
    shares = [_ADVICE_SHARE if advice_on(device.reason) else 1.0 for device in devices]
    rows = _rows(canvas, texts("setup.devices"), shares)
    for number, (device, row) in enumerate(zip(devices, rows, strict=True)):
        if number:
            canvas.surface.fill(LINE, (row.left, row.top, row.w, 1))
        _draw_device(canvas, device, row, muted, texts, blink)


def _draw_device(
    canvas: Canvas,
    device: DeviceStatus,
    row: pygame.Rect,
    muted: bool,
    texts: Texts,
    blink: bool,
) -> None:
    theme = canvas.theme
    icon, colour = STATUS_ICONS[device.state]
    words, said = texts.reason(device.reason), texts(f"device_state.{device.state.value}")
    if device.name == "sound" and muted:
        icon, colour, said = "ring", WATCH, texts("device.muted")
    size = 0.8 * theme.type_px(Type.SMALL)
    x = row.left + round(1.125 * size) + theme.px(12)
    advice = texts.advice(device.reason)
    advice_short = texts.advice(device.reason, short=True)
    lines: list[str] = []
    cut, print_kind = False, Type.LABEL
    if advice:
        room = pygame.Rect(x, 0, row.right - x, row.h - theme.line_px(Type.NAME))
        lines, cut, print_kind = _fit(canvas, [advice, advice_short], room)
    line = theme.line_px(print_kind)
    gap = theme.px(5) if lines else 0
    base = row.centery - (theme.cap_px(Type.NAME) + len(lines) * line + gap) / 2
    base += theme.cap_px(Type.NAME)
    middle = base - theme.cap_px(Type.NAME) / 2
    if not (blink and device.state is LinkState.LOST):
        canvas.icon(icon, row.left + size / 2 + 1, middle, size, colour, weight=0.2)
    shade = colour if colour in (ACT, WATCH) else SECONDARY
    canvas.text(said, row.right, base, Type.SMALL, shade, align="right")
    most_px = row.right - x - canvas.width(said, Type.SMALL) - theme.px(MARGIN)
    words, kind, missing = first_that_fits(canvas, [words], most_px, (Type.NAME, Type.SMALL))
    canvas.text(words, x, base, kind, TEXT, cut=missing)
    base += gap
    for text in lines:
        base += line
        canvas.text(text, x, base, print_kind, SECONDARY, cut=cut)


def _fit(
    canvas: Canvas, wordings: Sequence[str], room: pygame.Rect
) -> tuple[list[str], bool, Type]:
    """Break the first wording that fits into the room, at the first step of the type scale.

    Return its lines, whether they had to be cut, and the step.
    """
    for words in wordings:
        for kind in (Type.SMALL, Type.LABEL):
            most = max(min(room.h // canvas.theme.line_px(kind), _MOST_LINES), 1)
            lines, cut = wrap(canvas, words, room.w, kind, most)
            if not cut:
                return lines, False, kind
    return lines, cut, kind


def _small_print(canvas: Canvas, words: str, room: pygame.Rect, colour: Colour) -> None:
    """Write words into a row on as many lines as it has room for, around its middle."""
    theme = canvas.theme
    lines, cut, kind = _fit(canvas, [words], room)
    line = theme.line_px(kind)
    base = room.centery + theme.cap_px(kind) / 2 - (len(lines) - 1) * line / 2
    for number, text in enumerate(lines):
        canvas.text(text, room.left, base + number * line, kind, colour, cut=cut)
