"""Bodies made of formulas, seen as a pose model sees them: exact truth for any size and speed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hipcue.devices.readings import BeltSample
from hipcue.devices.simulated import Body as Limbs
from hipcue.devices.simulated import RunnerPose, SimulatedRunner
from hipcue.devices.simulated.truth import TrueStride as Done
from hipcue.realtime.gait.segment_angles import knee_flexion_deg
from hipcue.realtime.records import JOINT_COUNT, Joint, PelvisReading, PelvisSource, Pose, Side
from tests.bench.honesty.bodies import Body, TrueStride, drawn
from tests.bench.honesty.faults import Source
from tests.bench.honesty.inputs import FloatArray, Inputs
from tests.realtime.model_hips import slipped

STAND_S, START_S = 3.0, 1.5
# Poses are taken from this fine a run of the body.
_FINE_HZ = 240
_PX_PER_M = 320.0
# What a pose model's joints jump by from frame to frame, m, and a tag's angle, degrees.
_NOISE_M, _TAG_SIGMA_DEG = 0.006, 0.8

Speed = Callable[[float], float]


@dataclass(frozen=True)
class Simulation:
    """Who runs, how fast, and how they are filmed."""

    name: str
    height_m: float
    near: Side
    speed: Speed
    fps: int = 60
    lasts_s: float = 24.0
    seed: int = 1


def _steady(mps: float) -> Speed:
    return lambda t_s: mps * float(np.clip((t_s - STAND_S) / START_S, 0.0, 1.0))


def _ramp(t_s: float) -> float:
    """2.6 m/s, up to 3.6 within four seconds, and down to 2.2."""
    return float(np.interp(t_s, [3.0, 4.5, 10.0, 14.0, 18.0, 21.0], [0.0, 2.6, 2.6, 3.6, 3.6, 2.2]))


SIMULATIONS = (
    Simulation("sim_tall_3p0", 1.95, Side.R, _steady(3.0), seed=3),
    Simulation("sim_small_2p2", 1.52, Side.L, _steady(2.2), seed=4),
    Simulation("sim_fast_5p0_30fps", 1.78, Side.L, _steady(5.0), fps=30, seed=5),
    Simulation("sim_ramp", 1.70, Side.R, _ramp, seed=6, lasts_s=28.0),
)
# A body of formulas has no errors of a pose model that differ from body to body.
_EXACT = frozenset(
    {
        *("thigh_extension_deg", "hip_extension_deg", "pelvic_tilt_deg", "pelvic_tilt_mean_deg"),
        *("trunk_lean_deg", "lumbar_extension_deg", "knee_contact_deg", "knee_toe_off_deg"),
        *("vertical_oscillation_m", "overstride_m"),
    }
)


def simulate(who: Simulation) -> Body:
    """Run and film a simulated body."""
    runner = SimulatedRunner(Limbs(height_m=who.height_m), who.near.value, who.seed, True)
    chance = np.random.default_rng(who.seed)
    forward = 1 if who.near is Side.R else -1
    t_s, exact, poses, belt = [], [], [], []
    done: list[Done] = []
    for k in range(1, round(who.lasts_s * _FINE_HZ) + 1):
        now = k / _FINE_HZ
        body = runner.advance(now, who.speed(now))
        joints = _joints_m(body)
        t_s.append(now)
        exact.append(joints)
        if k % (_FINE_HZ // who.fps) == 0:
            poses.append(_seen(body, joints, len(poses), chance, forward))
        if k % (_FINE_HZ // 10) == 0:
            belt.append(BeltSample(now, who.speed(now)))
    done = runner.truth.strides
    fine = np.array(t_s), np.array(exact)
    strides = tuple(_true(stride, *fine, done) for stride in done)
    inputs = Inputs(tuple(poses), tuple(belt), who.near, STAND_S)
    return Body(who.name, Source.SIMULATED, inputs, strides, exact=_EXACT)


def _joints_m(body: RunnerPose) -> FloatArray:
    """Where the joints are, m, forward and up, shape (JOINT_COUNT, 2)."""
    xy = np.full((JOINT_COUNT, 2), np.nan)
    for side in "LR":
        leg, arm = body.legs[side], body.arms[side]
        for name in ("hip", "knee", "ankle", "heel", "toe"):
            xy[Joint[f"{side}_{name.upper()}"]] = getattr(leg, name)
        for name, at in zip(("SHOULDER", "ELBOW", "WRIST"), arm, strict=True):
            xy[Joint[f"{side}_{name}"]] = at
    head_m = max(float(np.nanmax(xy[:, 1])), float(xy[Joint.L_SHOULDER, 1]) + 0.20)
    xy[Joint.NOSE] = (body.hip[0] + 0.14, head_m)
    xy[Joint.L_EAR] = xy[Joint.R_EAR] = (body.hip[0] + 0.02, head_m + 0.02)
    return xy


def _seen(
    body: RunnerPose, joints_m: FloatArray, index: int, chance: np.random.Generator, forward: int
) -> Pose:
    seen_m = slipped(joints_m, Side(body.near), body.run)
    noisy = seen_m + chance.normal(0.0, _NOISE_M, joints_m.shape)
    xy = np.array([640.0, 690.0]) + noisy * _PX_PER_M * np.array([forward, -1.0])
    angle = body.tilt_deg + float(chance.normal(0.0, _TAG_SIGMA_DEG))
    tilt = PelvisReading(body.t_s, PelvisSource.TAG, angle, _TAG_SIGMA_DEG)
    return Pose(body.t_s, index, xy, np.ones(JOINT_COUNT), (1280, 720), (tilt,))


def _true(done: Done, t_s: FloatArray, xy_m: FloatArray, others: list[Done]) -> TrueStride:
    side = Side(done.side)
    time_s = done.stride_time_s
    values = {
        "stride_time_s": time_s,
        "cadence_spm": 120.0 / time_s,
        "contact_time_s": done.toe_off_s - done.contact_s,
        "stride_length_m": done.stride_length_m,
        "thigh_extension_deg": done.thigh_extension_deg,
        "hip_extension_deg": done.hip_extension_deg,
        "pelvic_tilt_deg": done.pelvic_tilt_deg,
        "pelvic_tilt_mean_deg": done.pelvic_tilt_mean_deg,
        "trunk_lean_deg": done.trunk_lean_deg,
    }
    values |= drawn(t_s, xy_m, side, done.contact_s, done.toe_off_s)
    inside = (t_s >= done.contact_s) & (t_s < done.end_s)
    hip = xy_m[inside][:, [Joint.L_HIP, Joint.R_HIP], 1].mean(axis=1)
    values["vertical_oscillation_m"] = float(np.ptp(hip))
    standing = float(np.mean(knee_flexion_deg(xy_m[: _FINE_HZ // 2], side)))
    for name in ("knee_contact_deg", "knee_toe_off_deg"):
        values[name] -= standing
    landed = [o.contact_s for o in others if o.side != done.side]
    other = next((t for t in sorted(landed) if done.contact_s < t < done.end_s), None)
    if other is not None:
        values["flight_time_s"] = other - done.toe_off_s
    return TrueStride(side, done.contact_s, done.end_s, values)


def with_belt(body: Body, speed: Speed) -> Body:
    """Return the body with the belt's mean speed in the truth of its strides."""
    for stride in body.strides:
        t_s = np.linspace(stride.contact_s, stride.end_s, 50)
        stride.values["belt_speed_mps"] = float(np.mean([speed(float(t)) for t in t_s]))
    return body


def simulated() -> list[Body]:
    """Return all simulated bodies."""
    return [with_belt(simulate(who), who.speed) for who in SIMULATIONS]
