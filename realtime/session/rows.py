"""Strides, cues, events and the rest as database rows, and back.

Measurements are kept as JSON ``{name: [value, sigma, reason]}``; Python writes the
shortest text that reads back as the same float, so numbers survive exactly.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hipcue.config.reasons import Reason
from hipcue.devices.readings import BeltSample, BeltSource
from hipcue.realtime.records import (
    Band,
    Cue,
    CueKind,
    CueResponse,
    EventKind,
    GaitEvent,
    Measurement,
    PelvisSource,
    RunnerState,
    Side,
    Stride,
    Verdict,
)
from hipcue.realtime.session.codec import damaged
from hipcue.realtime.session.old_sentences import reason_of_line
from hipcue.realtime.session.reason_text import read_measurement, read_reason, reason_text

Row = tuple[Any, ...]

# What reading a row says to what is none.
_NOT_ONE = (TypeError, ValueError, AttributeError, OverflowError, IndexError)
# Nothing that is measured here comes near, in any unit.
_LARGEST = 1e12
# No monotonic clock has run for longer: three hundred years.
_LONGEST_S = 1e10


def clean(text: str) -> str:
    """Return a text that a database takes: half a letter, as odd keyboards send, becomes "?"."""
    return text.encode("utf-8", "replace").decode("utf-8")


def to_json(value: object) -> str:
    """Return compact JSON."""
    return clean(json.dumps(value, separators=(",", ":"), ensure_ascii=False))


def from_json(text: str) -> Any:
    """Read JSON from a database; NaN and the like are None. Raises `UserError` for damage."""
    try:
        return json.loads(text, parse_constant=lambda name: None)
    except (TypeError, ValueError, RecursionError) as error:
        raise damaged("a row is not valid JSON") from error


def measure_to_list(m: Measurement) -> list[Any]:
    """Return ``[value, sigma, reason]``."""
    return [m.value, m.sigma, None if m.reason is None else m.reason.to_dict()]


def measure_from_list(found: object) -> Measurement:
    """Read what `measure_to_list` wrote."""
    if not isinstance(found, list) or len(found) != 3:
        raise damaged("a measurement is not value, sigma, reason")
    value, sigma, reason = found
    return read_measurement(_number(value), _number(sigma), reason)


def _number(value: object) -> float | None:
    """Return a number; what is not finite, or beyond all measure, is missing."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise damaged(f"a number is {value!r:.40}")
    # No comparison with what is no number is true.
    return value if -_LARGEST < value < _LARGEST else None


def whole(value: object) -> int:
    """Return a whole number. Raises `UserError` for anything else."""
    if isinstance(value, int):
        return value
    raise damaged(f"a count is {value!r:.40}")


def time_from(value: object) -> float:
    """Return a time in s. Raises `UserError` for what no clock shows."""
    if isinstance(value, int | float) and -_LONGEST_S < value < _LONGEST_S:
        return float(value)
    raise damaged(f"a time is {value!r:.40}")


def _share(value: object) -> float:
    found = _number(value)
    if found is None:
        raise damaged(f"a confidence is {value!r:.40}")
    return found


def stride_row(step: int, s: Stride) -> Row:
    """Return the row of a stride."""
    values = {name: measure_to_list(m) for name, m in s.values.items()}
    return (
        step, s.index, s.side.value, int(s.near), s.contact_s, s.toe_off_s, s.end_s,
        s.t_decided_s, s.belt_source.value, s.pelvis_source.value, to_json(values),
        s.verdict.value, s.confidence, s.state.value, reason_text(s.reason),
    )  # fmt: skip


def read_stride(row: Row) -> tuple[int, Stride]:
    """Return the step at which a stride was known, and the stride."""
    try:
        values = from_json(row[10])
        return int(row[0]), Stride(
            index=int(row[1]),
            side=Side(row[2]),
            near=bool(row[3]),
            contact_s=time_from(row[4]),
            toe_off_s=None if row[5] is None else time_from(row[5]),
            end_s=time_from(row[6]),
            t_decided_s=time_from(row[7]),
            belt_source=BeltSource(row[8]),
            pelvis_source=PelvisSource(row[9]),
            values={str(k): measure_from_list(v) for k, v in values.items()},
            verdict=Verdict(row[11]),
            confidence=_share(row[12]),
            state=RunnerState(row[13]),
            reason=read_reason(row[14]),
        )
    except _NOT_ONE as error:
        raise damaged("a stride is damaged") from error


