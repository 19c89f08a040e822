"""What lies on top of a scene for a moment: mark, name, end, cues, latency, help.

`Dialog` is what each of them can do. They never stop the scene behind them.

May import: realtime.hud.draw, realtime.hud.facts, realtime.hud.input, realtime.view,
realtime.records, config.
"""

from hipcue.realtime.hud.dialogs.cues import CueDialog
from hipcue.realtime.hud.dialogs.dialog import Answer, Dialog, Place
from hipcue.realtime.hud.dialogs.help import HelpDialog
from hipcue.realtime.hud.dialogs.latency import LatencyDialog
from hipcue.realtime.hud.dialogs.name import NameDialog
from hipcue.realtime.hud.dialogs.note import MarkDialog, QuitDialog

__all__ = [
    "Answer",
    "CueDialog",
    "Dialog",
    "HelpDialog",
    "LatencyDialog",
    "MarkDialog",
    "NameDialog",
    "Place",
    "QuitDialog",
]
