"""Listens to a sensor on a serial port in a thread of its own."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace

from hipcue.config.errors import UserError
from hipcue.devices.imu.witmotion import WitMotion
from hipcue.devices.readings import DeviceStatus, LinkState, TiltSample
from hipcue.devices.treadmill.transport import Transport, TransportLostError

Clock = Callable[[], float]

# Pauses between attempts to get a lost port back; the last one repeats.
RETRY_PAUSES_S = (0.1, 0.25, 0.5, 1.0, 1.5)
_TURN_S = 0.05
# Sensors send ten times a second at least; older samples say nothing about the stride.
_STALE_S = 0.5
# Silence longer than this is a lost sensor, and the port is opened anew. Our choice.
_SILENT_S = 5.0
# The engine drains at every frame: this much is seconds.
_MOST_WAITING = 2000


class ImuLink:
    """A sensor that is listened to from `start` to `close`.

    Parameters
    ----------
    wire : Transport
        Already open.
    reopen : callable
        Opens it again after it was lost; raises UserError when that cannot be done yet.
    driver : WitMotion
        The protocol.
    clock : callable
        Stamps the samples; the camera's own.
    latency_s : float
        By how much a sample is older than its arrival.
    where : str
        The port, for the screen.
    """

    def __init__(
        self,
        wire: Transport,
        reopen: Callable[[], Transport],
        driver: WitMotion,
        clock: Clock,
        *,
        latency_s: float,
        where: str,
        retry_pauses_s: Sequence[float] = RETRY_PAUSES_S,
    ) -> None:
        self._wire: Transport | None = wire
        self._reopen = reopen
        self._driver = driver
        self._clock = clock
        self._latency_s = latency_s
        self._where = where
        self._pauses_s = retry_pauses_s
        self._samples: deque[TiltSample] = deque(maxlen=_MOST_WAITING)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._attempts = 0
        self._opened_s = clock()
        self._byte_s: float | None = None
        self._sample_s: float | None = None
        self._gone = ""
        self._error: BaseException | None = None

    def start(self) -> None:
        """Begin to listen."""
        if self._thread is None and not self._stop.is_set():
            self._opened_s = self._clock()
            self._thread = threading.Thread(target=self._run, name="pelvis", daemon=True)
            self._thread.start()

    def drain(self) -> tuple[TiltSample, ...]:
        """Return all new samples since the last call, in time order.

        Raises
        ------
        Exception
            What ended the thread, if it did not end as asked.
        """
        if self._error is not None:
            raise self._error
        with self._lock:
            taken = tuple(self._samples)
            self._samples.clear()
        return taken

    def status(self) -> DeviceStatus:
        """Return the light: ``pelvis imu``, or what is wrong and what to do."""
        now = self._clock()
        if self._stop.is_set():
            return DeviceStatus("pelvis", LinkState.OFF, "pelvis imu")
        if self._gone:
            advice = f"{self._where}: {self._gone}; check the cable; it goes on by itself"
            return DeviceStatus("pelvis", LinkState.LOST, "pelvis lost", advice)
        if self._sample_s is not None and now - self._sample_s <= _STALE_S:
            return DeviceStatus("pelvis", LinkState.LIVE, "pelvis imu")
        if self._byte_s is not None and now - self._byte_s <= _STALE_S:
            advice = f"bytes on {self._where}, but no angles: another baud=9600 or baud=115200"
            return DeviceStatus("pelvis", LinkState.STALE, "pelvis garbage", advice)
        if self._byte_s is None and now - self._opened_s <= _SILENT_S:
            return DeviceStatus("pelvis", LinkState.WAITING, "pelvis imu")
        advice = f"nothing on {self._where}: is the sensor charged and switched on?"
        return DeviceStatus("pelvis", LinkState.STALE, "pelvis silent", advice)

    def close(self) -> None:
        """Stop listening and give the port back."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(3.0)
        else:
            self._let_go()

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                if self._wire is None:
                    self._try_again()
                    continue
                try:
                    self._turn(self._wire)
                except TransportLostError as lost:
                    self._let_go()
                    self._gone = str(lost)
        except BaseException as error:
            self._error = error
        finally:
            self._let_go()

    def _turn(self, wire: Transport) -> None:
        data = wire.read(_TURN_S)
        now = self._clock()
        if not data:
            if now - max(self._byte_s or self._opened_s, self._opened_s) > _SILENT_S:
                # Some adapters hang until they are opened anew.
                self._let_go()
            return
        self._byte_s = now
        found = self._driver.feed(data, now)
        if found:
            self._sample_s, self._attempts = now, 0
            with self._lock:
                self._samples.extend(replace(s, t_s=s.t_s - self._latency_s) for s in found)

    def _let_go(self) -> None:
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    def _try_again(self) -> None:
        """Wait a growing pause, then try to open the port again."""
        pause_s = self._pauses_s[min(self._attempts, len(self._pauses_s) - 1)]
        self._attempts += 1
        if self._stop.wait(pause_s):
            return
        try:
            self._wire = self._reopen()
        except UserError as error:
            self._gone = error.seen
            return
        self._gone = ""
        self._opened_s = self._clock()
