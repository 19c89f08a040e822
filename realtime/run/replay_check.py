"""Replay: what the engine was given, and whether it still says the same.

The engine is a pure step, so the recorded poses, belt samples and commands give the recorded
strides, verdicts and cues again, bit for bit. `check` proves it for one session.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

from hipcue.config.errors import UserError
from hipcue.config.reason_words import in_words
from hipcue.config.reasons import Reason
from hipcue.devices.readings import BeltSample
from hipcue.realtime.engine import Engine
from hipcue.realtime.records import (
    Cue,
    CueResponse,
    EngineCommand,
    GaitEvent,
    Measurement,
    Pose,
    Stride,
)
from hipcue.realtime.run.stepper import Stepper
from hipcue.realtime.session.header import SETTLED_STEP
from hipcue.realtime.session.reader import SessionReader

# Our choice: differences that are shown of each field of each kind; the rest is counted.
MAX_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Given:
    """What the engine was given in one step."""

    pose: Pose
    belt_samples: tuple[BeltSample, ...]
    commands: tuple[EngineCommand, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out of a run, each with the step at which it was known."""

    steps: int
    events: tuple[tuple[int, GaitEvent], ...]
    strides: tuple[tuple[int, Stride], ...]
    cues: tuple[tuple[int, Cue], ...]
    responses: tuple[tuple[int, CueResponse], ...]


@dataclass(frozen=True, slots=True)
class Check:
    """Result of a replay check; `differences` is empty when all is identical."""

    differences: list[str]
    steps: int
    strides: int
    cues: int
    note: str = ""

    @property
    def identical(self) -> bool:
        """Whether the engine says what it said."""
        return not self.differences


def given(session: SessionReader) -> Iterator[Given]:
    """Return what the engine was given, step by step, up to the first gap in the frames.

    Raises
    ------
    UserError
        One of the commands is another hipcue's: without it the engine was given something else.
    """
    if unknown := session.unknown_commands:
        raise UserError(
            f"cannot run the engine over {session.folder} again",
            f"it holds a command that hipcue does not know: {unknown[0]!r:.60}",
            f"the hipcue that recorded it: {session.header.versions.get('hipcue', 'unknown')}",
        )
    belts: dict[int, list[BeltSample]] = {}
    for step, sample in session.belt_steps:
        belts.setdefault(step, []).append(sample)
    commands: dict[int, list[EngineCommand]] = {}
    for step, command in session.command_steps:
        commands.setdefault(step, []).append(command)
    whole = session.frames.whole_steps
    for chunk in session.frames.chunks():
        if chunk.first >= whole:
            return
        for i in range(chunk.count):
            step = chunk.first + i
            yield Given(chunk.pose(i), tuple(belts.get(step, ())), tuple(commands.get(step, ())))


def recorded(session: SessionReader) -> Outcome:
    """Return what came out when it was recorded, up to the first gap in the frames."""
    whole = session.frames.whole_steps
    return Outcome(
        steps=whole,
        events=tuple(item for item in session.event_steps if item[0] < whole),
        strides=tuple(item for item in session.stride_steps if item[0] < whole),
        cues=tuple(item for item in session.cue_steps if item[0] < whole),
        responses=tuple(item for item in session.response_steps if item[0] < whole),
    )


def rerun(session: SessionReader, engine: Engine) -> Outcome:
    """Run an engine over what was recorded.

    The engine must be as new, with the settings of the header.
    """
    stepper = Stepper(engine)
    settled_step = session.header_values.get(SETTLED_STEP)
    events: list[tuple[int, GaitEvent]] = []
    strides: list[tuple[int, Stride]] = []
    cues: list[tuple[int, Cue]] = []
    responses: list[tuple[int, CueResponse]] = []
    step = 0
    for step, was in enumerate(given(session), 1):
        results = [stepper.step(was.pose, was.belt_samples, was.commands)]
        if step - 1 == settled_step and (last := stepper.settle_last_frames()) is not None:
            results.append(last)
        for result in results:
            events += [(step - 1, e) for e in result.events]
            strides += [(step - 1, s) for s in result.strides]
            cues += [(step - 1, c) for c in result.cues]
            responses += [(step - 1, r) for r in result.responses]
    return Outcome(step, tuple(events), tuple(strides), tuple(cues), tuple(responses))


