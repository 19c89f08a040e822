"""Pictures of the screen, written without holding up anybody."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pygame


def write_png(surface: pygame.Surface, path: Path | str) -> None:
    """Write a surface into a file.

    pygame's own way keeps every other thread waiting until the picture is packed, a tenth
    of a second and more on a busy machine; OpenCV lets go of the interpreter.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    columns = pygame.surfarray.pixels3d(surface)  # Locks the surface as long as it lives.
    rgb = np.ascontiguousarray(columns.swapaxes(0, 1))
    del columns
    _, png = cv2.imencode(".png", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    Path(path).write_bytes(png.tobytes())
