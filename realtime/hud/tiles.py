"""The numbers that decide, and the small ones beside them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from realtime.hud import theme
from realtime.hud.numbers import difference, outside, shown
from realtime.hud.pen import Box, Pen
from realtime.hud.texts import Texts
from realtime.records import Band, Snapshot, Stride

# A trend is shown when the mean of the last strides moved by this much of the band.
_TREND_SHARE = 0.35
_TREND_STRIDES = 8


def draw_tile(pen: Pen, box: Box, name: str, snapshot: Snapshot, texts: Texts) -> None:
    """Draw one large value: name, number, unit, what it means, and where it goes."""
    pen.panel(box)
    stride = _newest(snapshot, name)
    band = _band(snapshot, name)
    x, right = box.x + theme.MARGIN, box.right - theme.MARGIN
    pen.text(texts(name), (x, box.y + 30), theme.SMALL, theme.GREY, most=box.w - 80)
    value = shown(name, stride.measure(name)) if stride is not None else None
    middle = box.y + 0.645 * box.h
    if value is None or value.reason is not None:
        pen.fill(Box(box.x, box.y + 4, 4, box.h - 8), theme.LINE, 2)
        pen.text("–", (x, middle), theme.TILE + 6, theme.GREY, weight=theme.SEMIBOLD)
        reason = value.reason if value is not None and value.reason else ""
        pen.text(reason, (x, box.bottom - 16), theme.SMALL, theme.GREY, most=right - x)
        return
    colour, words, edge = _meaning(name, stride, band, snapshot, texts)
    pen.fill(Box(box.x, box.y + 4, 4, box.h - 8), edge, 2)
    width = pen.text(value.number, (x, middle), theme.TILE + 6, weight=theme.SEMIBOLD)
    pen.text(value.unit, (x + width + 10, middle), theme.NAME, theme.GREY)
    pen.text(words, (x, box.bottom - 16), theme.SMALL, colour, most=right - x)
    _arrow(pen, (right - 14, middle - 16), _trend(snapshot, name, band))


def draw_row(pen: Pen, box: Box, names: Sequence[str], snapshot: Snapshot, texts: Texts) -> None:
    """Draw a row of small values."""
    pen.panel(box)
    step = (box.w - 2 * theme.MARGIN) / len(names)
    for k, name in enumerate(names):
        x = box.x + theme.MARGIN + k * step
        pen.text(texts(name), (x, box.y + 32), theme.AXIS, theme.GREY, most=step - 8)
        stride = _newest(snapshot, name)
        value = shown(name, stride.measure(name)) if stride is not None else None
        if value is None or value.reason is not None:
            pen.text("–", (x, box.bottom - 24), theme.ROW, theme.GREY)
            continue
        width = pen.text(value.number, (x, box.bottom - 24), theme.ROW, weight=theme.SEMIBOLD)
        pen.text(value.unit, (x + width + 6, box.bottom - 24), theme.SMALL, theme.GREY)


def _newest(snapshot: Snapshot, name: str) -> Stride | None:
    """The newest stride; of the near leg for what only that shows well."""
    strides = list(snapshot.last_stride.values())
    if not strides:
        return None
    near = [s for s in strides if s.near]
    if near and name in ("hip_extension_deg", "knee_contact_deg", "contact_time_s"):
        return near[0]
    return max(strides, key=lambda s: s.end_s)


def _band(snapshot: Snapshot, name: str) -> Band | None:
    if snapshot.result is None:
        return None
    stride = _newest(snapshot, name)
    side = f"{name}:{stride.side.value}" if stride is not None else name
    return snapshot.result.bands.get(side) or snapshot.result.bands.get(name)


def _meaning(
    name: str, stride: Stride | None, band: Band | None, snapshot: Snapshot, texts: Texts
) -> tuple[theme.Colour, str, theme.Colour]:
    value = stride.measure(name).value if stride is not None else None
    if band is None or value is None:
        return theme.GREY, texts("no_baseline"), theme.LINE
    side = outside(value, band)
    if name == "pelvic_tilt_deg":
        if side > 0:
            return theme.ACT, texts("out_of_band", band.low, band.high), theme.ACT
        return theme.GREY, texts("in_band", band.low, band.high), theme.LINE
    if side == 0:
        return theme.GREY, texts("usual"), theme.LINE
    words = texts("under" if side < 0 else "over", difference(name, value - band.centre))
    worse = name == "hip_extension_deg" and side < 0
    colour = theme.WATCH if worse else theme.GREY
    return colour, words, colour if worse else theme.LINE


def _trend(snapshot: Snapshot, name: str, band: Band | None) -> int | None:
    values = [v for s in snapshot.strides if (v := s.measure(name).value) is not None]
    if band is None or len(values) < 2 * _TREND_STRIDES:
        return None
    recent = float(np.mean(values[-_TREND_STRIDES:]))
    before = float(np.mean(values[-2 * _TREND_STRIDES : -_TREND_STRIDES]))
    moved = (recent - before) / max(band.high - band.low, 1e-9)
    return 0 if abs(moved) < _TREND_SHARE else (1 if moved > 0 else -1)


def _arrow(pen: Pen, at: tuple[float, float], trend: int | None) -> None:
    """Draw where it goes; the font has no arrows worth showing."""
    if trend is None:
        return
    x, y = at
    rise = -9 * trend
    tail, tip = (x - 12, y - rise), (x + 12, y + rise)
    pen.path([tail, tip], theme.GREY, 3)
    if trend == 0:
        pen.path([(x + 4, y - 8), tip, (x + 4, y + 8)], theme.GREY, 3)
    else:
        pen.path([(x - 1, tip[1]), tip, (x + 12, tip[1] - rise * 1.3)], theme.GREY, 3)
