"""The set-up screen: one thing to do next, the picture with its frame, and every device."""

from __future__ import annotations

import pygame

from hipcue.realtime.hud.draw.cached_panel import CachedPanel
from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.theme import (
    BACKGROUND,
    GAP,
    HIP,
    MARGIN,
    SURFACE,
    TEXT,
    WATCH,
)
from hipcue.realtime.hud.facts.guide import FEET_AT, HEAD_AT, Guide, framing, guide
from hipcue.realtime.hud.facts.texts import Texts
from hipcue.realtime.hud.scenes.layout import coach_layout
from hipcue.realtime.hud.widgets.footer import SETUP_KEYS, draw_footer, footer_height
from hipcue.realtime.hud.widgets.header import (
    blink_now,
    draw_header,
    header_height,
    header_key,
)
from hipcue.realtime.hud.widgets.picture import Picture, draw_no_picture, picture_aspect
from hipcue.realtime.hud.widgets.ring import ring_steps
from hipcue.realtime.hud.widgets.setup_panels import (
    draw_checks_panel,
    draw_devices_panel,
    draw_guide_panel,
    draw_runner_panel,
)
from hipcue.realtime.hud.widgets.skeleton import Skeleton
from hipcue.realtime.view.snapshot import Snapshot

_CHECK_NAMES = ("whole", "side_on", "level", "light")
# Parts of the right column: who runs, the framing checks, the devices.
_SHARES = (112, 280, 456)
# The frame is this wide for its height: a runner's stride and arms.
_FRAME_ASPECT = 0.62


class SetupScene:
    """Draws snapshots before the run. Keeps only pictures of what has not changed."""

    def __init__(self) -> None:
        self._picture = Picture()
        self._skeleton = Skeleton()
        self._header, self._footer = CachedPanel(SURFACE), CachedPanel(BACKGROUND)
        self._guide, self._runner = CachedPanel(), CachedPanel()
        self._checks, self._devices = CachedPanel(), CachedPanel()
        self._low = pygame.Rect(0, 0, 1, 1)

    def low_box(self, canvas: Canvas) -> pygame.Rect:
        """Where a dialog may lie: over the instruction."""
        return self._low

    def draw(self, canvas: Canvas, snapshot: Snapshot, texts: Texts) -> None:
        """Draw one frame."""
        theme = canvas.theme
        aspect = picture_aspect(snapshot)
        head, foot = header_height(canvas), footer_height(canvas)
        layout = coach_layout(theme, canvas.rect.size, head, foot, aspect)
        canvas.surface.fill(BACKGROUND)
        self._draw_picture(canvas, layout.picture, snapshot, texts)
        column = layout.column.copy()
        column.height = canvas.rect.h - foot - column.top
        low = layout.charts_box.copy()
        beside = column.left > layout.picture.right
        if not beside:
            column.height = layout.column.h
        elif layout.picture.bottom < low.top:
            low.width = layout.picture.w
            low.top = layout.picture.bottom + theme.px(MARGIN)
            low.height = canvas.rect.h - foot - low.top
        self._low = low
        self._draw_lines(canvas, layout.header, layout.footer, snapshot, texts)
        now = guide(snapshot, texts)
        self._guide.show(
            canvas,
            low,
            (now.step, now.title, now.advice, _steps(now)),
            now.step,
            snapshot.t_s,
            lambda panel: draw_guide_panel(panel, now, texts),
        )
        self._draw_column(canvas, column, snapshot, texts)

    def _draw_picture(
        self, canvas: Canvas, rect: pygame.Rect, snapshot: Snapshot, texts: Texts
    ) -> None:
        self._picture.draw(canvas, rect, snapshot)
        if draw_no_picture(canvas, rect, snapshot, texts, silent=True):
            return
        self._skeleton.draw(canvas, rect, snapshot, texts)
        self._skeleton.numbers(canvas, rect, snapshot, texts)
        checks = framing(snapshot, texts)
        colour = TEXT
        if all(check.done for check in checks):
            colour = HIP
        elif any(check.done is False for check in checks):
            colour = WATCH
        _frame(canvas, rect, colour)

    def _draw_lines(
        self,
        canvas: Canvas,
        head: pygame.Rect,
        foot: pygame.Rect,
        snapshot: Snapshot,
        texts: Texts,
    ) -> None:
        blink = blink_now(snapshot)
        self._header.show(
            canvas,
            head,
            header_key(snapshot, texts, blink),
            None,
            snapshot.t_s,
            lambda panel: draw_header(panel, snapshot, texts, blink, statuses=False),
        )
        self._footer.show(
            canvas,
            foot,
            None,
            None,
            snapshot.t_s,
            lambda panel: draw_footer(panel, SETUP_KEYS, None, texts),
        )

    def _draw_column(
        self, canvas: Canvas, column: pygame.Rect, snapshot: Snapshot, texts: Texts
    ) -> None:
        gap = canvas.theme.px(GAP)
        spare = column.h - 2 * gap
        heights = [spare * share // sum(_SHARES) for share in _SHARES]
        heights[2] = spare - heights[0] - heights[1]
        boxes = []
        top = column.top
        for height in heights:
            boxes.append(pygame.Rect(column.left, top, column.w, height))
            top += height + gap
        now_s = snapshot.t_s
        self._runner.show(
            canvas,
            boxes[0],
            snapshot.runner,
            None,
            now_s,
            lambda panel: draw_runner_panel(panel, snapshot.runner, texts),
        )
        checks = framing(snapshot, texts)
        self._checks.show(
            canvas,
            boxes[1],
            checks,
            tuple(check.done for check in checks),
            now_s,
            lambda panel: draw_checks_panel(panel, checks, texts),
        )
        blink = blink_now(snapshot)
        devices, muted = snapshot.devices, snapshot.muted
        self._devices.show(
            canvas,
            boxes[2],
            (devices, muted, blink),
            None,
            now_s,
            lambda panel: draw_devices_panel(panel, devices, muted, texts, blink),
        )


def _steps(now: Guide) -> int | None:
    """Return the progress in steps that are worth a new picture."""
    return None if now.progress is None else ring_steps(now.progress)


def _frame(canvas: Canvas, picture: pygame.Rect, colour: tuple[int, int, int]) -> None:
    """Draw the four corners between which the whole body belongs."""
    theme = canvas.theme
    height = round((FEET_AT - HEAD_AT) * picture.h)
    width = min(round(_FRAME_ASPECT * height), picture.w - 2 * theme.px(GAP))
    box = pygame.Rect(0, picture.top + round(HEAD_AT * picture.h), width, height)
    box.centerx = picture.centerx
    arm = theme.px(48)
    for corner, right, down in (
        (box.topleft, 1, 1),
        (box.topright, -1, 1),
        (box.bottomleft, 1, -1),
        (box.bottomright, -1, -1),
    ):
        path = [
            (corner[0] + right * arm, corner[1]),
            (float(corner[0]), float(corner[1])),
            (corner[0], corner[1] + down * arm),
        ]
        canvas.lines(path, BACKGROUND, theme.px(6), picture)
        canvas.lines(path, colour, theme.px(4), picture)
