"""The coach's screen: picture, extension budget, the numbers that decide, then time."""

from __future__ import annotations

import pygame

from hipcue.realtime.hud.draw.cached_panel import CachedPanel
from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.frame_budget import FrameBudget
from hipcue.realtime.hud.draw.theme import BACKGROUND, GAP, Type
from hipcue.realtime.hud.facts.column import ColumnFacts
from hipcue.realtime.hud.facts.devices import camera_lost
from hipcue.realtime.hud.facts.latency import Line, latency_lines
from hipcue.realtime.hud.facts.series import Curves
from hipcue.realtime.hud.facts.state import state
from hipcue.realtime.hud.facts.texts import Texts
from hipcue.realtime.hud.scenes.layout import CoachLayout, coach_layout
from hipcue.realtime.hud.widgets.budget import draw_budget
from hipcue.realtime.hud.widgets.charts import CHARTS, Chart, chart_key
from hipcue.realtime.hud.widgets.cue_chip import CueChip
from hipcue.realtime.hud.widgets.footer import COACH_KEYS, REPLAY_KEYS, draw_footer, footer_height
from hipcue.realtime.hud.widgets.header import (
    blink_now,
    draw_header,
    header_height,
    header_key,
)
from hipcue.realtime.hud.widgets.notices import draw_countdown, draw_notices, overlay_width
from hipcue.realtime.hud.widgets.picture import Picture, draw_no_picture, picture_aspect
from hipcue.realtime.hud.widgets.skeleton import Skeleton
from hipcue.realtime.hud.widgets.tiles import draw_row, draw_tile
from hipcue.realtime.view.snapshot import Snapshot

# Heights in the right column at 648 design pixels: budget, two rows of tiles, lesser ones.
_SHARES = (256, 128, 128, 88)
# Latencies are read, not watched: they change once a second.
_LATENCY_S = 1.0


