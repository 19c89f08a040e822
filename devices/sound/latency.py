"""How long a sound takes to the ear: a loudspeaker, a microphone, and a few chirps.

What `Played` cannot know is what the system adds behind the mixer: its own buffers, a
wireless headset, an amplifier. Here it is measured. The microphone's own delay is in the
figure too, so it is an upper bound.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from dataclasses import dataclass

from hipcue.config.errors import UserError
from hipcue.config.settings import SoundSettings

# Per chirp, and for a sound system that takes its time to open.
_SECONDS_EACH, _SECONDS_TO_OPEN = 2.0, 15.0
_FAILED = "cannot measure the sound latency"


@dataclass(frozen=True, slots=True)
class SoundLatency:
    """Time from the request of a sound to its arrival at the microphone, ms.

    `found` of `played` chirps were recognised; `median_ms` and `worst_ms` are of those.
    """

    output: str
    microphone: str
    played: int
    found: int
    median_ms: float
    worst_ms: float


def measure_sound_latency(
    settings: SoundSettings, *, times: int = 10, microphone: str = ""
) -> SoundLatency:
    """Play chirps and listen for them, in a process of its own.

    Parameters
    ----------
    settings : SoundSettings
        Output device and volume.
    times : int
        How many chirps; about a second each.
    microphone : str
        Name of the input; empty takes the first.

    Raises
    ------
    UserError
        Without a loudspeaker or a microphone, or when no chirp was found.
    """
    order = {"device": settings.device, "volume": settings.volume}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "hipcue.devices.sound.latency_child"],
            input=json.dumps({**order, "microphone": microphone, "times": times}),
            encoding="utf-8",
            capture_output=True,
            timeout=_SECONDS_TO_OPEN + _SECONDS_EACH * times,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UserError(
            _FAILED,
            f"the sound system did not answer in {error.timeout:.0f} s",
            "unplug and replug the microphone and the loudspeaker",
        ) from error
    lines = done.stdout.strip().splitlines()
    if done.returncode != 0 or not lines:
        trouble = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise UserError(_FAILED, trouble[:120], "check the sound settings of the system")
    answer = json.loads(lines[-1])
    if "seen" in answer:
        raise UserError(_FAILED, answer["seen"], answer["try_this"])
    found = [1e3 * latency_s for latency_s in answer["latencies_s"] if latency_s is not None]
    if not found:
        raise UserError(
            _FAILED,
            f"none of {times} chirps was heard by {answer['microphone']}",
            "turn the volume up, unmute the microphone, hold it to the loudspeaker",
        )
    output = settings.device or "the system's default output"
    return SoundLatency(
        output, answer["microphone"], times, len(found), statistics.median(found), max(found)
    )
