"""The samples with truth, stride by stride: films, simulated joints and marker files."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from hipcue.config.settings import Settings
from hipcue.realtime.gait.segment_angles import knee_flexion_deg
from hipcue.realtime.records import Joint, Pose, Side
from hipcue.realtime.run.file_sources import open_source
from hipcue.realtime.run.offline import constant_belt
from tests.bench.honesty.faults import Source
from tests.bench.honesty.inputs import FloatArray, Inputs
from tests.bench.samples import Truth, samples

# Without a plate a true stride is told by the thigh's peak flexion, which differs from stride
# to stride by this much against the contact; our choice, seen on the plated samples.
_THIGH_CYCLE_S = 0.006
# A contact comes about so long after the thigh's peak flexion.
_LATE_S = 0.15
# How far the rendered laboratory runner drifts in a stride is not told, m.
_DRIFT_M = 0.01


@dataclass(frozen=True)
class TrueStride:
    """What was true of a stride; `spread` is the truth's own uncertainty where it has one."""

    side: Side
    contact_s: float
    end_s: float
    values: dict[str, float]
    spread: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Body:
    """A sample: what was seen of it, and what was true.

    `by_thigh` says that `contact_s` of its strides are peak flexions, not contacts. Of the
    metrics in `exact` the sample has none of the errors that a real measurement has, so that
    only too narrow an uncertainty shows in them.
    """

    name: str
    source: Source
    inputs: Inputs
    strides: tuple[TrueStride, ...]
    by_thigh: bool = False
    exact: frozenset[str] = frozenset()
    standing_tilt_deg: float | None = None


def recorded(keep: Path | None) -> list[Body]:
    """Return the films whose poses are kept, and the marker files."""
    found = []
    for truth in samples():
        if truth.kind == "trc":
            found.append(_markers(truth))
        elif truth.kind == "clip" and keep is not None:
            kept = keep / f"{truth.name}-1.pickle"
            if kept.exists():
                found.append(_film(truth, tuple(pickle.loads(kept.read_bytes()))))
    return found


def _film(truth: Truth, poses: tuple[Pose, ...]) -> Body:
    assert truth.near is not None
    table = np.genfromtxt(truth.path.with_suffix(".truth.csv"), delimiter=",", names=True)
    strides = []
    for side in Side:
        for start, end in truth.strides(side):
            if start <= truth.running_from_s or end > truth.t_s[-1]:
                continue
            whole = (truth.t_s >= start) & (truth.t_s < end)
            at, _ = truth.thigh_peak(side, start, end)
            lean = table["trunk_lean_deg"]
            values = _timed(truth, side, start, end) | _angles(truth, side, start, end)
            values["trunk_lean_deg"] = float(np.mean(lean[whole]))
            lean_at = float(np.interp(at, truth.t_s, lean))
            values["lumbar_extension_deg"] = values["pelvic_tilt_deg"] - lean_at
            knee = f"knee_flex_{side.value}_deg"
            if knee in (table.dtype.names or ()) and truth.plate:
                bend = table[knee] - table[knee][0]
                values["knee_contact_deg"] = float(np.interp(start, truth.t_s, bend))
                off_s = start + values.get("contact_time_s", np.nan)
                if np.isfinite(off_s):
                    values["knee_toe_off_deg"] = float(np.interp(off_s, truth.t_s, bend))
            spread = {} if truth.plate else _spread_by_thigh(values, truth.speed_mps or 0.0)
            if "lab" in truth.name:
                spread["stride_length_m"] = np.hypot(spread.get("stride_length_m", 0.0), _DRIFT_M)
            strides.append(TrueStride(side, start, end, values, spread))
    inputs = Inputs(poses, constant_belt(truth.speed_mps), truth.near, truth.running_from_s)
    return Body(truth.name, Source.FILM, inputs, tuple(strides), not truth.plate, _FITTED)


# The outline's gain was fitted on these very films, and their squares do not slip.
_FITTED = frozenset({"pelvic_tilt_mean_deg"})


def _spread_by_thigh(values: dict[str, float], speed: float) -> dict[str, float]:
    time_s = values["stride_time_s"]
    return {
        "stride_time_s": _THIGH_CYCLE_S,
        "cadence_spm": _THIGH_CYCLE_S * 120.0 / time_s**2,
        "stride_length_m": _THIGH_CYCLE_S * speed,
    }


