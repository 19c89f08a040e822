"""Reads what speech engines write, and makes it fit for an ear on a treadmill.

eSpeak and Windows write WAV, macOS writes AIFF or AIFF-C under whatever name it is given.
"""

from __future__ import annotations

import io
import struct
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hipcue.devices.sound.tones import RATE_HZ

Wave = NDArray[np.float64]
# Quieter than this at either end is not speech; our choice: 1 % of full scale.
_SILENCE = 0.01
_MARGIN_S = 0.005
# Engines leave speech 15 dB below a tone of the same peak. This level, by root mean square
# where something is said, and the soft limit above it bring it beside our tones.
_LEVEL = 0.22


class SpeechFileError(Exception):
    """Not a sound file that can be read; the message says why in a few words."""


def read_wave(path: Path) -> tuple[Wave, int]:
    """Return the samples of a WAV, AIFF or AIFF-C file as one channel of -1 to 1, and its rate.

    Raises
    ------
    SpeechFileError
        For anything else than 16-bit sound, a file that is cut short, or none at all.
    """
    try:
        data = path.read_bytes()
        if data[:4] == b"FORM":
            return _aiff(data)
        with wave.open(io.BytesIO(data)) as file:
            if file.getsampwidth() != 2:
                raise SpeechFileError(f"{8 * file.getsampwidth()}-bit sound")
            frames = file.readframes(file.getnframes())
            return _mono(np.frombuffer(frames, "<i2"), file.getnchannels()), file.getframerate()
    except (OSError, EOFError, wave.Error, struct.error, ValueError) as error:
        raise SpeechFileError(str(error) or "cut short") from error


def says_something(path: Path) -> bool:
    """Whether a file holds a tenth of a second or more that is not silence."""
    try:
        samples, rate = read_wave(path)
    except SpeechFileError:
        return False
    return len(_spoken(samples, rate)) > rate // 10


def spoken_samples(path: Path) -> Wave:
    """Return a phrase ready for the mixer: no silence around it, loud enough, at `RATE_HZ`.

    Raises
    ------
    SpeechFileError
        As `read_wave`.
    """
    samples, rate = read_wave(path)
    samples = _spoken(samples, rate)
    if len(samples) == 0:
        raise SpeechFileError("silent")
    loud = samples[np.abs(samples) > _SILENCE]
    samples = np.tanh(samples * (_LEVEL / float(np.sqrt(np.mean(loud**2)))))
    at = np.arange(0, len(samples) - 1, rate / RATE_HZ)
    spoken: Wave = np.interp(at, np.arange(len(samples)), samples)
    return spoken


def _spoken(samples: Wave, rate: int) -> Wave:
    loud = np.flatnonzero(np.abs(samples) > _SILENCE)
    if len(loud) == 0:
        return samples[:0]
    margin = int(_MARGIN_S * rate)
    return samples[max(int(loud[0]) - margin, 0) : int(loud[-1]) + margin]


def _aiff(data: bytes) -> tuple[Wave, int]:
    """Read AIFF: "FORM" size kind, then chunks of name, size (big-endian) and even length.

    COMM: channels i16, frames u32, bits i16, rate as 80-bit float; AIFF-C adds the coding.
    SSND: offset u32, block u32, then samples, big-endian but for the coding "sowt".
    """
    kind, place = data[8:12], 12
    chunks: dict[bytes, bytes] = {}
    while place + 8 <= len(data):
        name, size = struct.unpack(">4sI", data[place : place + 8])
        chunks[name] = data[place + 8 : place + 8 + size]
        place += 8 + size + size % 2
    if kind not in (b"AIFF", b"AIFC") or b"COMM" not in chunks or b"SSND" not in chunks:
        raise SpeechFileError("not a sound file")
    comm = chunks[b"COMM"]
    channels, _, bits, exponent, mantissa = struct.unpack(">hIhHQ", comm[:18])
    coding = comm[18:22] if kind == b"AIFC" else b"NONE"
    if bits != 16 or channels < 1 or coding not in (b"NONE", b"twos", b"sowt"):
        raise SpeechFileError(f"{bits}-bit sound, coding {coding!r}")
    # The exponent of an 80-bit float counts from 16383, its mantissa has 63 places.
    rate = int(mantissa * 2.0 ** (exponent - 16383 - 63))
    body = chunks[b"SSND"][8:]
    body = body[: len(body) - len(body) % (2 * channels)]
    if rate < 1000:
        raise SpeechFileError(f"{rate} Hz")
    return _mono(np.frombuffer(body, "<i2" if coding == b"sowt" else ">i2"), channels), rate


def _mono(samples: NDArray[np.int16], channels: int) -> Wave:
    whole = samples[: len(samples) - len(samples) % channels].astype(np.float64)
    mono: Wave = whole.reshape(-1, channels).mean(axis=1) / 32768.0
    return mono
