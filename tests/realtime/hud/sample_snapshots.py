"""Plausible snapshots of a run, for drawing: what the loop would hand to the screen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import BeltSource, DeviceStatus, Frame, LinkState
from hipcue.realtime.records import (
    JOINT_COUNT,
    Band,
    BodyAngles,
    Cue,
    CueKind,
    CueResponse,
    Joint,
    Mark,
    Measurement,
    PelvisSource,
    Pose,
    RunnerState,
    SettledFrame,
    Side,
    StepResult,
    Stride,
    Verdict,
)
from hipcue.realtime.view.latency import CueTimes, Latency
from hipcue.realtime.view.snapshot import Snapshot

SHARED = Path(__file__).parents[3] / ".." / "shared"
NOW_S = 1122.0
_STRIDE_S = 0.714
_NEAR = Side.L

# Where a runner's joints are at push-off, in body heights; x forward, y down from the head.
_PUSH_OFF: Mapping[str, tuple[float, float]] = {
    "nose": (0.075, 0.06),
    "ear": (0.02, 0.05),
    "shoulder": (0.0, 0.18),
    "near_elbow": (0.10, 0.32),
    "near_wrist": (0.21, 0.27),
    "far_elbow": (-0.12, 0.31),
    "far_wrist": (-0.08, 0.43),
    "hip": (-0.03, 0.47),
    "near_knee": (-0.13, 0.69),
    "near_ankle": (-0.30, 0.85),
    "near_heel": (-0.33, 0.85),
    "near_toe": (-0.27, 0.94),
    "far_knee": (0.15, 0.63),
    "far_ankle": (0.08, 0.84),
    "far_heel": (0.06, 0.87),
    "far_toe": (0.17, 0.87),
}
_STANDING: Mapping[str, tuple[float, float]] = {
    **_PUSH_OFF,
    "hip": (0.0, 0.49),
    **{f"{leg}_knee": (0.0, 0.72) for leg in ("near", "far")},
    **{f"{leg}_ankle": (-0.01, 0.93) for leg in ("near", "far")},
    **{f"{leg}_heel": (-0.03, 0.96) for leg in ("near", "far")},
    **{f"{leg}_toe": (0.1, 0.97) for leg in ("near", "far")},
    "near_elbow": (0.06, 0.31),
    "near_wrist": (0.12, 0.23),
    "far_elbow": (0.06, 0.31),
    "far_wrist": (0.12, 0.24),
}

STATES = (
    "waiting",
    "neutral",
    "learning",
    "good",
    "watch",
    "compensating",
    "camera lost",
    "belt lost",
    "unknown",
)


@cache
def backdrop(size: tuple[int, int], standing: bool = False) -> NDArray[np.uint8]:
    """A plain room with a treadmill and a figure, BGR."""
    width, height = size
    down = np.linspace(0.0, 1.0, height)[:, None, None]
    across = np.linspace(0.0, 1.0, width)[None, :, None]
    wall = np.array((168.0, 174.0, 178.0)) - 26 * across - 30 * down
    image = np.clip(wall + 0 * down, 0, 255).astype(np.uint8)
    floor = int(0.93 * height)
    image[floor:] = (74, 78, 80)
    cv2.rectangle(
        image, (int(0.1 * width), floor - 14), (int(0.9 * width), floor + 12), (52, 52, 54), -1
    )
    points = joints(size, standing)

    def limb(names: tuple[str, ...], colour: tuple[int, int, int], thick: float) -> None:
        path = np.array([points[name] for name in names])
        cv2.polylines(
            image,
            [np.round(path).astype(np.int32)],
            False,
            colour,
            max(round(thick * _body_px(size)), 1),
            cv2.LINE_AA,
        )

    skin, shirt, shorts = (120, 150, 196), (74, 66, 150), (64, 54, 48)
    limb(("shoulder", "far_elbow", "far_wrist"), (100, 126, 166), 0.045)
    limb(("hip", "far_knee", "far_ankle", "far_toe"), (100, 126, 166), 0.06)
    limb(("shoulder", "hip"), shirt, 0.13)
    limb(("hip", "near_knee", "near_ankle", "near_toe"), skin, 0.065)
    middle = tuple(np.mean([points["hip"], points["hip"], points["near_knee"]], axis=0))
    points["thigh"] = (float(middle[0]), float(middle[1]))
    limb(("hip", "thigh"), shorts, 0.11)
    limb(("shoulder", "near_elbow", "near_wrist"), skin, 0.045)
    head = points["ear"]
    cv2.circle(
        image,
        (round(head[0]), round(head[1])),
        round(0.07 * _body_px(size)),
        skin,
        -1,
        cv2.LINE_AA,
    )
    return image


def _body_px(size: tuple[int, int]) -> float:
    return min(0.84 * size[1], 1.1 * size[0])


def joints(size: tuple[int, int], standing: bool = False) -> dict[str, tuple[float, float]]:
    """Places of the figure's joints in the picture."""
    body = _body_px(size)
    top = 0.92 * size[1] - body
    shape = _STANDING if standing else _PUSH_OFF
    return {name: (0.5 * size[0] + x * body, top + y * body) for name, (x, y) in shape.items()}


