"""The coach's and the runner's screen: draws a `Snapshot`, returns what people ask for.

Rooms, top to bottom: screen, windows and controls here; scenes and dialogs; widgets; input;
facts and draw.

May import: realtime.hud.dialogs, realtime.hud.draw, realtime.hud.facts, realtime.hud.input,
realtime.hud.scenes, realtime.hud.widgets, realtime.view, realtime.records, config.
"""

# The light one first, before pygame is imported anywhere in here.
from hipcue.realtime.hud.draw.light_pygame import pygame  # isort: skip
from hipcue.realtime.hud.input.view_commands import View
from hipcue.realtime.hud.screen import Screen
from hipcue.realtime.hud.window import display_available

__all__ = ["Screen", "View", "display_available", "pygame"]
