"""A stick runner whose feet are planted: on a treadmill, or along any way through a room."""

from __future__ import annotations

import math

import numpy as np

HIP_M, THIGH_M, SHANK_M = 0.93, 0.45, 0.45
SPEED_MPS, STRIDE_S, STANCE = 3.0, 0.72, 0.34
RATE_HZ = 120.0


def times(seconds: float) -> np.ndarray:
    """The frames' times."""
    return np.arange(round(seconds * RATE_HZ)) / RATE_HZ


def on_a_belt(t_s: np.ndarray) -> dict[str, np.ndarray]:
    """Markers in m of somebody on a belt of `SPEED_MPS`: X forward, Y up, Z to the right."""
    ways: dict[str, np.ndarray] = {}
    bounce = 0.03 * np.cos(4 * np.pi * t_s / STRIDE_S)
    for side, ahead, z in (("R", 0.0, 0.10), ("L", 0.5, -0.10)):
        phase = (t_s / STRIDE_S + ahead) % 1.0
        ankle = _ankle(phase) + np.array([0.0, 0.0, z])
        hip = np.stack([0 * t_s, HIP_M + bounce, z + 0 * t_s], axis=1)
        ways[f"{side}Hip"] = hip
        ways[f"{side}Knee"] = _knee(hip, ankle)
        ways[f"{side}Ankle"] = ankle
        turn = np.where(phase < STANCE, 0.0, 0.6 * np.sin(np.pi * (phase - STANCE) / (1 - STANCE)))
        ways[f"{side}Heel"] = ankle + _turned(-0.05, -0.06, turn)
        ways[f"{side}BigToe"] = ankle + _turned(0.14, -0.07, turn)
        ways[f"{side}ASIS"] = hip + np.array([0.06, 0.09, 0.02 * np.sign(z)])
        ways[f"{side}PSIS"] = hip + np.array([-0.10, 0.12, -0.05 * np.sign(z)])
        ways[f"{side}Shoulder"] = hip + np.array([0.05, 0.50, 0.08 * np.sign(z)])
    # Real markers tremble; without it two ways of rounding decide what is steepest.
    rng = np.random.default_rng(7)
    return {name: way + rng.normal(0.0, 0.0005, way.shape) for name, way in ways.items()}


def along_a_way(
    ways: dict[str, np.ndarray], place_m: np.ndarray, heading_rad: np.ndarray
) -> dict[str, np.ndarray]:
    """The same runner carried along: at each frame's place, turned about up."""
    cos, sin = np.cos(heading_rad), np.sin(heading_rad)
    carried = {}
    for name, way in ways.items():
        x, y, z = way.T
        carried[name] = np.stack([cos * x + sin * z, y, cos * z - sin * x], axis=1) + place_m
    return carried


def straight(t_s: np.ndarray, speed_mps: float = SPEED_MPS) -> np.ndarray:
    """Places along the room at a speed, shape (frames, 3)."""
    return np.stack([speed_mps * t_s, 0 * t_s, 0 * t_s], axis=1)


def _ankle(phase: np.ndarray) -> np.ndarray:
    """The foot goes back with the belt while it is down, and forward through the air."""
    reach = SPEED_MPS * STRIDE_S * STANCE / 2
    swing = np.clip((phase - STANCE) / (1 - STANCE), 0.0, 1.0)
    back = reach - SPEED_MPS * STRIDE_S * np.minimum(phase, STANCE)
    # A cubic that leaves and lands at the belt's speed.
    slope = -SPEED_MPS * STRIDE_S * (1 - STANCE)
    forward = (
        -reach
        + slope * swing
        + (6 * reach - 3 * slope) * swing**2
        + (2 * slope - 4 * reach) * swing**3
    )
    x = np.where(phase < STANCE, back, forward)
    y = 0.09 + np.where(phase < STANCE, 0.0, 0.25 * np.sin(math.pi * swing) ** 2)
    return np.stack([x, y, 0 * x], axis=1)


def _knee(hip: np.ndarray, ankle: np.ndarray) -> np.ndarray:
    """Where two bones of fixed length meet, ahead of the line between their ends."""
    line = ankle - hip
    apart = np.minimum(np.linalg.norm(line, axis=1, keepdims=True), THIGH_M + SHANK_M - 1e-4)
    unit = line / np.linalg.norm(line, axis=1, keepdims=True)
    to_foot = (THIGH_M**2 - SHANK_M**2 + apart**2) / (2 * apart)
    out = np.sqrt(THIGH_M**2 - to_foot**2)
    ahead = np.stack([-unit[:, 1], unit[:, 0], 0 * unit[:, 0]], axis=1)
    return hip + to_foot * unit + out * ahead


def _turned(x_m: float, y_m: float, angle_rad: np.ndarray) -> np.ndarray:
    """A point of the foot, toes down by an angle."""
    cos, sin = np.cos(angle_rad), np.sin(angle_rad)
    return np.stack([cos * x_m + sin * y_m, cos * y_m - sin * x_m, 0 * cos], axis=1)
