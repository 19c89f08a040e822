"""A chunk of recorded frames, as columns and as records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hipcue.realtime.records import BodyAngles, PelvisReading, PelvisSource, Pose
from hipcue.realtime.session.codec import PoseColumns, back, damaged, decode_poses
from hipcue.realtime.session.codec_state import (
    AngleColumns,
    StateColumns,
    decode_angles,
    decode_state,
    member,
    word,
)
from hipcue.realtime.session.reason_text import read_reason
from hipcue.realtime.session.rows import Row, whole


@dataclass(frozen=True, eq=False)
class Chunk:
    """Consecutive frames from step `first` on; blobs are decoded when first asked for."""

    first: int
    count: int
    pose_blob: bytes
    angles_blob: bytes
    state_blob: bytes
    words: Sequence[str | None]

    @cached_property
    def poses(self) -> PoseColumns:
        """Poses, column by column."""
        return decode_poses(self.pose_blob, self.count)

    @cached_property
    def angles(self) -> AngleColumns:
        """Angles, column by column."""
        return decode_angles(self.angles_blob, self.count)

    @cached_property
    def state(self) -> StateColumns:
        """State of the run, column by column."""
        return decode_state(self.state_blob, self.count)

    @cached_property
    def _readings_before(self) -> list[int]:
        return [0, *np.cumsum(self.poses.readings).tolist()]

    def pose(self, i: int) -> Pose:
        """Return the pose of frame `i` of this chunk, exactly as the engine got it."""
        p = self.poses
        start, stop = self._readings_before[i], self._readings_before[i + 1]
        return Pose(
            t_capture_s=float(p.t_s[i]),
            index=int(p.index[i]),
            xy_px=p.xy_px[i],
            confidence=p.confidence[i],
            size_px=(int(p.size_px[i, 0]), int(p.size_px[i, 1])),
            pelvis=tuple(self._reading(k) for k in range(start, stop)),
            px_per_m=back(p.px_per_m[i]),
            reason=read_reason(word(self.words, p.reason[i])),
        )

    def _reading(self, k: int) -> PelvisReading:
        p = self.poses.pelvis
        return PelvisReading(
            t_s=float(p["t_s"][k]),
            source=member(PelvisSource, word(self.words, p["source"][k]), PelvisSource.NONE),
            angle_deg=back(p["angle_deg"][k]),
            sigma_deg=back(p["sigma_deg"][k]),
            thorax_deg=back(p["thorax_deg"][k]),
            thorax_sigma_deg=back(p["thorax_sigma_deg"][k]),
            reason=read_reason(word(self.words, p["reason"][k])),
        )

    def body_angles(self, i: int) -> BodyAngles | None:
        """Return the angles of frame `i` of this chunk."""
        return self.angles.record(i, self.words)


def read_chunk(row: Row, words: Sequence[str | None]) -> Chunk:
    """Return the chunk of a row ``first, count, pose, angles, state``."""
    first, count, pose, angles, state = row
    if not all(isinstance(blob, bytes) for blob in (pose, angles, state)):
        raise damaged("a block of frames is damaged")
    return Chunk(whole(first), whole(count), pose, angles, state, words)
