"""Tones: short glides that carry a state without words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 44_100
# Starts and ends are faded this long, so that nothing clicks; our choice.
_FADE_S = 0.008


def glide(frequencies_hz: list[float], seconds: float) -> NDArray[np.int16]:
    """Return a tone that glides through its frequencies, shape (samples, 2), full scale 0.8."""
    count = max(int(seconds * RATE_HZ), 2)
    at = np.linspace(0.0, 1.0, count)
    knots = np.linspace(0.0, 1.0, len(frequencies_hz))
    frequency = np.exp(np.interp(at, knots, np.log(frequencies_hz)))
    phase = 2 * np.pi * np.cumsum(frequency) / RATE_HZ
    # A little of the octave makes it heard over a treadmill's rumble.
    wave = (0.8 * np.sin(phase) + 0.2 * np.sin(2 * phase)) * _fade(count)
    return _stereo(0.8 * wave)


def _fade(count: int) -> NDArray[np.float64]:
    edge = min(int(_FADE_S * RATE_HZ), count // 2)
    shape = np.ones(count)
    ramp = 0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, edge))
    shape[:edge], shape[count - edge :] = ramp, ramp[::-1]
    return shape


def _stereo(wave: NDArray[np.float64]) -> NDArray[np.int16]:
    samples = np.clip(wave * 32767, -32768, 32767).astype(np.int16)
    return np.ascontiguousarray(np.column_stack([samples, samples]))
