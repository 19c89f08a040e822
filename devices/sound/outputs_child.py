"""Opens the loudspeaker once and says which there are; runs as a process of its own.

Reads the device's name (empty: the default) from its first argument, writes one line of
JSON: outputs and inputs, and trouble, which is empty when the loudspeaker opened.
"""

from __future__ import annotations

import json
import os
import sys


def main() -> None:
    """Look, say, and end without asking the sound system to tidy up."""
    os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
    # pygame takes it where it finds it, and does without: half of the time to import it.
    sys.modules["pkg_resources"] = None  # type: ignore[assignment]
    import pygame

    trouble = ""
    try:
        pygame.mixer.init(devicename=sys.argv[1] or None)
    except pygame.error as error:
        trouble = str(error) or "the sound system does not open"
    names: list[list[str]] = [[], []]
    try:
        from pygame._sdl2 import audio

        if not trouble:
            names = [audio.get_audio_device_names(capture) for capture in (False, True)]
    except (ImportError, pygame.error):
        pass  # Names are for eyes; playing needs none.
    print(json.dumps({"outputs": names[0], "inputs": names[1], "trouble": trouble}), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
