"""What a sacral sensor's bytes mean, and how the sensor is doing."""

from __future__ import annotations

from dataclasses import replace

from hipcue.devices.imu.witmotion import WitMotion
from hipcue.devices.reader import SILENT_S, LinkHealth, Parsed
from hipcue.devices.readings import DeviceStatus, LinkState, TiltSample

# Sensors send ten times a second at least; older samples say nothing about the stride.
_STALE_S = 0.5


class TiltReader:
    """The `Reader` of a sacral sensor.

    Parameters
    ----------
    driver : WitMotion
        The protocol.
    latency_s : float
        By how much a sample is older than its arrival.
    where : str
        The port, for the screen.
    """

    def __init__(self, driver: WitMotion, *, latency_s: float, where: str) -> None:
        self._driver = driver
        self._latency_s = latency_s
        self._where = where

    def feed(self, data: bytes, now_s: float) -> Parsed[TiltSample]:
        """Take bytes that came at `now_s`; the sensor's lag is taken off the samples."""
        samples = [
            replace(sample, t_s=sample.t_s - self._latency_s)
            for sample in self._driver.feed(data, now_s)
        ]
        return Parsed(samples, frame=bool(samples), value=bool(samples))

    def reset(self, now_s: float) -> None:
        """Forget half a packet and how far samples are apart."""
        del now_s
        self._driver.reset()

    def status(self, health: LinkHealth, now_s: float) -> DeviceStatus:
        """Return ``pelvis imu``, or what is wrong and what to do."""
        if health.stopped:
            return DeviceStatus("pelvis", LinkState.OFF, "pelvis imu")
        if health.lost:
            why = health.attempt or health.lost
            advice = f"{self._where}: {why}; check the cable; it goes on by itself"
            return DeviceStatus("pelvis", LinkState.LOST, "pelvis lost", advice)
        if health.value_s is not None and now_s - health.value_s <= _STALE_S:
            return DeviceStatus("pelvis", LinkState.LIVE, "pelvis imu")
        if health.byte_s is not None and now_s - health.byte_s <= _STALE_S:
            advice = f"bytes on {self._where}, but no angles: another baud=9600 or baud=115200"
            return DeviceStatus("pelvis", LinkState.STALE, "pelvis garbage", advice)
        if health.byte_s is None and now_s - health.opened_s <= SILENT_S:
            return DeviceStatus("pelvis", LinkState.WAITING, "pelvis imu")
        advice = f"nothing on {self._where}: is the sensor charged and switched on?"
        return DeviceStatus("pelvis", LinkState.STALE, "pelvis silent", advice)