def _timed(truth: Truth, side: Side, start: float, end: float) -> dict[str, float]:
    """Times and lengths of a stride, on a belt of one speed under a runner who does not drift."""
    if not truth.plate:
        start, end = (_peak_flexion_s(truth, side, t_s) for t_s in (start, end))
    speed = truth.speed_mps or 0.0
    values = {
        "stride_time_s": end - start,
        "cadence_spm": 120.0 / (end - start),
        "belt_speed_mps": speed,
        "stride_length_m": speed * (end - start),
    }
    off = next((t for t in truth.toe_offs_s[side] if start < t < end), None)
    other = next((t for t in truth.contacts_s[side.other] if start < t < end), None)
    if off is not None and truth.plate:
        values["contact_time_s"] = off - start
        if other is not None:
            values["flight_time_s"] = other - off
    return values


def _peak_flexion_s(truth: Truth, side: Side, about_s: float) -> float:
    """Instant of a peak flexion, between the frames: the vertex of a parabola."""
    near = np.abs(truth.t_s - about_s) < 0.045
    bend, slope, _ = np.polyfit(truth.t_s[near] - about_s, truth.thigh_deg[side][near], 2)
    return float(about_s + np.clip(-slope / (2 * bend), -0.02, 0.02))


def _angles(truth: Truth, side: Side, start: float, end: float) -> dict[str, float]:
    at, peak = truth.thigh_peak(side, start, end)
    values = {"thigh_extension_deg": peak}
    if truth.tilt_deg is not None:
        tilt = truth.tilt_at(at)
        values |= {"pelvic_tilt_deg": tilt, "hip_extension_deg": peak - tilt}
        values["pelvic_tilt_mean_deg"] = truth.tilt_mean(start, end)
    return values


def _markers(truth: Truth) -> Body:
    poses = tuple(pose for pose, _ in open_source(truth.path, Settings()).poses())
    t_s = np.array([pose.t_capture_s for pose in poses])
    xy = np.array([pose.xy_px for pose in poses]) * (1.0, -1.0) / (poses[0].px_per_m or 1.0)
    strides = []
    for side in Side:
        for start, end in truth.strides(side):
            values = _timed(truth, side, start, end) | _angles(truth, side, start, end)
            off_s = start + values["contact_time_s"] if "contact_time_s" in values else None
            drift = _drift_m(t_s, xy, side, (start, end), truth)
            values["stride_length_m"] += drift
            if truth.plate:
                values |= drawn(t_s, xy, side, start, off_s)
            inside = (t_s >= start) & (t_s < end)
            values |= _bounce(xy[inside])
            spread = {}
            if not truth.plate:
                spread = _spread_by_thigh(values, truth.speed_mps or 0.0)
                # From contact to contact the mean of a tilt that changes is another one.
                later = truth.tilt_mean(start + _LATE_S, min(end + _LATE_S, truth.t_s[-1]))
                spread["pelvic_tilt_mean_deg"] = abs(later - values["pelvic_tilt_mean_deg"])
            strides.append(TrueStride(side, start, end, values, spread))
    exact = frozenset(name for name in strides[0].values if name.endswith("_deg")) | _DRAWN
    inputs = Inputs(poses, constant_belt(truth.speed_mps), Side.R)
    return Body(
        truth.name,
        Source.MARKERS,
        inputs,
        tuple(strides),
        not truth.plate,
        exact,
        truth.standing_tilt_deg,
    )


_DRAWN = frozenset({"vertical_oscillation_m", "overstride_m"})


def _drift_m(
    t_s: FloatArray, xy: FloatArray, side: Side, stride: tuple[float, float], truth: Truth
) -> float:
    """How far the second footprint lies ahead of the first one: the planted ankle tells."""
    after_s = 0.08 if truth.plate else 0.25
    ankle = xy[:, Joint.of(side, "ankle"), 0]
    then, now = (float(np.interp(t + after_s, t_s, ankle)) for t in stride)
    return now - then


def drawn(
    t_s: FloatArray, xy_m: FloatArray, side: Side, contact_s: float, toe_off_s: float | None
) -> dict[str, float]:
    """What exact joints say at the true instants; `xy_m` is forward and up."""
    knee = knee_flexion_deg(xy_m, side)
    reach = xy_m[:, Joint.of(side, "ankle"), 0] - xy_m[:, Joint.of(side, "hip"), 0]
    values = {
        "knee_contact_deg": float(np.interp(contact_s, t_s, knee)),
        "overstride_m": float(np.interp(contact_s, t_s, reach)),
    }
    if toe_off_s is not None:
        values["knee_toe_off_deg"] = float(np.interp(toe_off_s, t_s, knee))
    return values


def _bounce(xy_m: FloatArray) -> dict[str, float]:
    hip = xy_m[:, [Joint.L_HIP, Joint.R_HIP], 1].mean(axis=1)
    return {"vertical_oscillation_m": float(np.ptp(hip))}


def trimmed(body: Body, seconds: float) -> Body:
    """Return the first seconds of its running."""
    return replace(body, inputs=body.inputs.until(body.inputs.starts_s + seconds))