def check(session: SessionReader, engine: Engine) -> Check:
    """Run the engine again and compare with what was recorded."""
    was, now = recorded(session), rerun(session, engine)
    note = ""
    kept = session.header_values.get("closed", {})
    steps = kept.get("steps") if isinstance(kept, dict) else None
    if isinstance(steps, int) and steps > was.steps:
        note = f"only the first {was.steps} of {steps} frames were kept and checked"
    return Check(compare(was, now), was.steps, len(was.strides), len(was.cues), note)


def compare(was: Outcome, now: Outcome) -> list[str]:
    """Return what differs between two outcomes, in short lines.

    Of each field of each kind at most `MAX_EXAMPLES` differences are shown and the rest is
    counted, so that one field that always differs hides no other. Equal means equal to the
    last bit; an empty list means identical.
    """
    lines: list[str] = []
    if was.steps != now.steps:
        lines.append(f"frames: {was.steps} recorded, {now.steps} now")
    for name in ("strides", "cues", "events", "responses"):
        lines += _differences(name, getattr(was, name), getattr(now, name))
    return lines


def _differences(
    names: str, was: Sequence[tuple[int, object]], now: Sequence[tuple[int, object]]
) -> list[str]:
    lines = []
    if len(was) != len(now):
        lines.append(f"{names}: {len(was)} recorded, {len(now)} now")
    name = names[:-1]
    found: dict[str, list[str]] = {}
    for (step_was, one), (step_now, other) in _pairs(was, now):
        where = f"{name} {_number(one)} at frame {step_was}"
        if step_was != step_now:
            found.setdefault("frame", []).append(f"{where}: now at frame {step_now}")
        if one != other:
            for field, change in _changes(one, other):
                found.setdefault(field, []).append(f"{where}: {field.split(':')[0]} {change}")
    for field, examples in found.items():
        lines += examples[:MAX_EXAMPLES]
        if len(examples) > MAX_EXAMPLES:
            lines.append(f"{name} {field}, {len(examples)} {names} in all")
    return lines


def _pairs(
    was: Sequence[tuple[int, object]], now: Sequence[tuple[int, object]]
) -> Iterator[tuple[tuple[int, object], tuple[int, object]]]:
    """Return what belongs together: in order, or by number where there are more of one.

    One record less, as in a repaired session, shifts no other. Gait events have no number.
    """
    numbers = {_number(one): (step, one) for step, one in now}
    if len(was) == len(now) or len(numbers) < len(now):
        yield from zip(was, now, strict=False)
        return
    for step, one in was:
        other = numbers.get(_number(one))
        if other is not None:
            yield (step, one), other


def _number(record: object) -> object:
    names = ("index", "number", "cue_number", "kind")
    return next((getattr(record, n) for n in names if hasattr(record, n)), "")


def _changes(was: object, now: object) -> Iterator[tuple[str, str]]:
    """Return each field that differs and how; one that differs in sigma alone says so."""
    for f in fields(was):  # type: ignore[arg-type]
        a, b = getattr(was, f.name), getattr(now, f.name)
        if a == b:
            continue
        if isinstance(a, dict) and isinstance(b, dict):
            for name in sorted(a.keys() | b.keys()):
                if a.get(name) != b.get(name):
                    yield _change(name, a.get(name), b.get(name))
        else:
            yield _change(f.name, a, b)


def _change(field: str, was: object, now: object) -> tuple[str, str]:
    if (
        isinstance(was, Measurement)
        and isinstance(now, Measurement)
        and (was.value, was.reason) == (now.value, now.reason)
    ):
        uncertain = (f"{m.value!r} ± {m.sigma!r}" for m in (was, now))
        return f"{field}: uncertainty only", " -> ".join(uncertain)
    return field, f"{_short(was)} -> {_short(now)}"


def _short(value: object) -> str:
    if isinstance(value, Measurement):
        why = value.reason
        return repr(value.value) if why is None else f"missing ({in_words(why)})"
    if isinstance(value, Reason):
        return in_words(value)
    return "absent" if value is None else str(value)
