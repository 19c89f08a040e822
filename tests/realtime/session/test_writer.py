"""A disk that hangs, and a writer that died, cost what they must and no more."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.records import Mark, StepResult
from hipcue.realtime.session import SessionReader, SessionWriter, pending_rows, writer
from tests.realtime.session.sample_session import header, sample_steps


class HangingDisk:
    """Lets SQLite of a writer wait in the middle of a transaction, as a disk that hangs does."""

    def __init__(self, store: SessionWriter) -> None:
        self.hangs = threading.Event()
        self._on = threading.Event()
        store._disk._db.set_progress_handler(self._wait, 1)

    def _wait(self) -> int:
        self.hangs.set()
        self._on.wait()
        return 0

    def goes_on(self) -> None:
        self._on.set()


def fresh_results(number: int) -> Iterator[StepResult]:
    """Results that nobody else holds."""
    for step, _ in zip(sample_steps(30.0), count(), strict=False):
        number -= 1
        if number < 0:
            return
        yield replace(step.result)


def held_results() -> int:
    gc.collect()
    return sum(type(one) is StepResult for one in gc.get_objects())


@pytest.fixture
def few_frames(monkeypatch):
    monkeypatch.setattr(writer, "MAX_WAITING_FRAMES", 10)


def hung(store: SessionWriter) -> HangingDisk:
    """Return a disk that hangs in the writing of a mark."""
    disk = HangingDisk(store)
    store.mark(Mark(1.0))
    assert disk.hangs.wait(10.0)
    return disk


def test_what_waits_for_a_hanging_disk_is_bounded(tmp_path, few_frames):
    list(sample_steps(30.0))  # Made up once, and kept by their maker.
    store = SessionWriter(tmp_path / "s", header())
    disk = hung(store)
    before = held_results()
    strides = 0
    for result in fresh_results(1500):
        strides += len(result.strides)
        store.step(result)
    del result
    assert store.waiting == 10
    assert held_results() - before <= 10
    assert store.fault == Reason(ReasonCode.DISK_TOO_SLOW)
    disk.goes_on()
    store.close()
    with SessionReader(tmp_path / "s") as session:
        assert len(session.strides) == strides > 50
        assert session.frames.count == 10
        assert [fault.reason for fault in session.faults] == [Reason(ReasonCode.DISK_TOO_SLOW)]


def test_rows_are_bounded_too(tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "MAX_WAITING_ROWS", 5)
    store = SessionWriter(tmp_path / "s", header())
    disk = hung(store)
    for number in range(100):
        store.mark(Mark(float(number)))
    assert store.fault == Reason(ReasonCode.DISK_TAKES_NOTHING)
    disk.goes_on()
    store.close()
    with SessionReader(tmp_path / "s") as session:
        assert [mark.t_s for mark in session.marks] == [1.0, 0.0, 1.0, 2.0, 3.0, 4.0]
        assert [f.reason for f in session.faults] == [Reason(ReasonCode.ROWS_LOST, count=95)]


def test_a_session_on_a_disk_that_hangs_for_good_ends(tmp_path):
    store = SessionWriter(tmp_path / "s", header(), close_wait_s=0.1)
    disk = hung(store)
    for result in fresh_results(30):
        store.step(result)
    store.mark(Mark(2.0))
    store.close()
    assert store.fault is not None
    assert store.fault.code is ReasonCode.DISK_HANGS
    assert store.fault.value("frames") == 30
    store.step(result)
    assert store.waiting == 30
    disk.goes_on()
    store._disk.join(10.0)
    # It was only slow: all of it is there, closed and whole.
    with SessionReader(tmp_path / "s") as session:
        assert session.closed
        assert session.frames.whole_steps == 30


def test_a_writer_that_died_takes_nothing_more_and_says_so(tmp_path, monkeypatch):
    def fails(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(pending_rows, "blobs_of", fails)
    store = SessionWriter(tmp_path / "s", header())
    results = list(fresh_results(400))
    for result in results:
        store.step(result)
    store._disk.join(10.0)
    assert store.fault == Reason(ReasonCode.RECORDING_STOPPED, why="a bug")
    for result in results:
        store.step(result)
        store.mark(Mark(result.t_s))
    assert store.waiting == 0
    assert store._queue.empty
    assert store.fault == Reason(ReasonCode.RECORDING_STOPPED, why="a bug")
    with pytest.raises(ZeroDivisionError):
        store.close()
