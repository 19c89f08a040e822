"""Pictures of a back whose outline is a formula, with a silhouette as coarse as the model's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.gait.facing import Facing, FacingTracker
from hipcue.realtime.records import JOINT_COUNT, Joint, Pose
from hipcue.realtime.vision.mask import Silhouette

FloatArray = NDArray[np.float64]
WIDTH, HEIGHT = 480, 720
HIP, SHOULDER = np.array([270.0, 420.0]), np.array([270.0, 220.0])
TRUNK_PX = 200.0
_FINER = 3
_CELL = 3
# The lens: an edge in a picture is never sharper.
_LENS_PX = 0.9


def hollow(lean_deg: float = 20.0, at: float = 0.18) -> Callable[[FloatArray], FloatArray]:
    """A back that leans forward most at share `at` of the trunk; forward in pixels of share."""

    def forward_px(share: FloatArray) -> FloatArray:
        depth = np.tan(np.radians(lean_deg)) * 0.14
        return np.asarray(TRUNK_PX * (depth * np.tanh((share - at) / 0.14) - 0.22))

    return forward_px


def tipped(
    outline: Callable[[FloatArray], FloatArray], by_deg: float
) -> Callable[[FloatArray], FloatArray]:
    """The same back turned forward by a few degrees about the hip."""

    def forward_px(share: FloatArray) -> FloatArray:
        many = np.linspace(-2.5, 2.5, 4001)
        x, y = outline(many), many * TRUNK_PX
        turn = np.radians(by_deg)
        turned_x, turned_y = (
            x * np.cos(turn) + y * np.sin(turn),
            y * np.cos(turn) - x * np.sin(turn),
        )
        return np.interp(share, turned_y / TRUNK_PX, turned_x)

    return forward_px


def steepest_deg(outline: Callable[[FloatArray], FloatArray], half: float = 0.12) -> float:
    """Greatest lean of a line fitted to 2 * `half` of the outline."""
    leans = []
    for middle in np.arange(0.0, 0.37, 0.002):
        share = np.linspace(middle - half, middle + half, 49)
        slope = np.polyfit(share * TRUNK_PX, outline(share), 1)[0]
        leans.append(np.degrees(np.arctan(slope)))
    return float(max(leans))


def facing_of(pose: Pose) -> Facing | None:
    """Which way the runner of one picture faces."""
    return FacingTracker().add_pose(pose)


@dataclass
class Scene:
    """A runner from behind the hip, drawn; `shot` gives picture, silhouette and pose."""

    outline: Callable[[FloatArray], FloatArray] = field(default_factory=hollow)
    facing: int = 1
    shirt: tuple[int, int, int] = (60, 60, 190)
    wall: tuple[int, int, int] = (150, 160, 150)
    post: tuple[int, int] | None = None
    noise: float = 2.0
    joints: dict[str, tuple[float, float]] = field(default_factory=dict)
    mask_off_px: float = 0.0
    seed: int = 1

    def shot(
        self, index: int = 0, move_px: tuple[float, float] = (0.0, 0.0)
    ) -> tuple[NDArray[np.uint8], Silhouette, Pose]:
        image = np.full((HEIGHT * _FINER, WIDTH * _FINER, 3), self.wall, np.uint8)
        if self.post is not None:
            left, right = self.post
            image[:, left * _FINER : right * _FINER] = (40, 40, 40)
        body = self._body(np.asarray(move_px))
        cv2.fillPoly(image, [np.rint(body * _FINER).astype(np.int32)], self.shirt)
        small = cv2.resize(image, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA).astype(np.float32)
        small = cv2.GaussianBlur(small, (0, 0), _LENS_PX)
        chance = np.random.default_rng(self.seed + index)
        small += chance.normal(0.0, self.noise, small.shape).astype(np.float32)
        picture = np.clip(small, 0, 255).astype(np.uint8)
        return picture, self._silhouette(body), self._pose(index, np.asarray(move_px))

    def _body(self, move: FloatArray) -> FloatArray:
        share = np.linspace(-1.2, 1.4, 300)
        back = HIP[0] + self.facing * self.outline(share)
        front = np.full_like(share, HIP[0] + self.facing * 60.0)
        y = HIP[1] - share * TRUNK_PX
        there = np.stack([back, y], axis=1)
        away = np.stack([front, y], axis=1)[::-1]
        return np.asarray(np.concatenate([there, away]) + move)

    def _silhouette(self, body: FloatArray) -> Silhouette:
        off = np.array([-self.facing * self.mask_off_px, 0.0])
        fine = np.zeros((HEIGHT, WIDTH), np.float32)
        cv2.fillPoly(fine, [np.rint(body + off).astype(np.int32)], 1.0)
        coarse = cv2.resize(fine, (WIDTH // _CELL, HEIGHT // _CELL), interpolation=cv2.INTER_AREA)
        soft = np.asarray(cv2.GaussianBlur(coarse, (0, 0), 0.7), dtype=np.float32)
        # The middle of a cell is the middle of three pixels.
        to_picture = np.array([[_CELL, 0.0, 1.0], [0.0, _CELL, 1.0]])
        return Silhouette(soft, to_picture, (0, 0, WIDTH, HEIGHT))

    def _pose(self, index: int, move: FloatArray) -> Pose:
        f = self.facing
        at = {
            "NOSE": (HIP[0] + f * 40, 140), "L_EAR": (HIP[0], 140), "R_EAR": (HIP[0], 140),
            "L_SHOULDER": tuple(SHOULDER), "R_SHOULDER": tuple(SHOULDER),
            "L_ELBOW": (HIP[0] + f * 40, 320), "R_ELBOW": (HIP[0] + f * 40, 320),
            "L_WRIST": (HIP[0] + f * 120, 280), "R_WRIST": (HIP[0] + f * 120, 280),
            "L_HIP": tuple(HIP), "R_HIP": tuple(HIP),
            "L_KNEE": (HIP[0], 560), "R_KNEE": (HIP[0], 560),
            "L_ANKLE": (HIP[0], 690), "R_ANKLE": (HIP[0], 690),
            "L_HEEL": (HIP[0] - f * 15, 700), "R_HEEL": (HIP[0] - f * 15, 700),
            "L_TOE": (HIP[0] + f * 50, 705), "R_TOE": (HIP[0] + f * 50, 705),
        } | self.joints  # fmt: skip
        xy = np.full((JOINT_COUNT, 2), np.nan)
        for name, point in at.items():
            xy[Joint[name]] = np.asarray(point, dtype=float) + move
        return Pose(index / 60.0, index, xy, np.ones(JOINT_COUNT), (WIDTH, HEIGHT))
