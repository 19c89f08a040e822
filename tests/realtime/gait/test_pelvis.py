"""Tilt against standing: zeros and gains, the best source, gaps, cloth, and doubt."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import TiltSample
from hipcue.realtime.gait.pelvis import PelvisGauge, imu_readings
from hipcue.realtime.gait.pelvis_calibration import BEST_FIRST, CHANNELS
from hipcue.realtime.gait.pelvis_stride import PelvisOverStride
from hipcue.realtime.records import PelvisReading, PelvisSource

TAG, IMU, CONTOUR = PelvisSource.TAG, PelvisSource.IMU, PelvisSource.CONTOUR
FPS = 60.0
STOOD_S, STRIDE_S = 3.0, 0.72
Tilt = Callable[[float], float]


def steady(tilt_deg: float) -> Tilt:
    """A pelvis with a swing of 3 degrees, twice a stride."""
    return lambda t: tilt_deg + 3.0 * np.cos(4 * np.pi * (t - STOOD_S) / STRIDE_S)


class Runner:
    """Stands for 3 s and runs; sources see the pelvis with their own zero and gain."""

    def __init__(self, tilt: Tilt, lean_deg: float = 6.0, seed: int = 1) -> None:
        self.gauge = PelvisGauge()
        self._tilt, self._lean_deg = tilt, lean_deg
        self._chance = np.random.default_rng(seed)
        self._frame = 0
        self._stood = False

    def reading(self, source: PelvisSource, t: float, noise_deg: float) -> PelvisReading:
        running = t > STOOD_S
        tilt = self._tilt(t) if running else 0.0
        noise = self._chance.normal(0.0, noise_deg)
        if source is not CONTOUR:
            return PelvisReading(t, source, -33.0 + tilt + noise, max(noise_deg, 0.1))
        lean = self._lean_deg if running else 0.0
        channel = CHANNELS[CONTOUR]
        offset = channel.offset_deg if running else 0.0
        slope = 21.0 + (tilt + channel.trunk * lean - offset) / channel.gain + noise
        return PelvisReading(t, source, slope, max(noise_deg, 0.1), thorax_deg=15.0 + lean)

    def run(
        self,
        until_s: float,
        *sources: PelvisSource,
        noise_deg: float = 0.3,
        hidden: Callable[[float], bool] = lambda t: False,
    ) -> None:
        while (t := self._frame / FPS) <= until_s:
            self._frame += 1
            if t > STOOD_S and not self._stood:
                self._stood = True
                self.gauge.take_neutral(0.5, STOOD_S - 0.2)
            readings = [
                PelvisReading(t, source, None, reason=Reason(ReasonCode.TAG_HIDDEN))
                if hidden(t)
                else self.reading(source, t, noise_deg)
                for source in sources
            ]
            self.gauge.add_readings(tuple(readings))

    def stride(self, number: int, peak: float = 0.35) -> PelvisOverStride:
        start = STOOD_S + number * STRIDE_S
        return self.gauge.add_stride(start, start + STRIDE_S, start + peak * STRIDE_S)


@pytest.mark.parametrize("source", [TAG, IMU, CONTOUR])
def test_standing_is_zero_and_gain_and_lean_are_undone(source: PelvisSource) -> None:
    runner = Runner(steady(9.0))
    runner.run(STOOD_S + 6 * STRIDE_S, source)
    over = runner.stride(5, peak=0.5)
    assert over.source is source
    assert over.mean_deg.value == pytest.approx(9.0, abs=0.5)
    # The swing is at its top at the half of the stride.
    assert over.at_peak_deg.value == pytest.approx(12.0, abs=0.8)
    assert over.sd_deg.value == pytest.approx(3.0 / np.sqrt(2), abs=0.4)
    now, _ = runner.gauge.tilt_now(STOOD_S + 6 * STRIDE_S)
    assert now.value == pytest.approx(steady(9.0)(STOOD_S + 6 * STRIDE_S - 0.06), abs=1.2)


def test_a_pelvis_that_turns_fast_is_as_unsure_as_the_instant_of_the_peak() -> None:
    runner = Runner(steady(4.0))
    runner.run(STOOD_S + 6 * STRIDE_S, TAG, noise_deg=0.0)
    # At its top the swing stands still, in between it goes by 54 degrees a second.
    at_top, between = (runner.stride(5, peak).at_peak_deg.sigma for peak in (0.5, 0.375))
    assert at_top is not None and between is not None
    speed = 3.0 * 4 * np.pi / STRIDE_S
    assert between == pytest.approx(np.hypot(at_top, 0.010 * speed), rel=0.05)


@pytest.mark.parametrize("lean_deg", [0.0, 6.0, 12.0])
def test_leaning_forward_is_not_tilt_for_the_outline(lean_deg: float) -> None:
    runner = Runner(steady(4.0), lean_deg)
    runner.run(STOOD_S + 8 * STRIDE_S, CONTOUR)
    assert runner.stride(7).mean_deg.value == pytest.approx(4.0, abs=0.5)


def test_without_standing_there_is_no_tilt_but_a_reason() -> None:
    gauge = PelvisGauge()
    for k in range(60):
        gauge.add_readings((PelvisReading(k / FPS, TAG, 5.0, 0.3),))
    over = gauge.add_stride(0.1, 0.9, 0.4)
    assert over.source is PelvisSource.NONE
    assert over.mean_deg.reason == Reason(ReasonCode.NO_NEUTRAL)
    assert PelvisGauge().add_stride(0.0, 1.0, 0.5).mean_deg.reason == Reason(
        ReasonCode.PELVIS_NOT_MEASURED
    )


def test_markers_tell_without_standing_how_much_the_pelvis_swings() -> None:
    gauge, tilt = PelvisGauge(), steady(9.0)
    for k in range(120):
        t = k / FPS
        seen = None if 1.2 < t < 1.4 else tilt(t)
        reason = Reason(ReasonCode.PELVIS_MARKER_HIDDEN) if seen is None else None
        gauge.add_readings((PelvisReading(t, PelvisSource.MARKERS, seen, 0.3, reason=reason),))
    over = gauge.add_stride(0.1, 0.1 + STRIDE_S, 0.4)
    assert over.source is PelvisSource.MARKERS
    assert over.mean_deg.reason == over.at_peak_deg.reason == Reason(ReasonCode.NO_NEUTRAL)
    assert over.sd_deg.value == pytest.approx(3.0 / np.sqrt(2), abs=0.05)
    hidden = gauge.add_stride(0.9, 0.9 + STRIDE_S, 1.2)
    assert not hidden.sd_deg.known, "nothing fills in what was hidden"


def test_the_best_source_is_taken() -> None:
    runner = Runner(steady(5.0))
    runner.run(STOOD_S + 3 * STRIDE_S, CONTOUR, IMU, TAG)
    assert runner.stride(2).source is TAG
    assert BEST_FIRST.index(TAG) < BEST_FIRST.index(IMU) < BEST_FIRST.index(CONTOUR)


def test_a_tag_hidden_for_a_stride_is_waited_for_before_the_outline_takes_over() -> None:
    runner = Runner(steady(5.0))
    runner.run(STOOD_S + 4 * STRIDE_S, TAG, CONTOUR)
    assert runner.stride(3).source is TAG
    # The square has come off; the outline is still seen.
    runner.run(STOOD_S + 5 * STRIDE_S, CONTOUR)
    lost = runner.stride(4)
    assert lost.source is PelvisSource.NONE
    assert lost.mean_deg.value is None
    runner.run(STOOD_S + 12 * STRIDE_S, CONTOUR)
    assert runner.stride(11).source is CONTOUR


def test_the_arm_that_hides_the_tag_at_the_peak_leaves_a_value_with_more_doubt() -> None:
    def behind_the_arm(t: float) -> bool:
        return t > STOOD_S + 4 * STRIDE_S and 0.40 < (t - STOOD_S) / STRIDE_S % 1.0 < 0.60

    runner = Runner(steady(8.0))
    runner.run(STOOD_S + 4 * STRIDE_S, TAG)
    open_ones = [runner.stride(k, peak=0.5) for k in range(4)]
    runner.run(STOOD_S + 6 * STRIDE_S, TAG, hidden=behind_the_arm)
    hidden = runner.stride(5, peak=0.5)
    assert hidden.mean_deg.value == pytest.approx(8.0, abs=0.4)
    assert hidden.at_peak_deg.value == pytest.approx(11.0, abs=1.0)
    before, after = open_ones[-1].at_peak_deg.sigma, hidden.at_peak_deg.sigma
    assert before is not None and after is not None
    assert after > before


def test_a_stride_of_which_too_little_was_seen_is_missing() -> None:
    runner = Runner(steady(8.0))
    runner.run(
        STOOD_S + 3 * STRIDE_S,
        TAG,
        hidden=lambda t: t > STOOD_S + STRIDE_S and (t / STRIDE_S) % 1.0 < 0.7,
    )
    over = runner.stride(2)
    assert over.mean_deg.value is None
    assert over.mean_deg.reason == Reason(ReasonCode.TAG_HIDDEN)


def test_an_outline_that_flutters_is_loose_clothing() -> None:
    runner = Runner(steady(5.0))
    runner.run(STOOD_S, CONTOUR)
    runner.run(STOOD_S + 4 * STRIDE_S, CONTOUR, noise_deg=5.0)
    over = runner.stride(3)
    assert over.source is PelvisSource.NONE
    assert over.mean_deg.reason == Reason(ReasonCode.LOOSE_CLOTHING)
    now, _ = runner.gauge.tilt_now(STOOD_S + 4 * STRIDE_S)
    assert now.value is None
    assert now.reason == Reason(ReasonCode.LOOSE_CLOTHING)


def test_an_outline_that_is_seen_now_and_then_is_not_believed() -> None:
    """Every other pair of frames is missing: nobody can tell whether it flutters."""
    runner = Runner(steady(5.0))
    runner.run(STOOD_S, CONTOUR)
    runner.run(STOOD_S + 5 * STRIDE_S, CONTOUR, hidden=lambda t: round(t * FPS) % 3 == 0)
    over = runner.stride(4)
    assert over.source is PelvisSource.NONE
    assert over.mean_deg.reason == Reason(ReasonCode.BACK_NOT_CLEAR)


@pytest.mark.parametrize("source", [TAG, IMU, CONTOUR])
def test_the_stated_doubt_covers_what_noise_does(source: PelvisSource) -> None:
    inside = []
    for seed in range(12):
        runner = Runner(steady(6.0), seed=seed)
        runner.run(STOOD_S + 4 * STRIDE_S, source, noise_deg=1.2)
        for k in range(1, 4):
            over = runner.stride(k, peak=0.5)
            for found, true in ((over.mean_deg, 6.0), (over.at_peak_deg, 9.0)):
                assert found.value is not None and found.sigma is not None
                inside.append(abs(found.value - true) <= 1.65 * found.sigma)
    assert np.mean(inside) >= 0.9


def test_more_tilt_is_less_sure_where_the_gain_is() -> None:
    sigmas = []
    for tilt in (1.0, 14.0):
        runner = Runner(steady(tilt))
        runner.run(STOOD_S + 3 * STRIDE_S, CONTOUR)
        sigmas.append(runner.stride(2).mean_deg.sigma or 0.0)
    # 0.15 of 14 degrees on top of the rest.
    assert sigmas[1] ** 2 - sigmas[0] ** 2 == pytest.approx((0.15 * 14) ** 2, rel=0.15)


def test_the_ribs_square_gives_the_arching_of_the_back() -> None:
    gauge = PelvisGauge()
    for k in range(400):
        t = k / FPS
        tilt, lean = (10.0, 4.0) if t > STOOD_S else (0.0, 0.0)
        gauge.add_readings((PelvisReading(t, TAG, 90.0 + tilt, 0.3, -2.0 + lean, 0.3),))
        if k == 170:
            gauge.take_neutral(0.5, 2.7)
    over = gauge.add_stride(4.0, 4.72, 4.3)
    assert over.lumbar_at_peak_deg is not None
    assert over.lumbar_at_peak_deg.value == pytest.approx(6.0, abs=0.01)


def test_samples_of_a_sensor_become_readings() -> None:
    (reading,) = imu_readings([TiltSample(1.5, 12.0, 0.8)])
    assert reading == PelvisReading(1.5, IMU, 12.0, 0.8)
