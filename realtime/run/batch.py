"""Many films: one session folder each, on the cores of this machine or of a cluster.

`plan` says which file goes into which folder, `measure_all` has them measured and hands on
each one as it is done. A file that cannot be read costs only itself.
"""

from __future__ import annotations

import glob
import importlib
import multiprocessing
import shutil
import signal
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hipcue.config.errors import UserError
from hipcue.config.settings import Settings, changed
from hipcue.devices.readings import BeltSample
from hipcue.realtime.run.file_kinds import SUFFIXES
from hipcue.realtime.run.offline import Analysis, Progress, analyze
from hipcue.realtime.session import default_session_folder

# A scheduler that does not answer for this long is not there.
_CONNECT_S = 5


@dataclass(frozen=True, slots=True)
class Job:
    """A file and the session folder it goes into."""

    path: Path
    folder: Path


@dataclass(frozen=True, slots=True)
class Done:
    """What came out of a file: an analysis, or why there is none."""

    job: Job
    analysis: Analysis | None
    error: UserError | None = None


def plan(inputs: Sequence[Path], out: Path | None, settings: Settings) -> list[Job]:
    """Return which file goes where.

    Parameters
    ----------
    inputs : sequence of Path
        Files, folders of films, or patterns that no shell has resolved.
    out : Path or None
        The session folder of a single file, the parent of several; None is the user's own
        place for sessions.
    settings : Settings
        Name the runner and the user's own place.

    Raises
    ------
    UserError
        For a folder or a pattern without films.
    """
    files = list(dict.fromkeys(file for given in inputs for file in _files(given)))
    if len(files) == 1 and not inputs[0].is_dir():
        return [Job(files[0], out or default_session_folder(settings))]
    taken: set[str] = set()
    jobs = []
    for file in files:
        chosen = default_session_folder(settings, file.stem) if out is None else out / file.stem
        # Two cameras number their films alike, and long names are cut: the second one gets a
        # number of its own.
        folder, number = chosen, 1
        while folder.name.lower() in taken:
            number += 1
            folder = chosen.with_name(f"{chosen.name}-{number}")
        taken.add(folder.name.lower())
        jobs.append(Job(file, folder))
    return jobs


def _files(given: Path) -> list[Path]:
    """Return the films a word of the command line means."""
    if given.is_dir():
        found = sorted(f for f in given.iterdir() if f.suffix.lower() in SUFFIXES and f.is_file())
    elif not given.exists() and glob.has_magic(str(given)):
        found = sorted(Path(name) for name in glob.glob(str(given)))
    else:
        return [given]
    if not found:
        raise UserError(
            f"cannot analyze {given}",
            "no films or markers there",
            f"looked for {' '.join(SUFFIXES)}",
        )
    return found


def measure_all(
    jobs: Sequence[Job],
    settings: Settings,
    belt: Sequence[BeltSample],
    *,
    processes: int = 1,
    scheduler: str | None = None,
    progress: Progress = lambda done, total: None,
) -> Iterator[Done]:
    """Measure files and yield each as it is done, in whatever order that is.

    Parameters
    ----------
    jobs : sequence of Job
        From `plan`.
    settings : Settings
        As for `analyze`.
    belt : sequence of BeltSample
        Belt speed, the same for every file.
    processes : int
        How many at a time on this machine.
    scheduler : str or None
        Address of a Dask scheduler whose workers do it instead. They need hipcue, and must
        reach films and folders under the same paths.
    progress : callable
        Told the frames of the file at hand, where only one is.

    Raises
    ------
    UserError
        When the scheduler does not answer, or Dask is not installed.
    """
    if scheduler is not None:
        yield from _on_cluster(jobs, _one_core_each(settings), belt, scheduler)
    elif processes > 1 and len(jobs) > 1:
        processes = min(processes, len(jobs))
        yield from _in_processes(jobs, _one_core_each(settings), belt, processes)
    else:
        for job in jobs:
            yield _measure(job, settings, belt, progress)


def _measure(
    job: Job,
    settings: Settings,
    belt: Sequence[BeltSample],
    progress: Progress = lambda done, total: None,
) -> Done:
    """Measure one file; runs in whatever process it is sent to."""
    try:
        return Done(job, analyze(job.path, settings, belt, job.folder, progress))
    except UserError as error:
        return Done(job, None, error)