def pose(size: tuple[int, int], standing: bool = False, reason: Reason | None = None) -> Pose:
    """The figure's pose, left leg near."""
    places = joints(size, standing)
    xy = np.full((JOINT_COUNT, 2), np.nan)
    confidence = np.zeros(JOINT_COUNT)
    if reason is None:
        for joint in Joint:
            name = joint.name.lower()
            plain = name.split("_")[-1]
            leg = "near" if name.startswith("l_") else "far"
            xy[joint] = places.get(f"{leg}_{plain}", places.get(plain, (np.nan, np.nan)))
            confidence[joint] = 0.95 if leg == "near" or joint is Joint.NOSE else 0.7
    return Pose(NOW_S, 5000, xy, confidence, size, reason=reason)


_NOISE = np.clip(np.random.default_rng(7).normal(size=(8, 997)), -2.0, 2.0)


def _noise(number: int, salt: int) -> float:
    """A number around zero that is the same every time."""
    return float(_NOISE[salt, number % 997])


@cache
def strides(story: str, pelvis: PelvisSource = PelvisSource.CONTOUR) -> tuple[Stride, ...]:
    """Three minutes of strides; `story` is ``good``, ``compensating`` or ``unknown``."""
    found = []
    begin = NOW_S - 180.0
    count = int(180.0 / _STRIDE_S)
    number = 0
    for step in range(count):
        for side in Side:
            contact = begin + step * _STRIDE_S + (0.0 if side is Side.L else _STRIDE_S / 2)
            end = contact + _STRIDE_S
            if end > NOW_S - 0.05:
                continue
            number += 1
            found.append(_stride(number, side, contact, end, story, pelvis))
    return tuple(sorted(found, key=lambda stride: stride.end_s))


