"""Outlines of the simulated runner's body parts, in metres; x forward, y up.

All are drawn for a body of 1.78 m in profile facing +x and scaled to the runner. The
pelvis turns rigidly with the tilt about the hip, the upper thorax with the lean; what lies
between them goes along with both, and so the back arches when the pelvis tips forward and
the trunk stays upright.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from hipcue.devices.simulated.body import Body
from hipcue.devices.simulated.pattern import LegPoints, Point
from hipcue.devices.simulated.pose import RunnerPose

Points = NDArray[np.float64]

# Shares of the segment from its upper end, and half widths in mm: behind, in front.
_THIGH = (
    (0.0, 78, 80), (0.25, 84, 78), (0.55, 66, 68), (0.85, 54, 58), (0.98, 51, 57), (1.05, 40, 46),
)  # fmt: skip
_SHANK = (
    (-0.06, 40, 44), (0.02, 50, 55), (0.12, 55, 50), (0.30, 63, 45),
    (0.55, 46, 38), (0.80, 31, 30), (1.0, 31, 31),
)  # fmt: skip
_UPPER_ARM = ((0.0, 46, 44), (0.4, 46, 42), (0.8, 38, 36), (1.0, 36, 34))
_FOREARM = ((-0.06, 28, 27), (0.03, 37, 36), (0.25, 40, 38), (0.7, 29, 28), (1.0, 23, 23))
_HAND = ((-0.05, 22, 22), (0.25, 36, 34), (0.6, 38, 36), (0.9, 26, 28), (1.0, 12, 14))
_SLEEVE = ((-0.18, 46, 46), (0.0, 56, 56), (0.3, 54, 54), (0.62, 52, 52))
_SHORTS_LEG = ((-0.06, 78, 78), (0.15, 99, 90), (0.40, 90, 86), (0.58, 82, 82))

# The trunk's outline relative to the hip, for a body that stands: (x, y, share of the
# tilt), in mm. Share 1 turns with the pelvis, 0 with the thorax. The spine bends little by
# little from the sacrum to the middle of the ribs: as on rendered runners
# (`hipcue.realtime.gait.pelvis_calibration`), the steepest place of the lower back follows
# half of what the pelvis tips and half of what the trunk leans.
_BACK = (
    (-30, 548, 0.0), (-74, 512, 0.0), (-104, 440, 0.0), (-109, 360, 0.10), (-94, 290, 0.24),
    (-75, 235, 0.35), (-67, 190, 0.47), (-75, 150, 0.62), (-92, 108, 0.82), (-108, 60, 1.0),
    (-112, 0, 1.0), (-104, -40, 1.0),
)  # fmt: skip
_FRONT = (
    (58, -40, 1.0), (86, 20, 1.0), (98, 80, 0.92), (94, 150, 0.62), (98, 230, 0.36),
    (112, 320, 0.17), (122, 400, 0.05), (104, 470, 0.0), (62, 520, 0.0), (34, 548, 0.0),
)  # fmt: skip
_WAIST_BACK = (-93, 106, 0.83)
_WAIST_FRONT = (99, 92, 0.83)
# Two points to each corner, so that the curve does not bulge out of them.
_WAISTLINE = (_WAIST_FRONT, (85, 93, 0.83), (-79, 105, 0.83), _WAIST_BACK)
_SEAT = ((-109, 72, 0.94), (-119, 35, 1.0), (-124, -8, 1.0), (-121, -50, 1.0), (-104, -90, 1.0))
_CROTCH = ((-20, -110, 1.0), (50, -92, 1.0), (82, -45, 1.0), (95, 20, 1.0))


def smooth(points: Points, closed: bool = False, per: int = 5) -> Points:
    """Run a Catmull-Rom spline through points, shape (n, dimensions)."""
    weights = _weights(per)
    if closed:
        padded = np.vstack((points[-1:], points, points[:2]))
    else:
        padded = np.vstack((2 * points[0] - points[1], points, 2 * points[-1] - points[-2]))
    quads = np.stack([padded[k : len(padded) - 3 + k] for k in range(4)], axis=1)
    curve: Points = np.einsum("pk,nkd->npd", weights, quads).reshape(-1, points.shape[1])
    return curve if closed else np.vstack((curve, points[-1:]))


@cache
def _weights(per: int) -> Points:
    u = np.arange(per) / per
    weights: Points = 0.5 * np.stack(
        (
            -(u**3) + 2 * u**2 - u,
            3 * u**3 - 5 * u**2 + 2,
            -3 * u**3 + 4 * u**2 + u,
            u**3 - u**2,
        ),
        axis=1,
    )
    return weights


def narrowed(outline: Points, shares: tuple[float, ...]) -> list[Points]:
    """Pull an outline in across its long axis to each share, and hardly along it."""
    middle = np.add.reduce(outline) / len(outline)
    rest = outline - middle
    (xx, xy), (_, yy) = (rest.T @ rest).tolist()
    turn = 0.5 * math.atan2(2.0 * xy, xx - yy)
    cos, sin = math.cos(turn), math.sin(turn)
    pulled = []
    for share in shares:
        along = 1.0 - 0.12 * (1.0 - share)
        mixed = (along - share) * cos * sin
        pull = (
            (along * cos * cos + share * sin * sin, mixed),
            (mixed, along * sin * sin + share * cos * cos),
        )
        pulled.append(middle + rest @ np.array(pull))
    return pulled


def _limb(
    upper: Point,
    lower: Point,
    widths: tuple[tuple[float, int, int], ...],
    scale: float,
) -> Points:
    """Outline of a tapered limb; behind is to the left of the way down."""
    x, y = float(upper[0]), float(upper[1])
    way_x, way_y = float(lower[0]) - x, float(lower[1]) - y
    across = scale / 1000.0 / (math.hypot(way_x, way_y) or 1e-9)
    axes = ((way_x, way_y), (-way_y * across, way_x * across))
    outline: Points = _limb_outline(widths) @ np.array(axes) + (x, y)
    return outline


@cache
def _limb_outline(widths: tuple[tuple[float, int, int], ...]) -> Points:
    """Outline of a limb: share of the way down, and mm ahead of it."""
    table = np.asarray(widths, dtype=np.float64)
    behind, ahead = table[:, :2] * (1.0, -1.0), table[::-1, ::2]
    return smooth(np.vstack((behind, ahead)), closed=True, per=4)


def _scale(body: Body) -> float:
    return body.height_m / 1.78 * body.girth


def skin_leg(body: Body, leg: LegPoints) -> tuple[Points, Points]:
    """Thigh and shank."""
    scale = _scale(body)
    shank = _limb(leg.knee, leg.ankle, _SHANK, scale)
    return _limb(leg.hip, leg.knee, _THIGH, scale), shank


def _sole_point(body: Body, leg: LegPoints, ahead: float, up: float) -> Point:
    """Point of the foot, m ahead of the ankle along the sole and above the sole."""
    cos, sin = math.cos(leg.pitch), math.sin(leg.pitch)
    drop = up - body.ankle_m
    return (leg.ankle[0] + ahead * cos + drop * sin, leg.ankle[1] - ahead * sin + drop * cos)


def sock(body: Body, leg: LegPoints) -> Points:
    """The ankle's sock."""
    along = (np.asarray(leg.knee) - leg.ankle) * 0.20
    top: Point = (float(leg.ankle[0] + along[0]), float(leg.ankle[1] + along[1]))
    return _limb(top, leg.ankle, ((0.0, 34, 34), (0.6, 35, 35), (1.1, 38, 38)), _scale(body))


