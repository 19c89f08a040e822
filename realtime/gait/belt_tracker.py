"""The belt as far as anybody knows it: the treadmill's word, else what the planted feet tell."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hipcue.devices.readings import BeltSample, BeltSource
from hipcue.realtime.gait.belt_buffer import BeltBuffer, BeltOverStride
from hipcue.realtime.records import Measurement

# The belt is steady when it kept its speed this well for this long; our choices: a
# runner needs a few strides to settle at a new speed.
_STEADY_S = 3.0
STEADY_MPS = 0.15
# A gap in the pictures that is longer than this adds no more to the distance than this.
_LONGEST_STEP_S = 1.0

SeenSpeed = Callable[[], Measurement]
"""The belt's speed as the camera sees it, asked for only where the treadmill is silent."""


@dataclass(frozen=True, slots=True)
class BeltNow:
    """The belt at one instant.

    Attributes
    ----------
    speed_mps : Measurement
        Missing with the treadmill's reason where the camera cannot tell either.
    source : BeltSource
        Who told the speed; NONE where it is missing.
    grade_percent : Measurement
        Slope, uphill positive; only the treadmill knows it.
    steady : bool or None
        Whether the treadmill kept its speed for the last seconds; None where it told none
        in that time, and so nothing speaks against it.
    distance_m : float
        How far the belt went since the first step; while the speed is missing it stands.
    """

    speed_mps: Measurement
    source: BeltSource
    grade_percent: Measurement
    steady: bool | None
    distance_m: float


class BeltTracker:
    """Follows the belt's speed, grade and distance.

    Parameters
    ----------
    stale_after_s : float
        Samples of a wire that are older than this say nothing.
    """

    def __init__(self, stale_after_s: float) -> None:
        self._buffer = BeltBuffer(stale_after_s)
        self._speeds: deque[tuple[float, float]] = deque()
        self._last_step_s: float | None = None
        self._distance_m = 0.0

    def add_samples(self, samples: Iterable[BeltSample]) -> None:
        """Take what the treadmill said since the last call."""
        self._buffer.add_samples(samples)

    def step(self, now: float, seen: SeenSpeed | None) -> BeltNow:
        """Go on to an instant; return the belt as it is known then.

        Parameters
        ----------
        now : float
            Time of the newest picture.
        seen : callable or None
            What the camera sees of the belt; None while nobody runs on it.
        """
        told, newest = self._buffer.speed_now(now), self._buffer.newest
        source = newest.source if newest is not None else BeltSource.NONE
        speed, source = self._or_seen(told, source, seen)
        if self._last_step_s is not None and speed.value is not None:
            lasted_s = max(min(now - self._last_step_s, _LONGEST_STEP_S), 0.0)
            self._distance_m += speed.value * lasted_s
        self._last_step_s = now
        self._remember(now, told.value)
        grade = self._buffer.grade_now(now)
        return BeltNow(speed, source, grade, self._is_steady(), self._distance_m)

    def speed_over(self, start_s: float, end_s: float, seen: SeenSpeed) -> BeltOverStride:
        """Mean speed between two instants, and the distance the belt went."""
        told = self._buffer.speed_over(start_s, end_s)
        speed, source = self._or_seen(told.speed_mps, told.source, seen)
        if source is not BeltSource.CAMERA or speed.value is None:
            return told
        seconds = end_s - start_s
        distance = Measurement(speed.value * seconds, (speed.sigma or 0.0) * seconds)
        return BeltOverStride(speed, distance, source)

    @staticmethod
    def _or_seen(
        told: Measurement, source: BeltSource, seen: SeenSpeed | None
    ) -> tuple[Measurement, BeltSource]:
        """Take the treadmill's word; where it is silent, what the camera sees, if it does."""
        if told.known:
            return told, source
        speed = seen() if seen is not None else told
        return (speed, BeltSource.CAMERA) if speed.known else (told, BeltSource.NONE)

    def _remember(self, now: float, speed_mps: float | None) -> None:
        """Keep the speeds of the last seconds: one entry a speed, as long as it lasts."""
        if speed_mps is not None:
            if self._speeds and self._speeds[-1][1] == speed_mps:
                self._speeds.pop()
            self._speeds.append((now, speed_mps))
        while self._speeds and now - self._speeds[0][0] > _STEADY_S:
            self._speeds.popleft()

    def _is_steady(self) -> bool | None:
        if not self._speeds:
            return None
        speeds = [speed for _, speed in self._speeds]
        return max(speeds) - min(speeds) <= STEADY_MPS
