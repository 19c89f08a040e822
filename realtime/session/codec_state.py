"""What the engine found out in every frame, in binary: angles, and the state of the run.

The two other blobs of a chunk; see `hipcue.realtime.session.codec` for the form. Strides, cues
and events are rows of their own tables; bands and notices are kept when they change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from hipcue.config.reasons import ReasonCode
from hipcue.devices.readings import BeltSource
from hipcue.realtime.records import (
    BodyAngles,
    Measurement,
    PelvisSource,
    RunnerState,
    Side,
    StepResult,
)
from hipcue.realtime.session.codec import (
    MAX_FRAMES,
    Floats,
    StringTable,
    Unpacker,
    back,
    damaged,
    opt,
    pack,
)
from hipcue.realtime.session.reason_text import read_measurement

# Order of the measurements in a blob of angles.
ANGLES = (
    "thigh_extension_deg.L",
    "thigh_extension_deg.R",
    "knee_flexion_deg.L",
    "knee_flexion_deg.R",
    "ankle_dorsiflexion_deg.L",
    "ankle_dorsiflexion_deg.R",
    "trunk_lean_deg",
    "pelvic_tilt_deg",
    "lumbar_extension_deg",
)
_SIDES = tuple(Side)
T = TypeVar("T", bound=StrEnum)
_NOT_KEPT = Measurement.missing(ReasonCode.NOT_KEPT)


def _angles_of(found: BodyAngles | None) -> list[Measurement]:
    if found is None:
        return [_NOT_KEPT] * len(ANGLES)
    pairs = (found.thigh_extension_deg, found.knee_flexion_deg, found.ankle_dorsiflexion_deg)
    both = [pair.get(side, _NOT_KEPT) for pair in pairs for side in _SIDES]
    return [*both, found.trunk_lean_deg, found.pelvic_tilt_deg, found.lumbar_extension_deg]


def encode_angles(results: Sequence[StepResult], words: StringTable) -> bytes:
    """Return the angles of one chunk as a blob; angles are rounded to float32."""
    found = [r.settled.angles if r.settled is not None else None for r in results]
    rows = [_angles_of(a) for a in found]
    return pack(
        [
            np.array([a is not None for a in found], "u1"),
            np.array([0.0 if a is None else a.t_s for a in found], "<f8"),
            np.array([0 if a is None else _SIDES.index(a.near) for a in found], "u1"),
            np.array([0 if a is None else a.facing for a in found], "i1"),
            np.array([words.number(a.pelvis_source if a else None) for a in found], "<u2"),
            np.array([[opt(m.value) for m in row] for row in rows], "<f4").T,
            np.array([[opt(m.sigma) for m in row] for row in rows], "<f4").T,
            np.array([[words.reason(m.reason) for m in row] for row in rows], "<u2").T,
        ]
    )


@dataclass(frozen=True, slots=True, eq=False)
class AngleColumns:
    """Angles of one chunk; `value`, `sigma` and `reason` are (len(ANGLES), n)."""

    present: NDArray[np.bool_]
    t_s: Floats
    near: NDArray[np.int64]
    facing: NDArray[np.int64]
    pelvis_source: NDArray[np.int64]
    value: Floats
    sigma: Floats
    reason: NDArray[np.int64]

    def record(self, i: int, words: Sequence[str | None]) -> BodyAngles | None:
        """Return frame `i` as a record."""
        if not self.present[i]:
            return None
        m = [
            read_measurement(back(v), back(s), word(words, r))
            for v, s, r in zip(self.value[:, i], self.sigma[:, i], self.reason[:, i], strict=True)
        ]
        left, right = _SIDES
        return BodyAngles(
            t_s=float(self.t_s[i]),
            near=_SIDES[self.near[i] & 1],
            facing=int(self.facing[i]),
            thigh_extension_deg={left: m[0], right: m[1]},
            knee_flexion_deg={left: m[2], right: m[3]},
            ankle_dorsiflexion_deg={left: m[4], right: m[5]},
            trunk_lean_deg=m[6],
            pelvic_tilt_deg=m[7],
            lumbar_extension_deg=m[8],
            pelvis_source=member(
                PelvisSource, word(words, self.pelvis_source[i]), PelvisSource.NONE
            ),
        )


def word(words: Sequence[str | None], number: int) -> str | None:
    """Return the text of a word number; an unknown number (a cut file) is "unknown"."""
    return words[number] if 0 <= number < len(words) else "unknown"


def member(kind: type[T], text: str | None, otherwise: T) -> T:
    """Return the enumeration's member of that value, or `otherwise` for a strange one."""
    try:
        return kind(text or "")
    except ValueError:
        return otherwise


