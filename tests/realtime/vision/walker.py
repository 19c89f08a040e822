"""A stick runner whose joints are known, written as TRC files of every kind."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

HIP_M = 0.90
THIGH_M = 0.42
SHANK_M = 0.40


def body(frames: int = 60, rate_hz: float = 60.0, tilt_deg: float = 12.0) -> dict:
    """Ways in m, X forward, Y up, Z to the runner's right, shape (frames, 3)."""
    t_s = np.arange(frames) / rate_hz
    ways = {}
    for side, phase, z in (("R", 0.0, 0.10), ("L", math.pi, -0.10)):
        swing = np.radians(25) * np.sin(2 * np.pi * 1.4 * t_s + phase)
        bend = np.radians(35) * (1 + np.cos(2 * np.pi * 1.4 * t_s + phase)) / 2
        hip = np.stack([0 * t_s, HIP_M + 0 * t_s, z + 0 * t_s], axis=1)
        knee = hip + THIGH_M * _down(swing)
        ankle = knee + SHANK_M * _down(swing - bend)
        heel = ankle + np.array([-0.05, -0.06, 0.0])
        toe = ankle + np.array([0.14, -0.07, 0.0])
        ways |= {f"{side}Hip": hip, f"{side}Knee": knee, f"{side}Ankle": ankle}
        ways |= {f"{side}Heel": heel, f"{side}BigToe": toe}
        ways[f"{side}Shoulder"] = hip + np.array([0.05, 0.50, 0.08 * np.sign(z)])
        # The front spine lies 0.16 m ahead of the back one and lower by the tilt.
        front = hip + np.array([0.05, 0.10, 0.0])
        ways[f"{side}ASIS"] = front
        drop = 0.16 * math.tan(math.radians(tilt_deg))
        ways[f"{side}PSIS"] = front + np.array([-0.16, drop, -0.5 * z])
    return ways


def _down(angle):
    return np.stack([np.sin(angle), -np.cos(angle), 0 * angle], axis=1)


def write_trc(
    path: Path,
    ways: dict,
    units: str = "m",
    rate_hz: float = 60.0,
    blank_line: bool = True,
    times: bool = True,
    comma: bool = False,
) -> Path:
    """Write a marker file as laboratories do: hidden markers are empty cells."""
    scale = {"m": 1.0, "cm": 100.0, "mm": 1000.0}.get(units, 1.0)
    frames = len(next(iter(ways.values())))
    names = "\t\t\t".join(ways)
    axes = "\t".join(f"{axis}{number + 1}" for number in range(len(ways)) for axis in "XYZ")
    lines = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate",
        f"{rate_hz:.2f}\t{rate_hz:.2f}\t{frames}\t{len(ways)}\t{units}\t{rate_hz:.2f}",
        f"Frame#\tTime\t{names}\t\t",
        f"\t\t{axes}",
    ]
    if blank_line:
        lines.append("")
    for frame in range(frames):
        cells = [str(frame + 1), f"{frame / rate_hz:.6f}" if times else "0"]
        for way in ways.values():
            cells += ["" if math.isnan(x) else f"{x * scale:.6f}" for x in way[frame]]
        line = "\t".join(cells)
        lines.append(line.replace(".", ",") if comma else line)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


# Markers that go along with a part, from its upper joint: forward, up, outward of the right leg.
THIGH_CLUSTER = {
    "TH1": (0.06, -0.12, 0.08),
    "TH2": (-0.05, -0.20, 0.09),
    "TH3": (0.04, -0.30, 0.06),
}
SHANK_CLUSTER = {
    "TB1": (0.05, -0.10, 0.05),
    "TB2": (-0.04, -0.16, 0.06),
    "TB3": (0.04, -0.24, 0.04),
}
# Hips as Harrington's regression has them, for a pelvis 0.24 m wide and 0.14 m deep.
_WIDE_M, _DEEP_M = 0.24, 0.14


def laboratory(
    frames: int = 400,
    rate_hz: float = 100.0,
    standing: bool = False,
    knee_out_m: float = 0.05,
    stride_s: float = 0.72,
    speed_mps: float = 3.0,
) -> dict:
    """A runner as laboratories mark one: pelvis, clusters on thigh and shank, feet.

    X forward, Y up, Z to the right, m. Standing has the markers beside knees and ankles,
    too; running has not. ``joints_of`` tells where the joints are.
    """
    return _marked(_joints(frames, rate_hz, standing, stride_s, speed_mps), standing, knee_out_m)


def joints_of(
    frames: int = 400,
    rate_hz: float = 100.0,
    stride_s: float = 0.72,
    speed_mps: float = 3.0,
) -> dict:
    """The joints of the same runner: ``R knee`` and so on, shape (frames, 3)."""
    found = _joints(frames, rate_hz, False, stride_s, speed_mps)
    return {name: way for name, (way, _) in found.items()}


