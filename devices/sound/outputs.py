"""Which loudspeakers and microphones there are."""

from __future__ import annotations

import os

from devices.quiet import quiet_stderr

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")


def list_outputs() -> tuple[str, ...]:
    """Return the names of the sound outputs; none where there is no sound system."""
    return _names(capture=False)


def list_inputs() -> tuple[str, ...]:
    """Return the names of the microphones; none where there is no sound system."""
    return _names(capture=True)


def device_names(capture: bool) -> tuple[str, ...]:
    """Return the names of the devices that are there now; the mixer must be open."""
    import pygame
    from pygame._sdl2 import audio

    # A closed mixer, or a sound system that went away, has none.
    try:
        return tuple(audio.get_audio_device_names(capture))
    except pygame.error:
        return ()


def _names(capture: bool) -> tuple[str, ...]:
    import pygame

    started = pygame.mixer.get_init() is None
    try:
        if started:
            with quiet_stderr():
                pygame.mixer.init()
        return device_names(capture)
    except pygame.error:
        return ()
    finally:
        if started:
            pygame.mixer.quit()
