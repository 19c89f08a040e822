"""The live picture: scaled and uploaded by OpenCV, rounded off, and what to say without one."""

from __future__ import annotations

import cv2
import numpy as np
import pygame
from numpy.typing import NDArray

from hipcue.realtime.hud.draw import shapes
from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.strokes import paint
from hipcue.realtime.hud.draw.text_fit import write_block
from hipcue.realtime.hud.draw.theme import (
    BACKGROUND,
    GAP,
    MARGIN,
    RADIUS,
    SECONDARY,
    SURFACE,
    TEXT,
    Type,
    Weight,
)
from hipcue.realtime.hud.facts.devices import camera_lost, device_status
from hipcue.realtime.hud.facts.texts import Texts, sentence
from hipcue.realtime.view.snapshot import Snapshot

DEFAULT_ASPECT = 16 / 9
# A picture that has stopped is darkened so far that nobody takes it for a live one.
_STOPPED_OPACITY = 0.8


def picture_aspect(snapshot: Snapshot) -> float:
    """Return width over height of the camera's picture."""
    if snapshot.frame is None:
        return DEFAULT_ASPECT
    height, width = snapshot.frame.image_bgr.shape[:2]
    return float(width / height)


class Picture:
    """Draws frames into a panel, and remembers the last one scaled."""

    def __init__(self) -> None:
        self._small: NDArray[np.uint8] | None = None
        self._shown: tuple[int, tuple[int, int]] | None = None

    def draw(self, canvas: Canvas, rect: pygame.Rect, snapshot: Snapshot) -> None:
        """Fill the panel with the newest frame, or with the surface colour."""
        if rect.w <= 0 or rect.h <= 0:
            return
        if snapshot.frame is None:
            canvas.surface.fill(BACKGROUND, rect)
            canvas.panel(rect)
            return
        image = snapshot.frame.image_bgr
        key = (id(image), rect.size)
        if self._small is None or self._small.shape[:2] != (rect.h, rect.w):
            self._small = np.empty((rect.h, rect.w, 3), np.uint8)
            self._shown = None
        if self._shown != key:
            shrinks = rect.w < 0.6 * image.shape[1]
            how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
            cv2.resize(image, rect.size, dst=self._small, interpolation=how)
            self._shown = key
        small = self._small
        paint(
            canvas.surface,
            rect,
            lambda view: cv2.cvtColor(small, cv2.COLOR_BGR2BGRA, dst=view),
        )
        radius = canvas.theme.px(RADIUS)
        bends = shapes.corners(rect.w, rect.h, radius, BACKGROUND)
        for bend, corner in zip(
            bends,
            (
                rect.topleft,
                (rect.right - radius, rect.top),
                (rect.left, rect.bottom - radius),
                (rect.right - radius, rect.bottom - radius),
            ),
            strict=True,
        ):
            canvas.surface.blit(bend, corner)


def draw_no_picture(
    canvas: Canvas, rect: pygame.Rect, snapshot: Snapshot, texts: Texts, *, silent: bool = False
) -> bool:
    """Say that there is no live picture and what to do; tell whether that was so.

    It is `silent` where the scene says it elsewhere.
    """
    lost = camera_lost(snapshot)
    if snapshot.frame is not None and not lost:
        return False
    if snapshot.frame is not None:
        canvas.panel(rect, BACKGROUND, _STOPPED_OPACITY)
    if silent:
        return True
    camera = device_status(snapshot, "camera")
    title = texts("picture.lost" if lost else "picture.waiting")
    advice = sentence(texts.advice(camera.reason)) if camera is not None else ""
    if not advice:
        advice = texts("picture.advice_lost" if lost else "picture.advice_waiting")
    theme = canvas.theme
    middle = pygame.Rect(0, 0, min(rect.w - theme.px(4 * MARGIN), theme.px(800)), 1)
    middle.midtop = (rect.centerx, rect.centery - theme.px(MARGIN))
    kept, canvas.ground = canvas.ground, BACKGROUND if snapshot.frame is not None else SURFACE
    y = write_block(canvas, title, middle, Type.ROW, TEXT, Weight.SEMIBOLD, most=2, align="center")
    middle.top = y + theme.px(GAP)
    write_block(canvas, advice, middle, Type.SMALL, SECONDARY, most=3, align="center")
    canvas.ground = kept
    return True
