"""What the loudspeaker is told: cues, and what metronome and hum follow."""

from __future__ import annotations

from hipcue.config.settings import Settings
from hipcue.devices.sound import Sound, SoundOrder
from hipcue.realtime.records import Cue, CueKind, RunnerState, Side, StepResult

# Metronome and hum belong to running.
_NOT_RUNNING = (RunnerState.WAITING, RunnerState.NEUTRAL)
# A tone about one leg is heard in that ear.
_EAR = {Side.L: -1.0, Side.R: 1.0}


def play_cue(sound: Sound, cue: Cue) -> None:
    """Have a cue played as soon as it may."""
    sound.play(
        SoundOrder(
            cue.number,
            cue.kind is CueKind.SPEECH,
            cue.sound,
            cue.priority,
            cue.expires_s,
            balance=0.0 if cue.side is None else _EAR[cue.side],
        )
    )


def follow_runner(sound: Sound, result: StepResult, settings: Settings) -> None:
    """Feed the metronome with the runner's usual cadence, the hum with the pelvis."""
    angles = None if result.settled is None else result.settled.angles
    quiet = settings.feedback.schedule == "retention" or result.state in _NOT_RUNNING
    usual = result.bands.get("cadence_spm")
    sound.set_cadence(None if quiet or usual is None else usual.centre)
    sound.set_pelvis(None if quiet or angles is None else angles.pelvic_tilt_deg.value)
