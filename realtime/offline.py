"""`hipcue analyze`: files in, session folders out, with a progress bar."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from config.errors import UserError
from config.settings import Settings
from devices.readings import BeltSample
from devices.treadmill import read_speed_csv
from realtime.analysis import Analysis, analyze, constant_belt
from realtime.session import default_session_folder


def run_analysis(
    files: Sequence[Path],
    settings: Settings,
    *,
    speed: float | None,
    speed_csv: Path | None,
    out: Path | None,
) -> None:
    """Analyze each file into its own session folder and say what came out.

    Raises
    ------
    UserError
        For the first file that cannot be read, or words that contradict each other.
    """
    if speed is not None and speed_csv is not None:
        raise UserError("two belt speeds", "--speed and --speed-csv", "give one of them")
    belt: Sequence[BeltSample] = constant_belt(speed)
    if speed_csv is not None:
        belt = read_speed_csv(speed_csv)
    console = Console(stderr=True)
    for path in files:
        folder = _folder(out, path, len(files), settings)
        started = time.monotonic()
        done = _with_bar(console, path, settings, belt, folder)
        _say(path, done, time.monotonic() - started)


def _folder(out: Path | None, path: Path, files: int, settings: Settings) -> Path:
    if out is None:
        return default_session_folder(settings)
    return out if files == 1 else out / path.stem


def _with_bar(
    console: Console,
    path: Path,
    settings: Settings,
    belt: Sequence[BeltSample],
    folder: Path,
) -> Analysis:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(path.name, total=None)
        return analyze(
            path,
            settings,
            belt,
            folder,
            progress=lambda frames, total: bar.update(task, completed=frames, total=total),
        )


def _say(path: Path, done: Analysis, seconds: float) -> None:
    rate = done.frames / seconds if seconds > 0 else 0.0
    missed = done.frames - done.seen
    print(
        f"{path.name}: {done.strides} strides in {done.frames} frames "
        f"({rate:.0f} frames/s, {missed} without a runner, {done.swaps} leg swaps undone)"
    )
    print(f"session: {done.folder}")
