"""Draws the simulated runner: a body in profile, shaded, on a treadmill in a room.

Only the part of the picture around the runner is drawn anew; lines are antialiased and
placed between pixels, so that joints move as smoothly in the picture as they do in truth.
"""

from __future__ import annotations

import math
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from hipcue.devices.simulated import shapes
from hipcue.devices.simulated.body import Bgr, Body
from hipcue.devices.simulated.pattern import LegPoints, Point
from hipcue.devices.simulated.pose import RunnerPose, SideName
from hipcue.devices.simulated.room import room
from hipcue.devices.simulated.shapes import Points
from hipcue.devices.simulated.tags import PELVIS_TAG, RIBS_TAG, stick, tag_cells

Image = NDArray[np.uint8]
_SHIFT = 4
_ONE = 1 << _SHIFT
_FAR = 0.66
# Lighter shapes lie a little towards the light, forward and up, m.
_LIGHT_M = np.array([0.004, 0.002])
# How wide the lighter shapes are.
_LAYERS = (0.74, 0.42)


class Figure:
    """A camera's view of the runner from the side.

    Parameters
    ----------
    body : Body
    size_px : (width, height)
    near : {"L", "R"}
        Side towards the camera; with R the runner faces right, with L left.
    tag : bool
        Wear the printed squares on waistband and ribs.
    roll_deg : float
        How far the camera is turned, clockwise positive.
    noise : float
        Standard deviation of the sensor's noise, grey levels.
    """

    def __init__(
        self,
        body: Body,
        size_px: tuple[int, int] = (1280, 720),
        near: SideName = "R",
        tag: bool = False,
        roll_deg: float = 0.0,
        noise: float = 0.0,
    ) -> None:
        self.body, self.size_px, self.near, self.tag = body, size_px, near, tag
        self.facing = 1 if near == "R" else -1
        width, height = size_px
        self.px_per_m = 0.445 * height * min(1.0, width / height / 1.2)
        roll = math.radians(roll_deg)
        x_axis = np.array([math.cos(roll), math.sin(roll)]) * self.px_per_m
        y_axis = np.array([math.sin(roll), -math.cos(roll)]) * self.px_per_m
        self._axes = np.array([x_axis * self.facing, y_axis])
        self._light_px = _LIGHT_M @ self._axes
        down = np.array([-math.sin(roll), math.cos(roll)])
        self._origin = np.array([width / 2, height / 2]) + down * 0.435 * height
        self.background = room(size_px, self._origin, self._axes, seed=7)
        self._noise = _sensor_noise(noise, (height, width, 3)) if noise > 0 else []
        self._drawn = 0

    def to_px(self, points: Points) -> NDArray[np.float64]:
        """Turn metres on the treadmill into pixels of the picture, shape (..., 2)."""
        pixels: NDArray[np.float64] = self._origin + np.asarray(points, dtype=float) @ self._axes
        return pixels

    def draw(self, pose: RunnerPose) -> Image:
        """Return a picture of the runner, shape (height, width, 3), blue green red."""
        image = self.background.copy()
        far = "L" if self.near == "R" else "R"
        body = self.body
        self._arm(image, pose.arms[far], _FAR)
        self._leg(image, pose.legs[far], _FAR)
        self._fill(image, shapes.shorts_leg(body, pose.legs[far]), body.shorts, _FAR)
        self._trunk(image, pose)
        self._head(image, pose)
        self._leg(image, pose.legs[self.near], 1.0)
        self._shorts(image, pose)
        if self.tag:
            self._tags(image, pose)
        self._arm(image, pose.arms[self.near], 1.0)
        self._film(image, pose)
        self._drawn += 1
        return image

    # -- parts --------------------------------------------------------------

    def _leg(self, image: Image, leg: LegPoints, light: float) -> None:
        body = self.body
        self._shaded(image, body.skin, light, *shapes.skin_leg(body, leg))
        self._fill(image, shapes.sock(body, leg), (225, 225, 225), 0.85 * light)
        self._fill(image, shapes.shoe(body, leg), body.shoes, light)
        self._fill(image, shapes.sole(body, leg), (92, 92, 98), light)

    def _arm(self, image: Image, arm: tuple[Point, Point, Point], light: float) -> None:
        body = self.body
        self._shaded(image, body.skin, light, *shapes.skin_arm(body, arm))
        self._shaded(image, body.shirt, 0.88 * light, shapes.sleeve(body, arm))

    def _trunk(self, image: Image, pose: RunnerPose) -> None:
        body = self.body
        self._shaded(image, body.skin, 0.86, shapes.neck(body, pose))
        self._shaded(image, body.shirt, 1.0, shapes.trunk(body, pose))

    def _shorts(self, image: Image, pose: RunnerPose) -> None:
        body = self.body
        near = shapes.shorts_leg(body, pose.legs[self.near])
        self._shaded(image, body.shorts, 1.0, near, shapes.pelvis(body, pose))
        self._fill(image, shapes.waistband(body, pose), body.shorts, 1.5)

    def _head(self, image: Image, pose: RunnerPose) -> None:
        body, head = self.body, shapes.Head(self.body, pose)
        self._shaded(image, body.skin, 1.0, head.face)
        self._fill(image, head.hair, body.hair, 1.0)
        self._fill(image, head.ear, body.skin, 0.82)
        self._fill(image, head.inner_ear, body.skin, 0.62)
        self._fill(image, head.eye_white, (226, 230, 232), 1.0)
        self._fill(image, head.iris, (34, 40, 52), 1.0)
        self._fill(image, head.brow, body.hair, 1.2)
        self._fill(image, head.mouth, (82, 84, 140), 1.0)
        self._fill(image, head.nostril, body.skin, 0.6)

    def _tags(self, image: Image, pose: RunnerPose) -> None:
        for which, (centre, turn_deg) in (
            (PELVIS_TAG, shapes.pelvis_tag_at(self.body, pose)),
            (RIBS_TAG, shapes.ribs_tag_at(self.body, pose)),
        ):
            cells, white = tag_cells(which, centre, turn_deg, self.facing)
            stick(image, self.to_px(cells), white)

    # -- strokes ------------------------------------------------------------

    def _fill(self, image: Image, outline: Points, colour: Bgr, light: float) -> None:
        _paint(image, self.to_px(outline), colour, light)

    def _shaded(self, image: Image, colour: Bgr, light: float, *outlines: Points) -> None:
        """Fill outlines, and lighter narrower shapes in them, layer by layer: no seams."""
        in_px = [self.to_px(outline) for outline in outlines]
        for outline in in_px:
            _paint(image, outline, colour, 0.80 * light)
        inner = [shapes.narrowed(outline, _LAYERS) for outline in in_px]
        for k, gain in enumerate((0.92, 1.04)):
            for layers in inner:
                _paint(image, layers[k] + self._light_px, colour, gain * light)

    def _film(self, image: Image, pose: RunnerPose) -> None:
        """Blur the part with the runner a little, as a lens does, and add the sensor's noise."""
        spots = [pose.hip, (pose.hip[0], pose.hip[1] + 0.43 * self.body.height_m)]
        for leg in pose.legs.values():
            spots += [leg.knee, leg.heel, leg.toe]
        for _, elbow, wrist in pose.arms.values():
            spots += [elbow, wrist]
        corners = self.to_px(np.array(spots))
        margin_px = 0.16 * self.body.height_m * self.px_per_m
        x0, y0 = np.clip(corners.min(axis=0) - margin_px, 0, self.size_px).astype(int)
        x1, y1 = np.clip(corners.max(axis=0) + margin_px, 0, self.size_px).astype(int)
        part = image[y0:y1, x0:x1]
        if part.size:
            cv2.GaussianBlur(part, (3, 3), 0.5, dst=part)
            if self._noise:
                brighter, darker = self._noise[self._drawn % len(self._noise)]
                cv2.add(part, brighter[y0:y1, x0:x1], dst=part)
                cv2.subtract(part, darker[y0:y1, x0:x1], dst=part)


