"""One episode, from leaving the band to being back in it, as a table of transitions.

The falling tone belongs to the push-off that takes the runner out of the band, the rising
one to the first push-off that is back in it. Where nobody can tell push-offs, or where a
verdict comes too late for a tone, the verdict of a stride carries the tone, or the next
push-off does. Words come with the verdict.

`TRANSITIONS` is all of it: what happens in a state, which state follows, and what is done.
What is not in the table changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class EpisodeState(Enum):
    """Where the runner is in an episode."""

    IN_BAND = "in the band"
    LEFT_UNTOLD = "out of the band, the falling tone waits for the next push-off"
    OUT = "out of the band"
    RETURNED_UNTOLD = "back in the band, the rising tone waits for the next push-off"


class EpisodeEvent(Enum):
    """What a push-off or a stride says.

    A push-off is told when it happens, a stride when it has a verdict. Of a stride there is
    one event, and `COMPENSATES` after it if it does.
    """

    PUSH_OFF_IN = "a push-off in the band"
    PUSH_OFF_OUT = "a push-off out of the band, but most strides before it were in"
    PUSH_OFF_LEAVES = "a push-off out of the band, and enough strides before it were out"
    PUSH_OFF_EACH = "a push-off out of the band, where each is to be told"
    STRIDE_IN = "a stride in the band, and the next push-off will be told"
    STRIDE_IN_ALONE = "a stride in the band, and no push-off will be told"
    STRIDE_OUT = "a stride out of the band, but few of the last"
    STRIDE_LEAVES = "a stride out of the band, and enough of the last"
    STRIDE_LEAVES_LATE = "enough of the last, and its push-off is too long ago for a tone"
    STRIDE_EACH = "a stride out of the band, where each is to be told and its push-off was not"
    STRIDE_EACH_LATE = "each is to be told, and its push-off is too long ago for a tone"
    COMPENSATES = "the runner's state is compensating"
    LOST_SIGHT = "nothing could be said of several strides"
    NEW_START = "the runner stepped off, or the belt changes its speed"


class Action(Enum):
    """What is done, if the schedule grants this episode its cues."""

    OPEN = "begin an episode: the schedule grants its cues or withholds them"
    FALLING_TONE = "say that they left the band"
    RISING_TONE = "say that they are back, in words too if they compensated"
    NOTE = "remember that they compensated"
    WORDS = "say what to do, at once and again after the cooldown"
    SPARE_WORDS = "in the band for long: praise, or name a hip that stays short"


_S, _E, _A = EpisodeState, EpisodeEvent, Action
_Row = tuple[EpisodeState, tuple[Action, ...]]

TRANSITIONS: Mapping[tuple[EpisodeState, EpisodeEvent], _Row] = {
    (_S.IN_BAND, _E.PUSH_OFF_LEAVES): (_S.OUT, (_A.OPEN, _A.FALLING_TONE)),
    (_S.IN_BAND, _E.PUSH_OFF_EACH): (_S.OUT, (_A.OPEN, _A.FALLING_TONE)),
    (_S.IN_BAND, _E.STRIDE_IN): (_S.IN_BAND, (_A.SPARE_WORDS,)),
    (_S.IN_BAND, _E.STRIDE_IN_ALONE): (_S.IN_BAND, (_A.SPARE_WORDS,)),
    (_S.IN_BAND, _E.STRIDE_LEAVES): (_S.OUT, (_A.OPEN, _A.FALLING_TONE)),
    (_S.IN_BAND, _E.STRIDE_LEAVES_LATE): (_S.LEFT_UNTOLD, (_A.OPEN,)),
    (_S.IN_BAND, _E.STRIDE_EACH): (_S.OUT, (_A.OPEN, _A.FALLING_TONE)),
    (_S.IN_BAND, _E.STRIDE_EACH_LATE): (_S.LEFT_UNTOLD, (_A.OPEN,)),
    (_S.IN_BAND, _E.COMPENSATES): (_S.OUT, (_A.OPEN, _A.NOTE, _A.WORDS)),
    # One step was enough to wait: whatever comes next carries the falling tone.
    (_S.LEFT_UNTOLD, _E.PUSH_OFF_OUT): (_S.OUT, (_A.FALLING_TONE,)),
    (_S.LEFT_UNTOLD, _E.PUSH_OFF_LEAVES): (_S.OUT, (_A.FALLING_TONE,)),
    (_S.LEFT_UNTOLD, _E.PUSH_OFF_EACH): (_S.OUT, (_A.FALLING_TONE,)),
    (_S.LEFT_UNTOLD, _E.STRIDE_IN): (_S.RETURNED_UNTOLD, (_A.FALLING_TONE,)),
    (_S.LEFT_UNTOLD, _E.STRIDE_IN_ALONE): (
        _S.IN_BAND,
        (_A.FALLING_TONE, _A.RISING_TONE, _A.SPARE_WORDS),
    ),
    (_S.LEFT_UNTOLD, _E.STRIDE_OUT): (_S.OUT, (_A.FALLING_TONE,)),
    (_S.LEFT_UNTOLD, _E.STRIDE_LEAVES): (_S.OUT, (_A.FALLING_TONE,)),
    (_S.LEFT_UNTOLD, _E.STRIDE_LEAVES_LATE): (_S.OUT, (_A.FALLING_TONE,)),
    (_S.LEFT_UNTOLD, _E.STRIDE_EACH): (_S.OUT, (_A.FALLING_TONE,)),
    (_S.LEFT_UNTOLD, _E.STRIDE_EACH_LATE): (_S.OUT, (_A.FALLING_TONE,)),
    (_S.LEFT_UNTOLD, _E.COMPENSATES): (_S.LEFT_UNTOLD, (_A.NOTE,)),
    (_S.LEFT_UNTOLD, _E.LOST_SIGHT): (_S.IN_BAND, ()),
    (_S.LEFT_UNTOLD, _E.NEW_START): (_S.IN_BAND, ()),
    (_S.OUT, _E.PUSH_OFF_EACH): (_S.OUT, (_A.FALLING_TONE,)),
    (_S.OUT, _E.STRIDE_IN): (_S.RETURNED_UNTOLD, ()),
    (_S.OUT, _E.STRIDE_IN_ALONE): (_S.IN_BAND, (_A.RISING_TONE, _A.SPARE_WORDS)),
    (_S.OUT, _E.STRIDE_EACH): (_S.OUT, (_A.FALLING_TONE,)),
    (_S.OUT, _E.STRIDE_EACH_LATE): (_S.LEFT_UNTOLD, (_A.OPEN,)),
    (_S.OUT, _E.COMPENSATES): (_S.OUT, (_A.NOTE, _A.WORDS)),
    (_S.OUT, _E.LOST_SIGHT): (_S.IN_BAND, ()),
    (_S.OUT, _E.NEW_START): (_S.IN_BAND, ()),
    (_S.RETURNED_UNTOLD, _E.PUSH_OFF_IN): (_S.IN_BAND, (_A.RISING_TONE,)),
    (_S.RETURNED_UNTOLD, _E.STRIDE_IN_ALONE): (
        _S.IN_BAND,
        (_A.RISING_TONE, _A.SPARE_WORDS),
    ),
    (_S.RETURNED_UNTOLD, _E.STRIDE_OUT): (_S.OUT, ()),
    (_S.RETURNED_UNTOLD, _E.STRIDE_LEAVES): (_S.OUT, ()),
    (_S.RETURNED_UNTOLD, _E.STRIDE_LEAVES_LATE): (_S.OUT, ()),
    (_S.RETURNED_UNTOLD, _E.STRIDE_EACH): (_S.OUT, (_A.FALLING_TONE,)),
    (_S.RETURNED_UNTOLD, _E.STRIDE_EACH_LATE): (_S.LEFT_UNTOLD, (_A.OPEN,)),
    (_S.RETURNED_UNTOLD, _E.LOST_SIGHT): (_S.IN_BAND, ()),
    (_S.RETURNED_UNTOLD, _E.NEW_START): (_S.IN_BAND, ()),
}
"""State and event, to the state that follows and what is done on the way."""


@dataclass(slots=True)
class Episode:
    """What is remembered from leaving the band to being back in it.

    Attributes
    ----------
    granted : bool
        Whether the schedule gives this episode its cues.
    compensated, warned : bool
        Whether the runner compensated in it, and was told so in words (or would have been).
    """

    granted: bool
    compensated: bool = False
    warned: bool = False
