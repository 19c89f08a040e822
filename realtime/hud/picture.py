"""The live picture with what was seen in it."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pygame

from realtime.hud import theme
from realtime.hud.pen import Box, Pen
from realtime.hud.texts import Texts
from realtime.records import Joint, Pose, Side, Snapshot, StepResult

_TILT_HALF_LENGTH = 0.22  # of the trunk


class Picture:
    """Draws the newest frame into a box, cropped to fill it, with the skeleton."""

    def __init__(self) -> None:
        self._shown: tuple[int, tuple[int, int]] | None = None
        self._image: pygame.Surface | None = None
        self._crop = (0.0, 0.0, 1.0)

    def draw(self, pen: Pen, box: Box, snapshot: Snapshot, texts: Texts, advice: str) -> None:
        """Draw the picture; without one, say what to do instead."""
        pen.panel(box)
        frame = snapshot.frame
        if frame is None or advice:
            self._nothing(pen, box, texts, advice)
            return
        self._upload(pen, box, frame.image_bgr, frame.index)
        if self._image is not None:
            pen.surface.blit(self._image, pen.rect(box))
        clip = pen.surface.get_clip()
        pen.surface.set_clip(pen.rect(box))
        result = snapshot.result
        if result is not None and result.pose.seen:
            self._skeleton(pen, box, result)
        pen.surface.set_clip(clip)

    def _nothing(self, pen: Pen, box: Box, texts: Texts, advice: str) -> None:
        middle = box.y + box.h / 2
        centre = box.x + box.w / 2
        pen.text(
            texts("no_picture"),
            (centre, middle),
            theme.ROW,
            theme.ACT,
            weight=theme.SEMIBOLD,
            align="centre",
        )
        pen.text(
            advice,
            (centre, middle + 40),
            theme.NAME,
            theme.GREY,
            align="centre",
            most=box.w - 2 * theme.MARGIN,
        )

    def _upload(self, pen: Pen, box: Box, image: Any, index: int) -> None:
        """Scale the part of the frame that fills the box."""
        rect = pen.rect(box)
        if self._shown == (index, rect.size) or rect.w < 2 or rect.h < 2:
            return
        height, width = image.shape[:2]
        scale = max(rect.w / width, rect.h / height)
        w, h = rect.w / scale, rect.h / scale
        x0, y0 = (width - w) / 2, (height - h) / 2
        self._crop = (x0, y0, scale / pen.scale)
        part = image[int(y0) : int(y0 + h + 0.5), int(x0) : int(x0 + w + 0.5)]
        small = cv2.resize(part, rect.size, interpolation=cv2.INTER_LINEAR)
        rounded = _rounded(small, round(theme.RADIUS * pen.scale))
        self._image = pygame.image.frombuffer(rounded.tobytes(), rect.size, "BGR")
        self._shown = (index, rect.size)

    def _place(self, box: Box, xy: Any) -> tuple[float, float]:
        x0, y0, scale = self._crop
        return box.x + (float(xy[0]) - x0) * scale, box.y + (float(xy[1]) - y0) * scale

    def _skeleton(self, pen: Pen, box: Box, result: StepResult) -> None:
        pose = result.pose
        near = result.angles.near if result.angles is not None else Side.R
        for side, colour, width in ((near.other, theme.GREY, 2.0), (near, theme.TEXT, 4.0)):
            names = ("hip", "knee", "ankle", "heel", "toe")
            points = [pose.xy_px[Joint.of(side, n)] for n in names]
            seen = [self._place(box, p) for p in points if not np.isnan(p[0])]
            pen.path(seen, colour, width)
            if side is near:
                for at in seen[:3]:
                    pen.dot(at, 8, theme.BACKGROUND)
                    pen.dot(at, 6, theme.TEXT)
        hip = np.nanmean(pose.xy_px[[Joint.L_HIP, Joint.R_HIP]], axis=0)
        shoulder = np.nanmean(pose.xy_px[[Joint.L_SHOULDER, Joint.R_SHOULDER]], axis=0)
        if not np.isnan([*hip, *shoulder]).any():
            pen.path([self._place(box, shoulder), self._place(box, hip)], theme.TEXT, 4)
            self._pelvis(pen, box, result, hip, float(np.linalg.norm(hip - shoulder)))
        self._thigh(pen, box, result, pose, near)

    def _thigh(self, pen: Pen, box: Box, result: StepResult, pose: Pose, near: Side) -> None:
        hip, knee = (pose.xy_px[Joint.of(near, name)] for name in ("hip", "knee"))
        if np.isnan([*hip, *knee]).any():
            return
        a, b = self._place(box, hip), self._place(box, knee)
        pen.path([a, b], theme.HIP, 6)
        pen.dotted(a, (a[0], a[1] + 1.2 * (b[1] - a[1])), theme.TEXT)
        angles = result.angles
        if angles is not None:
            extension = angles.thigh_extension_deg[near]
            if extension.value is not None:
                behind = -angles.facing
                _label(
                    pen,
                    box,
                    (b[0] + behind * 76, b[1] - 12),
                    f"{extension.value:.0f}°",
                    theme.HIP,
                )

    def _pelvis(self, pen: Pen, box: Box, result: StepResult, hip: Any, trunk_px: float) -> None:
        angles = result.angles
        if angles is None or angles.pelvic_tilt_deg.value is None:
            return
        tilt = angles.pelvic_tilt_deg.value
        turn = np.radians(tilt)
        top = hip - np.array([0.0, 0.16 * trunk_px])
        along = np.array([np.cos(turn), angles.facing * np.sin(turn) * angles.facing])
        along = along * (angles.facing, 1.0) * (_TILT_HALF_LENGTH * trunk_px)
        a, b = self._place(box, top - along), self._place(box, top + along)
        pen.path([a, b], theme.PELVIS, 6)
        _label(pen, box, (b[0] + angles.facing * 84, b[1] + 4), f"{tilt:+.0f}°", theme.PELVIS)


def _label(pen: Pen, box: Box, at: tuple[float, float], text: str, colour: theme.Colour) -> None:
    width = pen.size(text, theme.NAME, theme.SEMIBOLD) + 24
    x = min(max(at[0] - width / 2, box.x + 8), box.right - width - 8)
    y = min(max(at[1] - 18, box.y + 8), box.bottom - 44)
    pen.veil(Box(x, y, width, 36), 190)
    pen.text(
        text,
        (x + width / 2, y + 26),
        theme.NAME,
        colour,
        weight=theme.SEMIBOLD,
        align="centre",
    )


def _rounded(image: Any, radius: int) -> Any:
    """Give the picture the corners of the panels."""
    if radius < 2:
        return image
    height, width = image.shape[:2]
    y, x = np.mgrid[0:radius, 0:radius] + 0.5
    share = np.clip(radius - np.hypot(radius - x, radius - y) + 0.5, 0.0, 1.0)[..., None]
    back = np.array(theme.BACKGROUND[::-1], dtype=float)
    for rows, columns, flip_y, flip_x in (
        (slice(0, radius), slice(0, radius), 1, 1),
        (slice(0, radius), slice(width - radius, width), 1, -1),
        (slice(height - radius, height), slice(0, radius), -1, 1),
        (slice(height - radius, height), slice(width - radius, width), -1, -1),
    ):
        cover = share[::flip_y, ::flip_x]
        part = image[rows, columns].astype(float)
        image[rows, columns] = (part * cover + back * (1 - cover)).astype(np.uint8)
    return image
