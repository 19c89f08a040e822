"""Films and marker files with truth, as they lie in ../shared; nothing is copied."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.gait.segment_angles import inclination_deg
from hipcue.realtime.records import Joint, Side
from hipcue.realtime.vision.markers.marker_body import find_body
from hipcue.realtime.vision.markers.marker_poses import poses
from hipcue.realtime.vision.markers.trc_file import read_trc

SHARED = Path(__file__).resolve().parents[3] / "shared"


@dataclass(frozen=True)
class Truth:
    """What is true of a sample. Angles: extension and anterior positive, degrees."""

    name: str
    path: Path
    kind: str  # "clip", "trc" or "video"
    speed_mps: float | None
    fps: float
    near: Side | None
    running_from_s: float
    contacts_s: dict[Side, list[float]]
    toe_offs_s: dict[Side, list[float]]
    t_s: NDArray[np.float64]
    thigh_deg: dict[Side, NDArray[np.float64]]
    tilt_deg: NDArray[np.float64] | None
    px_per_m: float | None
    cadence_spm: float | None = None
    standing_tilt_deg: float | None = None
    steady_tilt: bool = True
    # Without a force plate strides are counted from peak flexion to peak flexion of the thigh;
    # `contacts_s` are those instants then, and instants of contact and toe-off are not judged.
    plate: bool = True

    def strides(self, side: Side) -> list[tuple[float, float]]:
        """Contact to contact of one foot."""
        return list(zip(self.contacts_s[side][:-1], self.contacts_s[side][1:], strict=True))

    def thigh_peak(self, side: Side, start_s: float, end_s: float) -> tuple[float, float]:
        """Instant and height of the thigh's peak extension in a stride."""
        w = (self.t_s >= start_s) & (self.t_s <= end_s)
        k = int(np.nanargmax(self.thigh_deg[side][w]))
        return float(self.t_s[w][k]), float(self.thigh_deg[side][w][k])

    def tilt_mean(self, start_s: float, end_s: float) -> float:
        """Mean tilt of a stretch against standing."""
        assert self.tilt_deg is not None
        w = (self.t_s >= start_s) & (self.t_s < end_s)
        return float(np.mean(self.tilt_deg[w]))

    def tilt_at(self, t_s: float) -> float:
        """Tilt at an instant against standing."""
        assert self.tilt_deg is not None
        return float(np.interp(t_s, self.t_s, self.tilt_deg))


def samples() -> list[Truth]:
    """Return every sample that is there; none where the folder is missing."""
    found = [_clip(path) for path in sorted((SHARED / "clips").glob("*.mp4"))]
    found += [_trc(path) for path in sorted((SHARED / "lab").glob("*.trc"))]
    found += [_video(path) for path in sorted((SHARED / "video").glob("*.mp4"))]
    return found


def _clip(path: Path) -> Truth:
    facts: dict[str, Any] = json.loads(path.with_suffix(".json").read_text())
    table = np.genfromtxt(path.with_suffix(".truth.csv"), delimiter=",", names=True)
    start = float(facts["standing_s"])
    tilt = table["pelvis_ant_tilt_deg"]
    running = table["t_s"] > start + 3
    events = facts["events_s"]
    thigh = {side: -table[f"thigh_flex_{side.value}_deg"] for side in Side}
    cycles = {side: _peak_flexions_s(table["t_s"], thigh[side], start) for side in Side}
    return Truth(
        name=path.stem,
        path=path,
        kind="clip",
        speed_mps=float(facts["speed_m_s"]),
        fps=float(facts["fps"]),
        near=Side(facts["near_side"]),
        running_from_s=start,
        contacts_s={side: events[f"ic_{side.value}"] for side in Side} if events else cycles,
        toe_offs_s={side: events[f"to_{side.value}"] if events else [] for side in Side},
        t_s=table["t_s"],
        thigh_deg=thigh,
        tilt_deg=tilt,
        px_per_m=float(facts["pixels_per_metre_at_runner"]),
        steady_tilt=_is_steady(tilt[running], 60),
        plate=bool(events),
    )


def _trc(path: Path) -> Truth:
    facts = json.loads(path.with_suffix(".json").read_text())
    events = path.with_suffix("").with_suffix(".events.csv")
    rows = list(csv.DictReader(events.open())) if events.exists() else []
    frames = list(poses(find_body(read_trc(path))))
    xy = np.array([pose.xy_px for pose in frames]) * (1.0, -1.0)
    thigh = {
        side: inclination_deg(xy[:, Joint.of(side, "hip")], xy[:, Joint.of(side, "knee")])
        for side in Side
    }
    t_s = np.array([pose.t_capture_s for pose in frames])
    cycles = {side: _peak_flexions_s(t_s, thigh[side], 0.0) for side in Side}
    static = float(facts["static_pelvic_tilt_deg"])
    tilt = np.array([pose.pelvis[0].angle_deg for pose in frames], dtype=float) - static
    return Truth(
        name=path.stem,
        path=path,
        kind="trc",
        speed_mps=float(facts["belt_speed_m_s"]),
        fps=float(facts["marker_rate_hz"]),
        near=Side.R,
        running_from_s=0.0,
        contacts_s={s: [float(r["contact_s"]) for r in rows if r["side"] == s] for s in Side}
        if rows
        else cycles,
        toe_offs_s={s: [float(r["toe_off_s"]) for r in rows if r["side"] == s] for s in Side},
        t_s=t_s,
        thigh_deg=thigh,
        tilt_deg=tilt,
        px_per_m=None,
        standing_tilt_deg=static,
        # A runner who tips forward at the end of a trial is rightly said to.
        steady_tilt=_is_steady(tilt, round(float(facts["marker_rate_hz"]))),
        plate=bool(rows),
    )


def _is_steady(tilt_deg: NDArray[np.float64], frames: int) -> bool:
    """Whether the mean tilt over so many frames stays within 4 degrees."""
    seen = tilt_deg[np.isfinite(tilt_deg)]
    return bool(np.ptp(np.convolve(seen, np.ones(frames) / frames, mode="valid")) < 4.0)


def _peak_flexions_s(
    t_s: NDArray[np.float64], thigh_deg: NDArray[np.float64], from_s: float
) -> list[float]:
    """Instants at which a thigh is furthest forward, once a stride."""
    half = max(round(0.25 / float(np.median(np.diff(t_s)))), 1)
    return [
        float(t_s[k])
        for k in range(half, len(t_s) - half)
        if t_s[k] > from_s
        and thigh_deg[k] < -10.0
        and thigh_deg[k] == np.nanmin(thigh_deg[k - half : k + half + 1])
    ]


def _video(path: Path) -> Truth:
    return Truth(
        name=path.stem,
        path=path,
        kind="video",
        speed_mps=2.6,  # Not known; a plausible one, so that lengths are written at all.
        fps=30.0,
        near=None,
        running_from_s=0.0,
        contacts_s={side: [] for side in Side},
        toe_offs_s={side: [] for side in Side},
        t_s=np.zeros(0),
        thigh_deg={},
        tilt_deg=None,
        px_per_m=None,
        cadence_spm=168.9,
    )
