"""Which loudspeakers and microphones there are, asked so that nothing can go down with it.

A sound system that is half gone can take its process along: SDL 2.28 crashes when
PulseAudio runs without any sink, and drivers hang. So a child process opens the
loudspeaker first, and only what opened there is opened here.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from hipcue.config.reasons import Reason, ReasonCode

# Takes a third of a second on a laptop; a sound system that needs this long hangs.
_LIMIT_S = 10.0
_CHILD = str(Path(__file__).with_name("outputs_child.py"))


@dataclass(frozen=True, slots=True)
class SoundSystem:
    """The loudspeakers and microphones that were found; `trouble` is None when it plays."""

    outputs: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    trouble: Reason | None = None


class Change(Enum):
    """What became of the loudspeakers."""

    NONE = "none"
    GONE = "gone"
    CAME = "came"


def inspect_outputs(device: str = "") -> SoundSystem:
    """Open an output once, elsewhere, and return what was found.

    Parameters
    ----------
    device : str
        Name of the output; empty is the system's default.
    """
    try:
        done = subprocess.run(
            [sys.executable, _CHILD, device],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            stdin=subprocess.DEVNULL,
            timeout=_LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return SoundSystem(trouble=Reason(ReasonCode.SOUND_SYSTEM_HANGS))
    except OSError as error:
        return SoundSystem(trouble=_other(error.strerror or str(error)))
    lines = done.stdout.strip().splitlines()
    if done.returncode != 0 or not lines:
        return SoundSystem(trouble=Reason(ReasonCode.SOUND_SYSTEM_CRASHES))
    found = json.loads(lines[-1])
    trouble = _other(found["trouble"]) if found["trouble"] else None
    return SoundSystem(tuple(found["outputs"]), tuple(found["inputs"]), trouble)


def _other(text: str) -> Reason:
    """What the system says; a screen has room for its first words."""
    return Reason(ReasonCode.OTHER, text=text[:60])


def list_outputs() -> tuple[str, ...]:
    """Return the names of the sound outputs; none where there is no sound system."""
    return inspect_outputs().outputs


def list_inputs() -> tuple[str, ...]:
    """Return the names of the microphones; none where there is no sound system."""
    return inspect_outputs().inputs


def device_names(capture: bool) -> tuple[str, ...]:
    """Return the names of the devices that are there now; the mixer must be open."""
    import pygame
    from pygame._sdl2 import audio

    # A closed mixer, or a sound system that went away, has none.
    try:
        return tuple(audio.get_audio_device_names(capture))
    except pygame.error:
        return ()


def what_changed(chosen: str, before: frozenset[str], now: frozenset[str]) -> Change:
    """Say what became of the loudspeakers since one was opened.

    Parameters
    ----------
    chosen : str
        Name of the one that was asked for; empty is the default, which may be any.
    before, now : frozenset of str
        Names then and now. Some systems name none and play all the same.
    """
    if chosen:
        return Change.GONE if chosen in before - now else Change.NONE
    if before - now:
        return Change.GONE
    return Change.CAME if now - before else Change.NONE
