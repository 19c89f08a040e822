"""A chunk of recorded frames, as columns and as records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from hipcue.devices.readings import BeltSource
from hipcue.realtime.gait.human_range import only_possible
from hipcue.realtime.gait.leg_hypotheses import FOLLOWED
from hipcue.realtime.gait.leg_tracker import swap_legs, told_apart, xy_told_apart
from hipcue.realtime.records import (
    BodyAngles,
    Measurement,
    PelvisReading,
    PelvisSource,
    Pose,
    RunnerState,
    SettledFrame,
)
from hipcue.realtime.session.codec import Columns, as_float64, damaged, unpack, unpack_rows
from hipcue.realtime.session.frame_columns import SIDES
from hipcue.realtime.session.frame_layout import ANGLES, PELVIS, POSE, SETTLED, STATE
from hipcue.realtime.session.reason_text import read_measurement, read_reason
from hipcue.realtime.session.rows import Row, whole

T = TypeVar("T", bound=StrEnum)

# A sensor of 1 kHz under a camera of 25 pictures a second has 40 readings a frame.
MAX_READINGS = 40
# Beyond any camera; a stranger's picture could fill the memory.
_LARGEST_PICTURE_PX = 20_000
_LARGEST_PX = 1e7


@dataclass(frozen=True, eq=False)
class Chunk:
    """Consecutive frames from step `first` on; blobs are decoded when first asked for.

    The fields of the columns are those of `hipcue.realtime.session.frame_layout`, with the
    frame in the last axis.
    """

    first: int
    count: int
    blobs: tuple[bytes, ...]
    words: Sequence[str | None]

    @cached_property
    def poses(self) -> Columns:
        """What the engine was given."""
        return checked_poses(unpack(self.blobs[0], POSE, self.count))

    @cached_property
    def pelvis(self) -> Columns:
        """Readings of the pelvis that came with the frames; the last axis is the reading."""
        return unpack_rows(self.blobs[1], PELVIS, MAX_READINGS * self.count)

    @cached_property
    def settled(self) -> Columns:
        """The frames once their legs were told apart."""
        return unpack(self.blobs[2], SETTLED, self.count)

    @cached_property
    def state(self) -> Columns:
        """What was known at every step."""
        return checked_times(unpack(self.blobs[3], STATE, self.count))

    @cached_property
    def angles_deg(self) -> NDArray[np.float64]:
        """Angles of the frames, NaN where missing; shape (len(ANGLES), count).

        Old sessions have some that no joint can be at: those are missing too.
        """
        known = self.settled["known"].astype(bool)
        angles = np.where(known, as_float64(self.settled["value_deg"]), np.nan)
        for row, key in enumerate(ANGLES):
            angles[row] = only_possible(key.partition(".")[0], angles[row])
        return angles

    @cached_property
    def xy_px(self) -> NDArray[np.float64]:
        """Positions of the joints, frame by frame; shape (count, JOINT_COUNT, 2)."""
        return as_float64(self.poses["xy_px"].transpose(2, 0, 1))

    @cached_property
    def settled_xy_px(self) -> NDArray[np.float64]:
        """Positions with the legs told apart, as far as they were; (count, JOINT_COUNT, 2)."""
        settled = self.settled["settled_after"] >= 0
        swapped = settled & self.settled["swapped"].astype(bool)
        bits = np.unpackbits(self.settled["rejected"][:, None], axis=1, bitorder="little")
        rejected = settled[:, None] & bits[:, : len(FOLLOWED)].astype(bool)
        return xy_told_apart(self.xy_px, swapped, rejected)

    @cached_property
    def followed(self) -> NDArray[np.bool_]:
        """Which frames were followed from the one before; of old sessions none."""
        if "followed" not in (self.poses.dtype.names or ()):
            return np.zeros(self.count, bool)
        return np.asarray(self.poses["followed"], bool)

    @cached_property
    def _confidence(self) -> NDArray[np.float64]:
        return as_float64(self.poses["confidence"].T)

    def pose(self, i: int) -> Pose:
        """Return the pose of frame `i` of this chunk, exactly as the engine got it."""
        p = self.poses
        width, height = p["size_px"][:, i]
        start, stop = np.searchsorted(self.pelvis["frame"], (i, i + 1))
        return Pose(
            t_capture_s=float(p["t_s"][i]),
            index=int(p["index"][i]),
            xy_px=self.xy_px[i],
            confidence=self._confidence[i],
            size_px=(int(width), int(height)),
            pelvis=tuple(self._reading(k) for k in range(start, stop)),
            px_per_m=number(p["px_per_m"][i]),
            reason=read_reason(word(self.words, p["reason"][i])),
            followed=bool(self.followed[i]),
        )

    def _reading(self, k: int) -> PelvisReading:
        p = self.pelvis
        return PelvisReading(
            t_s=float(p["t_s"][k]),
            source=member(PelvisSource, word(self.words, p["source"][k]), PelvisSource.NONE),
            angle_deg=number(p["angle_deg"][k]),
            sigma_deg=number(p["sigma_deg"][k]),
            thorax_deg=number(p["thorax_deg"][k]),
            thorax_sigma_deg=number(p["thorax_sigma_deg"][k]),
            reason=read_reason(word(self.words, p["reason"][k])),
        )

    def preview_pose(self, i: int) -> Pose:
        """Return the pose of frame `i` with the legs as the screen showed them."""
        pose = self.pose(i)
        return swap_legs(pose) if self.state["preview_swapped"][i] else pose

    def settled_frame(self, i: int) -> SettledFrame | None:
        """Return frame `i` with its legs told apart; None where that never came to be."""
        s = self.settled
        if s["settled_after"][i] < 0:
            return None
        swapped = bool(s["swapped"][i])
        rejected = np.unpackbits(s["rejected"][i : i + 1], count=len(FOLLOWED), bitorder="little")
        pose = told_apart(self.pose(i), swapped, rejected.astype(bool))
        return SettledFrame(pose, self._angles(i), swapped)

    def _angles(self, i: int) -> BodyAngles | None:
        s = self.settled
        if not s["known"][i]:
            return None
        columns = (s["value_deg"][:, i], s["sigma_deg"][:, i], s["reason"][:, i])
        m = [self._measurement(*one) for one in zip(*columns, strict=True)]
        left, right = SIDES
        source = word(self.words, s["pelvis_source"][i])
        return BodyAngles(
            t_s=float(self.poses["t_s"][i]),
            near=SIDES[s["near"][i] & 1],
            facing=int(s["facing"][i]),
            thigh_extension_deg={left: m[0], right: m[1]},
            knee_flexion_deg={left: m[2], right: m[3]},
            ankle_dorsiflexion_deg={left: m[4], right: m[5]},
            trunk_lean_deg=m[6],
            pelvic_tilt_deg=m[7],
            lumbar_extension_deg=m[8],
            pelvis_source=member(PelvisSource, source, PelvisSource.NONE),
        )

    def belt_speed(self, i: int) -> Measurement:
        """Return the speed of the belt at frame `i`, in m/s."""
        s = self.state
        return self._measurement(
            s["belt_speed_mps"][i], s["belt_speed_sigma_mps"][i], s["belt_speed_reason"][i]
        )

    def grade(self, i: int) -> Measurement:
        """Return the grade of the belt at frame `i`, in percent."""
        s = self.state
        return self._measurement(
            s["grade_percent"][i], s["grade_sigma_percent"][i], s["grade_reason"][i]
        )

    def belt_source(self, i: int) -> BeltSource:
        """Return who said at frame `i` how fast the belt is."""
        text = word(self.words, self.state["belt_source"][i])
        return member(BeltSource, text, BeltSource.NONE)

    def runner_state(self, i: int) -> RunnerState:
        """Return where the runner was at frame `i`."""
        text = word(self.words, self.state["state"][i])
        return member(RunnerState, text, RunnerState.UNKNOWN)

    def _measurement(self, value: float, sigma: float, reason: int) -> Measurement:
        return read_measurement(number(value), number(sigma), word(self.words, reason))


def checked_times(columns: Columns) -> Columns:
    """Return columns whose every time is one. Raises `UserError`."""
    if not np.isfinite(columns["t_s"]).all():
        raise damaged("a time is damaged")
    return columns


def checked_poses(columns: Columns) -> Columns:
    """Return poses that a picture can hold. Raises `UserError`."""
    checked_times(columns)
    with np.errstate(invalid="ignore"):
        beyond = (np.abs(columns["xy_px"]) > _LARGEST_PX).any()
    if beyond or (columns["size_px"] > _LARGEST_PICTURE_PX).any():
        raise damaged("a pose is larger than any picture")
    return columns


def number(value: float) -> float | None:
    """Return a number, ``None`` for NaN."""
    return None if value != value else float(value)


def word(words: Sequence[str | None], number: int) -> str | None:
    """Return the text of a word number; an unknown number (a cut file) is "unknown"."""
    return words[number] if 0 <= number < len(words) else "unknown"


def member(kind: type[T], text: str | None, otherwise: T) -> T:
    """Return the enumeration's member of that value, or `otherwise` for a strange one."""
    try:
        return kind(text or "")
    except ValueError:
        return otherwise


def read_chunk(row: Row, words: Sequence[str | None]) -> Chunk:
    """Return the chunk of a row ``first, count`` and its blobs."""
    first, count, *blobs = row
    if not all(isinstance(blob, bytes) for blob in blobs):
        raise damaged("a block of frames is damaged")
    return Chunk(whole(first), whole(count), tuple(blobs), words)