def shoe(body: Body, leg: LegPoints) -> Points:
    """The shoe; its toes bend up while the ball stands on the belt."""
    size = body.height_m / 1.78
    heel, ball, toes = body.heel_m + 0.012 * size, body.ball_m, body.toes_m
    along = (np.asarray(leg.toe) - leg.ball) / toes
    up = np.array([-along[1], along[0]])
    tip = np.asarray(leg.toe)
    return smooth(
        np.array(
            [
                _sole_point(body, leg, -heel, 0.008),
                _sole_point(body, leg, -heel - 0.002, 0.055 * size),
                _sole_point(body, leg, -heel + 0.018, 0.092 * size),
                _sole_point(body, leg, 0.042 * size, 0.090 * size),
                _sole_point(body, leg, ball * 0.72, 0.066 * size),
                tuple(np.asarray(leg.ball) + up * 0.052 * size + along * 0.02),
                tuple(tip + up * 0.030 * size),
                tuple(tip + up * 0.008 + along * 0.006),
                tuple(leg.ball),
                _sole_point(body, leg, 0.0, 0.002),
            ]
        ),
        closed=True,
        per=4,
    )


def sole(body: Body, leg: LegPoints) -> Points:
    """The dark sole under the shoe."""
    heel = body.heel_m + 0.012
    along = (np.asarray(leg.toe) - leg.ball) / body.toes_m
    up = np.array([-along[1], along[0]])
    return np.array(
        [
            _sole_point(body, leg, -heel, 0.0),
            leg.ball,
            leg.toe,
            np.asarray(leg.toe) + up * 0.012,
            np.asarray(leg.ball) + up * 0.016,
            _sole_point(body, leg, -heel, 0.018),
        ]
    )


