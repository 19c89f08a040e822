"""Which loudspeakers there are."""

from __future__ import annotations

import os

from devices.quiet import quiet_stderr

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")


def list_outputs() -> tuple[str, ...]:
    """Return the names of the sound outputs; none where there is no sound system."""
    import pygame
    from pygame._sdl2 import audio

    started = pygame.mixer.get_init() is None
    try:
        if started:
            with quiet_stderr():
                pygame.mixer.init()
        return tuple(audio.get_audio_device_names(False))
    except pygame.error:
        return ()
    finally:
        if started:
            pygame.mixer.quit()
