"""A runner made of formulas: gait on a moving belt, with a pelvis that can tip forward.

The foot that carries moves exactly as the belt does, from contact to toe-off, and the
leg above it follows by inverse kinematics; in the air the angles follow splines that
meet both ends without a jump. So every angle is that of the joints' positions.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hipcue.devices.simulated import pattern
from hipcue.devices.simulated.body import Body
from hipcue.devices.simulated.pattern import LegAngles, LegPoints
from hipcue.devices.simulated.pose import RunnerPose, SideName
from hipcue.devices.simulated.truth import Truth

# What happens between two instants asked for is worked out in steps of this length.
_STEP_S = 1.0 / 120.0
_EPS_S = 1e-4
# Cues that ask for less tilt; praise and ticks change nothing.
_ASKING = frozenset({"tilt_out", "borrowed"})
# Time to hear and understand; our choice.
_REACTION_S = 0.5
_TILT_RUNNING_DEG, _TILT_SWING_DEG, _LEAN_DEG = 3.0, 1.5, 5.0
_TILT_BORROWED_DEG, _STRIDES_TO_CHANGE = 10.0, 6.0


@dataclass(slots=True)
class _Leg:
    side: SideName
    phase: float
    on_belt: bool
    ball_x: float
    belt_m: float
    duty: float
    off: tuple[LegAngles, LegAngles] | None = None


class SimulatedRunner:
    """Stands, runs as soon as the belt moves, and stands again when it stops.

    Parameters
    ----------
    body : Body
    near : {"L", "R"}
        The side towards the camera; the runner faces right when it is R.
    seed : int
        Of the small natural variation; the same seed runs the same way.
    responds : bool
        Whether a cue makes them bring the pelvis back.
    """

    def __init__(
        self, body: Body, near: SideName = "R", seed: int = 0, responds: bool = True
    ) -> None:
        self.body, self.near, self.responds = body, near, responds
        self.truth = Truth(near)
        rng = np.random.default_rng(seed)
        self._phases = rng.uniform(0.0, 2.0 * math.pi, 12)
        self._t_s = 0.0
        self._speed = 0.0
        self._belt_m = 0.0
        far: SideName = "L" if near == "R" else "R"
        # Both feet on the belt: the phases of double support in a slow walk.
        self._legs = [
            _Leg(near, 0.10, True, body.ball_m, 0.0, pattern.duty(0.0)),
            _Leg(far, 0.60, True, body.ball_m, 0.0, pattern.duty(0.0)),
        ]
        self._borrow = 0.0
        self._borrow_goal = 0.0
        self._back_at_s: float | None = None

    @property
    def t_s(self) -> float:
        """How far the run has got."""
        return self._t_s

    def compensate(self) -> None:
        """Begin to borrow: the pelvis tips forward over the next strides."""
        if self._borrow_goal == 0.0:
            self._borrow_goal, self._back_at_s = 1.0, None
            self.truth.onset(self._t_s)

    def hear(self, event: str, t_s: float) -> None:
        """Hear a cue at `t_s`; one that asks for less tilt is followed, if they respond."""
        if event not in _ASKING or self._borrow_goal == 0.0:
            return
        self.truth.add_cue(t_s)
        if self.responds and self._back_at_s is None:
            self._back_at_s = t_s + _REACTION_S

    def advance(self, t_s: float, belt_speed_mps: float) -> RunnerPose:
        """Run on until `t_s`, note the pose there as a frame, and return it."""
        self.move(t_s, belt_speed_mps)
        pose = self.pose_at(t_s)
        self.truth.frame(pose)
        return pose

    def move(self, t_s: float, belt_speed_mps: float) -> None:
        """Run on until `t_s`, the belt going over to its speed evenly.

        Raises
        ------
        ValueError
            When `t_s` lies in the past.
        """
        if t_s < self._t_s:
            raise ValueError(f"cannot run back from {self._t_s} s to {t_s} s")
        span_s, begin, begin_s = t_s - self._t_s, self._speed, self._t_s
        steps = math.ceil(span_s / _STEP_S - 1e-9)
        for k in range(1, steps + 1):
            share = k / steps
            end_s = t_s if k == steps else begin_s + span_s * share
            self._step(end_s, begin + (belt_speed_mps - begin) * share)

    def pose_at(self, t_s: float) -> RunnerPose:
        """Return the pose now, or up to a step ahead at the present speed; nothing changes."""
        dt = t_s - self._t_s
        if not 0.0 <= dt <= _STEP_S:
            raise ValueError(f"{t_s} s is not now ({self._t_s} s): advance first")
        rate = self._rate(self._speed, self._t_s)
        return self._pose(dt, rate * dt, self._speed, self._belt_m + self._speed * dt)

    # -- time ---------------------------------------------------------------

    def _step(self, t_end: float, speed_end: float) -> None:
        dt, t0, v0, belt0 = t_end - self._t_s, self._t_s, self._speed, self._belt_m
        gain = (speed_end - v0) / dt
        rate = (self._rate(v0, t0) + self._rate(speed_end, t0)) / 2.0
        phases = [leg.phase for leg in self._legs]
        for after_s, leg in self._events(dt, rate):
            # Each leg's phase is that of the event while its points are worked out.
            for other, phase in zip(self._legs, phases, strict=True):
                other.phase = phase + rate * after_s
            self._t_s, self._speed = t0 + after_s, v0 + gain * after_s
            self._belt_m = belt0 + v0 * after_s + gain * after_s * after_s / 2.0
            if leg.on_belt:
                self._toe_off(leg, rate)
            else:
                self._contact(leg)
                phases = [
                    other.phase - rate * after_s if other is leg else phase
                    for other, phase in zip(self._legs, phases, strict=True)
                ]
        for leg, phase in zip(self._legs, phases, strict=True):
            leg.phase = phase + rate * dt
        self._t_s, self._speed = t_end, speed_end
        self._belt_m = belt0 + v0 * dt + gain * dt * dt / 2.0
        self._change_tilt(rate * dt)
        self.truth.sample(self._pose(0.0, 0.0, self._speed, self._belt_m))

    def _events(self, dt: float, rate: float) -> Iterator[tuple[float, _Leg]]:
        if rate <= 0.0:
            return
        due = []
        for leg in self._legs:
            goal = leg.duty if leg.on_belt else 1.0
            after_s = max((goal - leg.phase) / rate, 0.0)
            if after_s < dt:
                due.append((after_s, leg))
        yield from sorted(due, key=lambda pair: pair[0])

    def _contact(self, leg: _Leg) -> None:
        leg.phase = 0.0
        leg.duty = pattern.duty(self._speed)
        leg.ball_x = self._landing_x(self._t_s, self._speed)
        leg.belt_m, leg.on_belt = self._belt_m, True
        self.truth.contact(leg.side, self._t_s, self._belt_m, leg.ball_x)

    def _toe_off(self, leg: _Leg, rate: float) -> None:
        late = self._on_belt(leg, 0.0, 0.0, self._speed, self._belt_m)
        back = -_EPS_S
        early = self._on_belt(
            leg, back, rate * back, self._speed, self._belt_m + self._speed * back
        )
        leg.off, leg.on_belt = (late, early.rate_to(late, _EPS_S)), False
        self.truth.toe_off(leg.side, self._t_s)

    def _rate(self, speed: float, t_s: float) -> float:
        home = all(
            leg.on_belt and abs(self._ball_x(leg, self._belt_m) - self.body.ball_m) < 0.05
            for leg in self._legs
        )
        if home and speed < 0.3:
            return pattern.step_rate_hz(speed) * pattern.ease(speed / 0.3)
        return pattern.step_rate_hz(speed) * (1.0 + 0.006 * self._wobble(t_s, 0, 2.9, 7.3))

    def _change_tilt(self, strides: float) -> None:
        if self._back_at_s is not None and self._t_s >= self._back_at_s:
            self._borrow_goal, self._back_at_s = 0.0, None
        move = strides / _STRIDES_TO_CHANGE
        before = self._borrow
        self._borrow += min(max(self._borrow_goal - before, -move), move)
        if before > 0.0 and self._borrow == 0.0:
            self.truth.corrected(self._t_s)

    # -- geometry -----------------------------------------------------------

    def _wobble(self, t_s: float, which: int, slow_s: float, slower_s: float) -> float:
        """Slow irregular change between -1 and 1."""
        turn = 2.0 * math.pi * t_s
        one, two = self._phases[2 * which], self._phases[2 * which + 1]
        return float(0.6 * math.sin(turn / slow_s + one) + 0.4 * math.sin(turn / slower_s + two))

    def _hip_x(self, t_s: float, speed: float) -> float:
        return pattern.effort(speed) * 0.035 * self._wobble(t_s, 1, 11.0, 23.0)

    def _hip_y(self, dt: float, dphase: float, speed: float, belt_m: float) -> float:
        near = self._legs[0]
        height = pattern.hip_height_m(self.body, near.phase + dphase, speed)
        for leg in self._legs:
            if leg.on_belt:
                hip_x = self._leg_hip_x(leg, dt, dphase, speed)
                ball_x = self._ball_x(leg, belt_m)
                height = min(height, pattern.highest_hip_m(self.body, hip_x, ball_x))
        return height

    def _leg_hip_x(self, leg: _Leg, dt: float, dphase: float, speed: float) -> float:
        return self._hip_x(self._t_s + dt, speed) + pattern.hip_ahead_m(leg.phase + dphase, speed)

    def _landing_x(self, t_s: float, speed: float) -> float:
        """Where the ball of a foot lands that lands now."""
        ahead = pattern.hip_ahead_m(0.0, speed) + pattern.ankle_ahead_m(speed) + self.body.ball_m
        jitter = 0.006 * pattern.effort(speed) * self._wobble(t_s, 2, 1.7, 3.1)
        return self._hip_x(t_s, speed) + ahead + jitter

    def _ball_x(self, leg: _Leg, belt_m: float) -> float:
        return leg.ball_x - (belt_m - leg.belt_m)

    def _on_belt(
        self, leg: _Leg, dt: float, dphase: float, speed: float, belt_m: float
    ) -> LegAngles:
        hip = (
            self._leg_hip_x(leg, dt, dphase, speed),
            self._hip_y(dt, dphase, speed, belt_m),
        )
        ball = (self._ball_x(leg, belt_m), 0.0)
        share = (leg.phase + dphase) / leg.duty
        return pattern.leg_on_belt(self.body, hip, ball, share, speed)

    def _in_air(self, leg: _Leg, dt: float, dphase: float, speed: float, rate: float) -> LegAngles:
        assert leg.off is not None
        phase = leg.phase + dphase
        swing = 1.0 - leg.duty
        # The landing that would come at this speed; it is exact when it is there.
        t_s = self._t_s + dt
        at_landing = 0.0 if leg is self._legs[0] else 0.5
        hip = (
            self._hip_x(t_s, speed) + pattern.hip_ahead_m(0.0, speed),
            pattern.hip_height_m(self.body, at_landing, speed),
        )
        ball = (self._landing_x(t_s, speed), 0.0)
        land = pattern.leg_on_belt(self.body, hip, ball, 0.0, speed)
        turned = rate * _EPS_S
        hip_after = (
            self._hip_x(t_s, speed) + pattern.hip_ahead_m(turned, speed),
            pattern.hip_height_m(self.body, at_landing + turned, speed),
        )
        ball_after = (ball[0] - speed * _EPS_S, 0.0)
        after = pattern.leg_on_belt(self.body, hip_after, ball_after, 0.0, speed)
        return pattern.swing_angles(
            (phase - leg.duty) / swing,
            swing / rate,
            pattern.effort(speed),
            leg.off,
            (land, land.rate_to(after, _EPS_S)),
        )

    def _pose(self, dt: float, dphase: float, speed: float, belt_m: float) -> RunnerPose:
        t_s, run = self._t_s + dt, pattern.effort(speed)
        rate = max(self._rate(speed, t_s), 0.3)
        hip = (self._hip_x(t_s, speed), self._hip_y(dt, dphase, speed, belt_m))
        legs: dict[str, LegPoints] = {}
        for leg in self._legs:
            own = (self._leg_hip_x(leg, dt, dphase, speed), hip[1])
            if leg.on_belt:
                angles = self._on_belt(leg, dt, dphase, speed, belt_m)
            else:
                angles = self._in_air(leg, dt, dphase, speed, rate)
            legs[leg.side] = pattern.place_leg(self.body, own, angles, leg.on_belt)
        turn = 2.0 * math.pi * (self._legs[0].phase + dphase)
        borrowed = _TILT_BORROWED_DEG * pattern.ease(self._borrow)
        tilt = run * (
            _TILT_RUNNING_DEG
            + borrowed
            - _TILT_SWING_DEG * math.cos(2.0 * turn)
            + 0.4 * self._wobble(t_s, 3, 3.7, 8.9)
        )
        lean = run * (_LEAN_DEG + 0.5 * self._wobble(t_s, 4, 4.3, 9.7))
        return RunnerPose(
            t_s,
            self.near,
            hip,
            legs,
            pattern.place_arms(self.body, hip, lean, run, turn, [leg.side for leg in self._legs]),
            {side: -math.degrees(leg.angles.thigh) for side, leg in legs.items()},
            {side: math.degrees(leg.angles.knee) for side, leg in legs.items()},
            tilt,
            lean,
            run,
            speed,
            belt_m,
        )
