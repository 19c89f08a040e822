"""Strides and poses made by hand, for the tests of the gait room."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hipcue.config.reasons import ReasonCode
from hipcue.devices.readings import BeltSource
from hipcue.realtime.records import (
    JOINT_COUNT,
    Joint,
    Measurement,
    PelvisSource,
    Pose,
    RunnerState,
    Side,
    Stride,
    Verdict,
)


def stride(
    index: int,
    *,
    tilt: float | None = 3.0,
    hip: float | None = 18.0,
    lumbar: float | None = None,
    speed: float | None = 3.0,
    sigma: float = 1.0,
    side: Side | None = None,
    verdict: Verdict = Verdict.UNKNOWN,
    state: RunnerState = RunnerState.UNKNOWN,
) -> Stride:
    """Make the stride number `index`, legs in turn, 0.36 s apart."""
    values = {
        "pelvic_tilt_deg": _known(tilt, sigma, ReasonCode.LOOSE_CLOTHING),
        "hip_extension_deg": _known(hip, sigma, ReasonCode.LOOSE_CLOTHING),
        "lumbar_extension_deg": _known(lumbar, sigma, ReasonCode.LOOSE_CLOTHING),
        "belt_speed_mps": _known(speed, 0.01, ReasonCode.NO_TREADMILL),
    }
    start = 0.36 * index
    return Stride(
        index=index,
        side=side or (Side.L if index % 2 else Side.R),
        near=True,
        contact_s=start,
        toe_off_s=start + 0.25,
        end_s=start + 0.72,
        t_decided_s=start + 0.8,
        belt_source=BeltSource.WIRE,
        pelvis_source=PelvisSource.TAG,
        values=values,
        verdict=verdict,
        confidence=1.0,
        state=state,
    )


def _known(value: float | None, sigma: float, reason: ReasonCode) -> Measurement:
    return Measurement.missing(reason) if value is None else Measurement(value, sigma)


def pose(t_s: float, index: int = 0, **joints: tuple[float, float]) -> Pose:
    """Make a pose of the joints that are named, e.g. ``L_HIP=(300, 200)``."""
    xy = np.full((JOINT_COUNT, 2), np.nan)
    for name, at in joints.items():
        xy[Joint[name]] = at
    confidence = np.where(np.isnan(xy[:, 0]), 0.0, 1.0)
    return Pose(t_s, index, xy, confidence, (1280, 720))


def swinging(fps: float, seconds: float, stride_s: float) -> Iterator[Pose]:
    """Thighs that swing from 30 degrees in front to 22 behind; the left is in front at zero."""
    for index in range(int(seconds * fps)):
        t_s = index / fps
        at = {}
        for name, phase in (("L", 0.0), ("R", np.pi)):
            behind = np.radians(-4.0 - 26.0 * np.cos(2 * np.pi * t_s / stride_s + phase))
            at[f"{name}_HIP"] = (640.0, 300.0)
            at[f"{name}_KNEE"] = (640.0 - 140.0 * np.sin(behind), 300.0 + 140.0 * np.cos(behind))
        yield pose(t_s, index, **at)
