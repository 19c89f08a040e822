"""Several workers on alternating pictures, results in the order of the pictures.

    camera ─► newest picture ─► whichever worker is free ─┐
                                                          ├─► next(): strictly in order
                                ... and the other one ────┘

A pose model keeps one core busy and lets go of the interpreter meanwhile, so two of them
follow nearly twice as many pictures. A worker fetches its own picture, the newest there
is, when its last result was taken or is the next one to be: however slow the machine,
results do not pile up. Several workers never finish in step: each may be one result
ahead, or they would wait for each other (5 % fewer pictures).
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


class Pool(Generic[T]):
    """Runs workers, each in a thread of its own.

    Parameters
    ----------
    workers : sequence of callable
        What is done with a picture; each is called by one thread only.
    source : Source
        Asked by one worker at a time.
    in_turn : bool
        Picture k always goes to worker k modulo their number, so that a film gives the
        same results every time. Otherwise the first who is free takes it.
    """

    def __init__(
        self, workers: Sequence[Callable[[Frame], T]], source: Source, *, in_turn: bool = False
    ) -> None:
        self._source = source
        self._in_turn = in_turn
        self._changed = threading.Condition()
        self._asking = threading.Lock()
        self._taken = self._shown = self._handed = 0
        self._under_way: dict[int, Frame] = {}
        self._ready: dict[int, tuple[Frame, T]] = {}
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

    def begun(self, timeout_s: float) -> Frame | None:
        """Return a picture that a worker has just begun with, each once and in order.

        None as soon as the next result is there, or when nothing came in time: for who can
        do something with the picture meanwhile. Pictures whose result came first are left
        out.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._something() or self._unshown(), timeout_s)
            if self._something() or not self._unshown():
                return None
            frame = self._under_way[self._shown]
            self._shown += 1
            return frame

    def next(self, timeout_s: float) -> tuple[Frame, T] | None:
        """Return the next picture with its result; None when there was none in time.

        Raises
        ------
        BaseException
            What a worker or the source raised; everything has stopped then.
        """
        with self._changed:
            self._changed.wait_for(self._something, timeout_s)
            if self._error is not None:
                raise self._error
            found = self._ready.pop(self._handed, None)
            if found is not None:
                self._under_way.pop(self._handed)
                self._handed += 1
                self._shown = max(self._shown, self._handed)
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

    def _unshown(self) -> bool:
        return self._shown < self._taken

    def _something(self) -> bool:
        return self._handed in self._ready or self._error is not None or self._all_done()

    def _all_done(self) -> bool:
        return not self._working and self._handed == self._taken

    def _run(self, number: int, worker: Callable[[Frame], T]) -> None:
        try:
            while (taken := self._take(number)) is not None:
                order, frame = taken
                self._hand_over(order, frame, worker(frame))
        except BaseException as error:
            with self._changed:
                self._error = self._error or error
                self._stopped = self._closed = True
        finally:
            with self._changed:
                self._working -= 1
                self._changed.notify_all()

    def _take(self, number: int) -> tuple[int, Frame] | None:
        """Fetch a picture and its place in the order; None when there will be none."""
        if self._in_turn:
            with self._changed:
                self._changed.wait_for(lambda: self._stopped or self._turn() == number)
        with self._asking:
            while not self._stopped:
                frame = self._source.latest(_WAIT_S)
                if frame is not None:
                    with self._changed:
                        order = self._taken
                        self._under_way[order] = frame
                        self._taken += 1
                        self._changed.notify_all()
                    return order, frame
                if self._source.ended:
                    with self._changed:
                        self._stopped = True
                        self._changed.notify_all()
        return None

    def _turn(self) -> int:
        return self._taken % len(self._threads)

    def _hand_over(self, order: int, frame: Frame, result: T) -> None:
        """Lay a result down, and wait while too many earlier ones lie there."""
        ahead = min(len(self._threads) - 1, 1)
        with self._changed:
            self._ready[order] = (frame, result)
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._handed >= order - ahead or self._closed)
