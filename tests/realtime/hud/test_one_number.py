"""What stands in two places of the screen is one number, in every frame; parts make the whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pygame
import pytest

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.hud import View
from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.draw_log import Placed
from hipcue.realtime.hud.draw.strokes import new_surface, paint
from hipcue.realtime.hud.draw.theme import HIP, PELVIS, SURFACE, Theme
from hipcue.realtime.hud.facts.rounding import rounded
from hipcue.realtime.hud.facts.series import Axis, Line
from hipcue.realtime.hud.widgets.chart_marks import Place, draw_newest
from hipcue.realtime.records import Measurement, Side, Stride
from hipcue.realtime.view.snapshot import Choices, Snapshot
from tests.realtime.hud.opened import LoggedScreen, opened, settle
from tests.realtime.hud.sample_snapshots import NOW_S, snapshot, strides

_FRAME_S = 1 / 60
_SEED = 20260711


def split(stride: Stride, thigh: float, tilt: float, sigma: float = 2.0) -> Stride:
    """The stride with another extension, so much of it borrowed."""
    values = {
        "thigh_extension_deg": Measurement(thigh, min(sigma, 0.5)),
        "pelvic_tilt_deg": Measurement(tilt, sigma),
        "hip_extension_deg": Measurement(thigh - tilt, sigma),
    }
    return replace(stride, values={**stride.values, **values})


def cases(count: int = 300) -> Iterator[tuple[float, float, float]]:
    """Thigh, tilt and the uncertainty, over all that happens and a little more."""
    random = np.random.default_rng(_SEED)
    for _ in range(count):
        yield (*random.uniform((5.0, -6.0), (32.0, 18.0)), float(random.choice((0.4, 2.0))))


def shown(thigh: float, tilt: float, sigma: float) -> Snapshot:
    """A run in which every stride is like this one."""
    base = snapshot("compensating")
    every = tuple(split(stride, thigh, tilt, sigma) for stride in base.strides)
    return replace(base, strides=every, last_stride={s.side: s for s in every[-4:]})


@pytest.mark.parametrize("sigma", [0.4, 2.0])
def test_hip_and_pelvis_as_written_make_the_thigh_as_written(sigma: float) -> None:
    stride = snapshot("good").last_stride[Side.L]
    step = 0.1 if sigma < 1.0 else 1.0
    for thigh_deg, tilt_deg, _ in cases():
        one = split(stride, thigh_deg, tilt_deg, sigma)
        thigh, hip, tilt = (
            rounded(one, f"{name}_deg")
            for name in ("thigh_extension", "hip_extension", "pelvic_tilt")
        )
        assert thigh is not None and hip is not None and tilt is not None
        assert hip.value + tilt.value == pytest.approx(thigh.value, abs=1e-9)
        assert abs(thigh.value - thigh_deg) <= step / 2 + 1e-9
        assert abs(hip.value - (thigh_deg - tilt_deg)) < step
        assert abs(tilt.value - tilt_deg) < step


def test_a_part_that_is_missing_leaves_the_others_as_they_are() -> None:
    stride = split(snapshot("good").last_stride[Side.L], 22.4, 8.7)
    missing = Measurement.missing(ReasonCode.LOOSE_CLOTHING)
    alone = replace(
        stride,
        values={**stride.values, "pelvic_tilt_deg": missing, "hip_extension_deg": missing},
    )
    whole = rounded(alone, "thigh_extension_deg")
    assert whole is not None
    assert (whole.value, whole.decimals) == (22.4, 1)
    assert rounded(alone, "hip_extension_deg") is None


def words_in(placed: list[Placed], *, ground: tuple[int, int, int]) -> list[str]:
    """Words inside bars of a colour, top to bottom."""
    found = [item for item in placed if item.ground == ground and item.words.endswith("°")]
    return [item.words.rstrip("°") for item in sorted(found, key=lambda item: item.box[1])]


def value_below(placed: list[Placed], label: str) -> str:
    """The large number of the tile with this name."""
    name = next(item for item in placed if item.words == label)
    below = [
        item
        for item in placed
        if abs(item.box[0] - name.box[0]) < 20 and 0 < item.box[1] - name.box[1] < 60
    ]
    return max(below, key=lambda item: item.size_px).words


def ends_with(placed: list[Placed], begin: str) -> str:
    """What follows these words."""
    found = next(item.words for item in placed if item.words.startswith(begin))
    return found.removeprefix(begin)


def assert_told_once(screen: LoggedScreen) -> None:
    """Tile, budget and the chips beside the body say the same of the same stride."""
    placed = [item for item in screen.placed if not item.sign]
    hip, pelvis = words_in(placed, ground=HIP), words_in(placed, ground=PELVIS)
    assert value_below(placed, "Hip extension left") == hip[0]
    assert ends_with(placed, "right ") == f"{hip[1]}°"
    tilt = value_below(placed, "Pelvic tilt")
    assert ends_with(placed, "tilt ") == f"{tilt}°"
    assert tilt.lstrip("+") == pelvis[0]
    thigh = float(hip[0]) + float(pelvis[0])
    said = next(item.words for item in placed if item.words.startswith("Thigh "))
    digits = 1 if "." in hip[0] else 0
    assert said.startswith(f"Thigh {thigh:.{digits}f}° behind vertical, of it {pelvis[0]}°")
    totals = {item.words for item in placed if item.words == f"{thigh:.{digits}f}°"}
    assert totals, f"{thigh} in {hip} {pelvis}"
    arch = next(item.words for item in placed if item.words.endswith("° arch"))
    assert arch == f"{value_below(placed, 'Lower back').lstrip('+')}° arch"


def test_tile_budget_and_picture_tell_one_number() -> None:
    with opened((1920, 1080)) as screen:
        for thigh, tilt, sigma in cases(60):
            # Both parts large enough for their numbers to stand in their bars.
            if tilt > 4.0 and thigh - tilt > 8.0:
                settle(screen, shown(thigh, tilt, sigma))
                assert_told_once(screen)


def test_in_every_frame_of_a_run_too() -> None:
    """New strides come while the line at the top changes too; nothing waits for its turn."""
    base = snapshot("compensating")
    every = strides("compensating")
    assert base.frame is not None and base.result is not None
    with opened((1920, 1080)) as screen:
        for number in range(240):
            t_s = NOW_S - 4.0 + number * _FRAME_S
            seen = tuple(s for s in every if t_s - 180.0 < s.end_s <= t_s)
            screen.show(
                replace(
                    base,
                    t_s=t_s,
                    frame=replace(base.frame, t_capture_s=t_s - 0.01),
                    result=replace(base.result, distance_m=3861.0 + 10.0 * number),
                    strides=seen,
                    last_stride={s.side: s for s in seen[-4:]},
                )
            )
            assert_told_once(screen)


@pytest.mark.parametrize("state", ["good", "watch", "compensating"])
def test_the_runner_sees_the_coachs_number(state: str) -> None:
    told = snapshot(state)
    with opened() as screen:
        settle(screen, told)
        tile = value_below(screen.placed, "Hip extension left")
        screen.view = View.RUNNER
        settle(screen, told)
        largest = max((i for i in screen.placed if not i.sign), key=lambda item: item.size_px)
        assert largest.words == tile


@pytest.mark.parametrize("value", [15.6, 16.4, 16.5, 17.2, 22.4])
def test_a_tile_counts_from_the_band_that_it_shows(value: float) -> None:
    """17 beside "1 under 17" would be two stories."""
    told = shown(value + 8.0, 8.0, 2.0)
    with opened((1920, 1080)) as screen:
        settle(screen, told)
        tile = int(value_below(screen.placed, "Hip extension left"))
        status = next(
            item.words for item in screen.placed if item.words.endswith("17…22") and not item.sign
        )
        if tile < 17:
            assert status == f"{17 - tile} under 17…22"
        else:
            assert status == "in band 17…22"


def test_a_chart_ends_at_the_number_of_its_tile() -> None:
    """Its line is a median; the dot is the newest value."""
    line = Line.of(np.arange(170.0, 180.0), np.array([2.0] * 9 + [8.0]))
    assert line.settled[-1] == 2.0
    canvas = Canvas(new_surface((200, 104)), Theme((1280, 720)), SURFACE)
    canvas.surface.fill(SURFACE)
    place = Place(pygame.Rect(0, 2, 180, 100), Axis(0.0, 10.0, 5.0), 180)
    draw_newest(canvas, place, [line], HIP, False, 180.0)
    copies = []
    paint(canvas.surface, canvas.rect, lambda view: copies.append(view.copy()))
    rows = np.flatnonzero((copies[0][..., :3] != SURFACE[::-1]).any(axis=(1, 2)))
    assert (rows.min() + rows.max()) / 2 == pytest.approx(place.y(8.0), abs=1.0)


@pytest.mark.parametrize("speed_mps", [3.4458, 3.4444, 2.0139, 1.0])
def test_the_speed_at_the_top_is_that_of_the_chart(speed_mps: float) -> None:
    base = snapshot("good")
    assert base.result is not None
    told = replace(base, result=replace(base.result, belt_speed_mps=Measurement(speed_mps, 0.02)))
    with opened((1920, 1080)) as screen:
        settle(screen, told)
        chart = ends_with(screen.placed, "metres at ").removesuffix(" km/h")
        assert chart in {item.words for item in screen.placed}


def test_what_counts_as_borrowed_is_what_the_coach_chose() -> None:
    """A rise of 3 degrees: tolerated up to 4, but out of the band; beyond 2.5."""
    told = shown(24.0, 3.4 + 3.0, 0.4)
    with opened((1920, 1080)) as screen:
        said = {}
        for band_deg in (4.0, 2.5):
            settle(screen, replace(told, choices=Choices("faded", "external", band_deg)))
            said[band_deg] = next(
                item.words for item in screen.placed if item.words.startswith("Thigh ")
            )
    assert "more than usual" in said[4.0]
    assert "borrowed" in said[2.5]


@pytest.mark.parametrize("tilt", [3.4, 5.4, 5.5, 7.0, 7.6])
def test_the_sentence_says_usual_where_the_tile_says_in_band(tilt: float) -> None:
    told = shown(24.0, tilt, 2.0)
    with opened((1920, 1080)) as screen:
        settle(screen, told)
        words = [item.words for item in screen.placed]
        sentence = next(one for one in words if one.startswith("Thigh "))
        tile = next(one for one in words if one.endswith("+1…+5") and one != "+1…+5")
    assert ("as usual" in sentence) == tile.startswith("in band")


def test_before_there_is_a_baseline_nothing_is_usual() -> None:
    told = shown(24.0, 3.0, 2.0)
    assert told.result is not None
    with opened((1920, 1080)) as screen:
        settle(screen, replace(told, result=replace(told.result, bands={})))
        words = [item.words for item in screen.placed]
    assert "Thigh 24° behind vertical, of it 3° from the pelvis." in words