def _stride(
    number: int, side: Side, contact: float, end: float, story: str, pelvis: PelvisSource
) -> Stride:
    age = NOW_S - end
    rise = 0.0
    if story == "compensating":
        rise = 5.6 * min(max((70.0 - age) / 35.0, 0.0), 1.0)
    if story == "watch" and age < 3.0:
        rise = 3.1
    tilt = 3.4 + rise + 0.7 * _noise(number, 1)
    thigh = 22.6 + (0.9 if side is Side.R else 0.0) + 0.1 * rise + 0.8 * _noise(number, 2)
    near = side is _NEAR
    sigma_tilt = {PelvisSource.TAG: 0.8, PelvisSource.CONTOUR: 1.9}.get(pelvis, 1.2)
    sigma_hip = math.hypot(0.5 if near else 1.1, sigma_tilt)
    values = {
        "stride_time_s": Measurement(_STRIDE_S, 0.006),
        "cadence_spm": Measurement(168.0 + 0.9 * _noise(number, 3), 1.2),
        "belt_speed_mps": Measurement(3.44, 0.02),
        "stride_length_m": Measurement(2.46 + 0.014 * _noise(number, 4), 0.018),
        "contact_time_s": Measurement(0.248 + 0.004 * _noise(number, 5), 0.009),
        "flight_time_s": Measurement(0.109, 0.012),
        "thigh_extension_deg": Measurement(thigh, 0.5 if near else 1.1),
        "hip_extension_deg": Measurement(thigh - tilt, sigma_hip),
        "pelvic_tilt_deg": Measurement(tilt, sigma_tilt),
        "lumbar_extension_deg": Measurement(tilt - 0.4 + 0.3 * rise, math.hypot(sigma_tilt, 0.8)),
        "trunk_lean_deg": Measurement(5.2 - 0.1 * rise + 0.3 * _noise(number, 6), 0.7),
        "vertical_oscillation_m": Measurement(0.081 + 0.002 * _noise(number, 7), 0.004),
        "knee_contact_deg": Measurement(13.0, 1.6),
    }
    if story == "unknown" and age < 60.0:
        for name in ("hip_extension_deg", "pelvic_tilt_deg", "lumbar_extension_deg"):
            values[name] = Measurement.missing(ReasonCode.LOOSE_CLOTHING)
        pelvis = PelvisSource.NONE
    if story == "belt lost" and age < 6.0:
        for name in ("belt_speed_mps", "stride_length_m"):
            values[name] = Measurement.missing(ReasonCode.BELT_SILENT, seconds=6)
        values["vertical_oscillation_m"] = Measurement.missing(ReasonCode.NO_SCALE)
    return Stride(
        number,
        side,
        near,
        contact,
        contact + 0.248,
        end,
        end + 0.03,
        BeltSource.WIRE,
        pelvis,
        values,
        Verdict.OK,
        0.9,
        RunnerState.OK,
    )


_BANDS = {
    "hip_extension_deg": Band(19.2, 16.8, 21.6),
    "pelvic_tilt_deg": Band(3.4, 1.4, 5.4),
    "lumbar_extension_deg": Band(3.0, 1.0, 5.0),
    "trunk_lean_deg": Band(5.2, 3.2, 7.2),
    "stride_length_m": Band(2.46, 2.40, 2.52),
    "cadence_spm": Band(168.0, 165.0, 171.0),
    "contact_time_s": Band(0.248, 0.233, 0.263),
    "vertical_oscillation_m": Band(0.081, 0.071, 0.091),
}


def bands() -> dict[str, Band]:
    """The runner's own bands, per metric and per leg."""
    found = dict(_BANDS)
    for name, band in _BANDS.items():
        found[f"{name}:L"] = band
        shift = 0.9 if name == "hip_extension_deg" else 0.0
        found[f"{name}:R"] = Band(band.centre + shift, band.low + shift, band.high + shift)
    return found


def _angles(standing: bool) -> BodyAngles:
    near, far = (2.0, 1.0) if standing else (24.4, -28.0)
    tilt = Measurement(0.2 if standing else 4.0, 1.9)
    return BodyAngles(
        NOW_S,
        _NEAR,
        1,
        {Side.L: Measurement(near, 1.0), Side.R: Measurement(far, 1.5)},
        {},
        {},
        Measurement(5.0, 0.7),
        tilt,
        Measurement(3.4, 2.0),
        PelvisSource.CONTOUR,
    )


def statuses(**states: tuple[LinkState, Reason]) -> tuple[DeviceStatus, ...]:
    """The four lights; name one to change its state and its reason."""
    usual = {
        "camera": (LinkState.LIVE, Reason(ReasonCode.CAMERA_AT, fps=60)),
        "belt": (LinkState.LIVE, Reason(ReasonCode.BELT, name="CSAFE")),
        "pelvis": (LinkState.LIVE, Reason(ReasonCode.PELVIS_CONTOUR)),
        "sound": (LinkState.LIVE, Reason(ReasonCode.SOUND)),
    }
    usual.update(states)
    return tuple(DeviceStatus(name, *usual[name]) for name in usual)


def heard_after(sound_ms: float) -> CueTimes:
    """A cue on its usual way to a sound."""
    return CueTimes(sound_ms - 10.0, sound_ms - 8.0, sound_ms - 7.6, sound_ms)


HEARD = {n: heard_after(ms) for n, ms in enumerate((44.0, 39.0, 41.0, 52.0), start=1)}

_CUE_TIMES = (-52.0, -30.0, -3.1)


