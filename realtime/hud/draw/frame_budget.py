"""What may be drawn anew in a frame: large panels that can wait are spread over several."""

from __future__ import annotations

import math

# Frames further apart than this, or out of order, are no animation: all is drawn at once.
_LONG_S = 0.1


class FrameBudget:
    """Lets one large panel in a frame be drawn anew because of new values.

    A stride changes all three charts. Drawn in one frame they make it the longest one by far
    (99th percentile 8.1 instead of 5.6 ms at 1920x1080); at sixty frames a second the last of
    them is 33 ms late, which nobody sees. What shows the same number in two places must not
    wait: the two would say different things meanwhile. Those are drawn all in one frame, and
    charts wait for the next one (99th percentile 3.5 instead of 4.6 ms).
    """

    def __init__(self) -> None:
        self._last_s = -math.inf
        self._left = 1.0

    def begin(self, now_s: float) -> None:
        """Begin a frame; `now_s` is the time on the snapshot's clock."""
        flows = 0.0 < now_s - self._last_s < _LONG_S
        self._left = 1.0 if flows else math.inf
        self._last_s = now_s

    def spend(self) -> None:
        """Say that something was drawn in this frame that could not wait."""
        if self._left <= 1.0:
            self._left = 0.0

    def take(self) -> bool:
        """Return whether a panel may be drawn in this frame; it then counts as drawn."""
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True
