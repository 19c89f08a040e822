"""CSV and JSON: for everything that reads text."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hipcue.config.reason_words import in_words
from hipcue.realtime.records import Measurement
from hipcue.realtime.session.export.tables import belt_columns, cue_columns, frame_columns
from hipcue.realtime.session.folder import write_text
from hipcue.realtime.session.reader import SessionReader
from hipcue.realtime.session.stride_table import PLAIN, StrideTable, table_of
from hipcue.realtime.session.strides_csv import strides_csv, text_cell


def write_csv(session: SessionReader, folder: Path, name: str) -> list[Path]:
    """Write strides (as strides.csv), frames, cues and belt samples as four files."""
    strides = folder / f"{name}_strides.csv"
    write_text(strides, strides_csv(session))
    tables = {
        "frames": frame_columns(session),
        "cues": cue_columns(session),
        "belt": belt_columns(session),
    }
    files = [strides]
    for table, columns in tables.items():
        path = folder / f"{name}_{table}.csv"
        _write_table(path, columns)
        files.append(path)
    return files


def _write_table(path: Path, columns: Mapping[str, Any]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in zip(*columns.values(), strict=True):
            writer.writerow([_cell(value) for value in row])


def _cell(value: Any) -> str:
    """Return a number with six digits after the point, ``""`` when missing."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, float):
        return f"{value:.6f}"
    return text_cell(value) if isinstance(value, str) else str(value)


def write_json(session: SessionReader, folder: Path, name: str) -> list[Path]:
    """Write everything but the frames as one JSON file.

    Measurements are ``{"value", "sigma", "reason"}``, missing ones with ``null``.
    """
    first = session.t_zero_s
    document = {
        "format": "hipcue session",
        "header": session.header.as_dict(),
        "strides": _strides(table_of(session)),
        "events": [
            {"kind": e.kind, "side": e.side, "t_s": e.t_s - first, "sigma_s": e.sigma_s}
            for _, e in session.event_steps
        ],
        "cues": _rows(cue_columns(session)),
        "belt": _rows(belt_columns(session)),
        "marks": [{"t_s": m.t_s - first, "note": m.note} for m in session.marks],
        "faults": [{"t_s": f.t_s - first, "text": in_words(f.reason)} for f in session.faults],
    }
    path = folder / f"{name}.json"
    write_text(path, json.dumps(_plain(document), indent=1, ensure_ascii=False, allow_nan=False))
    return [path]


def _plain(value: Any) -> Any:
    """Return JSON values without what JSON cannot say: not finite is ``null``."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _rows(columns: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _strides(table: StrideTable) -> list[dict[str, Any]]:
    rows = _rows({name: table.column(name) for name in (*PLAIN, "runner")})
    return [
        {
            **row,
            "near": stride.near,
            "measurements": {name: _measurement(m) for name, m in stride.values.items()},
        }
        for row, stride in zip(rows, table.strides, strict=True)
    ]


def _measurement(m: Measurement) -> dict[str, Any]:
    return {
        "value": m.value,
        "sigma": m.sigma,
        "reason": None if m.reason is None else in_words(m.reason),
    }