def _cues(text: str) -> tuple[Cue, ...]:
    return tuple(
        Cue(
            number,
            "borrowed",
            CueKind.SPEECH,
            text,
            text,
            30,
            None,
            NOW_S + at,
            NOW_S + at,
            NOW_S + at + 2.0,
            "external",
        )
        for number, at in enumerate(_CUE_TIMES, start=1)
    )


def _result(state: RunnerState, reason: Reason, *, standing: bool = False) -> StepResult:
    seen = pose((1280, 720), standing)
    return StepResult(
        t_s=NOW_S,
        raw_pose=seen,
        settled=SettledFrame(seen, _angles(standing), swapped=False),
        settled_frames=(),
        preview_pose=seen,
        events=(),
        strides=(),
        cues=(),
        responses=(),
        state=state,
        state_reason=reason,
        strides_in_state=11,
        bands=bands(),
        belt_speed_mps=Measurement(3.44, 0.02),
        belt_source=BeltSource.WIRE,
        grade_percent=Measurement(1.0, 0.1),
        distance_m=3861.0,
        neutral_progress=None,
        notices=(),
        swaps=0,
        neutral_measured=True,
    )


def snapshot(
    state: str,
    *,
    size: tuple[int, int] = (1280, 720),
    image: NDArray[np.uint8] | None = None,
    language: str = "en",
    pelvis: PelvisSource = PelvisSource.CONTOUR,
) -> Snapshot:
    """A snapshot in one of `STATES`.

    Parameters
    ----------
    state : str
        Which.
    size : (width, height)
        Of the camera's picture.
    image : ndarray, optional
        A real picture instead of the drawn one.
    language : str
        Of the cue.
    pelvis : PelvisSource
        Who measures the tilt.
    """
    standing = state in ("waiting", "neutral")
    picture = backdrop(size, standing) if image is None else image
    shown = (picture.shape[1], picture.shape[0])
    words = {"en": "Push the belt back", "de": "Drück das Band nach hinten"}[language]
    story = state if state in ("watch", "compensating", "unknown", "belt lost") else "good"
    every = () if standing else strides(story, pelvis)
    last = {stride.side: stride for stride in every}
    result = _result(RunnerState.OK, Reason(ReasonCode.WITHIN_USUAL), standing=standing)
    result = replace(result, preview_pose=pose(shown, standing))
    base = Snapshot(
        t_s=NOW_S,
        elapsed_s=NOW_S,
        frame=Frame(NOW_S - 0.02, 5000, picture),
        result=result,
        last_stride=last,
        strides=every,
        cues=(),
        responses={},
        cue_times={},
        marks=(),
        speed_changes_s=() if standing else (NOW_S - 150.0,),
        devices=statuses(),
        camera_fps=60.0,
        latency=Latency(34.0, 48.0, 61.0),
        recording=True,
        muted=False,
        runner="Runner 07",
        programme=Reason(ReasonCode.PROGRAMME_FADED, session=5, percent=88),
    )
    return _STORIES[state](base, result, words)


def _waiting(base: Snapshot, result: StepResult, words: str) -> Snapshot:
    result = replace(
        result,
        state=RunnerState.WAITING,
        state_reason=Reason(ReasonCode.WAITING_FOR_FIRST_STRIDES),
        bands={},
        belt_speed_mps=Measurement(0.0, 0.02),
        distance_m=0.0,
        neutral_measured=False,
    )
    return replace(base, result=result, elapsed_s=12.0)


def _neutral(base: Snapshot, result: StepResult, words: str) -> Snapshot:
    waiting = _waiting(base, result, words)
    assert waiting.result is not None
    result = replace(
        waiting.result,
        state=RunnerState.NEUTRAL,
        state_reason=Reason(ReasonCode.STANDING_STILL),
        neutral_progress=0.4,
    )
    return replace(waiting, result=result)


def _good(base: Snapshot, result: StepResult, words: str) -> Snapshot:
    return base