def _joints(frames, rate_hz, standing, stride_s, speed_mps):
    """Each joint's path, and the turn of the segment below it, rad, forward positive."""
    t_s = np.arange(frames) / rate_hz
    joints = {}
    bounce = 0.0 if standing else 0.04
    phase = 2 * np.pi * t_s / stride_s
    middle = np.stack([0 * t_s, 0.93 + bounce * np.cos(2 * phase - 0.9), 0 * t_s], axis=1)
    for side, z, shift in (("R", 0.08642, 0.0), ("L", -0.08642, np.pi)):
        hip = middle + np.array([0.0, 0.0, z])
        ankle, pitch = _foot(phase + shift, stride_s, speed_mps)
        if standing:
            ankle, pitch = np.tile([0.0, 0.08], (frames, 1)), np.zeros(frames)
        ankle = np.stack([ankle[:, 0], ankle[:, 1], np.full(frames, z)], axis=1)
        line = ankle - hip
        reach = np.minimum(np.linalg.norm(line[:, :2], axis=1), THIGH_M + SHANK_M - 1e-4)
        at_hip = np.arccos((THIGH_M**2 + reach**2 - SHANK_M**2) / (2 * THIGH_M * reach))
        at_knee = np.arccos((THIGH_M**2 + SHANK_M**2 - reach**2) / (2 * THIGH_M * SHANK_M))
        thigh = np.arctan2(line[:, 0], -line[:, 1]) + at_hip
        shank = thigh - (np.pi - at_knee)
        knee = hip + THIGH_M * _down(thigh)
        joints |= {f"{side} hip": (hip, thigh), f"{side} knee": (knee, shank)}
        joints[f"{side} ankle"] = (knee + SHANK_M * _down(shank), pitch)
    return joints


def _foot(phase, stride_s, speed_mps):
    """Where an ankle goes: back with the belt for 35 % of the stride, forward in a smooth arc."""
    share = np.mod(phase / (2 * np.pi), 1.0)
    duty = 0.35
    length = speed_mps * duty * stride_s
    swing = (share - duty) / (1 - duty)
    # A cubic that leaves and meets the belt at its speed.
    slope = -length / duty * (1 - duty)
    s, low, high = swing, -0.62 * length, 0.38 * length
    forth = (
        low * (2 * s**3 - 3 * s**2 + 1)
        + slope * (s**3 - 2 * s**2 + s)
        + high * (-2 * s**3 + 3 * s**2)
        + slope * (s**3 - s**2)
    )
    x = np.where(share < duty, high - length * share / duty, forth)
    lift = np.where(share < duty, 0.0, np.sin(np.pi * np.clip(swing, 0, 1)) ** 2)
    stance = np.clip(share / duty, 0, 1)
    push = np.where(share < duty, np.clip((stance - 0.6) / 0.4, 0, 1) ** 2, (1 - swing) ** 2)
    pitch = -0.7 * push * np.where(share < duty, 1.0, 1 - np.clip(swing, 0, 1))
    return np.stack([x, 0.08 + 0.22 * lift + 0.06 * push], axis=1), pitch


def _marked(joints, standing, knee_out_m):
    ways = {}
    for side, out in (("R", 1.0), ("L", -1.0)):
        (hip, thigh), (knee, shank), (ankle, pitch) = (
            joints[f"{side} {name}"] for name in ("hip", "knee", "ankle")
        )
        for cluster, joint, turn in ((THIGH_CLUSTER, hip, thigh), (SHANK_CLUSTER, knee, shank)):
            for name, (x, y, z) in cluster.items():
                ways[f"{side}{name}"] = joint + _turned(x, y, out * z, turn)
        ways[f"{side}CAL"] = ankle + _turned(-0.05, -0.05, 0.0, pitch)
        ways[f"{side}TOE"] = ankle + _turned(0.15, -0.06, 0.0, pitch)
        ways[f"{side}ACR"] = hip + np.array([0.0, 0.50, out * 0.1])
        if standing:
            for name, joint, wide in (("LFC", knee, knee_out_m), ("MFC", knee, -knee_out_m)):
                ways[f"{side}{name}"] = joint + np.array([0.0, 0.0, out * wide])
            for name, wide in (("LMAL", 0.035), ("MMAL", -0.035)):
                ways[f"{side}{name}"] = ankle + np.array([0.0, 0.0, out * wide])
    # Harrington's regression the other way round: level front and back spines.
    middle = (joints["R hip"][0] + joints["L hip"][0]) / 2
    front = middle + np.array([0.24 * _DEEP_M + 0.0099, 0.30 * _WIDE_M + 0.0109, 0.0])
    for side, out in (("R", 1.0), ("L", -1.0)):
        ways[f"{side}ASI"] = front + np.array([0.0, 0.0, out * _WIDE_M / 2])
        ways[f"{side}PSI"] = front + np.array([-_DEEP_M, 0.0, out * 0.05])
    return ways


def _turned(x, y, z, angle):
    """An offset on a segment that is turned forward by an angle, shape (frames, 3)."""
    cos, sin = np.cos(angle), np.sin(angle)
    return np.stack([x * cos - y * sin, x * sin + y * cos, np.full(len(angle), z)], axis=1)
