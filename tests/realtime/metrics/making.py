"""Strides made by hand, so plain that every answer is arithmetic.

A body of 2 m at 200 pixels to the metre: hip 1 m above the belt, thigh and shank 0.5 m
each, trunk 0.5 m, ankle and heel in one place, foot flat. From contact at 1.0 s it takes
0.7 s to the next; the foot leaves the belt at 1.25 s and the thigh is furthest back, by 20
degrees, at 1.2 s. It is seen at 100 frames a second from one stride before, and goes through
the memory of the engine, so that facing is what it is there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

import numpy as np

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import BeltSource
from hipcue.realtime.gait.fits import FloatArray
from hipcue.realtime.gait.neutral import Neutral
from hipcue.realtime.gait.pose_buffer import PoseBuffer
from hipcue.realtime.metrics import PelvisOverStride, StrideData
from hipcue.realtime.records import JOINT_COUNT, Joint, Measurement, PelvisSource, Pose, Side

PX_PER_M = 200.0
CONTACT_S, PEAK_S, TOE_OFF_S, OTHER_CONTACT_S, END_S = 1.0, 1.2, 1.25, 1.35, 1.7
EVENT_SIGMA_S = 0.003
TIMES_S = np.arange(25, 176) / 100

# A length or an angle that stays, or changes with time in s.
RecordedTimeline = float | Callable[[float], float]

NEUTRAL = Neutral(
    since_s=-3.0,
    t_s=-1.0,
    thigh_deg=dict.fromkeys(Side, 0.0),
    knee_deg=dict.fromkeys(Side, 0.0),
    ankle_deg=dict.fromkeys(Side, 0.0),
    trunk_deg=0.0,
    height_px=2.0 * PX_PER_M,
    sigma_deg=1.0,
    measured=True,
)


def thigh_back_to(peak_deg: float) -> Callable[[float], float]:
    """A thigh that swings back to `peak_deg`, on a parabola, and stays 30 in front else."""
    return lambda t_s: max(peak_deg - 1000.0 * (t_s - PEAK_S) ** 2, -30.0)


TWENTY_BACK = thigh_back_to(20.0)


def pelvis(
    tilt_deg: float | None = 5.0,
    *,
    sigma_deg: float = 1.2,
    mean_deg: float = 4.0,
    sd_deg: float = 3.0,
    lumbar: Measurement | None = None,
    reason: ReasonCode = ReasonCode.LOOSE_CLOTHING,
) -> PelvisOverStride:
    """A pelvis that tilts by so much at the peak; None is one that nobody measured."""
    if tilt_deg is None:
        missing = Measurement.missing(reason)
        return PelvisOverStride(PelvisSource.NONE, missing, missing, missing)
    return PelvisOverStride(
        PelvisSource.TAG,
        Measurement(mean_deg, 0.8),
        Measurement(sd_deg, 0.5),
        Measurement(tilt_deg, sigma_deg),
        lumbar,
    )


def stride(
    *,
    side: Side = Side.R,
    facing: int = 1,
    thigh_deg: RecordedTimeline = TWENTY_BACK,
    knee_deg: RecordedTimeline = 0.0,
    ankle_deg: RecordedTimeline = 0.0,
    lean_deg: RecordedTimeline = 0.0,
    place_m: RecordedTimeline = 0.0,
    hip_m: RecordedTimeline = 1.0,
    moved: dict[str, tuple[RecordedTimeline, RecordedTimeline]] | None = None,
    hidden: Collection[str] = (),
    hidden_s: tuple[float, float] = (-math.inf, math.inf),
    neutral: Neutral = NEUTRAL,
    **known: Any,
) -> StrideData:
    """Make a stride of the leg `side`.

    Thigh backwards positive, knee bent positive, ankle pulled up positive, lean forward
    positive; `place_m` is where the hip is over the belt, forward positive. `moved` puts
    joints of this leg somewhere else, so far ahead of the hip and above the belt. Joints
    named in `hidden` are not seen from `hidden_s[0]` to `hidden_s[1]`. Every other field of
    `StrideData` by its own name.
    """
    body = _body(
        *(_over(c) for c in (thigh_deg, knee_deg, ankle_deg, lean_deg, place_m, hip_m)),
        {name: np.stack([_over(x), _over(y)], axis=1) for name, (x, y) in (moved or {}).items()},
        side,
    )
    gone = np.flatnonzero((hidden_s[0] <= TIMES_S) & (hidden_s[1] >= TIMES_S))
    body[np.ix_(gone, [Joint[name] for name in hidden])] = np.nan
    # The picture is 1280 pixels wide and 720 high: right and down positive.
    pictured = np.array([640.0, 600.0]) + PX_PER_M * body * [facing, -1.0]
    confidence = np.ones(JOINT_COUNT)
    memory = PoseBuffer(seconds=2.0, fps_at_most=100.0)
    for k, xy_px in enumerate(pictured):
        memory.add_pose(Pose(float(TIMES_S[k]), k, xy_px, confidence, (1280, 720)), facing)
    t, xy, _ = memory.stretch(-math.inf)
    made = StrideData(
        side=side,
        near=(side is Side.R) == (facing > 0),
        contact_s=CONTACT_S,
        toe_off_s=TOE_OFF_S,
        end_s=END_S,
        event_sigma_s=EVENT_SIGMA_S,
        peak_s=PEAK_S,
        other_contact_s=OTHER_CONTACT_S,
        other_toe_off_s=None,
        t=t,
        xy=xy,
        neutral=neutral,
        px_per_m=Measurement(PX_PER_M, 2.0),
        belt_speed_mps=Measurement(3.0, 0.02),
        belt_distance_m=Measurement(2.1, 0.012),
        belt_source=BeltSource.WIRE,
        pelvis=pelvis(),
        frame_s=0.01,
    )
    return replace(made, **known)


def missing(reason: ReasonCode, **values: Reason) -> Measurement:
    """What a metric must say: no value, no uncertainty, and why."""
    return Measurement(None, None, Reason(reason, **values))


def _over(course: RecordedTimeline) -> FloatArray:
    """A course at every frame."""
    return np.array([course(t) if callable(course) else course for t in TIMES_S.tolist()])


def _below(top: FloatArray, length_m: float, behind_deg: FloatArray) -> FloatArray:
    behind = np.radians(behind_deg)
    return top - length_m * np.stack([np.sin(behind), np.cos(behind)], axis=1)


def _body(
    thigh_deg: FloatArray,
    knee_deg: FloatArray,
    ankle_deg: FloatArray,
    lean_deg: FloatArray,
    place_m: FloatArray,
    hip_m: FloatArray,
    moved: dict[str, FloatArray],
    side: Side,
) -> FloatArray:
    """Joints in metres, forward and up; the other leg hangs straight down."""
    body = np.full((len(TIMES_S), JOINT_COUNT, 2), np.nan)
    hip = np.stack([place_m, hip_m], axis=1)
    for leg in Side:
        own = float(leg is side)
        thigh, shank = own * thigh_deg, own * (thigh_deg + knee_deg)
        at = {"hip": hip, "shoulder": _below(hip, -0.5, lean_deg)}
        at["knee"] = _below(hip, 0.5, thigh)
        at["ankle"] = at["heel"] = _below(at["knee"], 0.5, shank)
        # At a right angle to the shank when the ankle is neither pulled up nor stretched.
        at["toe"] = _below(at["ankle"], 0.2, shank - own * ankle_deg - 90.0)
        if leg is side:
            at |= {name: way + np.outer(place_m, [1.0, 0.0]) for name, way in moved.items()}
        for name, way in at.items():
            body[:, Joint.of(leg, name)] = way
    return body
