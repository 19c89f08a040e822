"""The screens: they draw a Snapshot and know nothing else.

`Screen` owns the window and turns keys into `UserAction`s; `coach` and `runner` are the
scenes; `pen` draws in the units of `theme`; `texts` holds every word.
"""

from realtime.hud.screen import ActionKind, Screen, UserAction, display_available

__all__ = ["ActionKind", "Screen", "UserAction", "display_available"]
