"""What the live and the recorded view show alike: how far back they reach, and what they count."""

from __future__ import annotations

from collections.abc import Sequence

from hipcue.config.reasons import Reason
from hipcue.config.settings import Settings
from hipcue.realtime.feedback.schedule import programme
from hipcue.realtime.gait.belt_tracker import STEADY_MPS

# How far the strip charts reach back.
HISTORY_S = 180.0
# The frame rate is that of so many frames.
RATE_FRAMES = 90


def frames_per_second(times_s: Sequence[float]) -> float | None:
    """Return the rate of the newest frames; None where they are too few."""
    if len(times_s) < 5 or times_s[-1] <= times_s[0]:
        return None
    return (len(times_s) - 1) / (times_s[-1] - times_s[0])


def programme_line(settings: Settings, first_stride_s: float | None, t_s: float) -> Reason:
    """Return how much is said at a moment: the programme begins with the first stride."""
    return programme(settings.feedback, 0.0 if first_stride_s is None else t_s - first_stride_s)


class SpeedChanges:
    """Notices when the belt no longer keeps its speed: that is worth a mark on the charts."""

    def __init__(self) -> None:
        self._speed_mps: float | None = None

    def is_change(self, speed_mps: float | None) -> bool:
        """Take the newest speed; return whether it is a change worth a mark."""
        if speed_mps is None:
            return False
        before, changed = self._speed_mps, False
        if before is not None:
            changed = abs(speed_mps - before) > STEADY_MPS
        if changed or before is None:
            self._speed_mps = speed_mps
        return changed
