"""Parquet, for data tools; needs the optional library polars."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hipcue.config.errors import UserError
from hipcue.realtime.session.export.tables import (
    belt_columns,
    cue_columns,
    frame_columns,
)
from hipcue.realtime.session.reader import SessionReader
from hipcue.realtime.session.stride_table import table_of

_TEXTS = {
    "session", "runner", "side", "belt_source", "pelvis_source", "verdict", "state", "reason",
    "near_leg", "event", "kind", "sound", "text", "focus", "metric", "source",
}  # fmt: skip
_WHOLE = {"stride", "near", "frame", "facing", "cue", "strides"}


def write_parquet(session: SessionReader, folder: Path, name: str) -> list[Path]:
    """Write strides, frames, cues and belt samples as four files."""
    tables: dict[str, Mapping[str, Any]] = {
        "strides": table_of(session).columns(),
        "frames": frame_columns(session),
        "cues": cue_columns(session),
        "belt": belt_columns(session),
    }
    files = []
    for table, columns in tables.items():
        path = folder / f"{name}_{table}.parquet"
        write_parquet_table(columns, path)
        files.append(path)
    return files


def write_parquet_table(columns: Mapping[str, Any], path: Path) -> None:
    """Write columns as one Parquet file; missing is null, never NaN.

    Types do not depend on the content, so that files of many sessions fit together even
    where a whole column is missing.
    """
    try:
        import polars as pl
    except ImportError as error:
        raise UserError(
            "cannot write Parquet",
            "the library polars is not installed",
            'python -m pip install "hipcue[export]"',
        ) from error
    series = []
    for name, values in columns.items():
        kind: type[pl.DataType] = pl.Float64
        if name in _TEXTS:
            kind = pl.String
        elif name in _WHOLE:
            kind = pl.Int64
        series.append(pl.Series(name, values, dtype=kind, nan_to_null=True))
    pl.DataFrame(series).write_parquet(path, compression="zstd")
