"""The one type family, found where its package put it."""

from __future__ import annotations

import importlib.util
from functools import cache, lru_cache
from pathlib import Path

import pygame

from hipcue.config.errors import UserError


@cache
def font_folder() -> Path:
    """Return the folder of the Source Sans files.

    Raises
    ------
    UserError
        When the package is not there.
    """
    # Found without importing it: some versions of `fonts` warn about pkg_resources.
    spec = importlib.util.find_spec("font_source_sans_pro")
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    for place in places:
        folder = Path(place) / "files"
        if (folder / "SourceSansPro-Regular.ttf").is_file():
            return folder
    raise UserError(
        "cannot draw the screen",
        "the type family Source Sans is not installed",
        "python -m pip install font-source-sans-pro",
    )


@lru_cache(maxsize=128)
def load_font(weight: str, size_px: int) -> pygame.font.Font:
    """Load a weight at a size."""
    if not pygame.font.get_init():
        pygame.font.init()
    return pygame.font.Font(str(font_folder() / f"SourceSansPro-{weight}.ttf"), size_px)
