"""The moods that colours stand for."""

from __future__ import annotations

from enum import Enum


class Mood(Enum):
    """What a colour stands for."""

    CALM = "calm"
    WATCH = "watch"
    ACT = "act"
    MISSING = "missing"
