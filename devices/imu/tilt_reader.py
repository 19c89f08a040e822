"""What a sacral sensor's bytes mean, and how the sensor is doing."""

from __future__ import annotations

from dataclasses import replace

from hipcue.config.reasons import Reason, ReasonCode
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
            return _say(LinkState.OFF, Reason(ReasonCode.PELVIS_IMU))
        if health.lost is not None:
            why = health.attempt or health.lost
            lost = Reason(ReasonCode.PELVIS_LOST, where=self._where, why=why)
            return _say(LinkState.LOST, lost)
        if health.value_s is not None and now_s - health.value_s <= _STALE_S:
            return _say(LinkState.LIVE, Reason(ReasonCode.PELVIS_IMU))
        if health.byte_s is not None and now_s - health.byte_s <= _STALE_S:
            return _say(LinkState.STALE, Reason(ReasonCode.PELVIS_GARBAGE, where=self._where))
        if health.byte_s is None and now_s - health.opened_s <= SILENT_S:
            return _say(LinkState.WAITING, Reason(ReasonCode.PELVIS_IMU))
        return _say(LinkState.STALE, Reason(ReasonCode.PELVIS_NOT_HEARD, where=self._where))


def _say(state: LinkState, reason: Reason) -> DeviceStatus:
    return DeviceStatus("pelvis", state, reason)
