"""Plausible snapshots for every state a screen can be in."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np

from devices.readings import BeltSource, DeviceStatus, Frame, LinkState
from realtime.records import (
    JOINT_COUNT,
    Band,
    BodyAngles,
    Cue,
    CueKind,
    CueResponse,
    Joint,
    Latency,
    Measurement,
    Notice,
    PelvisSource,
    Pose,
    RunnerState,
    Side,
    Snapshot,
    StepResult,
    Stride,
    Verdict,
)

STATES = (
    "waiting",
    "neutral",
    "warming up",
    "good",
    "compensating",
    "unknown",
    "camera lost",
    "belt lost",
)
_CLIP = Path(__file__).resolve().parents[4] / "shared/clips/dev_right_3p0.mp4"
_NOW_S = 400.0


def sample(state: str) -> Snapshot:
    """Return the snapshot of a state, the same every time."""
    strides = () if state in ("waiting", "neutral") else _strides(state)
    result = _result(state, strides)
    lost_camera, lost_belt = state == "camera lost", state == "belt lost"
    devices = (
        DeviceStatus(
            "camera",
            LinkState.LOST if lost_camera else LinkState.LIVE,
            "camera lost" if lost_camera else "camera 60",
            "check the cable; it is tried again" if lost_camera else "",
        ),
        DeviceStatus(
            "belt",
            LinkState.LOST if lost_belt else LinkState.LIVE,
            "belt lost" if lost_belt else "belt CSAFE",
        ),
        DeviceStatus("pelvis", LinkState.LIVE, "pelvis contour"),
        DeviceStatus("sound", LinkState.LIVE, "sound"),
    )
    cues = ()
    if state == "compensating":
        cues = tuple(
            Cue(k + 1, "borrowed", CueKind.SPEECH, text, text, 30, None, t, t, t + 2, "external")
            for k, (t, text) in enumerate(
                ((_NOW_S - 95, "Run tall"), (_NOW_S - 4, "Push the belt back"))
            )
        )
    return Snapshot(
        t_s=_NOW_S,
        elapsed_s=1122.0,
        frame=None if lost_camera else Frame(_NOW_S, 1, _picture()),
        result=result,
        last_stride={s.side: s for s in strides},
        strides=strides,
        cues=cues,
        responses={2: CueResponse(2, "pelvic_tilt_deg", Measurement(8.0), Measurement(6.8), 10)},
        cue_latency_ms={2: 41.0},
        marks=(),
        speed_changes_s=(_NOW_S - 140,) if strides else (),
        devices=devices,
        camera_fps=59.6,
        latency=Latency(34.0, 41.0, 52.0),
        recording=True,
        muted=False,
        runner="Runner 07",
        programme="session 5 of 8 · faded",
        notices=(Notice("belt", "belt silent 3 s", "check the cable"),) if lost_belt else (),
    )


def _picture() -> np.ndarray:
    film = cv2.VideoCapture(str(_CLIP)) if _CLIP.exists() else None
    if film is not None:
        film.set(cv2.CAP_PROP_POS_FRAMES, 1295)
        found, image = film.read()
        if found:
            return image
    image = np.full((720, 1280, 3), 150, np.uint8)
    cv2.ellipse(image, (640, 320), (60, 160), 0, 0, 360, (60, 60, 160), -1)
    cv2.circle(image, (650, 120), 44, (90, 120, 180), -1)
    return image


def _pose() -> Pose:
    xy = np.full((JOINT_COUNT, 2), np.nan)
    places = {
        "L_SHOULDER": (650, 235),
        "R_SHOULDER": (640, 235),
        "L_HIP": (640, 385),
        "R_HIP": (630, 385),
        "L_KNEE": (690, 480),
        "R_KNEE": (585, 490),
        "L_ANKLE": (705, 600),
        "R_ANKLE": (500, 565),
        "L_HEEL": (700, 612),
        "R_HEEL": (478, 570),
        "L_TOE": (765, 605),
        "R_TOE": (500, 625),
    }
    for name, at in places.items():
        xy[Joint[name]] = at
    return Pose(_NOW_S, 1, xy, np.where(np.isnan(xy[:, 0]), 0.0, 1.0), (1280, 720))


def _strides(state: str) -> tuple[Stride, ...]:
    made = []
    for k in range(int(170 / 0.36)):
        t = _NOW_S - 170 + 0.36 * k
        wobble = math.sin(1.7 * k) + 0.6 * math.sin(0.37 * k)
        late = max(0.0, (t - (_NOW_S - 60)) / 10.0) if state == "compensating" else 0.0
        tilt = 3.4 + 0.5 * wobble + min(late, 1.0) * 5.4
        hip = 15.8 - 0.6 * wobble - min(late, 1.0) * 2.4
        side = Side.L if k % 2 else Side.R
        hidden = side is Side.L and k % 9 == 0
        values = {
            "stride_time_s": Measurement(0.72, 0.01),
            "cadence_spm": Measurement(168 + wobble, 1.0),
            "belt_speed_mps": Measurement(3.44, 0.02),
            "stride_length_m": Measurement(2.46 + 0.012 * wobble, 0.02),
            "contact_time_s": Measurement(0.248 + 0.003 * wobble, 0.01),
            "thigh_extension_deg": Measurement(hip + tilt, 1.5),
            "hip_extension_deg": Measurement(hip, 1.9),
            "pelvic_tilt_deg": Measurement(tilt, 1.2),
            "lumbar_extension_deg": Measurement(tilt + 0.5, 2.0),
            "trunk_lean_deg": Measurement(5.2, 1.5),
            "vertical_oscillation_m": Measurement(0.081, 0.01),
            "knee_contact_deg": Measurement(13.0, 5.0),
        }
        if hidden or state == "unknown":
            for name in ("pelvic_tilt_deg", "hip_extension_deg", "lumbar_extension_deg"):
                values[name] = Measurement.missing("loose clothing")
        made.append(
            Stride(
                k,
                side,
                side is Side.R,
                t,
                t + 0.25,
                t + 0.72,
                t + 0.8,
                BeltSource.WIRE,
                PelvisSource.CONTOUR,
                values,
                Verdict.OK,
                0.95,
            )
        )
    return tuple(made)


def _result(state: str, strides: tuple[Stride, ...]) -> StepResult:
    names = {
        "waiting": RunnerState.WAITING,
        "neutral": RunnerState.NEUTRAL,
        "warming up": RunnerState.WARMING_UP,
        "good": RunnerState.OK,
        "compensating": RunnerState.COMPENSATING,
        "unknown": RunnerState.UNKNOWN,
    }
    reasons = {
        "waiting": "nobody in the picture",
        "neutral": "standing still",
        "warming up": "learning your usual, 58 %",
        "unknown": "loose clothing",
    }
    known = state not in ("waiting", "neutral", "warming up", "unknown")
    bands = {}
    if known:
        bands = {
            "hip_extension_deg": Band(15.8, 13.6, 18.0),
            "hip_extension_deg:L": Band(15.6, 13.4, 17.8),
            "hip_extension_deg:R": Band(16.0, 13.8, 18.2),
            "pelvic_tilt_deg": Band(3.4, 1.4, 5.4),
            "stride_length_m": Band(2.46, 2.42, 2.50),
            "cadence_spm": Band(168, 164, 172),
        }
    tilt = Measurement(8.9 if state == "compensating" else 3.6, 1.2)
    if state == "unknown":
        tilt = Measurement.missing("loose clothing")
    angles = BodyAngles(
        _NOW_S,
        Side.R,
        1,
        {Side.L: Measurement(-25.0), Side.R: Measurement(23.0, 2.0)},
        {},
        {},
        Measurement(5.0),
        tilt,
        Measurement(9.0),
        PelvisSource.CONTOUR,
    )
    pose = _pose()
    return StepResult(
        t_s=_NOW_S,
        pose=pose,
        angles=None if state == "waiting" else angles,
        events=(),
        strides=(),
        cues=(),
        responses=(),
        state=names.get(state, RunnerState.OK),
        state_reason=reasons.get(state, "within your usual"),
        strides_in_state=11 if known else 1,
        bands=bands,
        belt_speed_mps=Measurement.missing("belt silent 3 s")
        if state == "belt lost"
        else Measurement(3.44, 0.02),
        belt_source=BeltSource.WIRE,
        grade_percent=Measurement(1.0, 0.1),
        distance_m=3860.0,
        neutral_progress=0.6 if state == "neutral" else None,
        notices=(),
        swaps=0,
    )
