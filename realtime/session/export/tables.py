"""A session as plain columns: strides, frames, cues, belt. Times from the first frame."""

from __future__ import annotations

from typing import Any

import numpy as np

from hipcue.config.reason_words import in_words
from hipcue.realtime.records import JOINT_COUNT, Joint, Side
from hipcue.realtime.session.frame_layout import ANGLES
from hipcue.realtime.session.frames import word
from hipcue.realtime.session.reader import SessionReader

Columns = dict[str, list[Any]]


def frame_columns(session: SessionReader) -> dict[str, Any]:
    """Return one row per frame: angles, belt, state and joint positions, as arrays.

    Angles and positions are NaN where missing; positions in pixels, y down, with the legs
    told apart.
    """
    parts: dict[str, list[Any]] = {name: [] for name in _frame_names()}
    for chunk in session.frames.chunks():
        settled, state, xy_px = chunk.settled, chunk.state, chunk.settled_xy_px
        steps = np.arange(chunk.first, chunk.first + chunk.count)
        parts["frame"].append(steps)
        parts["t_s"].append(chunk.poses["t_s"] - session.t_zero_s)
        legs = zip(settled["near"], settled["known"], strict=True)
        parts["near_leg"].append(["LR"[n & 1] if known else None for n, known in legs])
        parts["facing"].append(settled["facing"])
        parts["followed"].append(chunk.followed)
        for row, name in enumerate(ANGLES):
            parts[_angle_name(name)].append(chunk.angles_deg[row])
        parts["belt_speed_mps"].append(state["belt_speed_mps"])
        parts["grade_percent"].append(state["grade_percent"])
        parts["distance_m"].append(state["distance_m"])
        parts["state"].append([word(chunk.words, n) for n in state["state"]])
        for joint in Joint:
            parts[f"{joint.name.lower()}_x_px"].append(xy_px[:, joint, 0])
            parts[f"{joint.name.lower()}_y_px"].append(xy_px[:, joint, 1])
            parts[f"{joint.name.lower()}_confidence"].append(chunk.poses["confidence"][joint])
    return {name: _joined(name, part) for name, part in parts.items()}


def _joined(name: str, parts: list[Any]) -> Any:
    if name in ("near_leg", "state"):
        return [item for part in parts for item in part]
    return np.concatenate(parts) if parts else np.empty(0)


def _angle_name(name: str) -> str:
    """Return e.g. ``knee_flexion_l_deg`` for ``knee_flexion_deg.L``."""
    plain, _, side = name.partition(".")
    return f"{plain.removesuffix('_deg')}_{side.lower()}_deg" if side else plain


def _frame_names() -> list[str]:
    assert len(Joint) == JOINT_COUNT
    joints = [f"{j.name.lower()}_{end}" for j in Joint for end in ("x_px", "y_px", "confidence")]
    return [
        "frame", "t_s", "near_leg", "facing", "followed", *map(_angle_name, ANGLES),
        "belt_speed_mps", "grade_percent", "distance_m", "state", *joints,
    ]  # fmt: skip


def cue_columns(session: SessionReader) -> Columns:
    """Return one row per cue, with what the runner did after it."""
    first = session.t_zero_s
    answers = {r.cue_number: r for r in session.responses}
    out: Columns = {
        name: []
        for name in (
            "cue", "t_event_s", "t_decided_s", "t_sound_s", "event", "kind", "sound", "text",
            "side", "focus", "metric", "before", "after", "strides",
        )
    }  # fmt: skip
    for c in session.cues:
        played, answer = session.played.get(c.number), answers.get(c.number)
        sound_s = played.t_sound_s if played else None
        row = (
            c.number, c.t_event_s - first, c.t_capture_s - first,
            None if sound_s is None else sound_s - first, c.event, c.kind.value, c.sound,
            c.text, c.side.value if isinstance(c.side, Side) else None, c.focus,
            answer.metric if answer else None, answer.before.value if answer else None,
            answer.after.value if answer else None, answer.strides if answer else None,
        )  # fmt: skip
        for name, value in zip(out, row, strict=True):
            out[name].append(value)
    return out


def belt_columns(session: SessionReader) -> Columns:
    """Return one row per belt sample."""
    samples = [b for _, b in session.belt_steps]
    return {
        "t_s": [b.t_s - session.t_zero_s for b in samples],
        "speed_mps": [b.speed_mps for b in samples],
        "grade_percent": [b.grade_percent for b in samples],
        "distance_m": [b.distance_m for b in samples],
        "source": [b.source.value for b in samples],
        "reason": [None if b.reason is None else in_words(b.reason) for b in samples],
    }