def _measure_aside(job: Job, settings: Settings, belt: Sequence[BeltSample]) -> Done:
    """Measure one file beside its folder, which appears only when it is whole.

    What a lost process or machine leaves is no session, and its work is given to another.
    """
    aside = job.folder.with_name(f".{job.folder.name}-{uuid.uuid4().hex[:8]}")
    if job.folder.exists() and any(job.folder.iterdir()):
        failed, advice = f"cannot write {job.folder}", "choose another folder with --out"
        return Done(job, None, UserError(failed, "the folder is not empty", advice))
    done = _measure(replace(job, folder=aside), settings, belt)
    if done.analysis is None:
        shutil.rmtree(aside, ignore_errors=True)
        return Done(job, None, done.error)
    aside.replace(job.folder)
    return Done(job, replace(done.analysis, folder=job.folder))


def _in_processes(
    jobs: Sequence[Job], settings: Settings, belt: Sequence[BeltSample], processes: int
) -> Iterator[Done]:
    """Measure files in processes of their own, so that one that crashes costs one file."""
    alone: list[Job] = []
    try:
        for job, done in _in_pool(jobs, settings, belt, processes):
            if done is None:
                alone.append(job)  # A pool breaks as a whole: which of them it was is not known.
            else:
                yield done
        for job in alone:
            for _, done in _in_pool([job], settings, belt, 1):
                failed, advice = f"cannot analyze {job.path}", "another copy of this film"
                yield done or Done(job, None, UserError(failed, "its process died", advice))
    finally:
        for job in jobs:
            for left in job.folder.parent.glob(f".{glob.escape(job.folder.name)}-????????"):
                shutil.rmtree(left, ignore_errors=True)


def _in_pool(
    jobs: Sequence[Job], settings: Settings, belt: Sequence[BeltSample], processes: int
) -> Iterator[tuple[Job, Done | None]]:
    """Yield each job with what came out, None where a process died before it was done."""
    # The pose model's threads do not survive a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_ignore_keys) as pool:
        waiting = {pool.submit(_measure_aside, job, settings, tuple(belt)): job for job in jobs}
        try:
            for future in as_completed(waiting):
                yield waiting[future], _result(future)
        except (KeyboardInterrupt, GeneratorExit):
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in multiprocessing.active_children():
                worker.terminate()
                worker.join()
            raise


def _ignore_keys() -> None:
    """Leave Ctrl-C to the process that has the terminal."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _result(future: Future[Done]) -> Done | None:
    try:
        return future.result()
    except BrokenProcessPool:
        return None


def _on_cluster(
    jobs: Sequence[Job], settings: Settings, belt: Sequence[BeltSample], scheduler: str
) -> Iterator[Done]:
    with _cluster(scheduler) as (dask, client):
        # Paths are told whole: a worker stands in another folder.
        waiting = {
            client.submit(_measure_aside, _whole(job), settings, tuple(belt), pure=False): job
            for job in jobs
        }
        try:
            for future in dask.as_completed(list(waiting)):
                error = future.exception()
                if error is None:
                    yield future.result()
                else:
                    failed, advice = f"cannot analyze {waiting[future].path}", "look at the workers"
                    yield Done(waiting[future], None, UserError(failed, str(error), advice))
        except (KeyboardInterrupt, GeneratorExit):
            client.cancel(list(waiting))
            raise


def _whole(job: Job) -> Job:
    return Job(job.path.resolve(), job.folder.resolve())


@contextmanager
def _cluster(scheduler: str) -> Iterator[tuple[Any, Any]]:
    """Connect to a scheduler for as long as it is needed; give Dask and the client."""
    try:
        dask: Any = importlib.import_module("distributed")
    except ImportError as error:
        raise UserError(
            "cannot use a cluster", "Dask is not installed", 'pip install "hipcue[cluster]"'
        ) from error
    try:
        client = dask.Client(scheduler, timeout=_CONNECT_S)
    except (OSError, ValueError, TimeoutError) as error:
        raise UserError(
            f"no cluster at {scheduler}",
            str(error).splitlines()[0],
            "start one with: dask scheduler, and dask worker ADDRESS on every machine",
        ) from error
    try:
        yield dask, client
    finally:
        client.close()


def _one_core_each(settings: Settings) -> Settings:
    """Many films keep all cores busy: none of them is to spread out, unless that is asked for."""
    return changed(settings, "pose.threads", settings.pose.threads or 1)
