"""Every picture of a camera, looked at where a worker is free and followed where none is.

    camera ─► reader ─┬► a free worker looks ────────────────────────┐
                      └► none is free: it waits ─► followed from the ┴► next(): strictly in order
                         picture before, once that is known

A pose model takes longer than the time between two pictures of a fast camera. A picture that
comes while every worker looks is not thrown away: as soon as the one before it is known, what
was found there is followed into it, by the worker that has just become free. No picture is
kept waiting for a look: what is followed is known sooner than the model would have it.

Where it cannot be followed, the newest of those that wait is looked at, and the others are
lost and counted. No more wait than can be followed, or than are taken: until there is room the
source keeps its newest to itself.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, Protocol, TypeVar

from hipcue.devices.readings import Frame
from hipcue.realtime.vision.film_pool import Source

T = TypeVar("T")

# The source is asked again after this; short enough to end promptly.
_WAIT_S = 0.1
# More pictures than this do not wait: they would be followed too far.
_MOST_WAITING = 3
# So many results more than there are workers may wait to be taken, by somebody who is held up.
_MOST_READY = 4
# A picture that came less than this ago is still worth a look. Our choice: about what it takes
# to follow one.
_JUST_COME_S = 0.004


class Follower(Protocol[T]):
    """Carries what was found in a picture on to the next. For one caller at a time."""

    def add_seen(self, frame: Frame, found: T) -> None:
        """Take the next picture, which was looked at; must be quick."""

    def follow(self, frame: Frame) -> T | None:
        """Return what is in the next picture; None where it cannot be followed."""


@dataclass(slots=True, eq=False)
class _Picture(Generic[T]):
    frame: Frame
    came_s: float = field(default_factory=time.monotonic)
    found: T | None = None
    taken: bool = False
    previewed: bool = False


class LivePool(Generic[T]):
    """Runs workers, each in a thread of its own, and a reader.

    Parameters
    ----------
    workers : sequence of callable
        What is done with a picture; each is called by one thread only.
    source : Source
        Asked by the reader only.
    follower : Follower or None
        Follows what no worker has time for; without, a picture is fetched when one has.
    """

    def __init__(
        self,
        workers: Sequence[Callable[[Frame], T]],
        source: Source,
        follower: Follower[T] | None,
    ) -> None:
        self._source = source
        self._follower = follower
        self._changed = threading.Condition()
        # Not handed out yet; of which the follower does not know yet; both in order.
        self._pictures: deque[_Picture[T]] = deque()
        self._untold: deque[_Picture[T]] = deque()
        self._to_look_at: deque[_Picture[T]] = deque()
        self._idle = 0
        self._following = False
        self._lost = 0
        self._ended = self._closed = False
        self._most = len(workers) + _MOST_WAITING + _MOST_READY
        self._error: BaseException | None = None
        self._threads = [threading.Thread(target=self._read, name="pictures", daemon=True)]
        for number, worker in enumerate(workers, 1):
            self._threads.append(
                threading.Thread(
                    target=self._work, args=(worker,), name=f"tracker-{number}", daemon=True
                )
            )

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def preview(self, timeout_s: float) -> Frame | None:
        """Return a picture that has just come, each once and in order.

        None as soon as the next result is there, or when nothing came in time: for who can
        do something with the picture meanwhile. Pictures whose result came first are left out.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._ready() or self._new() is not None, timeout_s)
            new = self._new()
            if self._ready() or new is None:
                return None
            new.previewed = True
            return new.frame

    def next(self, timeout_s: float) -> tuple[Frame, T] | None:
        """Return the next picture with its result; None when there was none in time.

        Raises
        ------
        BaseException
            What a worker or the source raised; everything has stopped then.
        """
        with self._changed:
            self._changed.wait_for(self._ready, timeout_s)
            if self._error is not None:
                raise self._error
            if not self._pictures:
                return None
            picture = self._pictures[0]
            if picture.found is None:
                return None
            self._pictures.popleft()
            self._changed.notify_all()
            frame = picture.frame
            return replace(frame, dropped=frame.dropped + self._lost), picture.found

    @property
    def over(self) -> bool:
        """Whether the source has ended and every result was handed out."""
        with self._changed:
            return self._ended and not self._pictures

    def close(self) -> None:
        """Stop and wait for everybody; a second call does nothing."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    def _ready(self) -> bool:
        first = self._pictures[0] if self._pictures else None
        known = first.found is not None if first is not None else self._ended
        return known or self._error is not None or self._closed

    def _new(self) -> _Picture[T] | None:
        return next((p for p in self._pictures if not p.previewed and p.found is None), None)

    # The reader.

    def _read(self) -> None:
        try:
            while self._has_room():
                frame = self._source.latest(_WAIT_S)
                if frame is not None:
                    self._add(frame)
                elif self._source.ended:
                    break
        except BaseException as error:
            self._fail(error)
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _has_room(self) -> bool:
        """Wait until there is something to do with a picture; False when there never will be."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._is_room())
            return not self._closed

    def _is_room(self) -> bool:
        if len(self._pictures) >= self._most:
            return False
        if self._idle > len(self._to_look_at):
            return True
        return self._follower is not None and len(self._waiting()) < _MOST_WAITING

    def _add(self, frame: Frame) -> None:
        """Give a picture to a worker that is idle, or let it wait."""
        with self._changed:
            picture: _Picture[T] = _Picture(frame)
            self._pictures.append(picture)
            self._untold.append(picture)
            if self._idle > len(self._to_look_at):
                self._look_at(picture)
            self._changed.notify_all()

    def _waiting(self) -> list[_Picture[T]]:
        return [one for one in self._untold if not one.taken]

    def _look_at(self, picture: _Picture[T]) -> None:
        picture.taken = True
        self._to_look_at.append(picture)

    def _lose(self, picture: _Picture[T]) -> None:
        self._pictures.remove(picture)
        self._untold.remove(picture)
        self._lost += 1

    # The workers.

    def _work(self, worker: Callable[[Frame], T]) -> None:
        try:
            while (task := self._next_task()) is not None:
                picture, looks = task
                if looks:
                    self._seen(picture, worker(picture.frame))
                else:
                    follower = self._follower
                    found = None if follower is None else follower.follow(picture.frame)
                    self._followed(picture, found)
        except BaseException as error:
            self._fail(error)

    def _next_task(self) -> tuple[_Picture[T], bool] | None:
        """Return a picture and whether to look at it or to follow into it; None at the end."""
        with self._changed:
            while not self._closed:
                if not self._to_look_at:
                    picture = self._next_to_follow()
                    if picture is not None:
                        return picture, False
                if self._to_look_at:
                    return self._to_look_at.popleft(), True
                self._idle += 1
                self._changed.notify_all()  # The reader waits for somebody who is idle.
                self._changed.wait_for(
                    lambda: self._closed or self._to_look_at or self._is_followable()
                )
                self._idle -= 1
            return None

    def _next_to_follow(self) -> _Picture[T] | None:
        """Return the picture that comes after all that are known, where it is to be followed."""
        if not self._is_followable():
            return None
        first = self._untold[0]
        just_come = time.monotonic() - first.came_s < _JUST_COME_S
        if just_come and first is self._untold[-1]:
            self._look_at(first)
            return None
        first.taken = self._following = True
        return first

    def _is_followable(self) -> bool:
        return bool(self._untold) and not self._following and not self._untold[0].taken

    def _seen(self, picture: _Picture[T], found: T) -> None:
        """A picture was looked at: hand it out, and tell the follower in order."""
        with self._changed:
            picture.found = found
            self._tell()
            self._changed.notify_all()

    def _tell(self) -> None:
        while self._untold and not self._following:
            first = self._untold[0]
            if first.found is None:
                return
            if self._follower is not None:
                self._follower.add_seen(first.frame, first.found)
            self._untold.popleft()

    def _followed(self, picture: _Picture[T], found: T | None) -> None:
        """What was found was followed into a picture, or could not be."""
        with self._changed:
            self._following = False
            if found is not None:
                picture.found = found
                self._untold.remove(picture)
            else:
                # The newest is worth a look; there is nothing to follow into the others.
                picture.taken = False
                newest = self._untold[-1]
                for one in self._waiting():
                    if one is newest:
                        self._look_at(one)
                    else:
                        self._lose(one)
            self._tell()
            self._changed.notify_all()

    def _fail(self, error: BaseException) -> None:
        with self._changed:
            self._error = self._error or error
            self._closed = True
            self._changed.notify_all()
