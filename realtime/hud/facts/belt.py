"""What is known of the belt's speed now."""

from __future__ import annotations

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.hud.facts.devices import camera_lost
from hipcue.realtime.records import Measurement
from hipcue.realtime.view.snapshot import Snapshot

# A belt slower than this stands; our choice.
_STANDS_MPS = 0.15
_KMH = 3.6


def belt_speed(snapshot: Snapshot) -> Measurement:
    """Return the belt's speed, m/s.

    It is worked out with every picture: without pictures it would be that of the moment when
    they stopped.
    """
    if camera_lost(snapshot):
        return Measurement.missing(ReasonCode.CAMERA_LOST)
    if snapshot.result is None:
        return Measurement.missing(ReasonCode.NO_PICTURE_YET)
    return snapshot.result.belt_speed_mps


def belt_kmh(snapshot: Snapshot) -> float | None:
    """Return the belt's speed in km/h as the screen writes it, to a tenth; None if unknown."""
    speed = belt_speed(snapshot).value
    return None if speed is None else round(_KMH * speed, 1)


def belt_runs(snapshot: Snapshot) -> bool:
    """Return whether the belt is known to move."""
    speed = belt_speed(snapshot).value
    return speed is not None and speed > _STANDS_MPS
