"""Looks for the signs of an event, each around its usual instant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hipcue.realtime.gait.event_offset import Sign
from hipcue.realtime.gait.fits import FloatArray, frame_time_s
from hipcue.realtime.gait.local_fits import peak_s

# Frames to either side of each that tell a foot's speed and acceleration: our choice, two
# frames at 60 fps, and never less than the next frame.
_FOOT_REACH_S, _FRAMES_REACH = 0.034, 1.05


class Signal(NamedTuple):
    """What is highest at a sign, per frame, and by how much it must rise to be no noise."""

    path: FloatArray
    rises: float


def reach_s(t: FloatArray, usual_s: float = _FOOT_REACH_S) -> float:
    """How far to either side of a frame the frames lie that tell speed and acceleration there."""
    return max(usual_s, _FRAMES_REACH * frame_time_s(t))


def event_by_sign(
    t: FloatArray,
    signals: Mapping[str, Signal],
    signs: Mapping[str, Sign],
    event_s: float,
    within_s: float,
) -> dict[str, float]:
    """Return when an event was by each of its signs, their usual delay taken off.

    Parameters
    ----------
    t : ndarray of float, shape (n,)
        Times of the frames.
    signals : mapping of str to Signal
        What each sign is looked for in; those without a sign are passed over.
    signs : mapping of str to Sign
        Their usual delays.
    event_s : float
        When the event was, about.
    within_s : float
        So far to either side of its usual instant a sign is looked for. It lies in the middle,
        so that noise moves nothing to either side.
    """
    found = {}
    for name, (path, rises) in signals.items():
        if name not in signs:
            continue
        delay_s = signs[name].delay_s
        middle_s = event_s + delay_s
        seen_s = peak_s(t, path, (middle_s - within_s, middle_s + within_s), rises)
        if seen_s is not None:
            found[name] = seen_s - delay_s
    return found
