"""Where the parts of the coach's screen lie, for any window and any picture."""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from hipcue.realtime.hud.draw.theme import GAP, MARGIN, Theme

_PICTURE_SHARE = 0.6
# Charts are lower where the column could not do with the rest.
_CHART_HEIGHT, _LEAST_CHART_HEIGHT = 236, 200
# Narrower pictures than this get a tall panel beside two columns.
_TALL_BELOW = 0.9
# A picture takes at most this share of a window taller than wide.
_STACKED_PICTURE = 0.48
# The least the right column needs.
_COLUMN_HEIGHT = 648


@dataclass(frozen=True, slots=True)
class CoachLayout:
    """Rectangles of one frame."""

    header: pygame.Rect
    footer: pygame.Rect
    picture: pygame.Rect
    column: pygame.Rect
    charts: tuple[pygame.Rect, ...]

    @property
    def body(self) -> pygame.Rect:
        """Everything between header and footer."""
        return self.picture.unionall([self.column, *self.charts])

    @property
    def charts_box(self) -> pygame.Rect:
        """All charts together."""
        return self.charts[0].unionall(list(self.charts[1:]))


def coach_layout(
    theme: Theme, size: tuple[int, int], header: int, footer: int, aspect: float
) -> CoachLayout:
    """Lay out the coach's screen.

    Parameters
    ----------
    theme : Theme
        Sizes.
    size : (width, height)
        Of the window.
    header, footer : int
        Heights of the lines at the top and the bottom.
    aspect : float
        Width over height of the camera's picture.
    """
    width, height = size
    margin, gap = theme.px(MARGIN), theme.px(GAP)
    top = header + margin
    body = pygame.Rect(margin, top, width - 2 * margin, height - footer - top)
    head = pygame.Rect(0, 0, width, header)
    foot = pygame.Rect(0, height - footer, width, footer)
    if height > width:
        return _stacked(theme, body, head, foot, aspect)
    if aspect < _TALL_BELOW:
        return _tall(theme, body, head, foot, aspect)
    spare = body.h - margin - theme.px(_COLUMN_HEIGHT)
    charts_height = max(min(theme.px(_CHART_HEIGHT), spare), theme.px(_LEAST_CHART_HEIGHT))
    upper = body.h - charts_height - margin
    picture_width = round(min(_PICTURE_SHARE * width, upper * aspect))
    picture_height = min(round(picture_width / aspect), upper)
    # What a low picture leaves goes to the charts, as far as the column can spare it.
    upper = max(picture_height, min(upper, theme.px(_COLUMN_HEIGHT)))
    charts_height = body.h - upper - margin
    picture = pygame.Rect(body.left, body.top, picture_width, picture_height)
    column = pygame.Rect(picture.right + margin, body.top, 0, upper)
    column.width = body.right - column.left
    chart_width = (body.w - 2 * gap) // 3
    charts = tuple(
        pygame.Rect(
            body.left + number * (chart_width + gap),
            body.bottom - charts_height,
            chart_width if number < 2 else body.w - 2 * (chart_width + gap),
            charts_height,
        )
        for number in range(3)
    )
    return CoachLayout(head, foot, picture, column, charts)


def _stacked(
    theme: Theme, body: pygame.Rect, head: pygame.Rect, foot: pygame.Rect, aspect: float
) -> CoachLayout:
    """Lay out a window taller than wide: picture, numbers and charts one below the other."""
    margin, gap = theme.px(MARGIN), theme.px(GAP)
    high = min(round(body.w / aspect), round(_STACKED_PICTURE * body.h))
    picture = pygame.Rect(0, body.top, min(round(high * aspect), body.w), high)
    picture.centerx = body.centerx
    rest = body.bottom - picture.bottom - 2 * margin
    column = pygame.Rect(body.left, picture.bottom + margin, body.w, round(0.55 * rest))
    width = (body.w - 2 * gap) // 3
    top = column.bottom + margin
    charts = tuple(
        pygame.Rect(body.left + number * (width + gap), top, width, body.bottom - top)
        for number in range(3)
    )
    return CoachLayout(head, foot, picture, column, charts)


def _tall(
    theme: Theme, body: pygame.Rect, head: pygame.Rect, foot: pygame.Rect, aspect: float
) -> CoachLayout:
    """Lay out a tall picture at the left, numbers in the middle, charts at the right."""
    margin, gap = theme.px(MARGIN), theme.px(GAP)
    width = round(min(body.h * aspect, 0.4 * body.w))
    picture = pygame.Rect(body.left, body.top, width, min(round(width / aspect), body.h))
    rest = body.right - picture.right - 2 * margin
    column = pygame.Rect(picture.right + margin, body.top, round(0.53 * rest), body.h)
    left = column.right + margin
    height = (body.h - 2 * gap) // 3
    charts = tuple(
        pygame.Rect(left, body.top + number * (height + gap), body.right - left, height)
        for number in range(3)
    )
    return CoachLayout(head, foot, picture, column, charts)
