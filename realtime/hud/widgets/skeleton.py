"""What is drawn over the live picture: the legs, the thigh's angle, the pelvis and its source.

Lines follow every frame; the numbers beside them are those of the last stride.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pygame

from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.strokes import Point
from hipcue.realtime.hud.draw.theme import (
    BACK,
    BACKGROUND,
    GAP,
    HIP,
    OTHER,
    PELVIS,
    TEXT,
    Colour,
    Type,
    Weight,
    mix,
)
from hipcue.realtime.hud.facts.legs import newest_stride
from hipcue.realtime.hud.facts.rounding import rounded
from hipcue.realtime.hud.facts.texts import Texts
from hipcue.realtime.records import BodyAngles, Joint, PelvisSource, Pose, Side
from hipcue.realtime.view.snapshot import Snapshot

CHIP_OPACITY = 0.88
# The lightest ground a chip can have: over a white wall.
CHIP_GROUND = mix((255, 255, 255), BACKGROUND, CHIP_OPACITY)
# Joints that the pose model is less sure of are not drawn; our choice.
_LEAST_CONFIDENCE = 0.3
# Labels follow the body this slowly, seconds, so that they can be read.
_LABEL_S = 0.4
# A thigh is drawn with its arc once it is this far behind the vertical, degrees.
_ARC_FROM_DEG = 3.0


@dataclass(frozen=True, slots=True)
class _View:
    """Turns the picture's pixels into the window's."""

    rect: pygame.Rect
    scale: float
    # By joint; None where it is not seen.
    points: list[Point | None]

    @classmethod
    def of(cls, rect: pygame.Rect, pose: Pose) -> _View:
        """Return where the joints of a pose lie in the panel `rect`."""
        scale = rect.w / max(pose.size_px[0], 1)
        places = (np.asarray(pose.xy_px, np.float64) * scale + rect.topleft).tolist()
        points = [
            (x, y) if math.isfinite(x) and sure >= _LEAST_CONFIDENCE else None
            for (x, y), sure in zip(places, pose.confidence.tolist(), strict=True)
        ]
        return cls(rect, scale, points)


class Skeleton:
    """Draws over the picture; remembers where its labels are."""

    def __init__(self) -> None:
        self._labels: dict[str, tuple[float, Point]] = {}
        self._seen: tuple[Pose, _View] | None = None

    def draw(self, canvas: Canvas, rect: pygame.Rect, snapshot: Snapshot, texts: Texts) -> None:
        """Draw the newest pose over the picture in `rect`; its numbers come with `numbers`."""
        result = snapshot.result
        if result is None or snapshot.frame is None or not result.preview_pose.seen:
            self._labels.clear()
            return
        pose, settled = result.preview_pose, result.settled
        angles = settled.angles if settled is not None else None
        view = self._view(rect, pose)
        near = angles.near if angles is not None else _surer_side(pose)
        unit = canvas.theme.px(1)
        self._leg(canvas, view, near.other, OTHER, 2.5 * unit)
        hip, knee = (view.points[Joint.of(near, name)] for name in ("hip", "knee"))
        if hip is not None and knee is not None and newest_stride(snapshot, near)[0]:
            _vertical(canvas, view, hip, math.dist(hip, knee))
        trunk = _path(view.points[Joint.of(near, "shoulder")], hip)
        _bones(canvas, view, [trunk], TEXT, 4 * unit)
        _seen_pelvis(canvas, view, pose)
        self._leg(canvas, view, near, HIP, 7 * unit)
        if hip is None or knee is None or angles is None:
            return
        thigh_px = math.dist(hip, knee)
        self._angle(canvas, view, angles, near, hip, knee)
        self._pelvis(canvas, view, angles, hip, thigh_px)
        for name in ("shoulder", "hip", "knee", "ankle"):
            _joint(canvas, view, Joint.of(near, name))

    def _view(self, rect: pygame.Rect, pose: Pose) -> _View:
        """Return where the joints of a pose lie; lines and numbers of a frame share it."""
        seen = self._seen
        if seen is None or seen[0] is not pose or seen[1].rect != rect:
            seen = self._seen = (pose, _View.of(rect.copy(), pose))
        return seen[1]

    def _leg(self, canvas: Canvas, view: _View, side: Side, thigh: Colour, width: float) -> None:
        """Draw lower leg and foot thin, the thigh thick in its colour."""
        at = {
            name: view.points[Joint.of(side, name)]
            for name in ("hip", "knee", "ankle", "heel", "toe")
        }
        thin = [
            _path(at[first], at[second])
            for first, second in (("knee", "ankle"), ("ankle", "heel"), ("heel", "toe"))
        ]
        _bones(canvas, view, thin, TEXT if thigh == HIP else OTHER, 0.6 * width)
        _bones(canvas, view, [_path(at["hip"], at["knee"])], thigh, width)

    def _angle(
        self,
        canvas: Canvas,
        view: _View,
        angles: BodyAngles,
        near: Side,
        hip: Point,
        knee: Point,
    ) -> None:
        """Draw the arc from the vertical to the thigh while the thigh is behind it."""
        thigh_px = math.dist(hip, knee)
        behind = angles.thigh_extension_deg.get(near)
        if behind is None or behind.value is None or behind.value < _ARC_FROM_DEG:
            return
        to_deg = math.degrees(math.atan2(knee[1] - hip[1], knee[0] - hip[0]))
        canvas.arc(hip, 0.72 * thigh_px, 90.0, to_deg, HIP, canvas.theme.px(4), view.rect)

    def _pelvis(
        self, canvas: Canvas, view: _View, angles: BodyAngles, hip: Point, thigh_px: float
    ) -> None:
        """Draw a line through the pelvis, turned by its tilt: anterior tilt lowers its front."""
        tilt = angles.pelvic_tilt_deg.value
        if tilt is None:
            return
        turn = math.radians(tilt)
        reach = 0.42 * thigh_px
        ahead = (angles.facing * reach * math.cos(turn), reach * math.sin(turn))
        middle = (hip[0], hip[1] - 0.28 * thigh_px)
        ends = [
            (middle[0] - ahead[0], middle[1] - ahead[1]),
            (middle[0] + ahead[0], middle[1] + ahead[1]),
        ]
        width = canvas.theme.px(6)
        edge = (BACKGROUND, width + canvas.theme.px(3))
        canvas.paths((ends,), PELVIS, width, view.rect, edge)

    def numbers(
        self,
        canvas: Canvas,
        rect: pygame.Rect,
        snapshot: Snapshot,
        texts: Texts,
        taken: pygame.Rect | None = None,
    ) -> None:
        """Write thigh and tilt of the newest stride beside the body.

        They stay clear of `taken`, where something else lies over the picture.
        """
        result = snapshot.result
        if result is None or snapshot.frame is None or result.settled is None:
            return
        pose, angles = result.preview_pose, result.settled.angles
        if angles is None:
            return
        facing, near = angles.facing, angles.near
        view = self._view(rect, pose)
        hip, knee = (view.points[Joint.of(near, name)] for name in ("hip", "knee"))
        stride, _ = newest_stride(snapshot, near)
        if not pose.seen or hip is None or knee is None or stride is None:
            return
        thigh_px = math.dist(hip, knee)
        thigh, tilt = rounded(stride, "thigh_extension_deg"), rounded(stride, "pelvic_tilt_deg")
        if thigh is not None:
            words = f"{thigh.words(texts)}°"
            at = (hip[0] - facing * 1.15 * thigh_px, hip[1] + 0.75 * thigh_px)
            self._chip(canvas, rect, taken, snapshot.t_s, "thigh", words, HIP, at)
        if tilt is not None:
            words = texts("picture.tilt", deg=tilt.words(texts, sign=True))
            at = (hip[0] + facing * 1.25 * thigh_px, hip[1] - 0.3 * thigh_px)
            self._chip(canvas, rect, taken, snapshot.t_s, "tilt", words, PELVIS, at)

    def _chip(
        self,
        canvas: Canvas,
        rect: pygame.Rect,
        taken: pygame.Rect | None,
        now_s: float,
        name: str,
        words: str,
        colour: Colour,
        at: Point,
    ) -> None:
        at = self._smooth(name, now_s, at)
        pad = canvas.theme.px(10)
        width = canvas.width(words, Type.NAME, Weight.SEMIBOLD) + 2 * pad
        height = canvas.theme.line_px(Type.NAME) + canvas.theme.px(4)
        box = pygame.Rect(0, 0, width, height)
        box.center = (round(at[0]), round(at[1]))
        room = rect.inflate(-2 * canvas.theme.px(GAP), -2 * canvas.theme.px(GAP))
        box.clamp_ip(room)
        if taken is not None and box.colliderect(taken):
            # Below it, or where there is no more room below it, beside it.
            if taken.bottom + box.h <= room.bottom:
                box.top = taken.bottom
            else:
                box.left = min(taken.right, room.right - box.w)
        canvas.panel(box, BACKGROUND, CHIP_OPACITY)
        baseline = box.centery + canvas.theme.cap_px(Type.NAME) / 2
        canvas.text(
            words,
            box.centerx,
            baseline,
            Type.NAME,
            colour,
            Weight.SEMIBOLD,
            align="center",
            room=box,
            ground=CHIP_GROUND,
        )

    def _smooth(self, name: str, now_s: float, at: Point) -> Point:
        known = self._labels.get(name)
        if known is not None and 0.0 <= now_s - known[0] < 1.0:
            share = 1.0 - math.exp(-(now_s - known[0]) / _LABEL_S)
            before = known[1]
            at = (before[0] + (at[0] - before[0]) * share, before[1] + (at[1] - before[1]) * share)
        self._labels[name] = (now_s, at)
        return at


def _vertical(canvas: Canvas, view: _View, hip: Point, thigh_px: float) -> None:
    """Draw the vertical below the hip, against which the thigh is measured."""
    theme = canvas.theme
    pattern = (theme.px(6), theme.px(6))
    bottom = min(hip[1] + 1.15 * thigh_px, view.rect.bottom)
    if view.rect.collidepoint(hip):
        canvas.upright_dots(hip[0], hip[1], bottom, TEXT, theme.px(2), pattern)


def _seen_pelvis(canvas: Canvas, view: _View, pose: Pose) -> None:
    """Draw what the tilt is read from: the back's outline or the printed squares."""
    theme = canvas.theme
    for reading in pose.pelvis:
        if reading.t_s != pose.t_capture_s or not reading.paths_px:
            continue
        paths = [view.rect.topleft + view.scale * path for path in reading.paths_px]
        if reading.source is PelvisSource.TAG:
            paths = [np.concatenate((path, path[:1])) for path in paths]
        canvas.paths(paths, BACK, theme.px(3), view.rect, (BACKGROUND, theme.px(5)))


def _surer_side(pose: Pose) -> Side:
    """Return the leg that the model sees better, before it is known which one is near."""
    sums = {
        side: sum(float(pose.confidence[Joint.of(side, n)]) for n in ("hip", "knee", "ankle"))
        for side in Side
    }
    return Side.L if sums[Side.L] >= sums[Side.R] else Side.R


def _path(first: Point | None, second: Point | None) -> tuple[Point, ...]:
    """Return the way between two joints, empty where one was not seen."""
    return () if first is None or second is None else (first, second)


def _bones(
    canvas: Canvas,
    view: _View,
    paths: Sequence[tuple[Point, ...]],
    colour: Colour,
    width_px: float,
) -> None:
    # A dark edge, so that the lines stand out from any shirt.
    edge = (BACKGROUND, width_px + canvas.theme.px(2))
    canvas.paths(paths, colour, width_px, view.rect, edge)


def _joint(canvas: Canvas, view: _View, joint: Joint) -> None:
    at = view.points[joint]
    if at is not None:
        edge = (BACKGROUND, canvas.theme.px(8))
        canvas.disc(at, canvas.theme.px(6), TEXT, view.rect, edge)
