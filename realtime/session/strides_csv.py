"""strides.csv: one row per stride, empty where missing, times from the first frame."""

from __future__ import annotations

import csv
import io

from hipcue.realtime.records import Stride
from hipcue.realtime.session.reader import SessionReader

# In this order; more columns may follow.
COLUMNS = (
    "stride", "side", "near", "contact_s", "toe_off_s", "end_s", "stride_time_s",
    "cadence_spm", "belt_speed_mps", "belt_source", "stride_length_m", "contact_time_s",
    "flight_time_s", "thigh_extension_deg", "hip_extension_deg", "pelvic_tilt_deg",
    "pelvic_tilt_mean_deg", "pelvic_tilt_sd_deg", "pelvis_source", "lumbar_extension_deg",
    "trunk_lean_deg", "knee_contact_deg", "knee_toe_off_deg", "ankle_toe_off_deg",
    "heel_recovery", "vertical_oscillation_m", "overstride_m", "verdict", "confidence",
)  # fmt: skip

# Digits after the point by unit: finer than any measurement, so that rounding never shows.
_DIGITS = {"_s": 4, "_m": 4, "_mps": 4, "_spm": 2, "_deg": 3}


# A spreadsheet takes a cell that begins so for a formula and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def text_cell(text: str) -> str:
    """Return a text so that no spreadsheet runs it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def number(value: float | None, digits: int = 4) -> str:
    """Return a number with fixed digits and a point, ``""`` when missing, never ``-0.0``."""
    if value is None or value != value:
        return ""
    text = f"{value:.{digits}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.") else text


def digits_of(name: str) -> int:
    """Return the digits after the point for a column."""
    return next((d for unit, d in _DIGITS.items() if name.endswith(unit)), 4)


def cells(stride: Stride, t_first_s: float) -> dict[str, str]:
    """Return one row of strides.csv as texts."""
    toe_off = None if stride.toe_off_s is None else stride.toe_off_s - t_first_s
    row = {
        "stride": str(stride.index),
        "side": stride.side.value,
        "near": "1" if stride.near else "0",
        "contact_s": number(stride.contact_s - t_first_s),
        "toe_off_s": number(toe_off),
        "end_s": number(stride.end_s - t_first_s),
        "belt_source": stride.belt_source.value,
        "pelvis_source": stride.pelvis_source.value,
        "verdict": stride.verdict.value,
        "confidence": number(stride.confidence, 3),
    }
    for name in COLUMNS:
        if name not in row:
            row[name] = number(stride.measure(name).value, digits_of(name))
    return row


def strides_csv(session: SessionReader) -> str:
    """Return the whole file as text, with Unix line ends.

    Times count from the first frame. A last column ``runner`` follows where more than one
    ran.
    """
    columns = (*COLUMNS, "runner") if len(session.runners) > 1 else COLUMNS
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for step, stride in session.stride_steps:
        runner = text_cell(session.runner_at(step))
        writer.writerow({**cells(stride, session.t_first_s), "runner": runner})
    return text.getvalue()
