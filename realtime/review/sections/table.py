"""A table as the templates draw it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hipcue.realtime.review.texts import Texts

# Rows beyond this are summed up: an hour has hundreds of cues, a reader reads twenty.
MOST_ROWS = 40


@dataclass(frozen=True, slots=True)
class Table:
    """Column heads, rows of plain texts, and a line about rows that are not shown."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: str = ""


def table_of(
    head: Sequence[str], rows: Sequence[tuple[str, ...]], left_out: int, texts: Texts
) -> Table | None:
    """Return a table, ``None`` without a row; `left_out` rows are only counted."""
    if not rows:
        return None
    more = texts.count("count.more", left_out) if left_out > 0 else ""
    return Table(tuple(head), tuple(rows), more)


def heads(section: str, keys: Sequence[str], texts: Texts) -> tuple[str, ...]:
    """Return the heads of columns by their keys in a section of the texts."""
    return tuple(texts(f"{section}.{key}") for key in keys)
