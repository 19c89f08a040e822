"""Commands in a session: as they are written now, and as older sessions hold them."""

from __future__ import annotations

from typing import get_args

import pytest

from hipcue.realtime.records import (
    EngineCommand,
    NewBaseline,
    NewRunner,
    SayCueNow,
    SetBand,
    SetFocus,
    SetSchedule,
    TakeNeutral,
)
from hipcue.realtime.session.command_json import COMMANDS, command_json, read_command

WRITTEN: list[tuple[EngineCommand, str]] = [
    (TakeNeutral(), '{"command":"take_neutral"}'),
    (NewBaseline(), '{"command":"new_baseline"}'),
    (SayCueNow(), '{"command":"say_cue_now"}'),
    (
        NewRunner("Åsa = 7\n", 2),
        '{"command":"new_runner","name":"Åsa = 7\\n","programme_session":2}',
    ),
    (SetBand(0.1 + 0.2 + 2), '{"command":"set_band","min_rise_deg":2.3}'),
    (SetSchedule("faded"), '{"command":"set_schedule","schedule":"faded"}'),
    (SetFocus("ab"), '{"command":"set_focus","focus":"ab"}'),
]


@pytest.mark.parametrize(("command", "text"), WRITTEN)
def test_a_command_is_written_with_its_tag_and_read_back(command: EngineCommand, text: str) -> None:
    assert command_json(command) == text
    assert read_command(text) == command


def test_every_command_there_is_can_be_written() -> None:
    assert set(COMMANDS.values()) == set(get_args(EngineCommand))
    assert {type(command) for command, _ in WRITTEN} == set(COMMANDS.values())


def test_a_band_comes_back_to_the_last_bit() -> None:
    odd = SetBand(3.1000000000000005)
    assert read_command(command_json(odd)) == odd


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("neutral", TakeNeutral()),
        ("baseline", NewBaseline()),
        ("say_it_now", SayCueNow()),
        ("feedback.schedule=faded", SetSchedule("faded")),
        ("feedback.focus=internal", SetFocus("internal")),
        ("verdict.min_rise_deg=4.5", SetBand(4.5)),
    ],
)
def test_an_older_session_is_still_understood(text: str, command: EngineCommand) -> None:
    assert read_command(text) == command