def decode_angles(blob: bytes, n: int) -> AngleColumns:
    """Return the angles of the `n` frames of a blob. Raises `UserError` when damaged."""
    _check_count(n)
    k = len(ANGLES)
    source = Unpacker(blob, n * (1 + 8 + 1 + 1 + 2 + k * 10))
    return AngleColumns(
        present=source.take("u1", n).astype(bool),
        t_s=source.floats("<f8", n),
        near=source.take("u1", n).astype(np.int64),
        facing=source.take("i1", n).astype(np.int64),
        pelvis_source=source.take("<u2", n).astype(np.int64),
        value=source.floats("<f4", k, n),
        sigma=source.floats("<f4", k, n),
        reason=source.take("<u2", k, n).astype(np.int64),
    )


def encode_state(results: Sequence[StepResult], words: StringTable) -> bytes:
    """Return the state of the run in every frame of one chunk as a blob."""
    belts = [(r.belt_speed_mps, r.grade_percent) for r in results]
    return pack(
        [
            np.array([r.t_s for r in results], "<f8"),
            np.array([words.number(r.state) for r in results], "<u2"),
            np.array([words.reason(r.state_reason) for r in results], "<u2"),
            np.array([r.strides_in_state for r in results], "<i8"),
            np.array([words.number(r.belt_source) for r in results], "<u2"),
            np.array([[opt(m.value) for m in pair] for pair in belts], "<f8").T,
            np.array([[opt(m.sigma) for m in pair] for pair in belts], "<f8").T,
            np.array([[words.reason(m.reason) for m in pair] for pair in belts], "<u2").T,
            np.array([r.distance_m for r in results], "<f8"),
            np.array([opt(r.neutral_progress) for r in results], "<f8"),
            np.array([r.swaps for r in results], "<i8"),
        ]
    )


@dataclass(frozen=True, slots=True, eq=False)
class StateColumns:
    """State of the run in every frame of one chunk.

    `value`, `sigma` and `reason` are (2, n): belt speed in m/s, grade in percent.
    """

    t_s: Floats
    state: NDArray[np.int64]
    state_reason: NDArray[np.int64]
    strides_in_state: NDArray[np.int64]
    belt_source: NDArray[np.int64]
    value: Floats
    sigma: Floats
    reason: NDArray[np.int64]
    distance_m: Floats
    neutral_progress: Floats
    swaps: NDArray[np.int64]

    def runner_state(self, i: int, words: Sequence[str | None]) -> RunnerState:
        """Return the runner's state in frame `i`."""
        return member(RunnerState, word(words, self.state[i]), RunnerState.UNKNOWN)

    def belt(self, i: int, words: Sequence[str | None]) -> BeltSource:
        """Return the belt source in frame `i`."""
        return member(BeltSource, word(words, self.belt_source[i]), BeltSource.NONE)

    def measurement(self, row: int, i: int, words: Sequence[str | None]) -> Measurement:
        """Return belt speed (row 0) or grade (row 1) in frame `i`."""
        return read_measurement(
            back(self.value[row, i]), back(self.sigma[row, i]), word(words, self.reason[row, i])
        )


def decode_state(blob: bytes, n: int) -> StateColumns:
    """Return the state in the `n` frames of a blob. Raises `UserError` when damaged."""
    _check_count(n)
    source = Unpacker(blob, n * (8 + 2 + 2 + 8 + 2 + 36 + 8 + 8 + 8))
    return StateColumns(
        t_s=source.floats("<f8", n),
        state=source.take("<u2", n).astype(np.int64),
        state_reason=source.take("<u2", n).astype(np.int64),
        strides_in_state=source.take("<i8", n).astype(np.int64),
        belt_source=source.take("<u2", n).astype(np.int64),
        value=source.floats("<f8", 2, n),
        sigma=source.floats("<f8", 2, n),
        reason=source.take("<u2", 2, n).astype(np.int64),
        distance_m=source.floats("<f8", n),
        neutral_progress=source.floats("<f8", n),
        swaps=source.take("<i8", n).astype(np.int64),
    )


def _check_count(n: int) -> None:
    if not 0 <= n <= MAX_FRAMES:
        raise damaged(f"a block of {n} frames")
