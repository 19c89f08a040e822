"""The window of a session or a replay, or a screen that nobody sees."""

from __future__ import annotations

from hipcue.config.settings import Settings
from hipcue.realtime.hud import Screen, display_available


def open_screen(
    settings: Settings, headless: bool, instead: str = "pictures of the screen are kept"
) -> tuple[Screen, bool]:
    """Open the window; without a display go on without one and say so, and what happens instead."""
    if not headless and not display_available():
        print(f"hipcue: no display found; going on without a window, {instead}")
        headless = True
    screen = Screen(settings.screen, settings.feedback.language, headless=headless)
    screen.open()
    return screen, headless
