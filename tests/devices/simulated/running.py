"""Runs of the simulated runner that several tests look at."""

from __future__ import annotations

from hipcue.devices.simulated import Body, RunnerPose, SimulatedRunner


def run(
    runner: SimulatedRunner, seconds: float, speed_mps: float = 3.0, fps: float = 60.0
) -> list[RunnerPose]:
    """Stand for 1 s, speed up within 3 s, run; one pose per frame."""
    begin = round(runner.t_s * fps)
    poses = []
    for index in range(begin + 1, begin + round(seconds * fps) + 1):
        t_s = index / fps
        speed = min(max((t_s - 1.0) / 3.0, 0.0), 1.0) * speed_mps
        poses.append(runner.advance(t_s, speed))
    return poses


def fresh(near: str = "R", seed: int = 3, responds: bool = True) -> SimulatedRunner:
    """Return a runner of usual size."""
    return SimulatedRunner(Body(), "R" if near == "R" else "L", seed, responds)
