"""What a colour says."""

from __future__ import annotations

from enum import Enum


class Mood(Enum):
    """What a colour would say."""

    CALM = "calm"
    WATCH = "watch"
    ACT = "act"
    MISSING = "missing"
