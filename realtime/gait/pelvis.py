"""Tilt of the pelvis against the standing neutral, whoever measured it.

Each source has its own zero, which standing takes off, and its own gain
(`realtime.gait.pelvis_calibration`). What an arm hid of a stride is filled in with the
runner's mean cycle (`realtime.gait.gap_filling`). When clothing flutters the outline refuses.

Only `add_readings`, `take_neutral` and `add_stride` change what is known; `tilt_now` and
`tilt_around` may be asked at any time and in any order.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

import numpy as np

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import TiltSample
from hipcue.realtime.gait.fits import FloatArray, fit_line, known_median
from hipcue.realtime.gait.gap_filling import CycleTemplate
from hipcue.realtime.gait.loose_clothing import cloth
from hipcue.realtime.gait.pelvis_calibration import BEST_FIRST, CHANNELS, SEEN_IN_PICTURE
from hipcue.realtime.gait.pelvis_stride import PelvisOverStride
from hipcue.realtime.gait.tilt_buffer import TiltBuffer
from hipcue.realtime.records import Measurement, PelvisReading, PelvisSource

# Less of a stride than this is not a stride; our choices. An arm hides a tag for two
# fifths of a stride at most; an outline that is seen now and then is no outline.
_FRAMES_NEEDED = {PelvisSource.CONTOUR: 0.6}
_FRAMES_NEEDED_ELSE = 0.4
# A worse source takes over when the better one was silent for this long: the two have
# different errors, and a change of source would look like a change of the runner.
_LOYAL_S = 3.0
# Frames of one stride share what makes them wrong: this many count as one.
_ALIKE = 4.0
# The tilt at an instant is taken from the frames around it; our choice: a twelfth of the
# swing's period to each side keeps 95 % of the swing.
_AROUND_S = 0.035
# The instant of peak extension itself is known this well: on four legs of two laboratory
# runners it was told 4 to 15 ms late. A fast runner's pelvis turns by a degree in that time.
_PEAK_SIGMA_S = 0.010
# The tilt for the eye is that of the last frames; our choice: seven of them at 60 fps.
_NOW_S = 0.12
# The trunk's lean that belongs to an instant is that of the last stride or so; our choice.
_LEAN_S = 0.8
# Fewer readings than this are no standing trial, and no stride; our choices.
_FEWEST_STANDING, _FEWEST_IN_STRIDE = 10, 6
_MEMORY_S = 6.0
# The trunk leans as it did over this long: it changes slowly, and one stride's lean is
# noisy. Our choice: four strides.
_TRUNK_S = 3.0
_THORAX_SIGMA_DEG = 1.5
# How unsure the spread of a stride is: half of the swing's own uncertainty comes from how it was
# put together. Without a neutral nothing fills it in, so that nearly all of it must be seen.
_SPREAD_SIGMA_DEG, _NEARLY_ALL = 0.5, 0.9


# One angle, or those of some frames.
_Angle = TypeVar("_Angle", float, FloatArray)


@dataclass(frozen=True, slots=True)
class _Neutral:
    angle_deg: float
    thorax_deg: float | None


def imu_readings(samples: Iterable[TiltSample]) -> tuple[PelvisReading, ...]:
    """Turn what a sacral sensor sent into readings for `PelvisGauge.add_readings`."""
    return tuple(PelvisReading(s.t_s, PelvisSource.IMU, s.pitch_deg, s.sigma_deg) for s in samples)


class PelvisGauge:
    """Collects readings, knows the neutral, and measures strides.

    Parameters
    ----------
    standing_tilt_deg : float or None
        The runner's zero where it is known from a laboratory's standing trial, for the
        source `MARKERS`; standing still gives those of the other sources.
    """

    def __init__(self, standing_tilt_deg: float | None = None) -> None:
        self.forget_readings()
        self.forget_neutral(standing_tilt_deg)

    def forget_readings(self) -> None:
        """Forget what was seen and learned of the runner's cycle; the zeros stay."""
        self._buffers: dict[PelvisSource, TiltBuffer] = {}
        self._cycles: dict[PelvisSource, CycleTemplate] = {}
        self._served_s: dict[PelvisSource, float] = {}
        self._refused: Reason | None = None

    def forget_neutral(self, standing_tilt_deg: float | None) -> None:
        """Forget the zero of every source; begin again with a laboratory's, if there is one."""
        self._stood_s = -np.inf
        self._turned_sigma_deg = 0.0
        self._neutral: dict[PelvisSource, _Neutral] = {}
        if standing_tilt_deg is not None:
            self._neutral[PelvisSource.MARKERS] = _Neutral(standing_tilt_deg, None)

    def add_readings(self, readings: tuple[PelvisReading, ...]) -> None:
        """Take what the sources saw since the last call."""
        for reading in readings:
            buffer = self._buffers.get(reading.source)
            if buffer is None:
                buffer = self._buffers[reading.source] = TiltBuffer(_MEMORY_S)
            buffer.add_reading(reading)

    def take_neutral(self, start_s: float, end_s: float) -> None:
        """Take the standing neutral of every source from a stretch of standing still."""
        self._stood_s = end_s
        self._turned_sigma_deg = 0.0
        for source in BEST_FIRST[1:]:
            if source not in self._buffers:
                continue
            _, angle, _ = self._buffers[source].angles(start_s, end_s)
            middle = known_median(angle)
            if len(angle) >= _FEWEST_STANDING and middle is not None:
                thorax = self._buffers[source].thorax_deg(start_s, end_s)
                self._neutral[source] = _Neutral(middle, thorax)

    def turn_neutral(self, until_s: float, forward_deg: float, sigma_deg: float) -> None:
        """Go on in a picture in which everything turned forwards by so much, until then."""
        self._turned_sigma_deg = math.hypot(self._turned_sigma_deg, sigma_deg)
        for source in SEEN_IN_PICTURE & self._neutral.keys():
            zero = self._neutral[source]
            thorax = None if zero.thorax_deg is None else zero.thorax_deg + forward_deg
            self._neutral[source] = _Neutral(zero.angle_deg + forward_deg, thorax)
        for source in SEEN_IN_PICTURE & self._buffers.keys():
            self._buffers[source].turn(until_s, forward_deg)

    def tilt_now(self, t_s: float) -> tuple[Measurement, PelvisSource]:
        """Tilt just now, for the eye, and who measured it: the median of the last frames."""
        return self._tilt_between(t_s - _NOW_S, t_s, t_s)

    def tilt_around(self, t_s: float) -> Measurement:
        """Tilt at an instant of the last seconds, e.g. at a push-off."""
        return self._tilt_between(t_s - _AROUND_S, t_s + _AROUND_S, t_s)[0]

    def _tilt_between(
        self, start_s: float, end_s: float, t_s: float
    ) -> tuple[Measurement, PelvisSource]:
        for source in self._candidates(t_s):
            if source is PelvisSource.CONTOUR and self._refused is not None:
                continue
            angles, noise = self._buffers[source].around(start_s, end_s)
            if len(angles) < 2:
                continue
            # The tilt of the middle angle is the middle tilt.
            tilt = self._tilt(source, median(angles), self._trunk(source, t_s - _LEAN_S, t_s))
            if tilt is None:
                continue
            sigma = self._sigma(source, tilt, noise, len(angles), instant=True)
            return Measurement(tilt, sigma), source
        return Measurement.missing(self._refused or self._why_not(t_s)), PelvisSource.NONE

    def add_stride(self, start_s: float, end_s: float, peak_s: float | None) -> PelvisOverStride:
        """Measure a stride with the best source that saw enough of it.

        That source is preferred for a while, its cycle is learned, and a fluttering outline
        is refused until a stride in which it does not flutter.
        """
        reason: Reason | None = None
        for source in self._candidates(end_s):
            t, angle, noise = self._buffers[source].angles(start_s, end_s)
            expected = self._buffers[source].looks(start_s, end_s)
            needed = _FRAMES_NEEDED.get(source, _FRAMES_NEEDED_ELSE)
            if len(angle) < max(needed * expected, _FEWEST_IN_STRIDE):
                continue
            if source is PelvisSource.CONTOUR:
                self._refused = cloth(self._buffers[source], end_s)
                if self._refused is not None:
                    reason = self._refused
                    continue
            tilt = self._tilt(source, angle, self._trunk(source, start_s, end_s))
            if tilt is None:
                continue
            self._served_s[source] = end_s
            return self._measure(source, t, tilt, noise, peak_s, (start_s, end_s))
        missing = Measurement.missing(reason or self._why_not(end_s))
        spread = self._spread_alone(start_s, end_s)
        if spread is not None:
            return PelvisOverStride(PelvisSource.MARKERS, missing, spread, missing)
        return PelvisOverStride(PelvisSource.NONE, missing, missing, missing)

    def _spread_alone(self, start_s: float, end_s: float) -> Measurement | None:
        """How much the pelvis swings by its markers, which need no neutral for that."""
        buffer = self._buffers.get(PelvisSource.MARKERS)
        if buffer is None:
            return None
        t, angle, _ = buffer.angles(start_s, end_s)
        needed = _NEARLY_ALL * buffer.looks(start_s, end_s)
        if len(t) < max(needed, _FEWEST_IN_STRIDE):
            return None
        return Measurement(float(np.std(angle)), _SPREAD_SIGMA_DEG)

    def _candidates(self, t_s: float) -> list[PelvisSource]:
        """Sources with a neutral, best first, down to the one that served lately."""
        known: list[PelvisSource] = []
        for source in BEST_FIRST:
            if source in self._neutral and source in self._buffers:
                known.append(source)
                if t_s - self._served_s.get(source, -math.inf) < _LOYAL_S:
                    break
        return known

    def _tilt(self, source: PelvisSource, angle: _Angle, thorax: float | None) -> _Angle | None:
        """Tilt against standing; None when the trunk is needed and was not seen."""
        channel, neutral = CHANNELS[source], self._neutral[source]
        tilt = channel.gain * (angle - neutral.angle_deg) + channel.offset_deg
        if channel.trunk:
            if thorax is None or neutral.thorax_deg is None:
                return None
            tilt = tilt - channel.trunk * (thorax - neutral.thorax_deg)
        return tilt

    def _measure(
        self,
        source: PelvisSource,
        t: FloatArray,
        tilt: FloatArray,
        noise: float,
        peak_s: float | None,
        stride: tuple[float, float],
    ) -> PelvisOverStride:
        lasted = stride[1] - stride[0]
        cycle = self._cycles.setdefault(source, CycleTemplate())
        filled = cycle.add_stride((t - stride[0]) / lasted, tilt)
        mean = filled.mean
        sigma = math.hypot(
            self._sigma(source, mean, noise, len(t), instant=False), filled.mean_sigma
        )
        spread = Measurement(float(np.std(filled.angle_deg)), _SPREAD_SIGMA_DEG)
        whole = Measurement(mean, sigma)
        if peak_s is None:
            return PelvisOverStride(
                source, whole, spread, Measurement.missing(ReasonCode.LEG_HIDDEN_AT_PEAK)
            )
        near = np.abs(t - peak_s) <= _AROUND_S
        if near.any():
            value = median(tilt[near].tolist())
            gap = _PEAK_SIGMA_S * abs(fit_line(t[near] - peak_s, tilt[near])[0])
            instant = self._sigma(source, value, noise, int(near.sum()), instant=True)
        else:
            value, gap = filled.angle_at((peak_s - stride[0]) / lasted)
            instant = self._sigma(source, value, noise, len(t), instant=True)
        at_peak = Measurement(value, math.hypot(instant, gap))
        return PelvisOverStride(
            source, whole, spread, at_peak, self._lumbar(source, at_peak, peak_s)
        )

    def _lumbar(self, source: PelvisSource, tilt: Measurement, peak_s: float) -> Measurement | None:
        """Arching against the ribs, where a second tag tells how they turned."""
        neutral = self._neutral[source].thorax_deg
        if source is not PelvisSource.TAG:
            return None
        thorax = self._buffers[source].thorax_deg(peak_s - _AROUND_S, peak_s + _AROUND_S)
        if None in (neutral, thorax, tilt.value):
            return None
        assert tilt.value is not None and thorax is not None and neutral is not None
        sigma = math.hypot(tilt.sigma or 0.0, _THORAX_SIGMA_DEG)
        return Measurement(tilt.value - (thorax - neutral), sigma)

    def _sigma(
        self, source: PelvisSource, tilt_deg: float, noise_deg: float, frames: int, *, instant: bool
    ) -> float:
        """Standard uncertainty of a tilt that was pooled over so many frames."""
        channel = CHANNELS[source]
        return math.hypot(
            channel.stride_sigma_deg,
            channel.gain_sigma * tilt_deg,
            channel.gain * noise_deg / math.sqrt(max(frames / _ALIKE, 1.0)),
            channel.instant_sigma_deg if instant else 0.0,
            self._turned_sigma_deg if source in SEEN_IN_PICTURE else 0.0,
        )

    def _trunk(self, source: PelvisSource, start_s: float, end_s: float) -> float | None:
        """Lean of the trunk over the last strides, but not before they began to run."""
        if not CHANNELS[source].trunk:
            return None
        since = max(end_s - _TRUNK_S, self._stood_s + 0.5)
        return self._buffers[source].thorax_deg(min(start_s, since), end_s)

    def _why_not(self, t_s: float) -> Reason:
        lately = {
            source: self._buffers[source]
            for source in BEST_FIRST
            if source in self._buffers and self._buffers[source].looks(t_s - 1.0, t_s)
        }
        if not lately:
            return Reason(ReasonCode.PELVIS_NOT_MEASURED)
        seen = [source for source in lately if len(lately[source].angles(t_s - 1.0, t_s)[0])]
        if seen and not any(source in self._neutral for source in seen):
            return Reason(ReasonCode.NO_NEUTRAL)
        reasons = (buffer.reason(t_s - 1.0, t_s) for buffer in lately.values())
        not_sure = Reason(ReasonCode.PELVIS_NOT_SURE)
        return next((reason for reason in reasons if reason is not None), not_sure)
