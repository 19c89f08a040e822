"""Strip charts: the last three minutes of a metric, with cues, marks and speed changes."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pygame

from realtime.hud.canvas import Canvas
from realtime.hud.facts import SHOWN, STRIDE_STALE_S, band_of, camera_lost, near_side
from realtime.hud.fitting import shorten, write_fitting
from realtime.hud.look import (
    BAND,
    GAP,
    HIP,
    LINE,
    MARGIN,
    OTHER,
    PELVIS,
    SECONDARY,
    SURFACE,
    TEXT,
    WATCH,
    Colour,
    Type,
    Weight,
    mix,
)
from realtime.hud.series import (
    HISTORY_S,
    Axis,
    Curves,
    Line,
    axis_for,
    cue_times,
    settled_times,
)
from realtime.hud.texts import Texts
from realtime.records import Band, Side, Snapshot

# More cues than this and their lines would hide the chart: triangles alone then.
_MOST_CUE_LINES = 16
# Nobody's stride length belongs to a belt that stands; our choice.
_STANDS_MPS = 0.15


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """What a chart shows: metric, step between axis labels, and whether legs are apart."""

    metric: str
    step: float
    decimals: int
    legs: bool
    colour: Colour


CHARTS = (
    ChartSpec("hip_extension_deg", 5.0, 0, True, HIP),
    ChartSpec("pelvic_tilt_deg", 5.0, 0, False, PELVIS),
    ChartSpec("stride_length_m", 0.1, 1, False, OTHER),
)


@dataclass(frozen=True, slots=True)
class _Series:
    name: str
    colour: Colour
    lines: list[Line]
    left: bool = False
    sign: str = "dot"


def chart_key(snapshot: Snapshot, plot_width: int) -> Hashable:
    """Return all that a chart depends on; it slides by whole pixels."""
    newest = snapshot.strides[-1].index if snapshot.strides else -1
    slid = int(snapshot.t_s * max(plot_width, 1) / HISTORY_S)
    bands = snapshot.result.bands if snapshot.result is not None else {}
    speed = _running_speed(snapshot)
    return (
        newest,
        slid,
        bool(snapshot.strides),
        near_side(snapshot),
        None if speed is None else round(3.6 * speed, 1),
        len(snapshot.cues),
        len(snapshot.marks),
        snapshot.speed_changes_s,
        tuple(sorted((name, band.low, band.high) for name, band in bands.items())),
    )


def _running_speed(snapshot: Snapshot) -> float | None:
    """The belt's speed while it runs, m/s; nobody knows it without pictures."""
    if camera_lost(snapshot):
        return None
    speed = snapshot.result.belt_speed_mps.value if snapshot.result is not None else None
    return speed if speed is not None and speed > _STANDS_MPS else None


def draw_chart(
    canvas: Canvas,
    spec: ChartSpec,
    snapshot: Snapshot,
    texts: Texts,
    tilt_band_deg: float,
    curves: Curves,
) -> None:
    """Draw one chart on a card."""
    theme = canvas.theme
    pad = theme.px(MARGIN)
    near = near_side(snapshot)
    band = band_of(snapshot, spec.metric, near, tilt_band_deg)
    series = _series(spec, snapshot, texts, near, curves)
    scale = SHOWN[spec.metric].scale
    every = [line for one in series for line in one.lines]
    axis = axis_for(every, band, scale, spec.step)
    title_base = theme.px(18) + theme.cap_px(Type.NAME)
    label = theme.cap_px(Type.LABEL)
    axis_width = max(
        canvas.width(texts.number(value, spec.decimals), Type.LABEL)
        for value in (axis.low, axis.high)
    ) + theme.px(GAP)
    plot = pygame.Rect(pad, title_base + theme.px(24), canvas.rect.w - 2 * pad - axis_width, 1)
    plot.height = canvas.rect.h - plot.top - theme.px(14) - label - theme.px(12)
    _title(canvas, spec, series, snapshot, texts, pad, title_base)
    if plot.h < theme.px(24) or plot.w < theme.px(60):
        return
    base = canvas.rect.h - theme.px(16)
    canvas.text(texts("chart.ago"), plot.left, base, Type.LABEL, SECONDARY)
    canvas.text(texts("chart.now"), plot.right, base, Type.LABEL, SECONDARY, align="right")
    if not every:
        words = _why_empty(snapshot, spec.metric, near, texts)
        middle = plot.centery + theme.cap_px(Type.SMALL) / 2
        write_fitting(
            canvas, [words], plot.centerx, middle, plot.w, colour=SECONDARY, align="center"
        )
        canvas.surface.fill(LINE, (plot.left, plot.bottom, plot.w, 1))
        return
    place = _Place(plot, axis, snapshot.t_s)
    if band is not None:
        _band(canvas, place, band, scale)
    _grid(canvas, place, spec, texts)
    for line_s in settled_times(snapshot.speed_changes_s):
        _speed_change(canvas, place, line_s)
    _cues(canvas, place, cue_times(snapshot))
    for mark in snapshot.marks:
        _mark(canvas, place, mark.t_s)
    for one in series:
        _curve(canvas, place, one, snapshot.t_s)


