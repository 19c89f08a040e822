"""A simulated sacral sensor: a real port, real packets, a pelvis that tilts."""

from __future__ import annotations

import math
import random
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from hipcue.devices.readings import Clock
from hipcue.devices.simulated.treadmill.ports import PtyPort

_BAUD = 115200
# Slow wandering of the sensor's fusion: how far (degrees) and over how long (s).
_DRIFT_DEG, _DRIFT_S = 0.4, 20.0


def packet(kind: int, values: tuple[int, int, int, int]) -> bytes:
    """Return one packet of a WitMotion sensor."""
    body = struct.pack("<2B4h", 0x55, kind, *values)
    return body + bytes([sum(body) & 0xFF])


def angle_packet(roll_deg: float, pitch_deg: float, yaw_deg: float = 0.0) -> bytes:
    """Return an angle packet; angles are wrapped into -180..180."""
    turns = [((a + 180.0) % 360.0 - 180.0) / 180.0 for a in (roll_deg, pitch_deg, yaw_deg)]
    roll, pitch, yaw = (max(-32768, min(32767, round(32768 * turn))) for turn in turns)
    return packet(0x53, (roll, pitch, yaw, 0))


class SimulatedImu:
    """Sends what a sensor on the sacrum would, in a thread of its own.

    It sits as `hipcue.devices.imu` expects: y to the head, z out of the back.

    Parameters
    ----------
    tilt_source : callable
        Anterior tilt of the pelvis, degrees, at a time of `clock`.
    clock : callable
        The clock the pelvis lives on.
    rate_hz : float
        Samples per second.
    noise_deg : float
        Standard deviation of each sample's own noise; a slow drift comes on top.
    lag_s : float
        How old the tilt is that is sent.
    mounted_deg : float
        How far the sensor leans on the standing runner's sacrum.
    link : Path, optional
        Symbolic link that names the pseudo-terminal.
    seed : int
        Of the noise.
    """

    def __init__(
        self,
        tilt_source: Callable[[float], float],
        clock: Clock = time.monotonic,
        *,
        rate_hz: float = 100.0,
        noise_deg: float = 0.5,
        lag_s: float = 0.020,
        mounted_deg: float = 12.0,
        link: Path | None = None,
        seed: int = 1,
    ) -> None:
        self._tilt_source = tilt_source
        self._clock = clock
        self._period_s = 1.0 / rate_hz
        self._noise_deg = noise_deg
        self._lag_s = lag_s
        self._mounted_deg = mounted_deg
        self._rng = random.Random(seed)
        self._drift_deg = 0.0
        self._port = PtyPort(link)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        """The address for `hipcue.devices.imu.open_imu`."""
        return f"witmotion:{self._port.target}?baud={_BAUD}"

    def message(self, t_s: float) -> bytes:
        """Return what is sent at `t_s`: acceleration, angular rate and angle."""
        keep = math.exp(-self._period_s / _DRIFT_S)
        spread = _DRIFT_DEG * math.sqrt(1.0 - keep * keep)
        self._drift_deg = keep * self._drift_deg + self._rng.gauss(0.0, spread)
        tilt = self._tilt_source(t_s - self._lag_s) + self._mounted_deg
        tilt += self._drift_deg + self._rng.gauss(0.0, self._noise_deg)
        turn = math.radians(tilt)
        g = 32768 / 16
        acceleration = (0, round(g * math.cos(turn)), round(g * math.sin(turn)), 2500)
        return (
            packet(0x51, acceleration)
            + packet(0x52, (0, 0, 0, 2500))
            + angle_packet(90.0 - tilt, self._rng.gauss(0.0, self._noise_deg), 40.0)
        )

    def start(self) -> None:
        """Begin to send."""
        if self._thread is None and not self._stop.is_set():
            self._thread = threading.Thread(target=self._run, name="sim imu", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Pull the plug."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(2.0)
        self._port.close()

    def __enter__(self) -> SimulatedImu:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _run(self) -> None:
        due_s = self._clock()
        while not self._stop.is_set():
            wait_s = due_s - self._clock()
            if wait_s > 0:
                self._stop.wait(min(wait_s, 0.05))
                continue
            if self._port.wait(0.0):
                self._port.write(self.message(self._clock()))
            due_s = max(due_s + self._period_s, self._clock() - self._period_s)
