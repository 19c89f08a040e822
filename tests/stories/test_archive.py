"""A clinic's archive of films, measured on several cores and on several machines."""

from __future__ import annotations

import multiprocessing
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from hipcue.config.errors import UserError
from hipcue.config.settings import Settings
from hipcue.realtime.run.batch import measure_all, plan
from hipcue.realtime.run.offline import constant_belt
from hipcue.realtime.session import SessionReader
from tests.pose_model import needs_pose_model
from tests.stories.test_demo import hipcue
from tests.stories.test_film import film_runner


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two films of the same name in two folders, and one that is none."""
    parent = tmp_path_factory.mktemp("archive")
    for number, name in enumerate(("monday", "friday"), start=1):
        (parent / name).mkdir()
        # Every test measures both anew: they stand for as long as it takes to find them.
        film_runner(parent / name / "run.mp4", 5.0, seed=number, stands_s=0.5)
    (parent / "friday" / "broken.mp4").write_bytes(b"not a film")
    return parent


@pytest.fixture(scope="module")
def one_by_one(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("one")
    code, said, complained = analyze(archive, out)
    assert code == 2, said
    assert "1 of 3 files not analyzed" in complained
    return out


def analyze(archive: Path, out: Path, *more: str) -> tuple[int, str, str]:
    """Analyze both folders; return exit code, what was said and what was complained about."""
    folders = [str(archive / "monday"), str(archive / "friday")]
    process = hipcue("analyze", *folders, "--speed", "3.0", "--out", str(out), *more)
    said, complained = process.communicate(timeout=300)
    assert "Traceback" not in complained, complained
    return process.returncode, said, complained


def same(one: Path, other: Path) -> None:
    """Both folders hold the same sessions, stride for stride, bit for bit."""
    names = sorted(folder.name for folder in one.iterdir())
    assert sorted(folder.name for folder in other.iterdir()) == names
    for name in ("run", "run-2"):
        assert name in names
        with SessionReader(one / name) as a, SessionReader(other / name) as b:
            assert a.strides == b.strides
            assert len(a.strides) >= 3


@needs_pose_model
def test_two_at_a_time_give_what_one_by_one_gave(
    archive: Path, one_by_one: Path, tmp_path: Path
) -> None:
    code, said, complained = analyze(archive, tmp_path / "two", "--jobs", "2")
    assert code == 2
    assert said.count("session:") == 2
    assert "broken.mp4" in complained
    shutil.rmtree(tmp_path / "two" / "broken", ignore_errors=True)
    shutil.rmtree(one_by_one / "broken", ignore_errors=True)
    same(one_by_one, tmp_path / "two")
    # All cores are busy with films: none of them spreads over several.
    with SessionReader(tmp_path / "two" / "run") as session:
        assert session.header.settings["pose"]["threads"] == 1


@needs_pose_model
def test_a_process_that_dies_costs_no_other_film(archive: Path, tmp_path: Path) -> None:
    jobs = plan([archive / "monday", archive / "friday"], tmp_path / "out", Settings())
    known = set(multiprocessing.active_children())
    killer = threading.Thread(target=kill_the_first_of, args=(known, tmp_path / "out"))
    killer.start()
    done = list(measure_all(jobs, Settings(), constant_belt(3.0), processes=2))
    killer.join()
    came_out = {one.job.folder.name: one.analysis is not None for one in done}
    assert came_out == {"run": True, "run-2": True, "broken": False}
    # Nothing is left of what was begun and lost.
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["run", "run-2"]


def kill_the_first_of(known: set[object], out: Path) -> None:
    """Kill a worker once it has begun to write."""
    until = time.monotonic() + 120.0
    while time.monotonic() < until:
        fresh = [child for child in multiprocessing.active_children() if child not in known]
        if fresh and out.is_dir() and any(out.glob(".run*/session.db")):
            fresh[0].kill()
            return
        time.sleep(0.01)


@needs_pose_model
def test_a_cluster_of_two_workers_gives_it_too(
    archive: Path, one_by_one: Path, tmp_path: Path
) -> None:
    pytest.importorskip("distributed", reason="needs the cluster extra (Dask)")
    with scheduler_with_two_workers(tmp_path) as address:
        code, _, complained = analyze(archive, tmp_path / "far", "--scheduler", address)
    assert code == 2
    assert "broken.mp4" in complained
    shutil.rmtree(one_by_one / "broken", ignore_errors=True)
    same(one_by_one, tmp_path / "far")


def test_a_cluster_that_is_not_there_is_one_line(archive: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="needs the cluster extra (Dask)")
    address = f"tcp://127.0.0.1:{free_port()}"
    code, _, complained = analyze(archive, tmp_path / "none", "--scheduler", address)
    assert code == 2
    assert complained.strip().splitlines()[-1].startswith(f"hipcue: no cluster at {address}")


def test_patterns_and_folders_without_films_are_one_line(tmp_path: Path) -> None:
    for given in (tmp_path, tmp_path / "*.mp4"):
        with pytest.raises(UserError, match="no films or markers there"):
            plan([given], None, Settings())
    (tmp_path / "a.mp4").touch()
    (tmp_path / "notes.txt").touch()
    (job,) = plan([tmp_path], tmp_path / "out", Settings())
    assert job.folder == tmp_path / "out" / "a"
    (job,) = plan([tmp_path / "*.mp4", tmp_path / "a.mp4"], tmp_path / "out", Settings())
    assert job.folder == tmp_path / "out"


def test_films_whose_names_are_cut_alike_get_folders_of_their_own(tmp_path: Path) -> None:
    stem = "patient_0001_trial_01_left_side_camera_at_hip_height"
    for name in (f"{stem}_1.mp4", f"{stem}_2.mp4", "Run 1.mp4", "run-1.mp4"):
        (tmp_path / name).touch()
    settings = Settings.model_validate({"session": {"folder": tmp_path / "kept"}})
    for out in (None, tmp_path / "out"):
        folders = [job.folder for job in plan([tmp_path], out, settings)]
        assert len({str(folder).lower() for folder in folders}) == 4


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def scheduler_with_two_workers(room: Path) -> Iterator[str]:
    """Start a real scheduler and two real workers, each in a process of its own."""
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    dask = [sys.executable, "-m", "distributed.cli."]
    with ExitStack() as stack:
        quiet = ["--no-dashboard"]
        worker = ["--nthreads", "1", "--no-nanny", "--local-directory", str(room), *quiet]
        orders = [
            ["dask_scheduler", "--host", "127.0.0.1", "--port", str(port), *quiet],
            ["dask_worker", address, *worker],
            ["dask_worker", address, *worker],
        ]
        for number, words in enumerate(orders):
            log = stack.enter_context((room / f"{number}.log").open("w"))
            command = [*dask[:2], dask[2] + words[0], *words[1:]]
            process = subprocess.Popen(command, stdout=log, stderr=log)
            stack.callback(process.wait, 30)
            stack.callback(process.terminate)
        yield address
