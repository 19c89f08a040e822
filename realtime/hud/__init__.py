"""The screens: scenes draw an immutable Snapshot and know nothing else.

`display_available` tells whether a window can be opened; `Screen` opens one, shows
snapshots, and returns what people asked for as `UserCommand`s. Inside: `look` is the
palette, type scale and grid; `canvas` draws and remembers where; `facts` works out what
to say, without a pixel; `texts` says it in English or German; `coach`, `runner` and
`setup` are the scenes; `dialogs` lie on top of them.
"""

import os

# Before pygame is imported anywhere in here: it greets on standard output otherwise.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

from hipcue.realtime.hud.input.view_commands import View
from hipcue.realtime.hud.screen import Screen
from hipcue.realtime.hud.window import display_available

__all__ = ["Screen", "View", "display_available"]
