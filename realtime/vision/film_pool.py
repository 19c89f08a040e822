"""Several workers on the pictures of a film, in turns, results in the order of the pictures.

    film ─► next picture ─► whose turn it is ─► next(): strictly in order

Picture k always goes to worker k modulo their number, so that a film gives the same results
every time. A worker fetches its picture when its last result was taken or is the next one to
be: results do not pile up. Several workers never finish in step: each may be one result ahead,
or they would wait for each other (5 % fewer pictures). The pictures of a camera are looked at
otherwise: `hipcue.realtime.vision.live_pool`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from hipcue.devices.readings import Frame

T = TypeVar("T")

# The source is asked again after this; short enough to end promptly.
_WAIT_S = 0.1


class Source(Protocol):
    """Where pictures come from; every `hipcue.devices.camera.Camera` is one."""

    def latest(self, timeout_s: float) -> Frame | None:
        """Return the newest picture not yet returned; None when none came in time."""

    @property
    def ended(self) -> bool:
        """Whether none will ever come again."""


class FilmPool(Generic[T]):
    """Runs workers, each in a thread of its own.

    Parameters
    ----------
    workers : sequence of callable
        What is done with a picture; each is called by one thread only.
    source : Source
        Asked by one worker at a time.
    """

    def __init__(self, workers: Sequence[Callable[[Frame], T]], source: Source) -> None:
        self._source = source
        self._changed = threading.Condition()
        self._fetched = self._delivered = 0
        self._results: dict[int, tuple[Frame, T]] = {}
        # No new pictures are fetched; nobody takes results any more.
        self._stopped = self._closed = False
        self._error: BaseException | None = None
        self._threads = [
            threading.Thread(
                target=self._run, args=(number, worker), name=f"tracker-{number + 1}", daemon=True
            )
            for number, worker in enumerate(workers)
        ]
        self._working = len(self._threads)

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def next(self, timeout_s: float) -> tuple[Frame, T] | None:
        """Return the next picture with its result; None when there was none in time.

        Raises
        ------
        BaseException
            What a worker or the source raised; everything has stopped then.
        """
        with self._changed:
            self._changed.wait_for(self._result_or_end, timeout_s)
            if self._error is not None:
                raise self._error
            found = self._results.pop(self._delivered, None)
            if found is not None:
                self._delivered += 1
                self._changed.notify_all()
            return found

    @property
    def over(self) -> bool:
        """Whether the source has ended and every result was handed out."""
        with self._changed:
            return self._all_done()

    def close(self) -> None:
        """Stop and wait for everybody; a second call does nothing."""
        with self._changed:
            self._stopped = self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    def _result_or_end(self) -> bool:
        return self._delivered in self._results or self._error is not None or self._all_done()

    def _all_done(self) -> bool:
        return not self._working and self._delivered == self._fetched

    def _run(self, number: int, worker: Callable[[Frame], T]) -> None:
        try:
            while (fetched := self._fetch(number)) is not None:
                order, frame = fetched
                self._deliver(order, frame, worker(frame))
        except BaseException as error:
            with self._changed:
                self._error = self._error or error
                self._stopped = self._closed = True
        finally:
            with self._changed:
                self._working -= 1
                self._changed.notify_all()

    def _fetch(self, number: int) -> tuple[int, Frame] | None:
        """Fetch a picture and its place in the order; None when there will be none."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._next_worker() == number)
        while not self._stopped:
            frame = self._source.latest(_WAIT_S)
            if frame is not None:
                with self._changed:
                    order = self._fetched
                    self._fetched += 1
                    self._changed.notify_all()
                return order, frame
            if self._source.ended:
                with self._changed:
                    self._stopped = True
                    self._changed.notify_all()
        return None

    def _next_worker(self) -> int:
        return self._fetched % len(self._threads)

    def _deliver(self, order: int, frame: Frame, result: T) -> None:
        """Put a result into the queue, and wait while too many wait there already."""
        ahead = min(len(self._threads) - 1, 1)
        with self._changed:
            self._results[order] = (frame, result)
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._delivered >= order - ahead or self._closed)