def _series(
    spec: ChartSpec, snapshot: Snapshot, texts: Texts, near: Side, curves: Curves
) -> list[_Series]:
    if not spec.legs:
        side = near if spec.metric == "pelvic_tilt_deg" else None
        return [_Series("", spec.colour, curves.lines(snapshot, spec.metric, side))]
    # The far leg first, so that the near one, which is surer, lies on top.
    return [
        _Series(
            texts("side.left" if side is Side.L else "side.right"),
            spec.colour if side is near else OTHER,
            curves.lines(snapshot, spec.metric, side),
            side is Side.L,
            "dot" if side is near else "ring",
        )
        for side in (near.other, near)
    ]


def _title(
    canvas: Canvas,
    spec: ChartSpec,
    series: Sequence[_Series],
    snapshot: Snapshot,
    texts: Texts,
    x: int,
    baseline: int,
) -> None:
    """Name and unit at the left, the legs' colours at the right."""
    theme = canvas.theme
    name = texts(f"metric.{spec.metric}")
    end = canvas.text(name, x, baseline, Type.NAME, TEXT, Weight.SEMIBOLD).right
    right = canvas.rect.w - theme.px(MARGIN)
    dot = 0.7 * theme.type_px(Type.LABEL)
    for one in sorted((one for one in series if one.name), key=lambda one: one.left):
        width = canvas.width(one.name, Type.LABEL)
        left = right - width - dot - theme.px(6)
        if left < end + theme.px(GAP):
            return
        canvas.text(one.name, right, baseline, Type.LABEL, SECONDARY, align="right")
        middle = baseline - theme.cap_px(Type.LABEL) / 2
        canvas.icon(one.sign, left + dot / 2, middle, dot, one.colour)
        right = round(left - theme.px(GAP))
    unit = _unit(spec, snapshot, texts)
    room = right - end - 2 * theme.px(GAP)
    if shorten(canvas, unit, room, Type.LABEL) == unit:
        canvas.text(unit, end + theme.px(GAP), baseline, Type.LABEL, SECONDARY)


def _unit(spec: ChartSpec, snapshot: Snapshot, texts: Texts) -> str:
    speed = _running_speed(snapshot)
    if spec.metric == "stride_length_m" and speed is not None:
        return texts("chart.stride_length_at", speed=texts.number(3.6 * speed, 1))
    return texts(f"chart.{spec.metric}")


@dataclass(frozen=True, slots=True)
class _Place:
    """From time and value to pixels."""

    plot: pygame.Rect
    axis: Axis
    now_s: float

    def x(self, t_s: float) -> float:
        return self.plot.right - (self.now_s - t_s) * self.plot.w / HISTORY_S

    def y(self, value: float) -> float:
        share = (value - self.axis.low) / (self.axis.high - self.axis.low)
        return self.plot.bottom - share * self.plot.h

    def inside(self, t_s: float) -> bool:
        return self.plot.left <= self.x(t_s) <= self.plot.right


