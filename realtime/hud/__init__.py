"""The coach's and the runner's screen: draws a `Snapshot`, returns what people ask for.

Rooms, top to bottom: screen, windows and controls here; scenes and dialogs; widgets; input;
facts and draw.

May import: realtime.hud.dialogs, realtime.hud.draw, realtime.hud.facts, realtime.hud.input,
realtime.hud.scenes, realtime.hud.widgets, realtime.view, realtime.records, config.
"""

import os

# Before pygame is imported anywhere in here: it greets on standard output otherwise.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

from hipcue.realtime.hud.input.view_commands import View
from hipcue.realtime.hud.screen import Screen
from hipcue.realtime.hud.window import display_available

__all__ = ["Screen", "View", "display_available"]
