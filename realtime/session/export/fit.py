"""FIT: an activity file for sports platforms and watches; needs garmin-fit-sdk.

One record a second with the native fields for cadence, step length, ground contact and
vertical oscillation, and developer fields for what FIT has no name for.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.realtime.session.reader import SessionReader
from hipcue.realtime.session.stride_table import stride_table

Floats = NDArray[np.float64]

# Name, unit, metric: fields that FIT itself does not have.
DEVELOPER_FIELDS = (
    ("hip_extension", "deg", "hip_extension_deg"),
    ("thigh_extension", "deg", "thigh_extension_deg"),
    ("pelvic_tilt", "deg", "pelvic_tilt_deg"),
    ("lumbar_extension", "deg", "lumbar_extension_deg"),
    ("trunk_lean", "deg", "trunk_lean_deg"),
    ("borrowing", "0/1", "borrowing"),
)
# Sixteen fixed bytes that say "these developer fields are hipcue's".
_APPLICATION = list(b"hipcue session 1")
_FLOAT32 = 136
# A record describes the strides of the last seconds, both legs.
_WINDOW_S = 2.0


def write_fit(session: SessionReader, folder: Path, name: str) -> list[Path]:
    """Write the session as a FIT activity of treadmill running.

    Raises
    ------
    UserError
        When the library is missing, or no stride was recorded.
    """
    try:
        from garmin_fit_sdk import Encoder, Profile
    except ImportError as error:
        raise UserError(
            "cannot write FIT",
            "the library garmin-fit-sdk is not installed",
            'python -m pip install "hipcue[export]"',
        ) from error
    session = session.of_runner(session.header.runner)  # An activity is one runner's.
    if not session.strides:
        raise UserError(
            f"cannot export {session.folder}", "no stride was recorded", "another session"
        )
    numbers = {m["name"]: number for number, m in Profile["messages"].items()}
    encoder = Encoder()
    start = session.header.started or datetime(2000, 1, 1, tzinfo=UTC)
    start = start.astimezone(UTC).replace(microsecond=0)

    def say(kind: str, **values: Any) -> None:
        known = {key: value for key, value in values.items() if value is not None}
        encoder.write_mesg({"mesg_num": numbers[kind], **known})

    say("file_id", type="activity", manufacturer="development", product=1, time_created=start,
        serial_number=1)  # fmt: skip
    developer: Any = {
        "developer_data_index": 0, "application_id": _APPLICATION, "application_version": 1,
    }  # fmt: skip
    say("developer_data_id", **developer)
    for key, (field, unit, _) in enumerate(DEVELOPER_FIELDS):
        description: Any = {
            "developer_data_index": 0, "field_definition_number": key,
            "fit_base_type_id": _FLOAT32, "field_name": field, "units": unit,
        }  # fmt: skip
        encoder.add_developer_field(key, developer, description)
        say("field_description", **description)
    say("event", timestamp=start, event="timer", event_type="start")
    records = _records(session)
    for record in records:
        say("record", **{**record, "timestamp": start + timedelta(seconds=record["timestamp"])})
    end = start + timedelta(seconds=records[-1]["timestamp"])
    say("event", timestamp=end, event="timer", event_type="stop_all")
    total = _totals(records, start, end)
    say("lap", message_index=0, event="lap", event_type="stop", **total)
    say("session", message_index=0, event="lap", event_type="stop", first_lap_index=0,
        num_laps=1, trigger="activity_end", **total)  # fmt: skip
    say("activity", timestamp=end, total_timer_time=total["total_timer_time"], num_sessions=1,
        type="manual", event="activity", event_type="stop")  # fmt: skip
    path = folder / f"{name}.fit"
    path.write_bytes(bytes(encoder.close()))
    return [path]


def _records(session: SessionReader) -> list[dict[str, Any]]:
    """Return one record per second from the first stride on; missing fields are left out."""
    table = stride_table(session.strides, session.t_first_s)
    distance_t, distance = _distance(session)
    out = []
    # A pause is a gap in the records, as a watch writes it; and no stranger's clock can make
    # a file without end.
    ends = np.ceil(table.end_s).astype(int)
    for second in sorted({int(end) + late for end in set(ends.tolist()) for late in (0, 1)}):
        rows = (table.end_s > second - _WINDOW_S) & (table.end_s <= second)
        if not rows.any():
            continue
        mean = {m: _mean(table.value(m)[rows]) for m in table.values}
        mean["borrowing"] = float(table.compensating[rows].any())
        cadence = mean.get("cadence_spm")
        length, speed = mean.get("stride_length_m"), mean.get("belt_speed_mps")
        contact, bounce = mean.get("contact_time_s"), mean.get("vertical_oscillation_m")
        # FIT counts strides of one leg per minute, with its fraction in 1/128.
        per_leg = None if cadence is None else cadence / 2
        out.append({
            "timestamp": second,
            "cadence": None if per_leg is None else int(per_leg),
            "fractional_cadence": None if per_leg is None else per_leg % 1,
            "step_length": None if length is None else length * 1000 / 2,
            "stance_time": None if contact is None else contact * 1000,
            "vertical_oscillation": None if bounce is None else bounce * 1000,
            "enhanced_speed": speed,
            "distance": _at(distance_t, distance, second),
            "developer_fields": {
                key: mean.get(metric)
                for key, (_, _, metric) in enumerate(DEVELOPER_FIELDS)
                if mean.get(metric) is not None
            },
        })  # fmt: skip
    return out


def _distance(session: SessionReader) -> tuple[Floats, Floats]:
    """Return the distance run over time, from the frames."""
    pairs = [
        (state["t_s"][-1] - session.t_first_s, state["distance_m"][-1])
        for _, state in session.frames.states()
    ]
    found = np.array(pairs).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _at(t: Floats, values: Floats, when: float) -> float | None:
    return float(np.interp(when, t, values)) if len(t) else None


def _mean(values: Floats) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None


def _totals(records: list[dict[str, Any]], start: datetime, end: datetime) -> dict[str, Any]:
    seconds = (end - start).total_seconds()
    cadences = [r["cadence"] + r["fractional_cadence"] for r in records if r["cadence"] is not None]
    distances = [r["distance"] for r in records if r["distance"] is not None]
    cadence = float(np.mean(cadences)) if cadences else None
    return {
        "timestamp": end, "start_time": start, "total_elapsed_time": seconds,
        "total_timer_time": seconds, "sport": "running", "sub_sport": "treadmill",
        "total_distance": max(distances) if distances else None,
        "avg_cadence": None if cadence is None else int(cadence),
        "avg_fractional_cadence": None if cadence is None else cadence % 1,
    }  # fmt: skip
