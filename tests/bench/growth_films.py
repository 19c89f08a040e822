"""What more workers of a scheduler do for many films: `hipcue analyze --scheduler`, measured.

The pose model's time is a sleep here: where there are fewer cores than workers, that is what a
machine with enough of them would show. Everything else is real: a Dask scheduler and workers,
each a process of its own, `analyze` with its engine and its session folder. A film is six
seconds of the simulated runner at 30 pictures a second.

Two cores with others at work, 1.5 s of model and 0.4 to 1 s of everything else a film. That much
of two cores is 16 s for 32 films whatever the workers, so the cores are full with four:

               workers   seconds  times as fast  efficiency  scheduler, ms a film
    32 films         2      33.1           1.85        0.93                   6.9
                     4      22.3           2.75        0.69                  13.0
                     8      22.4           2.74        0.34                   8.8
    100 films        2     112.4           1.93        0.96                  11.9
                     8      49.5           4.38        0.55                  32.7

The scheduler's own part is 0.4 to 1.7 % of a film.
"""

from __future__ import annotations

import importlib
import pickle
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from hipcue.config.reasons import Reason
from hipcue.config.settings import Settings
from hipcue.devices.readings import BeltSample, BeltSource
from hipcue.realtime.records import Pose
from hipcue.realtime.run import offline
from hipcue.realtime.run.batch import Job, measure_all
from tests.bench.engine_step import simulated

_FILMS, _WORKERS, _MODEL_S = 100, (2, 4, 8), 2.0
_BEGIN_S, _SECONDS, _FPS = 5.0, 6.0, 30.0


def by_workers(films: int = _FILMS, model_s: float = _MODEL_S) -> str:
    """Analyze films on more and more workers; return the table."""
    with tempfile.TemporaryDirectory(prefix="hipcue-growth-") as name:
        room = Path(name)
        film = _film(room / "seen.pickle")
        _stand_in(str(film), model_s)
        one_s = min(_one_s(film, room / f"alone-{k}") for k in range(4))
        lines = [
            f"{films} films of {_SECONDS:.0f} s, {one_s:.2f} s each in one process, "
            f"{model_s:.2f} of them the model's",
            f"{'workers':>8}{'seconds':>10}{'times as fast':>15}{'efficiency':>12}"
            f"{'scheduler, ms a film':>22}",
        ]
        for workers in _WORKERS:
            with _cluster(workers) as (address, client):
                client.run(partial(_stand_in, str(film), model_s))
                jobs = [Job(film, room / f"{workers}" / f"{k}") for k in range(films)]
                took_s = _time_s(jobs, address)
                # Folders that are full are refused at once: what is left is the scheduler.
                empty_s = _time_s(jobs, address, refused=True)
            ratio = films * one_s / took_s
            lines.append(
                f"{workers:8}{took_s:10.1f}{ratio:15.2f}{ratio / workers:12.2f}"
                f"{1e3 * empty_s / films:22.1f}"
            )
    return "\n".join(lines)


_BELT = (BeltSample(0.0, 3.0, source=BeltSource.FIXED),)


def _film(path: Path) -> Path:
    steps = simulated(_BEGIN_S + _SECONDS, _FPS, markers=False)
    poses = [pose for pose, _ in steps if pose.t_capture_s >= _BEGIN_S]
    path.write_bytes(pickle.dumps(poses))
    return path


def _stand_in(film: str, model_s: float) -> None:
    """From now on this process sees that film in every file, and the model only takes its time."""
    poses: list[Pose] = pickle.loads(Path(film).read_bytes())

    class Seen:
        kind, belt = "film", ()

        def poses(self) -> Iterator[tuple[Pose, int | None]]:
            for pose in poses:
                time.sleep(model_s / len(poses))
                yield pose, len(poses)

        def remarks(self) -> tuple[Reason, ...]:
            return ()

    vars(offline)["open_source"] = lambda path, settings: Seen()


def _one_s(film: Path, folder: Path) -> float:
    """How long one film takes in this process."""
    begun_s = time.perf_counter()
    [alone] = measure_all([Job(film, folder)], Settings(), _BELT)
    assert alone.analysis is not None, alone.error
    return time.perf_counter() - begun_s


def _time_s(jobs: list[Job], address: str, refused: bool = False) -> float:
    begun_s = time.perf_counter()
    for done in measure_all(jobs, Settings(), _BELT, scheduler=address):
        assert (done.analysis is None) is refused, done.error
    return time.perf_counter() - begun_s


@contextmanager
def _cluster(workers: int) -> Iterator[tuple[str, Any]]:
    """A scheduler and its workers on this machine."""
    dask: Any = importlib.import_module("distributed")
    with (
        dask.LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        dask.Client(cluster) as client,
    ):
        yield cluster.scheduler_address, client


if __name__ == "__main__":
    print(by_workers())
