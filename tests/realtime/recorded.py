"""A short recorded session with everything in it that a replay has to show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import DeviceStatus, LinkState
from hipcue.realtime.library.finish import finish
from hipcue.realtime.records import EventKind, GaitEvent, Mark, Measurement, SetSchedule
from hipcue.realtime.session import SessionWriter
from tests.realtime.session.sample_session import (
    STANDING_S,
    T_FIRST_S,
    SampleStep,
    header,
    sample_steps,
)

SECONDS, FPS = 40.0, 30.0
# Seconds from the first frame.
BELT_LOST_S, BELT_BACK_S, MARK_S, FAULT_S, CHOICE_S, FASTER_S = 12.0, 16.0, 18.0, 25.0, 30.0, 35.0
PEAK_AFTER_CONTACT_S = 0.3
SOUND_MS = 45.0

_CSAFE = Reason(ReasonCode.BELT, name="CSAFE")
_LOST = Reason(
    ReasonCode.BELT_LOST,
    where="/dev/ttyUSB0",
    why=Reason(ReasonCode.NO_SUCH_DEVICE),
    remedy=Reason(ReasonCode.CHECK_CABLE),
)
_LIGHTS = (
    (0.0, DeviceStatus("camera", LinkState.LIVE, Reason(ReasonCode.CAMERA_AT, fps=30))),
    (0.0, DeviceStatus("belt", LinkState.LIVE, _CSAFE)),
    (BELT_LOST_S, DeviceStatus("belt", LinkState.LOST, _LOST)),
    (BELT_BACK_S, DeviceStatus("belt", LinkState.LIVE, _CSAFE)),
)


def steps() -> Iterator[SampleStep]:
    """The sample run: its neutral taken, its peaks told, the belt faster at the end."""
    for step in sample_steps(SECONDS, FPS):
        result = step.result
        peaks = tuple(
            GaitEvent(
                EventKind.MAX_EXTENSION,
                stride.side,
                stride.contact_s + PEAK_AFTER_CONTACT_S,
                0.01,
                result.t_s,
            )
            for stride in result.strides
        )
        faster = result.t_s - T_FIRST_S >= FASTER_S
        speed = Measurement(3.5, 0.01) if faster else result.belt_speed_mps
        stood = abs(result.t_s - T_FIRST_S - STANDING_S) < 0.5 / FPS
        result = replace(
            result,
            events=(*result.events, *peaks),
            belt_speed_mps=speed,
            neutral_progress=1.0 if stood else result.neutral_progress,
        )
        yield replace(step, result=result)


def record_run(folder: Path) -> Path:
    """Record it and close it."""
    writer = SessionWriter(folder, header(), finish=finish)
    for after_s, light in _LIGHTS:
        writer.device(T_FIRST_S + after_s, light)
    for step in steps():
        result = step.result
        writer.belt(step.belt)
        for command in step.commands:
            writer.command(result.t_s, command)
        if abs(result.t_s - T_FIRST_S - CHOICE_S) < 0.5 / FPS:
            writer.command(result.t_s, SetSchedule("retention"))
        writer.step(result)
        for cue in result.cues:
            stamps = {
                "capture_s": cue.t_capture_s,
                "request_s": cue.t_capture_s + 0.01,
                "mixer_s": cue.t_capture_s + SOUND_MS / 1e3,
            }
            writer.cue_played(cue.number, stamps)
    writer.mark(Mark(T_FIRST_S + MARK_S, "left shoe"))
    writer.note_fault(T_FIRST_S + FAULT_S, Reason(ReasonCode.DISK_NEARLY_FULL))
    writer.close()
    assert writer.fault is None, writer.fault
    return folder
