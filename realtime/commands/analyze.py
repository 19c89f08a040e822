"""`hipcue analyze`: files in, session folders out, with a progress bar."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from hipcue.config.errors import UserError
from hipcue.config.reason_words import in_words, with_advice
from hipcue.config.settings import Settings
from hipcue.devices.readings import BeltSample
from hipcue.devices.treadmill import read_speed_csv
from hipcue.realtime.commands.analysis_table import print_table
from hipcue.realtime.run.batch import Done, measure_all, plan
from hipcue.realtime.run.offline import Analysis, constant_belt
from hipcue.realtime.vision.cores import cores


def run_analysis(
    files: Sequence[Path],
    settings: Settings,
    *,
    speed: float | None,
    speed_csv: Path | None,
    out: Path | None,
    jobs: int = 1,
    scheduler: str | None = None,
) -> None:
    """Analyze each file into its own session folder and say what came out.

    Parameters
    ----------
    files, settings, out
        As for `hipcue.realtime.run.batch.plan`.
    speed : float or None
        Belt speed in m/s, one for all files.
    speed_csv : Path or None
        Belt speed against the files' time.
    jobs : int
        Files at a time; 0 is one per core.
    scheduler : str or None
        Address of a Dask scheduler.

    Raises
    ------
    UserError
        For words that contradict each other, and at the end when a file could not be read.
    """
    if speed is not None and speed_csv is not None:
        raise UserError("two belt speeds", "--speed and --speed-csv", "give one of them")
    belt: Sequence[BeltSample] = constant_belt(speed)
    if speed_csv is not None:
        belt = read_speed_csv(speed_csv)
    work = plan(files, out, settings)
    processes = jobs or cores()
    alone = scheduler is None and (processes == 1 or len(work) == 1)
    results: dict[Path, Done] = {}
    with _bar(len(work), alone) as bar:
        started = time.monotonic()
        for done in measure_all(
            work,
            settings,
            belt,
            processes=processes,
            scheduler=scheduler,
            progress=bar.frames,
        ):
            bar.file()
            results[done.job.folder] = done
            if len(work) > 1:
                _say_shortly(done, bar.console)
            elif done.error is None:
                _say(done, time.monotonic() - started if alone else None)
    _end([results[job.folder] for job in work])


def _end(results: Sequence[Done]) -> None:
    """Say what became of several files, and raise what went wrong."""
    failed = [done.error for done in results if done.error is not None]
    if len(results) == 1 and failed:
        raise failed[0]
    if len(results) > 1:
        print_table(Console(), results)
    if failed:
        raise UserError(
            f"{len(failed)} of {len(results)} files not analyzed",
            "see above",
            "the others are done; try these again",
        )


class _Bar:
    """Frames of the file at hand, where only one is; else files."""

    def __init__(self, progress: Progress, files: int, alone: bool) -> None:
        self._progress, self._alone = progress, alone
        self.console = progress.console
        self._task = progress.add_task("frames" if alone else "files", total=None)
        if not alone:
            progress.update(self._task, total=files)

    def frames(self, done: int, total: int | None) -> None:
        if self._alone:
            self._progress.update(self._task, completed=done, total=total)

    def file(self) -> None:
        if not self._alone:
            self._progress.advance(self._task)


@contextmanager
def _bar(files: int, alone: bool) -> Iterator[_Bar]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    shown = console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=not shown) as progress:
        yield _Bar(progress, files, alone)


def _say_shortly(done: Done, console: Console) -> None:
    """Say what one of several files has come to: the table at the end says the rest."""
    if done.error is not None:
        console.print(f"hipcue: {done.error}", highlight=False, soft_wrap=True)
    elif done.analysis is not None:
        print(f"{done.job.path.name}: {done.analysis.strides} {done.analysis.of}")
        _say_where(done.analysis)


def _say(done: Done, seconds: float | None) -> None:
    found = done.analysis
    assert found is not None
    if found.of == "cycles":
        print(
            f"{done.job.path.name}: {found.strides} cycles in {found.frames} rows of joint angles"
        )
        _say_notes(found)
        return
    rate = f"{found.frames / seconds:.0f} frames/s, " if seconds else ""
    # A landing or two at the ends make no stride.
    kept = f" of {found.begun} begun" if found.begun > found.strides + 2 else ""
    left = sum(count for _, count in found.elsewhere)
    others = "".join(f"{count} left out ({in_words(why)}), " for why, count in found.elsewhere)
    print(
        f"{done.job.path.name}: {found.strides} {found.of}{kept} in {found.frames} frames "
        f"({rate}{found.frames - found.seen - left} without a runner, {others}"
        f"{found.swaps} leg swaps undone)"
    )
    _say_notes(found)


def _say_notes(found: Analysis) -> None:
    for remark in found.remarks:
        print(f"  {with_advice(remark)}")
    for line in found.lines:
        print(f"  {line}")
    _say_where(found)


def _say_where(found: Analysis) -> None:
    print(f"{'session' if found.of == 'strides' else 'folder'}: {found.folder}")