def skin_arm(body: Body, arm: tuple[Point, Point, Point]) -> tuple[Points, Points, Points]:
    """Upper arm, forearm and hand."""
    shoulder, elbow, wrist = arm
    scale = _scale(body)
    along = (np.asarray(wrist) - elbow) * 0.52
    tip: Point = (float(wrist[0] + along[0]), float(wrist[1] + along[1]))
    return (
        _limb(shoulder, elbow, _UPPER_ARM, scale),
        _limb(elbow, wrist, _FOREARM, scale),
        _limb(wrist, tip, _HAND, scale),
    )


def sleeve(body: Body, arm: tuple[Point, Point, Point]) -> Points:
    """The shirt's sleeve."""
    return _limb(arm[0], arm[1], _SLEEVE, _scale(body))


def shorts_leg(body: Body, leg: LegPoints) -> Points:
    """A leg of the shorts, which goes with the thigh."""
    return _limb(leg.hip, leg.knee, _SHORTS_LEG, _scale(body))


def turned(body: Body, pose: RunnerPose, points: tuple[tuple[float, float, float], ...]) -> Points:
    """Put points of the standing trunk where tilt and lean carry them (forward is clockwise)."""
    return _carried(body, pose, _parted(points))


@cache
def _parted(points: tuple[tuple[float, float, float], ...]) -> Points:
    """Split each point into the part that turns with the pelvis and that with the thorax."""
    table = np.asarray(points, dtype=float)
    xy, share = table[:, :2] / 1000.0, table[:, 2:]
    return np.hstack((xy * share, xy * (1.0 - share)))


@cache
def _rounded(points: tuple[tuple[float, float, float], ...], per: int) -> Points:
    """As `_parted`, for the smooth curve through the points: a spline is linear in them."""
    return smooth(_parted(points), closed=True, per=per)


def _carried(body: Body, pose: RunnerPose, parts: Points) -> Points:
    """Turn both parts of points, shape (n, 4), by tilt and lean, and put them on the hip."""
    x_scale, y_scale = _scale(body), body.height_m / 1.78
    rows = []
    for angle in (pose.tilt_deg, pose.lean_deg):
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        rows += [(x_scale * cos, -x_scale * sin), (y_scale * sin, y_scale * cos)]
    result: Points = parts @ np.array(rows) + np.asarray(pose.hip)
    return result


def trunk(body: Body, pose: RunnerPose) -> Points:
    """The shirt: back, front and shoulders."""
    return _carried(body, pose, _rounded(_BACK + _FRONT, 5))


def pelvis(body: Body, pose: RunnerPose) -> Points:
    """The shorts around the pelvis: waist, seat, crotch."""
    return _carried(body, pose, _rounded((*_WAISTLINE, *_SEAT, *_CROTCH), 4))


