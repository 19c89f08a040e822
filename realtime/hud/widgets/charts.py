"""Strip charts: the last three minutes of a metric, with cues, marks and speed changes."""

from __future__ import annotations

import math
import operator
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import pygame

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.text_fit import shorten, write_fitting
from hipcue.realtime.hud.draw.theme import (
    GAP,
    HIP,
    LINE,
    MARGIN,
    OTHER,
    PELVIS,
    SECONDARY,
    TEXT,
    Colour,
    Type,
    Weight,
)
from hipcue.realtime.hud.facts.belt import belt_kmh, belt_runs
from hipcue.realtime.hud.facts.legs import near_side
from hipcue.realtime.hud.facts.metric_style import SHOWN
from hipcue.realtime.hud.facts.readings import band_of
from hipcue.realtime.hud.facts.series import (
    HISTORY_S,
    Axis,
    Curves,
    Line,
    axis_for,
    cue_times,
    settled_times,
)
from hipcue.realtime.hud.facts.texts import Texts
from hipcue.realtime.hud.widgets.chart_marks import (
    Place,
    draw_band,
    draw_cues,
    draw_curve,
    draw_grid,
    draw_mark,
    draw_newest,
    draw_speed_change,
)
from hipcue.realtime.records import Band, Side
from hipcue.realtime.view.snapshot import Snapshot


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


def chart_key(snapshot: Snapshot) -> Hashable:
    """Return all that charts depend on but how far they have slid."""
    newest = snapshot.strides[-1].index if snapshot.strides else -1
    bands = snapshot.result.bands if snapshot.result is not None else {}
    return (
        newest,
        bool(snapshot.strides),
        near_side(snapshot),
        belt_kmh(snapshot),
        len(snapshot.cues),
        len(snapshot.marks),
        snapshot.speed_changes_s,
        tuple(sorted((name, band.low, band.high) for name, band in bands.items())),
    )


class Chart:
    """Draws one metric over time; keeps what time does not change, and the curves.

    Parameters
    ----------
    spec : ChartSpec
        What it shows.
    curves : Curves
        Works them out; may be shared.
    tilt_band_deg : float
        Display band of the pelvic tilt before there is a baseline.
    """

    def __init__(self, spec: ChartSpec, curves: Curves, tilt_band_deg: float) -> None:
        self._spec = spec
        self._curves = curves
        self._tilt_band_deg = tilt_band_deg
        self._still: Canvas | None = None
        self._still_key: tuple[object, ...] = ()
        self._axis: tuple[list[list[Line]], Band | None, Axis] | None = None
        self._plot_px = 0

    def slid(self, now_s: float, width_px: int) -> int:
        """Return how far it has slid, pixels; `width_px` is the panel's, for the first time."""
        return _right_px(now_s, self._plot_px or width_px)

    def draw(self, canvas: Canvas, snapshot: Snapshot, texts: Texts) -> None:
        """Draw it on an empty panel."""
        spec, theme = self._spec, canvas.theme
        near = near_side(snapshot)
        band = band_of(snapshot, spec.metric, near, self._tilt_band_deg)
        series = _series(spec, snapshot, texts, near, self._curves)
        empty = not any(one.lines for one in series)
        still = _Still(
            self._axis_of(series, band),
            band,
            tuple((one.name, one.colour, one.left, one.sign) for one in series),
            _unit(spec, snapshot, texts),
            _why_empty(snapshot, spec.metric, near, texts) if empty else "",
        )
        plot = _plot(canvas, spec, still.axis, texts)
        self._plot_px = plot.w
        key = (still, canvas.rect.size, theme.size, texts.language)
        if self._still is None or self._still_key != key:
            self._still = canvas.apart(canvas.surface.copy(), canvas.ground)
            self._still_key = key
            _draw_still(self._still, plot, spec, still, texts)
        canvas.paste(self._still, (0, 0))
        if empty or not _large_enough(canvas, plot):
            return
        place = Place(plot, still.axis, _right_px(snapshot.t_s, plot.w))
        for line_s in settled_times(snapshot.speed_changes_s):
            draw_speed_change(canvas, place, line_s)
        draw_cues(canvas, place, cue_times(snapshot))
        for mark in snapshot.marks:
            draw_mark(canvas, place, mark.t_s)
        for one in series:
            draw_curve(canvas, place, one.lines, one.colour)
        for one in series:
            draw_newest(canvas, place, one.lines, one.colour, one.sign == "ring", snapshot.t_s)

    def _axis_of(self, series: Sequence[_Series], band: Band | None) -> Axis:
        """Return the axis; it is worked out again only for other lines or another band."""
        lines = [one.lines for one in series]
        known = self._axis
        if known is not None and known[1] == band and all(map(operator.is_, known[0], lines)):
            return known[2]
        every = [line for some in lines for line in some]
        axis = axis_for(every, band, SHOWN[self._spec.metric].scale, self._spec.step)
        self._axis = (lines, band, axis)
        return axis