def _paint(image: Image, pixels: NDArray[np.float64], colour: Bgr, light: float) -> None:
    points = [np.rint(pixels * _ONE).astype(np.int32)]
    cv2.fillPoly(image, points, _shade(colour, light), cv2.LINE_AA, _SHIFT)


@cache
def _shade(colour: Bgr, light: float) -> tuple[float, ...]:
    return tuple(min(255.0, value * light) for value in colour)


def _sensor_noise(sigma: float, shape: tuple[int, int, int]) -> list[tuple[Image, Image]]:
    """Four pictures of noise: what each adds and what it takes off.

    Two plain sums are faster than a signed one; and to move the noise of one picture about
    is faster than to draw it four times, which kept whoever started a demo waiting. What is
    moved about is the place in a strip that holds the picture twice, one after the other.
    """
    rng, size = np.random.default_rng(11), math.prod(shape)
    brighter, darker = strips = np.empty((2, 2 * size), np.uint8)
    # Row by row: whole pictures of real numbers would be the most that a demo ever holds.
    for start in range(0, size, size // shape[0]):
        part = slice(start, start + size // shape[0])
        drawn = rng.standard_normal(size // shape[0], dtype=np.float32)
        drawn *= sigma
        levels = np.clip(drawn, -90, 90).astype(np.int8)
        brighter[part], darker[part] = np.maximum(levels, 0), -np.minimum(levels, 0)
    strips[:, size:] = strips[:, :size]
    starts = [(size - k * size // 4 - 7 * k) % size for k in range(4)]
    return [
        (brighter[at : at + size].reshape(shape), darker[at : at + size].reshape(shape))
        for at in starts
    ]
