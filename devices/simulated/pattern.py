"""The pattern of running: geometry of a leg, and how timing follows from belt speed.

Metres; x forward, y up, floor at 0. Angles in radians here: thigh flexion forward +,
knee flexion +, `pitch` of the foot toe down +, `ankle` plantar flexion +.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from hipcue.devices.simulated.body import Body

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class LegAngles:
    """Thigh flexion, knee flexion and plantar flexion, rad."""

    thigh: float
    knee: float
    ankle: float

    def rate_to(self, later: LegAngles, dt_s: float) -> LegAngles:
        """Rates of change towards another instant, rad/s."""
        return LegAngles(
            (later.thigh - self.thigh) / dt_s,
            (later.knee - self.knee) / dt_s,
            (later.ankle - self.ankle) / dt_s,
        )


@dataclass(frozen=True, slots=True)
class LegPoints:
    """Where the joints of one leg are, m."""

    hip: Point
    knee: Point
    ankle: Point
    heel: Point
    ball: Point
    toe: Point
    pitch: float
    angles: LegAngles
    on_belt: bool


def ease(x: float) -> float:
    """Go from 0 to 1 with level ends (smoothstep)."""
    x = min(max(x, 0.0), 1.0)
    return x * x * (3.0 - 2.0 * x)


def effort(speed_mps: float) -> float:
    """From 0 standing to 1 running; the pattern of standing fades into that of running."""
    return ease(speed_mps / 1.2)


def step_rate_hz(speed_mps: float) -> float:
    """Strides per second: cadence 169 per minute at 3 m/s, rising slowly with speed."""
    return (149.0 + 6.7 * min(speed_mps, 6.0)) / 120.0


def duty(speed_mps: float) -> float:
    """Share of the stride on the belt: 0.26 s of contact at 3 m/s."""
    contact_s = 0.257 * math.pow(3.0 / max(speed_mps, 0.3), 0.75)
    return min(contact_s * step_rate_hz(speed_mps), 0.70)


def ankle_ahead_m(speed_mps: float) -> float:
    """How far ahead of its hip the ankle lands."""
    return 0.242 * speed_mps * duty(speed_mps) / step_rate_hz(speed_mps)


def hip_height_m(body: Body, phase: float, speed_mps: float) -> float:
    """Height of the hips; they are highest in the middle of flight."""
    share = duty(speed_mps)
    top = (share + 0.5) / 2.0
    run = effort(speed_mps)
    drop = run * (0.033 + 0.014 * min(speed_mps, 6.0) / 3.0) * body.height_m / 1.78
    bounce = run * 0.030 * math.cos(4.0 * math.pi * (phase - top))
    return body.standing_hip_m - drop + bounce


def hip_ahead_m(leg_phase: float, speed_mps: float) -> float:
    """How far the turning pelvis carries the hip of a leg forward."""
    return 0.032 * effort(speed_mps) * math.cos(2.0 * math.pi * (leg_phase - 0.02))


def stance_pitch(share: float, speed_mps: float) -> float:
    """Heel rise over the share of stance that has passed; the ball stays on the belt."""
    late = max(share - 0.42, 0.0) / 0.58
    return math.radians(53.0) * min(speed_mps / 2.4, 1.0) * math.pow(late, 1.8)


def ankle_over(body: Body, ball: Point, pitch: float) -> Point:
    """Where the ankle is when the foot stands on its ball with that pitch."""
    cos, sin = math.cos(pitch), math.sin(pitch)
    return (
        ball[0] - body.ball_m * cos + body.ankle_m * sin,
        ball[1] + body.ball_m * sin + body.ankle_m * cos,
    )


def highest_hip_m(body: Body, hip_x: float, ball_x: float) -> float:
    """How high the hip may be before leg and foot, stretched on the ball, are too short."""
    reach = _span_m(body, math.radians(9.0)) + 0.985 * math.hypot(body.ball_m, body.ankle_m)
    return math.sqrt(max(reach * reach - (hip_x - ball_x) ** 2, 0.01))


def _span_m(body: Body, knee: float) -> float:
    """Hip to ankle at that knee flexion."""
    upper, lower = body.thigh_m, body.shank_m
    return math.sqrt(upper * upper + lower * lower + 2.0 * upper * lower * math.cos(knee))


def leg_on_belt(body: Body, hip: Point, ball: Point, share: float, speed_mps: float) -> LegAngles:
    """Two-link inverse kinematics: hip and ball are given, the knee bends forward.

    `share` is that of the stance that has passed. Where the leg would get too straight,
    the heel rises more, so that the knee ends its stretch softly.
    """
    pitch = stance_pitch(share, speed_mps)
    ankle = ankle_over(body, ball, pitch)
    span = math.hypot(ankle[0] - hip[0], hip[1] - ankle[1])
    run = effort(speed_mps)
    soft, longest = (_span_m(body, math.radians(k) * run) for k in (30.0, 8.0))
    if span > soft + 1e-9 and longest > soft + 1e-9:
        room = longest - soft
        span = soft + room * math.tanh((span - soft) / room)
        foot, apart = math.hypot(body.ball_m, body.ankle_m), math.dist(hip, ball)
        cos = (foot * foot + apart * apart - span * span) / (2.0 * foot * apart)
        towards = math.atan2(hip[1] - ball[1], hip[0] - ball[0])
        behind = math.acos(min(max(cos, -1.0), 1.0))
        pitch = math.pi - math.atan2(body.ankle_m, body.ball_m) - towards - behind
        ankle = ankle_over(body, ball, pitch)
    dx, dy = ankle[0] - hip[0], hip[1] - ankle[1]
    upper, lower = body.thigh_m, body.shank_m
    span = min(math.hypot(dx, dy), upper + lower)
    at_hip = (upper * upper + span * span - lower * lower) / (2.0 * upper * span)
    at_knee = (upper * upper + lower * lower - span * span) / (2.0 * upper * lower)
    thigh = math.atan2(dx, dy) + math.acos(min(max(at_hip, -1.0), 1.0))
    knee = math.pi - math.acos(min(max(at_knee, -1.0), 1.0))
    return LegAngles(thigh, knee, pitch + thigh - knee)


def place_leg(body: Body, hip: Point, angles: LegAngles, on_belt: bool) -> LegPoints:
    """Put the joints where the angles say; the toes bend rather than sink into the belt."""
    shank = angles.thigh - angles.knee
    pitch = angles.ankle - shank
    knee = (
        hip[0] + body.thigh_m * math.sin(angles.thigh),
        hip[1] - body.thigh_m * math.cos(angles.thigh),
    )
    ankle = (
        knee[0] + body.shank_m * math.sin(shank),
        knee[1] - body.shank_m * math.cos(shank),
    )
    cos, sin = math.cos(pitch), math.sin(pitch)

    def sole(ahead: float) -> Point:
        return (
            ankle[0] + ahead * cos - body.ankle_m * sin,
            ankle[1] - ahead * sin - body.ankle_m * cos,
        )

    ball = sole(body.ball_m)
    bent = min(pitch, math.asin(min(max(ball[1] / body.toes_m, 0.0), 1.0)))
    toe = (ball[0] + body.toes_m * math.cos(bent), ball[1] - body.toes_m * math.sin(bent))
    return LegPoints(hip, knee, ankle, sole(-body.heel_m), ball, toe, pitch, angles, on_belt)


def swing_angles(
    share: float,
    duration_s: float,
    run: float,
    off: tuple[LegAngles, LegAngles],
    land: tuple[LegAngles, LegAngles],
) -> LegAngles:
    """A leg in the air, from toe-off to landing.

    Parameters
    ----------
    share : float
        Of the swing that has passed.
    duration_s : float
        Of the whole swing.
    run : float
        From 0 (a small step) to 1 (running).
    off, land : (LegAngles, LegAngles)
        Angles and their rates at both ends: nothing jumps, neither angle nor rate.
    """
    rad = math.radians
    fold, lift = rad(38.0 + 60.0 * run), rad(20.0 + 16.0 * run)
    angles, rates, goal, goal_rates = off[0], off[1], land[0], land[1]
    return LegAngles(
        _spline(
            share,
            (0.0, 0.36, 0.74, 1.0),
            (
                angles.thigh,
                rad(6.0) * run + rad(8.0) * (1 - run),
                max(lift, goal.thigh),
                goal.thigh,
            ),
            rates.thigh * duration_s,
            goal_rates.thigh * duration_s,
        ),
        _spline(
            share,
            (0.0, 0.40, 0.78, 1.0),
            (angles.knee, fold, rad(30.0 + 12.0 * run), goal.knee),
            rates.knee * duration_s,
            goal_rates.knee * duration_s,
        ),
        _spline(
            share,
            (0.0, 0.40, 0.80, 1.0),
            (angles.ankle, rad(12.0) * run, rad(-2.0), goal.ankle),
            rates.ankle * duration_s,
            goal_rates.ankle * duration_s,
        ),
    )


def _spline(
    x: float,
    knots: tuple[float, float, float, float],
    values: tuple[float, float, float, float],
    first_slope: float,
    last_slope: float,
) -> float:
    """Cubic spline through four points with given slopes at both ends."""
    (x0, x1, x2, x3), (y0, y1, y2, y3) = knots, values
    a, b, c = x1 - x0, x2 - x1, x3 - x2
    # Slopes at the inner knots: the second derivative does not jump there.
    d01, d12, d23 = (y1 - y0) / a, (y2 - y1) / b, (y3 - y2) / c
    right1 = 3.0 * (d01 / a + d12 / b) - first_slope / a
    right2 = 3.0 * (d12 / b + d23 / c) - last_slope / c
    p, q, r = 2.0 / a + 2.0 / b, 1.0 / b, 2.0 / b + 2.0 / c
    det = p * r - q * q
    m1 = (right1 * r - q * right2) / det
    m2 = (p * right2 - q * right1) / det
    if x < x1:
        return _hermite((x - x0) / a, a, y0, y1, first_slope, m1)
    if x < x2:
        return _hermite((x - x1) / b, b, y1, y2, m1, m2)
    return _hermite((x - x2) / c, c, y2, y3, m2, last_slope)


def _hermite(u: float, width: float, y0: float, y1: float, m0: float, m1: float) -> float:
    v = 1.0 - u
    return v * v * (y0 * (1 + 2 * u) + m0 * width * u) + u * u * (y1 * (3 - 2 * u) - m1 * width * v)


def place_arms(
    body: Body, hip: Point, lean_deg: float, run: float, turn: float, sides: list[str]
) -> dict[str, tuple[Point, Point, Point]]:
    """Shoulder, elbow and wrist of both arms; `turn` is the phase of the first side, rad.

    Somebody who stands folds them on the chest; in running each swings against its leg,
    with the elbow so bent that the forearm passes above the hollow of the back.
    """
    lean = math.radians(lean_deg)
    arms: dict[str, tuple[Point, Point, Point]] = {}
    for k, side in enumerate(sides):
        swing = math.cos(turn + math.pi * k - 0.25)
        shoulder_swing = 0.018 * -swing * run
        shoulder = (
            hip[0] + body.trunk_m * math.sin(lean) + shoulder_swing + 0.004,
            hip[1] + body.trunk_m * math.cos(lean),
        )
        upper = math.radians(run * (-14.0 - 31.0 * swing) + (1.0 - run) * (38.0 - 6.0 * k))
        fold = math.radians(run * (110.0 - 4.0 * swing) + (1.0 - run) * (100.0 + 8.0 * k))
        elbow = (
            shoulder[0] + body.upper_arm_m * math.sin(upper + lean / 2),
            shoulder[1] - body.upper_arm_m * math.cos(upper + lean / 2),
        )
        fore = upper + fold
        wrist = (
            elbow[0] + body.forearm_m * math.sin(fore),
            elbow[1] - body.forearm_m * math.cos(fore),
        )
        arms[side] = (shoulder, elbow, wrist)
    return arms
