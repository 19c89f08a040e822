"""How many cores look at one picture."""

from __future__ import annotations

import os

from hipcue.config.settings import PoseSettings

# Cores for one picture, where nothing else is asked for: two take 0.55 of the time of one
# when both are free (16 against 29 ms); more were not tried.
_MOST_THREADS = 2


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # Not on macOS and Windows.
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def threads(settings: PoseSettings) -> int:
    """Return how many cores share a picture.

    A network that is spread over cores waits, at each of its layers, for the slowest: where
    the machine has none to spare it is slower than on one alone (1.1 to 1.2 times, two cores,
    everything on, 30 pictures a second). So half of the cores are left to others.
    """
    free = cores() // 2 // settings.trackers
    return settings.threads or min(max(free, 1), _MOST_THREADS)
