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
