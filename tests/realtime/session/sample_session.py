"""A made-up but plausible session, quickly: the engine's results without an engine.

The runner stands for four seconds, warms up, then runs; in every fifth and sixth of
eight parts the pelvis tips forward, a cue follows, and the tilt comes back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings
from hipcue.devices.readings import BeltSample, BeltSource, DeviceStatus, LinkState
from hipcue.realtime.library.finish import finish
from hipcue.realtime.records import (
    JOINT_COUNT,
    Band,
    BodyAngles,
    Cue,
    CueKind,
    CueResponse,
    EngineCommand,
    EventKind,
    GaitEvent,
    Joint,
    Mark,
    Measurement,
    PelvisReading,
    PelvisSource,
    Pose,
    RunnerState,
    SettledFrame,
    Side,
    StepResult,
    Stride,
    TakeNeutral,
    Verdict,
)
from hipcue.realtime.session import SessionHeader, SessionReader, SessionWriter

STANDING_S = 4.0
WARM_UP_S = 20.0
STRIDE_S = 0.72
T_FIRST_S = 1000.125
LONGEST_KEPT_S = 60.0
SIZE = (1280, 720)
PX_PER_M = 260.0
M = Measurement


@dataclass(frozen=True)
class SampleStep:
    """What one engine step is given, and what it says."""

    belt: tuple[BeltSample, ...]
    commands: tuple[EngineCommand, ...]
    result: StepResult


def thigh(phase):
    return -7.0 + 31.0 * np.cos(2 * np.pi * (phase - 0.38))


def knee(phase):
    def bump(at, width):
        return np.exp(-((((phase - at + 0.5) % 1 - 0.5) / width) ** 2))

    return 10 + 30 * bump(0.16, 0.09) + 84 * bump(0.68, 0.13)


def ankle(phase):
    return 20 * np.sin(2 * np.pi * (phase - 0.02)) * np.exp(-phase)


class SampleRun:
    """Everything about a made-up run, by time from its start."""

    def __init__(self, seconds: float, fps: float = 60.0, seed: int = 1) -> None:
        self.rng = np.random.default_rng(seed)
        self.seconds = seconds
        self.t = np.arange(round(seconds * fps)) / fps
        run_s = np.maximum(self.t - STANDING_S, 0)
        self.phase = {Side.L: run_s / STRIDE_S + 0.5, Side.R: run_s / STRIDE_S}
        self.moving = self.t >= STANDING_S
        self.tilt_base = 4.0 + 1.5 * self.t / max(seconds, 1)
        part = max(seconds - WARM_UP_S, 1) / 8
        at = np.clip((self.t - WARM_UP_S) / part, 0, 8)
        bad = ((at > 2.5) & (at < 3.2)) | ((at > 5.5) & (at < 6.4))
        width = max(round(4 * fps), 1)
        self.bad = np.convolve(bad, np.ones(width) / width, "same")
        self.onsets = [WARM_UP_S + part * k + 4.0 for k in (2.5, 5.5)]

    def tilt(self, i):
        return self.tilt_base[i] + 7.0 * self.bad[i]


def angles_at(run: SampleRun, i: int, noise: float) -> BodyAngles:
    def measured(curve, side, sigma):
        if not run.moving[i]:
            return M(0.0, sigma)
        return M(float(curve(run.phase[side][i] % 1)) + noise, sigma)

    far_hidden = i % 97 < 4
    thighs = {s: measured(thigh, s, 1.0) for s in Side}
    knees = {s: measured(knee, s, 2.0) for s in Side}
    ankles = {s: measured(ankle, s, 3.0) for s in Side}
    if far_hidden:
        thighs[Side.L] = knees[Side.L] = ankles[Side.L] = M.missing(ReasonCode.FAR_LEG_HIDDEN)
    tilt = float(run.tilt(i)) if run.moving[i] else 0.0
    lean = 6.0 if run.moving[i] else 0.0
    return BodyAngles(
        t_s=T_FIRST_S + float(run.t[i]),
        near=Side.R,
        facing=1,
        thigh_extension_deg=thighs,
        knee_flexion_deg=knees,
        ankle_dorsiflexion_deg=ankles,
        trunk_lean_deg=M(lean, 1.5),
        pelvic_tilt_deg=M(tilt, 1.8),
        lumbar_extension_deg=M(tilt - lean, 2.3),
        pelvis_source=PelvisSource.CONTOUR,
    )


def pose_at(run: SampleRun, i: int) -> Pose:
    """A stick figure that runs to the right."""
    xy = np.full((JOINT_COUNT, 2), np.nan)
    bob = 12 * np.sin(4 * np.pi * run.phase[Side.R][i]) if run.moving[i] else 0.0
    hip = np.array([640.0, 350.0 + bob])
    lean = np.radians(6.0 + 0.5 * run.tilt(i))
    up = np.array([np.sin(lean), -np.cos(lean)])

    def limb(start, ext_deg, metres):
        a = np.radians(ext_deg)
        return start + PX_PER_M * metres * np.array([-np.sin(a), np.cos(a)])

    for side, shift in ((Side.L, -6.0), (Side.R, 6.0)):
        p = run.phase[side][i] % 1
        still = not run.moving[i]
        a_thigh = 0.0 if still else thigh(p)
        a_shank = 0.0 if still else a_thigh + knee(p)
        root = hip + np.array([shift, 0])
        k = limb(root, a_thigh, 0.42)
        a = limb(k, a_shank, 0.41)
        shoulder = root + up * PX_PER_M * 0.5
        swing = 0.0 if still else -0.8 * a_thigh
        elbow = limb(shoulder, swing, 0.3)
        wrist = limb(elbow, swing - 80, 0.25)
        foot = np.radians(a_shank * 0.6)
        toe = a + PX_PER_M * 0.16 * np.array([np.cos(foot), np.sin(foot)]) + [0, 10]
        points = {"hip": root, "knee": k, "ankle": a, "heel": a + np.array([-12, 12]), "toe": toe,
                  "shoulder": shoulder, "elbow": elbow, "wrist": wrist}  # fmt: skip
        for name, point in points.items():
            xy[Joint.of(side, name)] = point
    head = hip + up * PX_PER_M * 0.66
    xy[Joint.NOSE], xy[Joint.L_EAR], xy[Joint.R_EAR] = (
        head + np.array([24, 4]),
        head,
        head + np.array([2, 0]),
    )
    xy += run.rng.normal(0, 1.0, xy.shape)
    # As the pose model's end of the chain does.
    xy = xy.astype(np.float32).astype(np.float64)
    confidence = np.full(JOINT_COUNT, 0.9)
    confidence[[Joint.L_HIP, Joint.L_KNEE, Joint.L_ANKLE]] = 0.6
    confidence = confidence.astype(np.float32).astype(np.float64)
    t_s = T_FIRST_S + float(run.t[i])
    reading = PelvisReading(t_s, PelvisSource.CONTOUR, float(run.tilt(i)) + 20.0, 1.8)
    return Pose(t_s, i, xy, confidence, SIZE, (reading,))


def stride_of(run: SampleRun, number: int, side: Side, start: float, i: int) -> Stride:
    """The stride of one leg that began at `start` and ended at frame `i`."""
    rng = run.rng
    end = start + STRIDE_S
    speed = 3.0
    noise = rng.normal(0, 1.0)
    ext = 24.0 + noise + (0.0 if side is Side.R else -1.5)
    tilt = float(run.tilt(i)) + rng.normal(0, 0.8)
    known = rng.random() > 0.03
    pelvis = (lambda v, s: M(v, s)) if known else (lambda v, s: M.missing(ReasonCode.LOOSE_SHIRT))
    out = tilt > run.tilt_base[i] + 4
    values = {
        "stride_time_s": M(STRIDE_S, 0.004), "cadence_spm": M(120 / STRIDE_S, 1.0),
        "belt_speed_mps": M(speed, 0.01), "stride_length_m": M(speed * STRIDE_S, 0.02),
        "contact_time_s": M(0.25 + rng.normal(0, 0.006), 0.01),
        "flight_time_s": M(0.11 + rng.normal(0, 0.006), 0.014),
        "thigh_extension_deg": M(ext, 1.0), "pelvic_tilt_deg": pelvis(tilt, 1.8),
        "hip_extension_deg": pelvis(ext - tilt, 2.1), "pelvic_tilt_mean_deg": pelvis(tilt - 1, 1.5),
        "pelvic_tilt_sd_deg": pelvis(1.2, 0.3), "lumbar_extension_deg": pelvis(tilt - 6, 2.4),
        "trunk_lean_deg": M(6.0 + rng.normal(0, 0.5), 1.5),
        "knee_contact_deg": M(12 + noise, 2.0), "knee_toe_off_deg": M(18 + noise, 2.0),
        "ankle_toe_off_deg": (
            M.missing(ReasonCode.TOE_OFF_NOT_SEEN) if number % 7 == 0 else M(17.0, 3.0)
        ),
        "heel_recovery": M(0.52, 0.03), "vertical_oscillation_m": M(0.085, 0.006),
        "overstride_m": M(0.07 + rng.normal(0, 0.01), 0.02),
    }  # fmt: skip
    warm = end < WARM_UP_S
    verdict = Verdict.UNKNOWN if warm or not known else Verdict.OK
    state = RunnerState.WARMING_UP if warm else RunnerState.OK
    if out and known and not warm:
        verdict, state = Verdict.COMPENSATING, RunnerState.COMPENSATING
    return Stride(
        index=number, side=side, near=side is Side.R, contact_s=T_FIRST_S + start,
        toe_off_s=T_FIRST_S + start + 0.25, end_s=T_FIRST_S + end,
        t_decided_s=T_FIRST_S + float(run.t[i]), belt_source=BeltSource.WIRE,
        pelvis_source=PelvisSource.CONTOUR if known else PelvisSource.NONE, values=values,
        verdict=verdict, confidence=0.85 if side is Side.R else 0.6, state=state,
        reason=None if known else Reason(ReasonCode.LOOSE_SHIRT),
    )  # fmt: skip


def cue_of(number: int, onset_s: float, t_s: float) -> Cue:
    return Cue(
        number=number, event="tilt_out", kind=CueKind.SPEECH, sound="tall_hips",
        text="Hips tall", priority=5, side=None, t_event_s=T_FIRST_S + t_s - 0.15,
        t_capture_s=T_FIRST_S + t_s, expires_s=T_FIRST_S + t_s + 1.0, focus="external",
    )  # fmt: skip


def sample_steps(
    seconds: float = 60.0, fps: float = 60.0, seed: int = 1, *, pictures: bool = True
) -> Iterator[SampleStep]:
    """Every step of a made-up run; `pictures` False repeats poses, for speed.

    Nobody changes a step: those of a short run are made up once for all who ask for them.
    """
    if seconds > LONGEST_KEPT_S:
        return _made_up(seconds, fps, seed, pictures)
    return iter(_kept(seconds, fps, seed, pictures))


@lru_cache(maxsize=16)
def _kept(seconds: float, fps: float, seed: int, pictures: bool) -> tuple[SampleStep, ...]:
    return tuple(_made_up(seconds, fps, seed, pictures))


def _made_up(seconds: float, fps: float, seed: int, pictures: bool) -> Iterator[SampleStep]:
    run = SampleRun(seconds, fps, seed)
    next_contact = {Side.L: STANDING_S + STRIDE_S / 2, Side.R: STANDING_S}
    begun: dict[Side, float | None] = {Side.L: None, Side.R: None}
    onsets = list(run.onsets)
    respond: list[tuple[float, int]] = []
    number, cue_number, state = 0, 0, RunnerState.NEUTRAL
    bands = {"pelvic_tilt_deg": Band(4.0, 0.0, 8.0)}
    noises = run.rng.normal(0, 0.8, len(run.t))
    pose = pose_at(run, 0)
    for i, t in enumerate(run.t.tolist()):
        t_s = T_FIRST_S + t
        events, strides, cues, responses = [], [], [], []
        for side in Side:
            if t >= next_contact[side] + 0.03:
                contact = next_contact[side]
                events.append(GaitEvent(EventKind.CONTACT, side, T_FIRST_S + contact, 0.008, t_s))
                start = begun[side]
                if start is not None:
                    strides.append(stride_of(run, number, side, start, i))
                    state = strides[-1].state
                    number += 1
                begun[side] = contact
                next_contact[side] = contact + STRIDE_S
        if onsets and t >= onsets[0]:
            cue_number += 1
            cues.append(cue_of(cue_number, onsets.pop(0), t))
            respond.append((t + 6.0, cue_number))
        if respond and t >= respond[0][0]:
            answer = (M(11.2, 0.8), M(6.1, 0.9))
            responses.append(CueResponse(respond.pop(0)[1], "pelvic_tilt_deg", *answer, 8))
        belt = ()
        if i % round(fps / 8 if fps >= 8 else 1) == 0:
            belt = (BeltSample(t_s - 0.02, 3.0, 1.0, 3.0 * max(t - STANDING_S, 0)),)
        pose = pose_at(run, i) if pictures or i < 600 else Pose(
            t_s, i, pose.xy_px, pose.confidence, SIZE, pose.pelvis
        )  # fmt: skip
        notices = (Reason(ReasonCode.HIP_EXTENSION_SHORT),) if 30 < t < 40 else ()
        settled = SettledFrame(pose, angles_at(run, i, float(noises[i])), swapped=False)
        yield SampleStep(
            belt,
            (TakeNeutral(),) if i == 3 else (),
            StepResult(
                t_s=t_s, raw_pose=pose, preview_pose=pose,
                settled=settled, settled_frames=(settled,),
                events=tuple(events), strides=tuple(strides), cues=tuple(cues),
                responses=tuple(responses), state=state,
                state_reason=Reason(ReasonCode.WITHIN_USUAL),
                strides_in_state=number, bands=bands if number > 12 else {},
                belt_speed_mps=M(3.0, 0.01), belt_source=BeltSource.WIRE,
                grade_percent=M(1.0), distance_m=3.0 * max(t - STANDING_S, 0),
                neutral_progress=t / STANDING_S if t < STANDING_S else None,
                notices=notices, swaps=0, neutral_measured=t >= STANDING_S,
            ),
        )  # fmt: skip


def header(runner: str = "Anna", **more) -> SessionHeader:
    settings = Settings.model_validate({"runner": {"name": runner}})
    return SessionHeader.now(
        settings, "sim://runner", devices={"camera": "1280x720 at 60"}, size_px=SIZE, **more
    )


def feed(writer: SessionWriter, steps) -> None:
    """Give a writer what the loop would give it."""
    camera = DeviceStatus("camera", LinkState.LIVE, Reason(ReasonCode.CAMERA_AT, fps=60))
    writer.device(T_FIRST_S, camera)
    for step in steps:
        result = step.result
        writer.belt(step.belt)
        for command in step.commands:
            writer.command(result.t_s, command)
        writer.step(result)
        for cue in result.cues:
            sound = {"queued_s": cue.t_capture_s + 0.01, "sound_s": cue.t_capture_s + 0.045}
            writer.cue_played(cue.number, sound)
            writer.mark(Mark(result.t_s, "look at this"))


def record(folder: Path, seconds: float = 60.0, *, runner: str = "Anna", **how) -> Path:
    """Record a made-up session into a folder and close it."""
    writer = SessionWriter(folder, header(runner), finish=finish)
    feed(writer, sample_steps(seconds, **how))
    writer.close()
    assert writer.fault is None, writer.fault
    return folder


def strides_in(folder: Path) -> list[Stride]:
    """Return the strides that a session holds."""
    with SessionReader(folder) as session:
        return session.strides