def cue_row(step: int, c: Cue) -> Row:
    """Return the row of a cue."""
    return (
        c.number, step, c.event, c.kind.value, c.sound, c.text, c.priority,
        None if c.side is None else c.side.value, c.t_event_s, c.t_capture_s, c.expires_s,
        c.focus,
    )  # fmt: skip


def read_cue(row: Row) -> tuple[int, Cue]:
    """Return the step at which a cue was decided, and the cue."""
    try:
        return int(row[1]), Cue(
            number=int(row[0]),
            event=str(row[2]),
            kind=CueKind(row[3]),
            sound=str(row[4]),
            text=str(row[5]),
            priority=int(row[6]),
            side=None if row[7] is None else Side(row[7]),
            t_event_s=time_from(row[8]),
            t_capture_s=time_from(row[9]),
            expires_s=time_from(row[10]),
            focus=None if row[11] is None else str(row[11]),
        )
    except _NOT_ONE as error:
        raise damaged("a cue is damaged") from error


def response_row(step: int, r: CueResponse) -> Row:
    """Return the row of a cue's response."""
    before, after = to_json(measure_to_list(r.before)), to_json(measure_to_list(r.after))
    return (step, r.cue_number, r.metric, before, after, r.strides)


def read_response(row: Row) -> tuple[int, CueResponse]:
    """Return the step at which a response was known, and the response."""
    try:
        return int(row[0]), CueResponse(
            cue_number=int(row[1]),
            metric=str(row[2]),
            before=measure_from_list(from_json(row[3])),
            after=measure_from_list(from_json(row[4])),
            strides=int(row[5]),
        )
    except _NOT_ONE as error:
        raise damaged("a response to a cue is damaged") from error


def event_row(step: int, e: GaitEvent) -> Row:
    """Return the row of a gait event."""
    return (step, e.kind.value, e.side.value, e.t_s, e.sigma_s, e.t_decided_s)


def read_event(row: Row) -> tuple[int, GaitEvent]:
    """Return the step at which an event was known, and the event."""
    try:
        return int(row[0]), GaitEvent(
            EventKind(row[1]), Side(row[2]), time_from(row[3]), time_from(row[4]), time_from(row[5])
        )
    except _NOT_ONE as error:
        raise damaged("a gait event is damaged") from error


def belt_row(step: int, b: BeltSample) -> Row:
    """Return the row of a belt sample and the step it was delivered to."""
    return (
        step,
        b.t_s,
        b.speed_mps,
        b.grade_percent,
        b.distance_m,
        b.source.value,
        reason_text(b.reason),
    )


def read_belt(row: Row) -> tuple[int, BeltSample]:
    """Return the step a belt sample was delivered to, and the sample."""
    try:
        return int(row[0]), BeltSample(
            t_s=time_from(row[1]),
            speed_mps=_number(row[2]),
            grade_percent=_number(row[3]),
            distance_m=_number(row[4]),
            source=BeltSource(row[5]),
            reason=read_reason(row[6]),
        )
    except _NOT_ONE as error:
        raise damaged("a belt sample is damaged") from error


def bands_json(bands: Mapping[str, Band]) -> str:
    """Return the bands as JSON."""
    return to_json({name: [b.centre, b.low, b.high] for name, b in bands.items()})


def read_bands(text: str) -> dict[str, Band]:
    """Read what `bands_json` wrote."""
    try:
        return {str(name): Band(*map(float, b)) for name, b in from_json(text).items()}
    except _NOT_ONE as error:
        raise damaged("a band is damaged") from error


def notices_json(notices: tuple[Reason, ...]) -> str:
    """Return the notices as JSON."""
    return to_json([n.to_dict() for n in notices])


def _read_notice(kept: object) -> Reason:
    if isinstance(kept, list):  # Of an old session: key, text, advice.
        _, text, advice = kept
        return reason_of_line(str(text), str(advice))
    found = read_reason(kept)
    if found is None:
        raise damaged("a notice is damaged")
    return found


def read_notices(text: str) -> tuple[Reason, ...]:
    """Read what `notices_json` wrote."""
    try:
        return tuple(_read_notice(n) for n in from_json(text))
    except _NOT_ONE as error:
        raise damaged("a notice is damaged") from error