def waistband(body: Body, pose: RunnerPose) -> Points:
    """The band of the shorts."""
    x0, y0, share = _WAIST_BACK
    x1, y1, _ = _WAIST_FRONT
    return turned(
        body,
        pose,
        ((x0, y0, share), (x1, y1, share), (x1, y1 - 24, share), (x0 - 10, y0 - 24, share)),
    )


def pelvis_tag_at(body: Body, pose: RunnerPose) -> tuple[Point, float]:
    """Centre of the waistband's square and its rotation, degrees forward."""
    x, y = turned(body, pose, ((12, 84, 1.0),))[0]
    return (float(x), float(y)), pose.tilt_deg


def ribs_tag_at(body: Body, pose: RunnerPose) -> tuple[Point, float]:
    """Centre of the square on the lower ribs and its rotation, degrees forward."""
    x, y = turned(body, pose, ((14, 230, 0.0),))[0]
    return (float(x), float(y)), pose.lean_deg


def neck(body: Body, pose: RunnerPose) -> Points:
    """The neck, from the shoulders into the head."""
    low, high = turned(body, pose, ((0, 510, 0.0), (34, 640, 0.0)))
    base: Point = (float(low[0]), float(low[1]))
    top: Point = (float(high[0]), float(high[1]))
    return _limb(base, top, ((0.0, 66, 58), (0.4, 54, 48), (1.0, 56, 46)), _scale(body))


class Head:
    """A head in profile; it keeps itself upright and only follows half of the lean."""

    # mm from the ear, x forward, y up.
    _FACE = (
        (-92, 20), (-84, 70), (-44, 108), (12, 116), (62, 98), (84, 60), (88, 26), (92, 12),
        (106, -14), (114, -26), (98, -36), (96, -46), (100, -56), (93, -66), (96, -76),
        (88, -98), (66, -108), (34, -96), (8, -70), (-30, -62), (-66, -50), (-86, -20),
    )  # fmt: skip
    _HAIR = (
        (-96, 16), (-90, 72), (-48, 116), (12, 126), (66, 108), (84, 76), (62, 70), (36, 58),
        (22, 34), (14, 10), (-8, 16), (-20, -10), (-28, -48), (-60, -56), (-88, -28),
    )  # fmt: skip
    _EAR = ((-8, 14), (8, 18), (16, 6), (10, -14), (2, -24), (-8, -10))
    _INNER = ((-2, 8), (8, 10), (8, -4), (2, -12))
    _WHITE = ((62, 18), (78, 24), (84, 16), (74, 10))
    _IRIS = ((73, 22), (82, 23), (83, 12), (75, 11))
    _BROW = ((54, 34), (76, 42), (86, 36), (74, 36))
    _MOUTH = ((74, -58), (99, -55), (99, -60), (76, -63))
    _NOSTRIL = ((92, -32), (101, -31), (98, -36))

    def __init__(self, body: Body, pose: RunnerPose) -> None:
        centre = turned(body, pose, ((32, 690, 0.0),))[0]
        turn = math.radians(pose.lean_deg * 0.5)
        cos, sin = math.cos(turn), math.sin(turn)
        matrix = np.array([[cos, -sin], [sin, cos]]) * body.height_m / 1.78 / 1000.0

        def place(points: tuple[tuple[int, int], ...]) -> Points:
            placed: Points = _feature(points) @ matrix + centre
            return placed

        self.face = place(self._FACE)
        self.hair = place(self._HAIR)
        self.ear = place(self._EAR)
        self.inner_ear = place(self._INNER)
        self.eye_white = place(self._WHITE)
        self.iris = place(self._IRIS)
        self.brow = place(self._BROW)
        self.mouth = place(self._MOUTH)
        self.nostril = place(self._NOSTRIL)


@cache
def _feature(points: tuple[tuple[int, int], ...]) -> Points:
    return smooth(np.asarray(points, dtype=float), closed=True, per=4)