def _learning(base: Snapshot, result: StepResult, words: str) -> Snapshot:
    strides = tuple(stride for stride in base.strides if stride.end_s > NOW_S - 20.0)
    result = replace(
        result,
        state=RunnerState.WARMING_UP,
        state_reason=Reason(ReasonCode.LEARNING_USUAL, percent=40),
        bands={},
        distance_m=69.0,
    )
    return replace(
        base,
        result=result,
        strides=strides,
        last_stride={stride.side: stride for stride in strides},
        elapsed_s=41.0,
        speed_changes_s=(),
    )


def _watch(base: Snapshot, result: StepResult, words: str) -> Snapshot:
    t_s = NOW_S - 1.0
    tone = Cue(1, "tilt_out", CueKind.TONE, "tilt_out", "", 10, None, t_s, t_s, NOW_S)
    result = replace(
        result,
        state=RunnerState.WATCH,
        state_reason=Reason(ReasonCode.PELVIS_AGAINST_USUAL, deg=3.1),
    )
    return replace(base, result=result, cues=(tone,), cue_times={1: heard_after(38.0)})


def _compensating(base: Snapshot, result: StepResult, words: str) -> Snapshot:
    cues = _cues(words)
    response = CueResponse(3, "pelvic_tilt_deg", Measurement(9.4, 0.3), Measurement(8.2, 0.3), 10)
    result = replace(
        result,
        state=RunnerState.COMPENSATING,
        state_reason=Reason(ReasonCode.PELVIS_AGAINST_USUAL, deg=5.6),
    )
    return replace(
        base,
        result=result,
        cues=cues,
        responses={3: response},
        cue_times=HEARD,
        marks=(Mark(NOW_S - 100.0, "new shoes"),),
    )


def _camera_lost(base: Snapshot, result: StepResult, words: str) -> Snapshot:
    lost = (LinkState.LOST, Reason(ReasonCode.CAMERA_LOST))
    assert base.frame is not None
    frame = Frame(NOW_S - 4.2, 4700, base.frame.image_bgr)
    strides = tuple(stride for stride in base.strides if stride.end_s < NOW_S - 4.2)
    return replace(
        base,
        frame=frame,
        strides=strides,
        last_stride={stride.side: stride for stride in strides},
        devices=statuses(
            camera=lost, pelvis=(LinkState.WAITING, Reason(ReasonCode.PELVIS_NO_PICTURE))
        ),
        camera_fps=None,
    )


def _belt_lost(base: Snapshot, result: StepResult, words: str) -> Snapshot:
    reason = Reason(
        ReasonCode.BELT_LOST,
        where="/dev/ttyUSB0",
        why=Reason(ReasonCode.NO_SUCH_DEVICE),
        remedy=Reason(ReasonCode.CHECK_CABLE),
    )
    result = replace(
        result,
        belt_speed_mps=Measurement.missing(ReasonCode.BELT_SILENT, seconds=6),
        belt_source=BeltSource.NONE,
        grade_percent=Measurement.missing(ReasonCode.GRADE_NOT_KNOWN),
    )
    lost = (LinkState.LOST, reason)
    return replace(base, result=result, devices=statuses(belt=lost))


def _unknown(base: Snapshot, result: StepResult, words: str) -> Snapshot:
    assert result.settled is not None
    hidden = replace(
        _angles(False),
        pelvic_tilt_deg=Measurement.missing(ReasonCode.LOOSE_CLOTHING),
        pelvis_source=PelvisSource.NONE,
    )
    result = replace(
        result,
        state=RunnerState.UNKNOWN,
        state_reason=Reason(ReasonCode.LOOSE_CLOTHING),
        settled=replace(result.settled, angles=hidden),
    )
    why = Reason(ReasonCode.LOOSE_CLOTHING)
    stale = (LinkState.STALE, Reason(ReasonCode.PELVIS_UNKNOWN, why=why))
    belt = Reason(ReasonCode.BELT_DISAGREES, percent=4)
    return replace(base, result=result, devices=statuses(pelvis=stale), notices=(belt,))


_STORIES = {
    "waiting": _waiting,
    "neutral": _neutral,
    "learning": _learning,
    "good": _good,
    "watch": _watch,
    "compensating": _compensating,
    "camera lost": _camera_lost,
    "belt lost": _belt_lost,
    "unknown": _unknown,
}
