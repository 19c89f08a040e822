"""The table of an episode: printed, and walked from end to end."""

from __future__ import annotations

from itertools import pairwise, product

import pytest

from hipcue.realtime.feedback.episode import TRANSITIONS, Action, EpisodeEvent, EpisodeState

STATES = list(EpisodeState)
SIGNS = {
    Action.OPEN: "o",
    Action.FALLING_TONE: "\\",
    Action.RISING_TONE: "/",
    Action.NOTE: "n",
    Action.WORDS: "w",
    Action.SPARE_WORDS: "p",
}
# A row for each event, a column for each state: the state that follows (in band, left
# untold, out, returned untold) and what is done: an episode opened, the falling and the rising
# tone, a note that they compensated, words, praise. A dot changes nothing.
PRINTED = """
                     I      L      O      R
PUSH_OFF_IN          .      .      .      I/
PUSH_OFF_OUT         .      O\\     .      .
PUSH_OFF_LEAVES      Oo\\    O\\     .      .
PUSH_OFF_EACH        Oo\\    O\\     O\\     .
STRIDE_IN            Ip     R\\     R      .
STRIDE_IN_ALONE      Ip     I\\/p   I/p    I/p
STRIDE_OUT           .      O\\     .      O
STRIDE_LEAVES        Oo\\    O\\     .      O
STRIDE_LEAVES_LATE   Lo     O\\     .      O
STRIDE_EACH          Oo\\    O\\     O\\     O\\
STRIDE_EACH_LATE     Lo     O\\     Lo     Lo
COMPENSATES          Oonw   Ln     Onw    .
LOST_SIGHT           .      I      I      I
NEW_START            .      I      I      I
"""


def printed() -> str:
    """The table as text."""
    names = {state: state.name[0] for state in STATES}
    lines = [" " * 21 + "      ".join(names.values())]
    for event in EpisodeEvent:
        cells = []
        for state in STATES:
            row = TRANSITIONS.get((state, event))
            actions = "" if row is None else "".join(SIGNS[action] for action in row[1])
            cells.append("." if row is None else names[row[0]] + actions)
        lines.append(f"{event.name:21}" + "".join(f"{cell:7}" for cell in cells).rstrip())
    return "\n" + "\n".join(lines) + "\n"


def test_the_table_is_as_it_is_printed_here() -> None:
    assert printed() == PRINTED


def walks() -> list[tuple[tuple[EpisodeEvent, ...], list[Action]]]:
    """Every way through the table of four events, with what is done on it."""
    found = []
    for events in product(EpisodeEvent, repeat=4):
        state, done = EpisodeState.IN_BAND, []
        for event in events:
            state, actions = TRANSITIONS.get((state, event), (state, ()))
            done += actions
        found.append((events, done))
    return found


def test_on_no_way_does_anything_sound_before_an_episode_is_opened() -> None:
    heard = {Action.FALLING_TONE, Action.RISING_TONE, Action.WORDS, Action.NOTE}
    for events, done in walks():
        first = next((k for k, action in enumerate(done) if action in heard), len(done))
        assert first == len(done) or Action.OPEN in done[:first], events


def test_on_no_way_do_two_rising_tones_come_without_an_episode_between() -> None:
    for events, done in walks():
        rises = [k for k, action in enumerate(done) if action is Action.RISING_TONE]
        between = [done[a:b] for a, b in pairwise(rises)]
        assert all(Action.OPEN in actions for actions in between), events


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("event", [EpisodeEvent.LOST_SIGHT, EpisodeEvent.NEW_START])
def test_from_everywhere_an_episode_can_end_in_silence(
    state: EpisodeState, event: EpisodeEvent
) -> None:
    assert TRANSITIONS.get((state, event), (state, ())) == (EpisodeState.IN_BAND, ())