def _band(canvas: Canvas, place: _Place, band: Band, scale: float) -> None:
    top = max(round(place.y(band.high * scale)), place.plot.top)
    bottom = min(round(place.y(band.low * scale)), place.plot.bottom)
    if bottom > top:
        canvas.surface.fill(BAND, (place.plot.left, top, place.plot.w, bottom - top))


def _grid(canvas: Canvas, place: _Place, spec: ChartSpec, texts: Texts) -> None:
    theme = canvas.theme
    axis = place.axis
    for value in (axis.low, (axis.low + axis.high) / 2, axis.high):
        y = round(place.y(value))
        canvas.surface.fill(LINE, (place.plot.left, y, place.plot.w, 1))
        canvas.text(
            texts.number(value, spec.decimals),
            canvas.rect.w - theme.px(MARGIN),
            y + theme.cap_px(Type.LABEL) / 2,
            Type.LABEL,
            SECONDARY,
            align="right",
        )


def _cues(canvas: Canvas, place: _Place, times: list[float]) -> None:
    """A triangle above and a dotted line for each cue."""
    theme = canvas.theme
    shown = [t for t in times if place.inside(t)]
    size = max(theme.px(12), 8)
    for t_s in shown:
        x = place.x(t_s)
        canvas.icon("triangle_down", x, place.plot.top - size / 2, size, WATCH)
        if len(shown) <= _MOST_CUE_LINES:
            canvas.upright_dots(
                x,
                place.plot.top + theme.px(2),
                place.plot.bottom,
                mix(SURFACE, WATCH, 0.75),
                theme.px(1.5),
                (theme.px(2), theme.px(4)),
            )


def _speed_change(canvas: Canvas, place: _Place, t_s: float) -> None:
    """A grey line with a diamond at its foot: the belt changed its speed."""
    if place.inside(t_s):
        x = round(place.x(t_s))
        canvas.surface.fill(mix(SURFACE, SECONDARY, 0.5), (x, place.plot.top, 1, place.plot.h))
        size = max(canvas.theme.px(10), 7)
        canvas.icon("diamond", x, place.plot.bottom, size, SECONDARY)


def _mark(canvas: Canvas, place: _Place, t_s: float) -> None:
    """A flag: somebody marked this moment."""
    if place.inside(t_s):
        x = round(place.x(t_s))
        canvas.surface.fill(TEXT, (x, place.plot.top, 1, place.plot.h))
        size = max(canvas.theme.px(12), 8)
        canvas.icon("flag", x + size / 2, place.plot.top + size / 2, size, TEXT)


def _curve(canvas: Canvas, place: _Place, series: _Series, now_s: float) -> None:
    """Every stride as a thin line, the median of five over it, a dot where it is now."""
    theme = canvas.theme
    room = place.plot.inflate(0, theme.px(4))
    pale = mix(SURFACE, series.colour, 0.42)
    for settled, colour, width in ((False, pale, 1.0), (True, series.colour, 2.0)):
        for line in series.lines:
            x = place.plot.right - (now_s - line.t_s) * place.plot.w / HISTORY_S
            values = line.settled if settled else line.values
            share = (values - place.axis.low) / (place.axis.high - place.axis.low)
            y = place.plot.bottom - np.clip(share, 0.0, 1.0) * place.plot.h
            path = np.stack((x, y), axis=1)
            canvas.lines(path, colour, max(width * theme.scale, 1.0), room)
    newest = series.lines[-1] if series.lines else None
    if newest is not None and now_s - newest.t_s[-1] < STRIDE_STALE_S:
        value = float(newest.settled[-1])
        y_now = min(max(place.y(value), place.plot.top), place.plot.bottom)
        at = (place.x(float(newest.t_s[-1])), y_now)
        canvas.disc(at, max(theme.px(6), 4), series.colour)
        if series.sign == "ring":
            canvas.disc(at, max(theme.px(3), 2), SURFACE)


def _why_empty(snapshot: Snapshot, metric: str, side: Side, texts: Texts) -> str:
    stride = snapshot.last_stride.get(side)
    if stride is None:
        return texts("reason.no_stride_yet")
    return texts.short_reason(stride.measure(metric))
