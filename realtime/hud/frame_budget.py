"""Who may draw in this frame: work that can wait is spread over several."""

from __future__ import annotations

import math

# What may be drawn anew in a frame because of new values alone: two cards, or a large one
# (the budget, a chart), which costs as much as both. A stride changes six cards and three
# charts; at sixty frames a second the last of them is 120 ms late, which nobody sees.
_PER_FRAME = 2
CARD, LARGE = 1, 2
# Frames further apart than this, or out of order, are no animation: all is drawn at once.
_LONG_S = 0.1


class Turns:
    """Counts what was drawn in a frame. Every frame begins with `begin`."""

    def __init__(self) -> None:
        self._last_s = -math.inf
        self._left = float(_PER_FRAME)

    def begin(self, now_s: float) -> None:
        """A new frame; `now_s` is the time on the snapshot's clock."""
        flows = 0.0 < now_s - self._last_s < _LONG_S
        self._left = float(_PER_FRAME) if flows else math.inf
        self._last_s = now_s

    def take(self, cost: int = CARD) -> bool:
        """Take a turn; False where too little is left of the frame and the caller has to wait."""
        if self._left < cost:
            return False
        self._left -= cost
        return True
