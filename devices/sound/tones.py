"""Tones: short glides that carry a state without words, and a hum that follows a value."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 44_100
# Frames the mixer fetches at a time: 6 ms. Smaller ones crackle on laptops; our choice.
BUFFER_FRAMES = 256
# Starts and ends are faded this long, so that nothing clicks; our choice.
_FADE_S = 0.008
# Half of full scale: as loud as the words beside it, by root mean square.
_TONE_LEVEL = 0.5
# What the ear on the other side still gets; on one loudspeaker nothing may be lost.
_OTHER_EAR = 0.3
# Continuous mode: pitch at the neutral, rise per degree of tilt (a fifth in 14 degrees),
# level; our choices: low enough to lie under words and tones.
_HUM_HZ, _HUM_PER_DEG, _HUM_LEVEL = 220.0, 1.03, 0.12
_HUM_MOST_DEG = 30.0
# Whole buffers, or the mixer leaves a gap between one piece and the next: 35 ms.
HUM_FRAMES = 6 * BUFFER_FRAMES

Samples = NDArray[np.int16]


def glide(frequencies_hz: Sequence[float], seconds: float, balance: float = 0.0) -> Samples:
    """Return a tone that glides through its frequencies, shape (samples, 2).

    Parameters
    ----------
    frequencies_hz : sequence of float
        Evenly spread over the tone.
    seconds : float
        Length.
    balance : float
        -1 left ear, 0 both, 1 right ear.
    """
    count = max(int(seconds * RATE_HZ), 2)
    at = np.linspace(0.0, 1.0, count)
    knots = np.linspace(0.0, 1.0, len(frequencies_hz))
    frequency = np.exp(np.interp(at, knots, np.log(frequencies_hz)))
    phase = 2 * np.pi * np.cumsum(frequency) / RATE_HZ
    # A little of the octave makes it heard over a treadmill's rumble.
    wave = (0.8 * np.sin(phase) + 0.2 * np.sin(2 * phase)) * _fade(count)
    return stereo(_TONE_LEVEL * wave, balance)


def stereo(wave: NDArray[np.float64], balance: float = 0.0) -> Samples:
    """Return a wave of -1 to 1 as the mixer wants it, shape (samples, 2)."""
    left = 1.0 - (1.0 - _OTHER_EAR) * max(balance, 0.0)
    right = 1.0 - (1.0 - _OTHER_EAR) * max(-balance, 0.0)
    both = np.column_stack([left * wave, right * wave])
    return np.ascontiguousarray(np.clip(both * 32767, -32768, 32767).astype(np.int16))


class Hum:
    """A soft tone without end, in pieces that join without a seam."""

    def __init__(self) -> None:
        self._phase = 0.0
        self._hz = _HUM_HZ
        self._level = 0.0

    @property
    def sounding(self) -> bool:
        """Whether the last piece ended above silence."""
        return self._level > 0.0

    def piece(self, tilt_deg: float | None, level: float = 1.0) -> Samples:
        """Return the next piece, gliding to the pitch of a tilt; None fades to silence.

        Parameters
        ----------
        tilt_deg : float or None
            Pelvic tilt against standing, degrees, anterior positive: higher.
        level : float
            0 silent to 1 full.
        """
        hz, goal = self._hz, 0.0
        if tilt_deg is not None:
            hz = _HUM_HZ * _HUM_PER_DEG ** min(max(tilt_deg, -_HUM_MOST_DEG), _HUM_MOST_DEG)
            goal = _HUM_LEVEL * level
            if not self.sounding:
                self._hz = hz
        steps = np.arange(1, HUM_FRAMES + 1) / HUM_FRAMES
        phase = self._phase + np.cumsum(2 * np.pi * (self._hz + (hz - self._hz) * steps)) / RATE_HZ
        loud = self._level + (goal - self._level) * steps
        self._phase, self._hz, self._level = float(phase[-1] % (2 * np.pi)), hz, goal
        return stereo(loud * np.sin(phase))


def _fade(count: int) -> NDArray[np.float64]:
    edge = min(int(_FADE_S * RATE_HZ), count // 2)
    shape = np.ones(count)
    ramp = 0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, edge))
    shape[:edge], shape[count - edge :] = ramp, ramp[::-1]
    return shape
