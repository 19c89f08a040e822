"""Markers that are found somewhere else for a few frames."""

from __future__ import annotations

import numpy as np
import pytest

from hipcue.realtime.records import Joint, Side
from hipcue.realtime.vision.markers.wrong_frames import without_jumps, without_wrong_frames

RATE_HZ = 100.0
T_S = np.arange(200) / RATE_HZ
NAMES = ("hip", "knee", "ankle", "heel", "toe")


def running_leg() -> dict[Joint, np.ndarray]:
    """A stiff leg that swings by 40 degrees to either side, its foot level."""
    angle = np.radians(40.0) * np.sin(2 * np.pi * T_S / 0.7)
    down = np.stack([np.sin(angle), -np.cos(angle), np.zeros_like(angle)], axis=1)
    hip = np.tile([0.0, 1.0, 0.1], (len(T_S), 1))
    ankle = hip + 0.9 * down
    heel, toe = (ankle + np.array(off) for off in ((-0.05, -0.08, 0.0), (0.15, -0.08, 0.0)))
    paths = (hip, hip + 0.45 * down, ankle, heel, toe)
    return {Joint.of(Side.L, name): path for name, path in zip(NAMES, paths, strict=True)}


def test_a_leg_that_runs_loses_nothing() -> None:
    for joint, path in without_wrong_frames(running_leg(), T_S).items():
        assert np.isfinite(path).all(), joint


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("frames", [1, 8])
def test_a_marker_that_is_elsewhere_for_some_frames_is_missing_there_and_nowhere_else(
    name: str, frames: int
) -> None:
    leg = running_leg()
    joint = Joint.of(Side.L, name)
    leg[joint][90 : 90 + frames] += (0.3, 0.3, 0.0)
    sound = without_wrong_frames(leg, T_S)
    assert np.isnan(sound[joint][90 : 90 + frames]).all()
    assert np.isfinite(np.delete(sound[joint], slice(90, 90 + frames), axis=0)).all()
    # The joint on the other end of a segment was right; a hip and a knee cannot tell who moved.
    others = [sound[Joint.of(Side.L, other)] for other in ("toe", "heel") if other != name]
    assert all(np.isfinite(path).all() for path in others)


def test_what_is_hidden_stays_hidden_and_breaks_nothing() -> None:
    leg = running_leg()
    leg[Joint.L_HEEL][:] = np.nan
    leg[Joint.L_TOE][20:60] = np.nan
    sound = without_wrong_frames(leg, T_S)
    assert np.isnan(sound[Joint.L_HEEL]).all()
    assert np.isnan(sound[Joint.L_TOE][20:60]).all() and np.isfinite(sound[Joint.L_TOE][60:]).all()


def test_times_that_are_wrong_take_no_marker_off() -> None:
    sound = without_wrong_frames(running_leg(), T_S / 100.0)
    assert all(np.isfinite(path).all() for path in sound.values())


def test_a_pelvis_that_is_elsewhere_for_a_frame_is_missing_there() -> None:
    front = np.stack([0.1 * np.sin(9.0 * T_S), 1.0 + 0.05 * np.cos(18.0 * T_S), 0 * T_S], axis=1)
    front[90] += (0.0, 0.3, 0.0)
    found = without_jumps(front, T_S)
    assert np.isnan(found[90]).all()
    assert np.isfinite(np.delete(found, 90, axis=0)).all()
