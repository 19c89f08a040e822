"""The one driver of the engine: what goes in is recorded, the engine steps, what came out too.

A live session, a film, a marker file, a replay and the measurements all feed the engine
through a `Stepper`, so that a recording holds what the engine was given in the order in which
it was given.
"""

from __future__ import annotations

from collections.abc import Sequence

from hipcue.config.settings import Settings
from hipcue.devices.readings import BeltSample
from hipcue.realtime.engine import Engine
from hipcue.realtime.records import EngineCommand, Pose, StepResult
from hipcue.realtime.session import SessionWriter
from hipcue.realtime.session.header import neutral_values


class Stepper:
    """Feeds an engine, and records what it was given and what it found out.

    One thread only.

    Parameters
    ----------
    engine : Engine
        As new.
    writer : SessionWriter or None
        Where the session is recorded; None records nothing.
    """

    def __init__(self, engine: Engine, writer: SessionWriter | None = None) -> None:
        self._engine = engine
        self._writer = writer

    def step(
        self,
        pose: Pose,
        belt_samples: Sequence[BeltSample] = (),
        commands: Sequence[EngineCommand] = (),
    ) -> StepResult:
        """Step the engine with the next frame.

        The writer counts belt samples and commands to the step that follows them, so they are
        recorded before the step they went into.

        Parameters
        ----------
        pose : Pose
            Of the frame; times never run backwards.
        belt_samples : sequence of BeltSample
            What the treadmill said since the last step, in time order.
        commands : sequence of EngineCommand
            What a person asked for since the last step.
        """
        writer = self._writer
        if writer is not None:
            writer.belt(belt_samples)
            for command in commands:
                writer.command(pose.t_capture_s, command)
        result = self._engine.step(pose, belt_samples, commands)
        if writer is not None:
            writer.step(result)
        return result

    @property
    def settings(self) -> Settings:
        """The settings in force: those the session began with, and what was chosen since."""
        return self._engine.settings

    def settle_last_frames(self) -> StepResult | None:
        """Let the engine settle the last frames of a film; recorded with the last step.

        None where no frame waits. For what comes as fast as the machine allows: what it says
        comes too late for somebody who runs.
        """
        result = self._engine.finish()
        if result is not None and self._writer is not None:
            self._writer.add_to_last_step(result)
        return result

    def record_neutral(self) -> None:
        """Record the standing neutral that the session ended with, if one was taken."""
        neutral = self._engine.neutral
        if self._writer is not None and neutral.measured:
            self._writer.learned("neutral_end", neutral_values(neutral))
