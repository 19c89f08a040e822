"""What devices deliver: frozen records, times in s on one monotonic clock, SI units.

The clock is ``time.monotonic()`` of this process for live devices and the file's
own time for recordings; whoever creates a reading stamps it as close to the
physical event as it can.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from hipcue.config.reasons import Reason, ReasonCode

Clock = Callable[[], float]
"""Seconds on the one monotonic clock."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture.

    Attributes
    ----------
    t_capture_s : float
        Time right after the grab, or the container's time stamp.
    index : int
        Running number of the grab, from 0; gaps mean dropped frames.
    image_bgr : ndarray of uint8, shape (height, width, 3)
        The picture. Consumers must not write into it.
    dropped : int
        Frames lost between camera and consumer since the start.
    """

    t_capture_s: float
    index: int
    image_bgr: NDArray[np.uint8]
    dropped: int = 0


class BeltSource(StrEnum):
    """Where a belt speed comes from."""

    WIRE = "wire"
    CAMERA = "camera"
    FIXED = "fixed"
    FILE = "file"
    MARKERS = "markers"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class BeltSample:
    """What the treadmill said at one instant.

    Attributes
    ----------
    t_s : float
        When the value was true, as well as the link can tell.
    speed_mps : float or None
        Belt speed in m/s; ``None`` when the machine answered without a usable speed.
    grade_percent : float or None
        Slope of the belt, uphill positive.
    distance_m : float or None
        The machine's own odometer.
    source : BeltSource
        Who says so.
    reason : Reason or None
        Why the speed is missing, or where it comes from when the machine did not tell it itself.
    """

    t_s: float
    speed_mps: float | None
    grade_percent: float | None = None
    distance_m: float | None = None
    source: BeltSource = BeltSource.WIRE
    reason: Reason | None = None

    @property
    def sigma_mps(self) -> float:
        """Standard uncertainty of a speed that an odometer counted; 0 of one that was told."""
        if self.reason is None or self.reason.code is not ReasonCode.BELT_COUNTED:
            return 0.0
        sigma = self.reason.value("sigma")
        return float(sigma) if isinstance(sigma, int | float) else 0.0


@dataclass(frozen=True, slots=True)
class TiltSample:
    """What a sacral inertial sensor said at one instant.

    Attributes
    ----------
    t_s : float
        When the value was true, the sensor's lag taken off.
    pitch_deg : float
        Rotation about the runner's left-right axis; anterior tilt positive.
    sigma_deg : float
        Standard uncertainty.
    """

    t_s: float
    pitch_deg: float
    sigma_deg: float


class LinkState(StrEnum):
    """How a device is doing."""

    OFF = "off"
    WAITING = "waiting"
    LIVE = "live"
    STALE = "stale"
    LOST = "lost"
    RECOVERING = "recovering"


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """How a device is doing, for the screen.

    Attributes
    ----------
    name : str
        ``camera``, ``belt``, ``pelvis`` or ``sound``.
    state : LinkState
        Whether it delivers.
    reason : Reason
        Why: at most about 16 characters in words, e.g. ``"camera 60"`` or ``"belt CSAFE"``;
        with advice when it is not as it should be.
    """

    name: str
    state: LinkState
    reason: Reason
