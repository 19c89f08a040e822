"""The table at the end of `hipcue analyze FOLDER`: a row per file, on a screen or in a pipe."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hipcue.config.reason_words import in_words
from hipcue.realtime.run.batch import Done

_HEADS = ("file", "strides", "kept", "remarks")
_NO_NUMBER = "-"
# On a screen a file's name has this share of the width and is cut in its middle beyond: its
# ends tell it from others. In a pipe a longer one than this pushes its own line to the right.
_SHARE_OF_NAME, _USUAL_NAME = 0.35, 32


def print_table(console: Console, results: Sequence[Done]) -> None:
    """Print what became of each file.

    A terminal gets a table as wide as it is. Whatever else reads gets one line per file, however
    long, without colours or frames, its columns under each other: for grep and for logs.
    """
    count = Counter(done.job.path.name for done in results)
    rows = [(_name(done.job.path, count), *_facts(done)) for done in results]
    if not console.is_terminal:
        for line in _lines((_HEADS, *rows)):
            print(line, file=console.file)
        return
    longest = max(int(_SHARE_OF_NAME * console.width), 12)
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    table.add_column(_HEADS[0], no_wrap=True)
    for head in _HEADS[1:3]:
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column(_HEADS[3], ratio=1)
    for (name, strides, kept, words), done in zip(rows, results, strict=True):
        style = "red" if done.error is not None else ""
        table.add_row(Text(_short(name, longest)), strides, kept, Text(words, style))
    console.print(table)


def _name(path: Path, count: Mapping[str, int]) -> str:
    """Return a file's name, with its folder's where others are called the same."""
    return path.name if count[path.name] == 1 else str(Path(path.parent.name, path.name))


def _facts(done: Done) -> tuple[str, str, str]:
    """Return strides, share kept of those begun, and what to know of a file."""
    found = done.analysis
    if found is None:
        why = "" if done.error is None else done.error.seen
        return _NO_NUMBER, _NO_NUMBER, _one_line(why)
    lines = found.lines
    if found.of != "strides":  # The budget of each leg is in its folder.
        lines = tuple(line for line in lines if line.endswith("no cycle"))
    words = _one_line("; ".join([*map(in_words, found.remarks), *lines]))
    if found.of != "strides":
        return f"{found.strides} {found.of}", _NO_NUMBER, words
    kept = f"{found.strides / found.begun:.0%}" if found.begun else _NO_NUMBER
    return str(found.strides), kept, words


def _lines(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return rows with their columns under each other, numbers to the right."""
    name, strides, kept, _ = (max(map(len, column)) for column in zip(*rows, strict=True))
    name = min(name, _USUAL_NAME)
    return [
        f"{row[0]:{name}}  {row[1]:>{strides}}  {row[2]:>{kept}}  {row[3]}".rstrip() for row in rows
    ]


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _short(name: str, longest: int) -> str:
    if len(name) <= longest:
        return name
    tail = (longest - 1) // 2
    return f"{name[: longest - 1 - tail]}…{name[-tail:]}"
