"""What lies on top of a scene for a moment: mark, name, end, cues, latency, help.

`Dialog` is what each of them can do. They never stop the scene behind them.
"""

from realtime.hud.dialogs.cues import CueDialog
from realtime.hud.dialogs.dialog import Answer, Dialog, Place
from realtime.hud.dialogs.help import HelpDialog
from realtime.hud.dialogs.how_soon import LatencyDialog
from realtime.hud.dialogs.name import NameDialog
from realtime.hud.dialogs.note import MarkDialog, QuitDialog

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
