"""The one driver of the engine: what it was given is recorded with the step it went into."""

from __future__ import annotations

from pathlib import Path

from hipcue.config.settings import Settings
from hipcue.devices.readings import BeltSample
from hipcue.realtime.records import NewBaseline, SetBand
from hipcue.realtime.run.replay_check import given
from hipcue.realtime.run.stepper import Stepper
from hipcue.realtime.session import SessionHeader, SessionReader, SessionWriter
from tests.realtime.test_engine import FPS, Treadmill


def test_belt_samples_and_commands_are_recorded_with_the_step_they_went_into(
    tmp_path: Path,
) -> None:
    track = Treadmill()
    writer = SessionWriter(tmp_path / "run", SessionHeader.now(Settings(), "joints"))
    stepper = Stepper(track.engine, writer)
    fed: list[tuple[tuple[BeltSample, ...], tuple[object, ...]]] = []
    for number in range(1, 31):
        t_s = number / FPS
        belt = tuple(BeltSample(t_s - 0.002 * k, 0.1 * k) for k in range(number % 3, 0, -1))
        commands = (SetBand(2.5), NewBaseline()) if number % 10 == 0 else ()
        stepper.step(track.look(t_s), belt, commands)
        fed.append((belt, commands))
    assert stepper.settings.verdict.min_rise_deg == 2.5
    writer.close()
    with SessionReader(tmp_path / "run") as session:
        assert [(step.belt_samples, step.commands) for step in given(session)] == fed


def test_the_neutral_that_was_taken_is_recorded_at_the_end_and_an_assumed_one_is_not(
    tmp_path: Path,
) -> None:
    found = []
    for name, stands_s in (("short", 0.5), ("long", 3.0)):
        track = Treadmill()
        writer = SessionWriter(tmp_path / name, SessionHeader.now(Settings(), "joints"))
        stepper = Stepper(track.engine, writer)
        for number in range(1, round(stands_s * FPS)):
            stepper.step(track.look(number / FPS), [BeltSample(number / FPS, 0.0)])
        stepper.record_neutral()
        writer.close()
        with SessionReader(tmp_path / name) as session:
            found.append("neutral_end" in session.header_values)
    assert found == [False, True]
