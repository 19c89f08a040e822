"""A sound that is found again in a recording, whatever else is in the room."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hipcue.devices.sound.tones import RATE_HZ

_CHIRP_HZ, _CHIRP_S = (1500.0, 4500.0), 0.04
# How far the chirp has to stand out of everything else that was recorded; our choice: in noise
# alone the best match of a recording of a second stands out by 5.
_STANDS_OUT = 10.0


def chirp() -> NDArray[np.float64]:
    """Return a rising sweep, -1 to 1, faded in and out."""
    t = np.arange(int(_CHIRP_S * RATE_HZ)) / RATE_HZ
    low, high = _CHIRP_HZ
    sweep = np.sin(2 * np.pi * (low * t + (high - low) * t**2 / (2 * _CHIRP_S)))
    return np.asarray(sweep * np.hanning(len(t)))


def find_chirp(recorded: NDArray[np.float64], wave: NDArray[np.float64]) -> int | None:
    """Return the place at which the sweep begins in a recording; None when it is not in it."""
    if len(recorded) < len(wave):
        return None
    size = 1 << (len(recorded) + len(wave)).bit_length()
    match = np.fft.irfft(np.fft.rfft(recorded, size) * np.conj(np.fft.rfft(wave, size)), size)
    match = np.abs(match[: len(recorded) - len(wave) + 1])
    usual = float(np.sqrt(np.mean(match**2)))
    best = int(np.argmax(match))
    if usual == 0.0:
        return None
    # The sweep's own match lifts the usual level, most of all in a silent room.
    aside = np.delete(match, np.s_[max(best - len(wave), 0) : best + len(wave)])
    usual = float(np.sqrt(np.mean(aside**2))) if len(aside) else usual
    # A handful of equal samples out of silence is no chirp: it has to be loud as well.
    loud = match[best] > 1e-3 * float(np.sum(wave**2))
    return best if loud and match[best] > _STANDS_OUT * usual else None
