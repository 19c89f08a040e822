"""The extension budget: what of the thigh's extension is the hip's and what is borrowed."""

from __future__ import annotations

from realtime.hud import theme
from realtime.hud.pen import Box, Pen
from realtime.hud.texts import Texts
from realtime.records import Side, Snapshot, Stride

# The bar's full width; more extension than this ends at the edge.
_FULL_DEG = 40.0


def draw_budget(pen: Pen, box: Box, snapshot: Snapshot, texts: Texts) -> None:
    """Draw both legs' bars and the one sentence that says it."""
    pen.panel(box)
    inner = box.inset(theme.MARGIN)
    pen.text(
        texts("budget"), (inner.x, inner.y + 16), theme.NAME, theme.GREY, weight=theme.SEMIBOLD
    )
    _legend(pen, inner, texts)
    step = (inner.h - 76) / 2
    for k, side in enumerate((Side.L, Side.R)):
        row = Box(inner.x, inner.y + 48 + k * step, inner.w, step)
        _leg(pen, row, side, snapshot, texts)
    pen.text(
        _sentence(snapshot, texts),
        (inner.x, inner.bottom),
        theme.SMALL,
        theme.GREY,
        most=inner.w,
    )


def _legend(pen: Pen, inner: Box, texts: Texts) -> None:
    x = inner.right
    for key, colour in (("lumbar", theme.LUMBAR), ("pelvis", theme.PELVIS), ("hip", theme.HIP)):
        width = pen.size(texts(key), theme.SMALL)
        x -= width
        pen.text(texts(key), (x, inner.y + 15), theme.SMALL, theme.GREY)
        x -= 22
        pen.fill(Box(x, inner.y + 2, 14, 14), colour, 3)
        x -= 20


def _leg(pen: Pen, row: Box, side: Side, snapshot: Snapshot, texts: Texts) -> None:
    name = "left" if side is Side.L else "right"
    stride = snapshot.last_stride.get(side)
    pen.text(texts(name), (row.x, row.y + 20), theme.SMALL, weight=theme.SEMIBOLD)
    if stride is not None:
        near = texts("near" if stride.near else "far")
        pen.text(near, (row.x, row.y + 42), theme.AXIS, theme.GREY)
    bar = Box(row.x + 84, row.y, row.w - 84 - 64, 36)
    pen.fill(bar, theme.LINE, 4)
    reason = _reason(stride, texts)
    if stride is None:
        return
    if reason is not None:
        pen.text(reason, (bar.x + 12, bar.y + 25), theme.SMALL, theme.GREY, most=bar.w - 24)
        return
    hip = stride.measure("hip_extension_deg").value or 0.0
    tilt = stride.measure("pelvic_tilt_deg").value or 0.0
    thigh = stride.measure("thigh_extension_deg").value or 0.0
    unit = bar.w / _FULL_DEG
    hip_w = min(max(hip, 0.0) * unit, bar.w)
    tilt_w = min(max(tilt, 0.0) * unit, bar.w - hip_w)
    pen.fill(Box(bar.x, bar.y, hip_w, bar.h), theme.HIP, 4)
    pen.fill(Box(bar.x + hip_w + 2, bar.y, max(tilt_w - 2, 0), bar.h), theme.PELVIS, 4)
    _inside(pen, bar.x, hip_w, bar.y, f"{hip:.0f}°")
    _inside(pen, bar.x + hip_w, tilt_w, bar.y, f"{tilt:.0f}°")
    pen.text(f"{thigh:.0f}°", (row.right, bar.y + 27), theme.ROW, theme.GREY, align="right")
    _baseline(pen, bar, side, snapshot, unit)
    _arch(pen, bar, stride, texts, unit)


def _inside(pen: Pen, x: float, width: float, y: float, text: str) -> None:
    if width > pen.size(text, theme.NAME, theme.SEMIBOLD) + 16:
        pen.text(text, (x + 12, y + 26), theme.NAME, theme.BACKGROUND, weight=theme.SEMIBOLD)


def _baseline(pen: Pen, bar: Box, side: Side, snapshot: Snapshot, unit: float) -> None:
    bands = snapshot.result.bands if snapshot.result is not None else {}
    band = bands.get(f"hip_extension_deg:{side.value}")
    if band is not None:
        x = bar.x + min(max(band.centre, 0.0) * unit, bar.w)
        pen.dotted((x, bar.y - 8), (x, bar.bottom + 8), theme.TEXT)


def _arch(pen: Pen, bar: Box, stride: Stride, texts: Texts, unit: float) -> None:
    arch = stride.measure("lumbar_extension_deg")
    if arch.value is None:
        return
    width = min(max(arch.value, 0.0) * unit, bar.w)
    pen.fill(Box(bar.x, bar.bottom + 8, max(width, 3), 8), theme.LUMBAR, 3)
    pen.text(
        texts("arch", arch.value),
        (bar.x + max(width, 3) + 12, bar.bottom + 18),
        theme.AXIS,
        theme.GREY,
    )


def _reason(stride: Stride | None, texts: Texts) -> str | None:
    if stride is None:
        return None
    for name in ("thigh_extension_deg", "hip_extension_deg"):
        measured = stride.measure(name)
        if measured.value is None:
            return f"– {measured.reason}"
    return None


def _sentence(snapshot: Snapshot, texts: Texts) -> str:
    strides = [s for s in snapshot.last_stride.values() if s.near]
    if not strides:
        return texts("split_none")
    thigh = strides[0].measure("thigh_extension_deg").value
    tilt = strides[0].measure("pelvic_tilt_deg").value
    if thigh is None or tilt is None:
        return texts("split_none")
    if tilt < 0.5:
        return texts("split_all", thigh=thigh)
    return texts("split", thigh=thigh, tilt=tilt)