class CoachScene:
    """Draws snapshots for the coach. Keeps only pictures of what has not changed.

    Parameters
    ----------
    tilt_band_deg : float
        Display band of the pelvic tilt before there is a baseline.
    """

    def __init__(self, tilt_band_deg: float) -> None:
        self._column = ColumnFacts(tilt_band_deg)
        self._picture = Picture()
        self._skeleton = Skeleton()
        self._cue = CueChip()
        self._frame_budget = budget = FrameBudget()
        self._header, self._footer = CachedPanel(budget=budget), CachedPanel(BACKGROUND, budget)
        self._budget, self._row = CachedPanel(budget=budget), CachedPanel(budget=budget)
        self._tiles = [CachedPanel(budget=budget) for _ in range(4)]
        curves = Curves()
        self._charts = [Chart(spec, curves, tilt_band_deg) for spec in CHARTS]
        self._chart_panels = [CachedPanel(budget=budget, waits=True) for _ in CHARTS]
        self._latency: tuple[Line, ...] = ()
        self._latency_key: tuple[object, ...] = ()
        self.layout: CoachLayout | None = None

    def draw(self, canvas: Canvas, snapshot: Snapshot, texts: Texts) -> None:
        """Draw one frame."""
        layout = coach_layout(
            canvas.theme,
            canvas.rect.size,
            header_height(canvas),
            footer_height(canvas),
            picture_aspect(snapshot),
        )
        canvas.kept = canvas.kept and layout == self.layout
        self.layout = layout
        self._frame_budget.begin(snapshot.t_s)
        if not canvas.kept:
            canvas.surface.fill(BACKGROUND)
        # What lies over the picture may not leave traces around it.
        canvas.surface.set_clip(layout.picture)
        self._draw_picture(canvas, layout.picture, snapshot, texts)
        canvas.surface.set_clip(None)
        self._draw_lines(canvas, layout, snapshot, texts)
        self._draw_column(canvas, layout.column, snapshot, texts)
        self._draw_charts(canvas, layout, snapshot, texts)

    def _draw_picture(
        self, canvas: Canvas, rect: pygame.Rect, snapshot: Snapshot, texts: Texts
    ) -> None:
        self._picture.draw(canvas, rect, snapshot)
        if draw_no_picture(canvas, rect, snapshot, texts):
            return
        self._skeleton.draw(canvas, rect, snapshot, texts)
        top = draw_countdown(canvas, rect, snapshot, texts)
        top = draw_notices(canvas, rect, snapshot, texts, top)
        top = self._cue.draw(canvas, rect, snapshot, texts, top)
        taken = pygame.Rect(rect.left, rect.top, 0, top - rect.top)
        taken.width = overlay_width(canvas, rect) + 2 * canvas.theme.px(GAP)
        self._skeleton.numbers(canvas, rect, snapshot, texts, taken)

    def _draw_lines(
        self, canvas: Canvas, layout: CoachLayout, snapshot: Snapshot, texts: Texts
    ) -> None:
        blink = blink_now(snapshot)
        self._header.show(
            canvas,
            layout.header,
            header_key(snapshot, texts, blink),
            None,
            snapshot.t_s,
            lambda panel: draw_header(panel, snapshot, texts, blink),
        )
        now = state(snapshot, texts)
        latency = self._latency_now(snapshot, texts)
        keys = COACH_KEYS if snapshot.replay is None else REPLAY_KEYS
        self._footer.show(
            canvas,
            layout.footer,
            (now, blink, latency),
            now.mood,
            snapshot.t_s,
            lambda panel: draw_footer(panel, keys, now, texts, blink, latency),
        )

    def _latency_now(self, snapshot: Snapshot, texts: Texts) -> tuple[Line, ...]:
        key = (
            int(snapshot.t_s / _LATENCY_S),
            len(snapshot.cue_times),
            camera_lost(snapshot),
        )
        if key != self._latency_key:
            self._latency_key, self._latency = key, latency_lines(snapshot, texts)
        return self._latency

    def _draw_column(
        self, canvas: Canvas, rect: pygame.Rect, snapshot: Snapshot, texts: Texts
    ) -> None:
        gap = canvas.theme.px(GAP)
        spare = rect.h - 3 * gap
        total = sum(_SHARES)
        heights = [spare * share // total for share in _SHARES]
        heights[0] = spare - sum(heights[1:])
        column = self._column.column(snapshot, texts)
        box = pygame.Rect(rect.left, rect.top, rect.w, heights[0])
        self._budget.show(
            canvas,
            box,
            column.legs,
            tuple(leg.thigh is None for leg in column.legs),
            snapshot.t_s,
            lambda panel: draw_budget(panel, column.legs, texts),
        )
        width = (rect.w - gap) // 2
        top = box.bottom + gap
        for number, (panel, tile) in enumerate(zip(self._tiles, column.tiles, strict=True)):
            across, down = number % 2, number // 2
            left = rect.left if not across else rect.right - width
            place = pygame.Rect(left, 0, width, heights[1 + down])
            place.top = top + down * (heights[1] + gap)
            panel.show(
                canvas,
                place,
                tile,
                tile.main.mood,
                snapshot.t_s,
                lambda canvas, tile=tile: draw_tile(  # type: ignore[misc]
                    canvas, tile.main, tile.other, texts, Type.BIG
                ),
            )
        self._row.show(
            canvas,
            pygame.Rect(rect.left, rect.bottom - heights[3], rect.w, heights[3]),
            column.lesser,
            tuple(one.mood for one in column.lesser),
            snapshot.t_s,
            lambda panel: draw_row(panel, column.lesser, texts),
        )

    def _draw_charts(
        self, canvas: Canvas, layout: CoachLayout, snapshot: Snapshot, texts: Texts
    ) -> None:
        key = chart_key(snapshot)
        for panel, rect, chart in zip(self._chart_panels, layout.charts, self._charts, strict=True):
            panel.show(
                canvas,
                rect,
                (key, chart.slid(snapshot.t_s, rect.w)),
                None,
                snapshot.t_s,
                lambda empty, chart=chart: chart.draw(empty, snapshot, texts),  # type: ignore[misc]
            )
