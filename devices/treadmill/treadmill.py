"""What a treadmill is to the rest of hipcue, and what a protocol's driver is to the link."""

from __future__ import annotations

from typing import Protocol

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import BeltSample, BeltSource, DeviceStatus
from hipcue.devices.transport import SerialParameters, TcpParameters

# No treadmill for people runs faster: 15 m/s is 54 km/h, sprint models end at 40 to 45.
MAX_SPEED_MPS = 15.0
# A standing belt's encoder may count a little backwards. Our choice: 5 cm/s.
_STANDING_MPS = 0.05
# Steeper than this no treadmill tilts (incline trainers end at +40, -6 percent).
_MAX_GRADE_PERCENT = 50.0


class Treadmill(Protocol):
    """Delivers belt samples from its own thread until closed."""

    def start(self) -> None:
        """Begin to listen."""

    def drain(self) -> tuple[BeltSample, ...]:
        """Return all new samples since the last call, in time order."""

    def status(self) -> DeviceStatus:
        """Return how the belt is doing, for the screen."""

    def close(self) -> None:
        """Stop listening and give the port back; returns within about a second."""


class Driver(Protocol):
    """One protocol: bytes in, belt samples out; no clock, no thread, no port."""

    @property
    def name(self) -> str:
        """At most 11 characters, for the status ``belt NAME``."""

    @property
    def parameters(self) -> SerialParameters | TcpParameters:
        """How the transport is set up."""

    @property
    def frames(self) -> int:
        """Whole and sound frames understood since the start, with or without a speed."""

    @property
    def junk(self) -> int:
        """Bytes thrown away since the start: noise, damaged frames, foreign protocols."""

    @property
    def note(self) -> Reason | None:
        """What the screen should say although frames arrive; None when all is well.

        For example `ReasonCode.UNIT_IS_NO_SPEED`.
        """

    def feed(self, data: bytes, t_s: float) -> list[BeltSample]:
        """Take bytes as they came, cut anywhere; never raises.

        Parameters
        ----------
        data : bytes
            New bytes.
        t_s : float
            When the values in them were true, as well as the caller can tell.
        """

    def poll(self, t_s: float) -> bytes:
        """Return the next question, or ``b""`` for a machine that is only listened to."""

    def reset(self) -> None:
        """Forget half a frame: the transport was interrupted."""


def belt_sample(
    t_s: float,
    speed_mps: float | None,
    grade_percent: float | None = None,
    distance_m: float | None = None,
    *,
    source: BeltSource = BeltSource.WIRE,
    reason: Reason | None = None,
) -> BeltSample:
    """Make a sample that is believable: a speed outside 0 to 15 m/s is missing with a reason.

    Parameters
    ----------
    t_s, grade_percent, distance_m, source
        As in `BeltSample`; an impossible grade is left out.
    speed_mps : float or None
        What the machine claims.
    reason : Reason, optional
        Why there is no speed, or where it comes from, when the caller knows.
    """
    if grade_percent is not None and not abs(grade_percent) <= _MAX_GRADE_PERCENT:
        grade_percent = None
    if speed_mps is None:
        reason = reason or Reason(ReasonCode.NO_SPEED)
        return BeltSample(t_s, None, grade_percent, distance_m, source, reason)
    if not -_STANDING_MPS < speed_mps <= MAX_SPEED_MPS:
        reason = Reason(ReasonCode.IMPOSSIBLE_SPEED, kmh=round(3.6 * speed_mps))
        return BeltSample(t_s, None, grade_percent, distance_m, source, reason)
    return BeltSample(t_s, max(speed_mps, 0.0), grade_percent, distance_m, source, reason)
