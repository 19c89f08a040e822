"""What every link does with bytes: driver, spike guard, order of time, light."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from hipcue.config.errors import UserError
from hipcue.config.settings import TreadmillSettings
from hipcue.devices.readings import BeltSample, DeviceStatus
from hipcue.devices.treadmill.spike_filter import SpikeFilter
from hipcue.devices.treadmill.status import LinkHealth, light
from hipcue.devices.treadmill.treadmill import Clock, Driver

_MOST_WAITING = 4096


class SampleQueue:
    """Takes bytes in the link's thread, gives samples and the light to others.

    Parameters
    ----------
    driver : Driver
        The protocol.
    settings : TreadmillSettings
        `stale_after_s` and `latency_s`.
    clock : callable
        The link's clock.
    where : str
        The port, for the screen.
    remedy : str
        What helps when the port is gone, for the screen.
    """

    def __init__(
        self,
        driver: Driver,
        settings: TreadmillSettings,
        clock: Clock,
        where: str,
        remedy: str = "check the cable",
    ) -> None:
        self.heard = LinkHealth(started_s=clock(), opened_s=clock())
        self.error: BaseException | None = None
        self._driver = driver
        self._settings = settings
        self._clock = clock
        self._where = where
        self._remedy = remedy
        self._guard = SpikeFilter()
        self._samples: deque[BeltSample] = deque(maxlen=_MOST_WAITING)
        self._lock = threading.Lock()
        self._newest_s: float | None = None

    def take(self, data: bytes, now_s: float, true_s: float) -> tuple[bool, bool]:
        """Take bytes that came at `now_s` and were true at `true_s`.

        Returns
        -------
        (bool, bool)
            Whether a whole frame was understood, and whether it was about the speed.
        """
        self.heard.byte_s = now_s
        frames = self._driver.frames
        samples = self._driver.feed(data, true_s - self._settings.latency_s)
        understood = self._driver.frames > frames
        if understood:
            self.heard.frame_s = now_s
            self.heard.returned = False
        for sample in samples:
            if sample.speed_mps is not None:
                self.heard.speed_s = now_s
            self.heard.reason = sample.reason
            for believed in self._guard.step(sample):
                self._keep(believed)
        return understood, bool(samples)

    def _keep(self, sample: BeltSample) -> None:
        if self._newest_s is not None and sample.t_s <= self._newest_s:
            return  # two readings of one instant: the first stands
        self._newest_s = sample.t_s
        with self._lock:
            self._samples.append(sample)

    def forget(self) -> None:
        """Drop half frames and held-back samples: the wire was interrupted."""
        self._driver.reset()
        self._guard.reset()

    def jumped(self, now_s: float) -> None:
        """The clock jumped: begin anew, what is known has no age any more."""
        self.forget()
        self._newest_s = None
        started_s = min(self.heard.started_s, now_s)
        self.heard = LinkHealth(started_s=started_s, opened_s=now_s, jump_s=now_s)

    def returned(self, now_s: float) -> None:
        """The port could be opened again."""
        self.forget()
        self.heard.returned = bool(self.heard.gone)
        self.heard.gone = self.heard.attempt = ""
        self.heard.opened_s = now_s

    def drain(self) -> tuple[BeltSample, ...]:
        """Return all new samples since the last call, in time order.

        Raises
        ------
        Exception
            What ended the thread, if a mistake in hipcue did.
        """
        if self.error is not None:
            error, self.error = self.error, None
            raise error
        with self._lock:
            samples = tuple(self._samples)
            self._samples.clear()
        return samples

    def status(self) -> DeviceStatus:
        """Return the light: ``belt CSAFE``, or what is wrong and what to do."""
        line = self._driver.line
        baud = f"{line.baud} baud" if line.baud else ""
        return light(
            replace(self.heard),
            self._clock(),
            name=self._driver.name,
            note=self._driver.note,
            where=self._where,
            line=baud if line.tcp_port is None else f"port {line.tcp_port}",
            stale_after_s=self._settings.stale_after_s,
            remedy=self._remedy,
        )

    def samples_at(self, times_s: Sequence[float]) -> list[BeltSample]:
        """Refuse: a machine on a wire cannot say what its belt did in a recording."""
        raise UserError(
            "a recording has no treadmill on a wire",
            f"{self._where} for {len(times_s)} frames",
            "fixed:3.0 or file:speeds.csv",
        )
