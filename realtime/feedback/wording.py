"""Which words: the chosen focus, or both in turn to compare them.

The evidence is split. External focus helps motor learning in general; in running, internal
focus changed technique (Moore 2019, Moore 2024). So either can be chosen, and ``ab`` gives
each its blocks of strides, so that the responses can be compared.
"""

from __future__ import annotations

from hipcue.config.cues import CueTable, Focus
from hipcue.config.settings import FeedbackSettings

# Strides (both legs) per block; our choice: about a minute of running, long enough for a
# cue and the ten strides of its response several times over.
BLOCK_STRIDES = 160


class Wording:
    """Chooses phrases; wordings of one event and focus take turns."""

    def __init__(self, table: CueTable) -> None:
        self._table = table
        self._turn: dict[tuple[str, Focus], int] = {}

    def focus(self, settings: FeedbackSettings, strides: int) -> Focus:
        """Return the focus in force after so many strides of the session.

        The sessions of a programme begin with the one and the other in turn, so that
        neither always gets the fresher runner.
        """
        if settings.focus != "ab":
            return settings.focus
        block = strides // BLOCK_STRIDES + (settings.programme_session or 1) - 1
        return "external" if block % 2 == 0 else "internal"

    def words(self, event: str, focus: Focus, settings: FeedbackSettings) -> str:
        """Return the next wording of an event."""
        wordings = self._table.phrases(event, focus, settings.language)
        turn = self._turn.get((event, focus), 0)
        self._turn[event, focus] = turn + 1
        return wordings[turn % len(wordings)]
