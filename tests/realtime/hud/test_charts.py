"""A chart that slides works out what is new only, and looks like one that was drawn at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pygame
import pytest
from numpy.typing import NDArray

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.strokes import new_surface, paint
from hipcue.realtime.hud.draw.theme import HIP, SURFACE, Theme
from hipcue.realtime.hud.facts.series import Axis, Curves, Line
from hipcue.realtime.hud.facts.texts import Texts
from hipcue.realtime.hud.widgets.chart_marks import Place, draw_curve
from hipcue.realtime.hud.widgets.charts import CHARTS, Chart, ChartSpec
from hipcue.realtime.records import Measurement, Side, Stride
from hipcue.realtime.view.snapshot import Snapshot
from tests.realtime.hud.sample_snapshots import NOW_S, snapshot, strides

_SIZE = (613, 248)


def chart(spec: ChartSpec) -> Chart:
    return Chart(spec, Curves(), 4.0)


def drawn(made: Chart, shown: Snapshot) -> NDArray[np.uint8]:
    canvas = Canvas(new_surface(_SIZE), Theme((1920, 1080)), SURFACE)
    canvas.surface.fill(SURFACE)
    made.draw(canvas, shown, Texts("en"))
    copies: list[NDArray[np.uint8]] = []
    paint(canvas.surface, canvas.rect, lambda view: copies.append(view.copy()))
    return copies[0][..., :3]


def at(t_s: float, every: Sequence[Stride]) -> Snapshot:
    """The run at a time, with the strides of its last three minutes."""
    seen = tuple(stride for stride in every if t_s - 180.0 < stride.end_s <= t_s)
    return replace(
        snapshot("compensating"), t_s=t_s, strides=seen, last_stride={s.side: s for s in seen[-4:]}
    )


def without(metric: str, every: Sequence[Stride], from_s: float, to_s: float) -> list[Stride]:
    missing = Measurement.missing(ReasonCode.LOOSE_CLOTHING)
    return [
        replace(stride, values={**stride.values, metric: missing})
        if from_s < stride.end_s < to_s
        else stride
        for stride in every
    ]


@pytest.mark.parametrize("spec", CHARTS, ids=lambda spec: spec.metric)
@pytest.mark.parametrize("gap", [False, True])
def test_after_a_minute_of_sliding_it_is_the_picture_of_one_drawn_at_once(
    spec: ChartSpec, gap: bool
) -> None:
    every = list(strides("compensating"))
    if gap:
        every = without(spec.metric, every, NOW_S - 40.0, NOW_S - 25.0)
    made = chart(spec)
    for frame in range(200):
        slid = drawn(made, at(NOW_S - 60.0 + 0.3 * frame, every))
    now = at(NOW_S - 60.0 + 0.3 * 199, every)
    fresh = drawn(chart(spec), now)
    # At the old end the medians of the one drawn at once have nothing to look back on.
    old_end = 24 + 24
    assert np.array_equal(slid[:, old_end:], fresh[:, old_end:])
    assert (fresh != drawn(chart(spec), at(NOW_S - 60.0, every))).any()


def test_a_run_that_was_another_leaves_nothing_of_its_curve() -> None:
    spec = CHARTS[0]
    made, before = chart(spec), snapshot("good")
    drawn(made, before)
    other = snapshot("compensating")
    assert np.array_equal(drawn(made, other), drawn(chart(spec), other))
    earlier = at(NOW_S - 50.0, strides("compensating"))
    assert np.array_equal(drawn(made, earlier), drawn(chart(spec), earlier))


def test_a_number_taken_back_leaves_the_curve() -> None:
    """Strides that end are not changed; should one be all the same, the old one goes."""
    spec = CHARTS[0]
    made, shown = chart(spec), snapshot("compensating")
    drawn(made, shown)
    fewer = replace(
        shown,
        strides=tuple(without(spec.metric, shown.strides, NOW_S - 20.0, NOW_S + 1.0)),
    )
    assert np.array_equal(drawn(made, fewer), drawn(chart(spec), fewer))
    none = replace(shown, strides=(), last_stride={Side.L: shown.strides[-1]})
    assert np.array_equal(drawn(made, none), drawn(chart(spec), none))


def curve(right_px: int, lines: list[Line]) -> NDArray[np.bool_]:
    """Where a curve of a plot of 180 x 100 pixels, three minutes wide, leaves ink."""
    canvas = Canvas(new_surface((180, 104)), Theme((1280, 720)), SURFACE)
    canvas.surface.fill(SURFACE)
    place = Place(pygame.Rect(0, 2, 180, 100), Axis(0.0, 10.0, 5.0), right_px)
    draw_curve(canvas, place, lines, HIP)
    copies: list[NDArray[np.uint8]] = []
    paint(canvas.surface, canvas.rect, lambda view: copies.append(view.copy()))
    return (copies[0][..., :3] != SURFACE[::-1]).any(axis=2)


def flat(t_s: Sequence[float], value: float = 5.0) -> Line:
    return Line.of(np.array(t_s), np.full(len(t_s), value))


def test_a_curve_moves_a_pixel_for_every_pixel_of_time() -> None:
    line = flat(range(30, 150))
    first = curve(180, [line])
    assert first[52, 30:149].all()
    assert not first[:, 153:].any() and not first[:, :27].any()
    assert np.array_equal(curve(187, [line])[:, :-7], first[:, 7:])


@pytest.mark.parametrize(("value", "row"), [(99.0, 2), (-99.0, 102)])
def test_what_is_beyond_the_axis_lies_on_its_end(value: float, row: int) -> None:
    rows = np.flatnonzero(curve(180, [flat(range(30, 150), value)]).any(axis=1))
    assert row in rows
    assert rows.max() - rows.min() <= 3
