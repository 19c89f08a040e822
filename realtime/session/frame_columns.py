"""The frames of a chunk as columns: step results to the records of the layout."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.gait.leg_hypotheses import FOLLOWED
from hipcue.realtime.records import BodyAngles, Measurement, Pose, SettledFrame, Side, StepResult
from hipcue.realtime.session.codec import Columns, StringTable, filled, fits_float32, pack
from hipcue.realtime.session.frame_layout import ANGLES, PELVIS, POSE, SETTLED, STATE

SIDES = tuple(Side)
NOT_KEPT = Measurement.missing(ReasonCode.NOT_KEPT)


@dataclass(slots=True)
class KeptFrame:
    """A step whose frame waits to be written.

    Attributes
    ----------
    step : int
        Number of the step.
    result : StepResult
        What it found out.
    settled : SettledFrame or None
        The frame once its legs were told apart, which `settled_after` steps later said.
    """

    step: int
    result: StepResult
    settled: SettledFrame | None = None
    settled_after: int = -1


def blobs_of(frames: Sequence[KeptFrame], words: StringTable) -> tuple[bytes, ...]:
    """Return the four blobs of a chunk: pose, pelvis, settled, state."""
    poses = [frame.result.raw_pose for frame in frames]
    wide = not all(fits_float32(p.xy_px) and fits_float32(p.confidence) for p in poses)
    return (
        pack(pose_columns(poses, words, wide=wide), wide=wide),
        pack(pelvis_columns(poses, words)),
        pack(settled_columns(frames, words)),
        pack(state_columns([frame.result for frame in frames], words)),
    )


def pose_columns(poses: Sequence[Pose], words: StringTable, *, wide: bool) -> Columns:
    """Return what the engine was given."""
    return filled(
        POSE,
        len(poses),
        wide=wide,
        t_s=[p.t_capture_s for p in poses],
        index=[p.index for p in poses],
        px_per_m=_numbers(p.px_per_m for p in poses),
        xy_px=np.array([p.xy_px for p in poses]).transpose(1, 2, 0),
        confidence=np.array([p.confidence for p in poses]).T,
        size_px=np.array([p.size_px for p in poses]).T,
        reason=[words.reason(p.reason) for p in poses],
        followed=[p.followed for p in poses],
    )


def pelvis_columns(poses: Sequence[Pose], words: StringTable) -> Columns:
    """Return the readings of the pelvis that came with some frames."""
    readings = [(i, r) for i, p in enumerate(poses) for r in p.pelvis]
    return filled(
        PELVIS,
        len(readings),
        t_s=[r.t_s for _, r in readings],
        angle_deg=_numbers(r.angle_deg for _, r in readings),
        sigma_deg=_numbers(r.sigma_deg for _, r in readings),
        thorax_deg=_numbers(r.thorax_deg for _, r in readings),
        thorax_sigma_deg=_numbers(r.thorax_sigma_deg for _, r in readings),
        frame=[i for i, _ in readings],
        source=[words.number(r.source) for _, r in readings],
        reason=[words.reason(r.reason) for _, r in readings],
    )


def settled_columns(frames: Sequence[KeptFrame], words: StringTable) -> Columns:
    """Return the frames once their legs were told apart; angles are rounded to float32."""
    settled = [f.settled for f in frames]
    angles = [None if s is None else s.angles for s in settled]
    measured = [_measured(a) for a in angles]
    return filled(
        SETTLED,
        len(frames),
        value_deg=np.array([_numbers(m.value for m in row) for row in measured]).T,
        sigma_deg=np.array([_numbers(m.sigma for m in row) for row in measured]).T,
        reason=np.array([[words.reason(m.reason) for m in row] for row in measured]).T,
        pelvis_source=[words.number(None if a is None else a.pelvis_source) for a in angles],
        settled_after=[f.settled_after for f in frames],
        swapped=[s is not None and s.swapped for s in settled],
        rejected=[0 if s is None else _rejected(s) for s in settled],
        known=[a is not None for a in angles],
        near=[0 if a is None else SIDES.index(a.near) for a in angles],
        facing=[0 if a is None else a.facing for a in angles],
    )


def _measured(found: BodyAngles | None) -> list[Measurement]:
    """Return the angles of a frame in the order of `ANGLES`."""
    if found is None:
        return [NOT_KEPT] * len(ANGLES)
    pairs = (found.thigh_extension_deg, found.knee_flexion_deg, found.ankle_dorsiflexion_deg)
    both = [pair.get(side, NOT_KEPT) for pair in pairs for side in SIDES]
    return [*both, found.trunk_lean_deg, found.pelvic_tilt_deg, found.lumbar_extension_deg]


def _rejected(settled: SettledFrame) -> int:
    hidden = np.isnan(settled.pose.xy_px[FOLLOWED, 0])
    return int(np.packbits(hidden, bitorder="little")[0])


def state_columns(results: Sequence[StepResult], words: StringTable) -> Columns:
    """Return what was known at every step."""
    return filled(
        STATE,
        len(results),
        t_s=[r.t_s for r in results],
        belt_speed_mps=_numbers(r.belt_speed_mps.value for r in results),
        belt_speed_sigma_mps=_numbers(r.belt_speed_mps.sigma for r in results),
        grade_percent=_numbers(r.grade_percent.value for r in results),
        grade_sigma_percent=_numbers(r.grade_percent.sigma for r in results),
        distance_m=[r.distance_m for r in results],
        neutral_progress=_numbers(r.neutral_progress for r in results),
        planted_px_per_s=_numbers(r.planted_px_per_s for r in results),
        strides_in_state=[r.strides_in_state for r in results],
        swaps=[r.swaps for r in results],
        state=[words.number(r.state) for r in results],
        state_reason=[words.reason(r.state_reason) for r in results],
        belt_source=[words.number(r.belt_source) for r in results],
        belt_speed_reason=[words.reason(r.belt_speed_mps.reason) for r in results],
        grade_reason=[words.reason(r.grade_percent.reason) for r in results],
        preview_swapped=[_preview_swapped(r) for r in results],
        neutral_measured=[r.neutral_measured for r in results],
    )


def _preview_swapped(result: StepResult) -> bool:
    shown, raw = result.preview_pose, result.raw_pose
    return shown is not raw and not np.array_equal(shown.xy_px, raw.xy_px, equal_nan=True)


def _numbers(values: Iterable[float | None]) -> NDArray[np.float64]:
    """Return numbers with NaN where one is missing."""
    return np.array([np.nan if value is None else value for value in values], np.float64)
