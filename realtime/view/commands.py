"""What a person at a screen can ask for: of the engine, of the session, of a replay."""

from __future__ import annotations

from dataclasses import dataclass

from hipcue.realtime.records import EngineCommand


@dataclass(frozen=True, slots=True)
class AddMark:
    """Mark the moment `t_s` of the session's clock, with a note."""

    note: str
    t_s: float


@dataclass(frozen=True, slots=True)
class ToggleMute:
    """Turn the sound off, or on again."""


@dataclass(frozen=True, slots=True)
class Quit:
    """End the session, or leave the replay."""


SessionCommand = AddMark | ToggleMute | Quit
"""What is asked of the session around the engine."""


@dataclass(frozen=True, slots=True)
class TogglePlaying:
    """Pause the replay, or go on."""


@dataclass(frozen=True, slots=True)
class Seek:
    """Go to the moment `t_s` of the session's clock; `held` while the mouse is down."""

    t_s: float
    held: bool = False


@dataclass(frozen=True, slots=True)
class Skip:
    """Go forward by so many seconds; backward where negative."""

    seconds: float


@dataclass(frozen=True, slots=True)
class StepStride:
    """Go to the next stride, or to the one before."""

    steps: int


@dataclass(frozen=True, slots=True)
class StepPicture:
    """Go to the next picture, or to the one before."""

    steps: int


@dataclass(frozen=True, slots=True)
class ShowPeak:
    """Show the picture of the newest stride's peak extension; again: go back."""


@dataclass(frozen=True, slots=True)
class ChangeSpeed:
    """Play faster by so many steps; slower where negative."""

    steps: int


ReplayCommand = TogglePlaying | Seek | Skip | StepStride | StepPicture | ShowPeak | ChangeSpeed
"""What is asked of a replay."""

UserCommand = EngineCommand | SessionCommand | ReplayCommand
"""Everything that leaves a screen."""
