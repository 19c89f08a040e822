"""Tilt of the pelvis against the standing neutral, whoever measured it.

Each source has its own zero, which standing takes off, and its own gain. A stride's tilt
is the median of its frames; the tilt at an instant is that median plus the usual way of
the pelvis within the stride, learned over the last strides, because one frame of the
outline alone is too noisy. When clothing flutters the source refuses.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from config.settings import PelvisSettings
from realtime.gait.bridge import UsualWay
from realtime.gait.frames import FloatArray
from realtime.metrics.stride_data import PelvisOverStride
from realtime.records import Measurement, PelvisReading, PelvisSource

_BEST_FIRST = (
    PelvisSource.MARKERS,
    PelvisSource.TAG,
    PelvisSource.IMU,
    PelvisSource.CONTOUR,
)
# Degrees of tilt per degree of the source's angle. Contour: fitted over 182 strides of six
# rendered runners on three bodies, see realtime/vision/contour.py; single bodies need
# 1.6 to 2.2, which the uncertainty carries.
_GAIN = {
    PelvisSource.MARKERS: 1.0,
    PelvisSource.TAG: 1.0,
    PelvisSource.IMU: 1.0,
    PelvisSource.CONTOUR: 1.92,
}
_GAIN_SHARE = {PelvisSource.CONTOUR: 0.12}
# What one stride's median is off by, degrees, apart from the gain: measured on the same
# strides for the contour; for the others what their neutral and noise allow.
_STRIDE_SIGMA_DEG = {
    PelvisSource.MARKERS: 0.3,
    PelvisSource.TAG: 1.0,
    PelvisSource.IMU: 1.2,
    PelvisSource.CONTOUR: 1.2,
}
# What the instant of peak extension adds.
_INSTANT_SIGMA_DEG = {
    PelvisSource.MARKERS: 0.1,
    PelvisSource.TAG: 0.8,
    PelvisSource.IMU: 0.8,
    PelvisSource.CONTOUR: 1.5,
}
# Outline that jumps by more than this from frame to frame (SD of second differences,
# degrees) is cloth, not back: fitted clothes 1.0 to 1.8 on six rendered runners, a real
# runner's loose jacket 14.
_FLUTTER_DEG = 5.0
_FRAMES_NEEDED = 0.4
_MEMORY_S = 6.0
_SWING_STRIDES = 8.0


@dataclass(frozen=True, slots=True)
class _Neutral:
    angle_deg: float
    thorax_deg: float | None


class PelvisGauge:
    """Collects readings, knows the neutral, and measures strides."""

    def __init__(self, settings: PelvisSettings) -> None:
        self._readings: deque[PelvisReading] = deque()
        self._neutral: dict[PelvisSource, _Neutral] = {}
        self._swing_deg: float | None = None
        self._ways: dict[PelvisSource, UsualWay] = {}
        self.source = PelvisSource.NONE
        if settings.standing_tilt_deg is not None:
            self._neutral[PelvisSource.MARKERS] = _Neutral(settings.standing_tilt_deg, None)

    def push(self, readings: tuple[PelvisReading, ...]) -> None:
        """Take what the sources saw with the newest frame."""
        self._readings.extend(readings)
        while self._readings and (self._readings[-1].t_s - self._readings[0].t_s > _MEMORY_S):
            self._readings.popleft()

    def stood(self, start_s: float, end_s: float) -> None:
        """Take the standing neutral of every source from a stretch of standing still."""
        for source in _BEST_FIRST[1:]:
            _, angle = self._angles(source, start_s, end_s)
            if len(angle) >= 10:
                thorax = self._thorax(source, start_s, end_s)
                self._neutral[source] = _Neutral(float(np.median(angle)), thorax)

    def now(self, t_s: float) -> Measurement:
        """Tilt just now, for the eye: the median of the last frames."""
        for source in _BEST_FIRST:
            if source not in self._neutral:
                continue
            _, angle = self._angles(source, t_s - 0.12, t_s)
            if len(angle) >= 2:
                self.source = source
                tilt = _GAIN[source] * (float(np.median(angle)) - self._neutral[source].angle_deg)
                return Measurement(tilt, _sigma(source, tilt, instant=True))
        self.source = PelvisSource.NONE
        return Measurement.missing(self._why_not(t_s))

    def over(self, start_s: float, end_s: float, peak_s: float | None) -> PelvisOverStride:
        """Measure a stride with the best source that saw enough of it."""
        reason = self._why_not(end_s)
        for source in _BEST_FIRST:
            if source not in self._neutral:
                continue
            t, angle = self._angles(source, start_s, end_s)
            expected = sum(
                1 for r in self._readings if r.source is source and start_s <= r.t_s < end_s
            )
            if len(angle) < max(_FRAMES_NEEDED * expected, 6):
                continue
            if source is PelvisSource.CONTOUR and _flutters(angle):
                reason = "loose clothing"
                continue
            return self._measure(source, t, angle, peak_s, (start_s, end_s))
        missing = Measurement.missing(reason)
        return PelvisOverStride(PelvisSource.NONE, missing, missing, missing)

    def _measure(
        self,
        source: PelvisSource,
        t: FloatArray,
        angle: FloatArray,
        peak_s: float | None,
        stride: tuple[float, float],
    ) -> PelvisOverStride:
        tilt = _GAIN[source] * (angle - self._neutral[source].angle_deg)
        if source is PelvisSource.CONTOUR:
            # One frame of an outline is rough: the median is the stride's.
            whole, way = Measurement(float(np.median(tilt)), 0.0), None
        else:
            phase = (t - stride[0]) / (stride[1] - stride[0])
            whole, way = self._ways.setdefault(source, UsualWay()).bridge(phase, tilt)
        middle = whole.value or 0.0
        sigma = float(np.hypot(_sigma(source, middle, instant=False), whole.sigma or 0.0))
        spread = Measurement(float(np.std(tilt if way is None else way)), 0.5)
        if peak_s is None:
            at_peak = Measurement.missing("leg hidden at its peak")
            return PelvisOverStride(source, Measurement(middle, sigma), spread, at_peak)
        value = self._at_peak(source, t, tilt, middle, peak_s)
        if way is not None and np.isnan(value):
            # Hidden at that instant: the bridged way of this stride.
            place = int((peak_s - stride[0]) / (stride[1] - stride[0]) * len(way))
            value = float(way[min(place, len(way) - 1)])
            sigma = float(np.hypot(sigma, 1.0))
        instant = float(np.hypot(_sigma(source, value, instant=True), whole.sigma or 0.0))
        return PelvisOverStride(
            source,
            Measurement(middle, sigma),
            spread,
            Measurement(value, instant),
            self._lumbar(source, value, peak_s),
        )

    def _at_peak(
        self,
        source: PelvisSource,
        t: FloatArray,
        tilt: FloatArray,
        middle: float,
        peak_s: float,
    ) -> float:
        """Tilt at the instant of peak extension; NaN where it was hidden then."""
        near = np.abs(t - peak_s) < 0.035
        own = float(np.median(tilt[near])) if near.any() else None
        if source is not PelvisSource.CONTOUR:
            return float("nan") if own is None else own
        # The way of the pelvis repeats from stride to stride; one frame's outline does not.
        if own is not None:
            known = own - middle if self._swing_deg is None else self._swing_deg
            self._swing_deg = known + (own - middle - known) / _SWING_STRIDES
        return middle + (self._swing_deg or 0.0)

    def _lumbar(self, source: PelvisSource, tilt: float, peak_s: float) -> Measurement | None:
        """Arching against the ribs, where a second tag tells how they turned."""
        neutral = self._neutral[source].thorax_deg
        thorax = self._thorax(source, peak_s - 0.035, peak_s + 0.035)
        if neutral is None or thorax is None:
            return None
        return Measurement(tilt - (thorax - neutral), 1.5)

    def _angles(
        self, source: PelvisSource, start_s: float, end_s: float
    ) -> tuple[FloatArray, FloatArray]:
        found = [
            (r.t_s, r.angle_deg)
            for r in self._readings
            if r.source is source and r.angle_deg is not None and start_s <= r.t_s <= end_s
        ]
        array = np.array(found, dtype=float).reshape(-1, 2)
        return array[:, 0], array[:, 1]

    def _thorax(self, source: PelvisSource, start_s: float, end_s: float) -> float | None:
        found = [
            r.thorax_deg
            for r in self._readings
            if r.source is source and r.thorax_deg is not None and start_s <= r.t_s <= end_s
        ]
        return float(np.median(found)) if found else None

    def _why_not(self, t_s: float) -> str:
        recent = [r for r in self._readings if t_s - r.t_s < 1.0]
        if not recent:
            return "pelvis not measured"
        seen = [r for r in recent if r.angle_deg is not None]
        if seen and not any(r.source in self._neutral for r in seen):
            return "no standing neutral"
        return next((r.reason for r in reversed(recent) if r.reason), "pelvis not sure")


def _sigma(source: PelvisSource, tilt_deg: float, *, instant: bool) -> float:
    sigma = _STRIDE_SIGMA_DEG[source]
    if instant:
        sigma = float(np.hypot(sigma, _INSTANT_SIGMA_DEG[source]))
    return float(np.hypot(sigma, _GAIN_SHARE.get(source, 0.0) * tilt_deg))


def _flutters(angle: FloatArray) -> bool:
    return len(angle) >= 8 and float(np.std(np.diff(angle, 2))) > _FLUTTER_DEG