@dataclass(frozen=True, slots=True)
class _Still:
    """What of a chart does not move with time."""

    axis: Axis
    band: Band | None
    legend: tuple[tuple[str, Colour, bool, str], ...]
    unit: str
    why_empty: str


def _right_px(now_s: float, plot_px: int) -> int:
    """Return now in pixels of time, rounded up: nothing lies beyond the right edge."""
    return math.ceil(now_s * plot_px / HISTORY_S)


def _plot(canvas: Canvas, spec: ChartSpec, axis: Axis, texts: Texts) -> pygame.Rect:
    """Return where the curves lie: between the title, the times and the axis."""
    theme = canvas.theme
    pad = theme.px(MARGIN)
    axis_width = max(
        canvas.width(texts.number(value, spec.decimals), Type.LABEL)
        for value in (axis.low, axis.high)
    ) + theme.px(GAP)
    top = _title_base(canvas) + theme.px(24)
    height = canvas.rect.h - top - theme.px(14) - theme.cap_px(Type.LABEL) - theme.px(12)
    return pygame.Rect(pad, top, canvas.rect.w - 2 * pad - axis_width, height)


def _title_base(canvas: Canvas) -> int:
    return canvas.theme.px(18) + canvas.theme.cap_px(Type.NAME)


def _large_enough(canvas: Canvas, plot: pygame.Rect) -> bool:
    return plot.h >= canvas.theme.px(24) and plot.w >= canvas.theme.px(60)


def _draw_still(
    canvas: Canvas, plot: pygame.Rect, spec: ChartSpec, still: _Still, texts: Texts
) -> None:
    """Draw title, axis and band, or why there are no curves."""
    theme = canvas.theme
    _title(canvas, spec, still, texts, plot.left)
    if not _large_enough(canvas, plot):
        return
    base = canvas.rect.h - theme.px(16)
    canvas.text(texts("chart.ago"), plot.left, base, Type.LABEL, SECONDARY)
    canvas.text(texts("chart.now"), plot.right, base, Type.LABEL, SECONDARY, align="right")
    if still.why_empty:
        middle = plot.centery + theme.cap_px(Type.SMALL) / 2
        words = [still.why_empty]
        write_fitting(canvas, words, plot.centerx, middle, plot.w, colour=SECONDARY, align="center")
        canvas.surface.fill(LINE, (plot.left, plot.bottom, plot.w, 1))
        return
    place = Place(plot, still.axis)
    if still.band is not None:
        draw_band(canvas, place, still.band, SHOWN[spec.metric].scale)
    draw_grid(canvas, place, spec.decimals, texts)


def _series(
    spec: ChartSpec, snapshot: Snapshot, texts: Texts, near: Side, curves: Curves
) -> list[_Series]:
    if not spec.legs:
        # As in the tiles.
        return [_Series("", spec.colour, curves.lines(snapshot, spec.metric, near))]
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


def _title(canvas: Canvas, spec: ChartSpec, still: _Still, texts: Texts, x: int) -> None:
    """Write name and unit at the left, the legs' colours at the right."""
    theme = canvas.theme
    baseline = _title_base(canvas)
    name = texts(f"metric.{spec.metric}")
    end = canvas.text(name, x, baseline, Type.NAME, TEXT, Weight.SEMIBOLD).right
    right = canvas.rect.w - theme.px(MARGIN)
    dot = 0.7 * theme.type_px(Type.LABEL)
    named = [entry for entry in still.legend if entry[0]]
    for words, colour, _, sign in sorted(named, key=lambda entry: entry[2]):
        width = canvas.width(words, Type.LABEL)
        left = right - width - dot - theme.px(6)
        if left < end + theme.px(GAP):
            return
        canvas.text(words, right, baseline, Type.LABEL, SECONDARY, align="right")
        middle = baseline - theme.cap_px(Type.LABEL) / 2
        canvas.icon(sign, left + dot / 2, middle, dot, colour)
        right = round(left - theme.px(GAP))
    room = right - end - 2 * theme.px(GAP)
    if shorten(canvas, still.unit, room, Type.LABEL) == still.unit:
        canvas.text(still.unit, end + theme.px(GAP), baseline, Type.LABEL, SECONDARY)


def _unit(spec: ChartSpec, snapshot: Snapshot, texts: Texts) -> str:
    kmh = belt_kmh(snapshot)
    # Nobody's stride length belongs to a belt that stands.
    if spec.metric == "stride_length_m" and kmh is not None and belt_runs(snapshot):
        return texts("chart.stride_length_at", speed=texts.number(kmh, 1))
    return texts(f"chart.{spec.metric}")


def _why_empty(snapshot: Snapshot, metric: str, side: Side, texts: Texts) -> str:
    stride = snapshot.last_stride.get(side)
    if stride is None:
        return texts.reason(Reason(ReasonCode.NO_STRIDE_YET))
    why = stride.measure(metric).reason or Reason(ReasonCode.NOT_MEASURED)
    return texts.reason(why, short=True)
