"""A camera that is faster than the pose model: every picture counts, in order, none waits long."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest

from hipcue.devices.camera import Mailbox
from hipcue.devices.readings import Frame
from hipcue.realtime.vision.live_pool import LivePool

PICTURE = np.zeros((4, 4, 3), np.uint8)
Found = tuple[str, int]


class Steady:
    """Follows into every picture, as long as the one before was followed or seen."""

    def __init__(self, most: int = 10) -> None:
        self.told: list[int] = []
        self._most = self._left = most

    def add_seen(self, frame: Frame, found: Found) -> None:
        self.told.append(frame.index)
        self._left = self._most

    def follow(self, frame: Frame) -> Found | None:
        if self._left == 0:
            return None
        self._left -= 1
        self.told.append(frame.index)
        return "followed", frame.index


class Model:
    """Looks for as long as somebody lets it."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.may_end = threading.Semaphore(0)
        self.looked: list[int] = []

    def __call__(self, frame: Frame) -> Found:
        self.looked.append(frame.index)
        self.begun.release()
        assert self.may_end.acquire(timeout=10)
        return "seen", frame.index


class Camera(Mailbox):
    """Hands out every picture that is put into it, once it was taken."""

    def __init__(self) -> None:
        super().__init__()
        self._room = threading.Semaphore(0)

    def latest(self, timeout_s: float) -> Frame | None:
        frame = self.take(timeout_s)
        if frame is not None:
            self._room.release()
        return frame

    def film(self, index: int) -> None:
        """Take a picture; return once the pool has it."""
        self.put(Frame(index / 60, index, PICTURE))
        assert self._room.acquire(timeout=10)


def taken(pool: LivePool[Found], count: int) -> list[Found]:
    found = [pool.next(10.0) for _ in range(count)]
    return [one[1] for one in found if one is not None]


@pytest.fixture
def start() -> Callable[..., LivePool[Found]]:
    pools: list[tuple[LivePool[Found], list[Model]]] = []

    def begin(camera: Camera, models: list[Model], follower: Steady | None) -> LivePool[Found]:
        pool: LivePool[Found] = LivePool(models, camera, follower)
        pools.append((pool, models))
        pool.start()
        return pool

    yield begin
    for pool, models in pools:
        for model in models:
            model.may_end.release(100)
        pool.close()


def test_a_picture_that_comes_while_the_model_looks_is_followed_and_not_lost(start) -> None:
    camera, model, follower = Camera(), Model(), Steady()
    pool = start(camera, [model], follower)
    camera.film(0)
    assert model.begun.acquire(timeout=10)
    camera.film(1)
    camera.film(2)
    model.may_end.release()
    # What came while it looked may be followed, or, where it has only just come, looked at.
    model.may_end.release(5)
    found = taken(pool, 3)
    assert [index for _, index in found] == [0, 1, 2]
    assert found[0] == ("seen", 0)
    assert found[1] == ("followed", 1)
    assert follower.told[:2] == [0, 1]


def test_two_models_side_by_side_hand_their_results_out_in_order(start) -> None:
    camera, first, second = Camera(), Model(), Model()
    pool = start(camera, [first, second], Steady())
    for index in (0, 1):
        camera.film(index)
    for model in (first, second):
        assert model.begun.acquire(timeout=10)
    quick = first if first.looked == [1] else second
    slow = second if quick is first else first
    quick.may_end.release()
    assert pool.next(0.05) is None
    slow.may_end.release()
    assert taken(pool, 2) == [("seen", 0), ("seen", 1)]


def test_where_nothing_can_be_followed_the_newest_is_looked_at_and_the_others_are_counted(
    start,
) -> None:
    camera, model = Camera(), Model()
    pool = start(camera, [model], None)
    camera.film(0)
    assert model.begun.acquire(timeout=10)
    for index in (1, 2, 3):
        camera.put(Frame(index / 60, index, PICTURE))
    model.may_end.release(2)
    first, last = pool.next(10.0), pool.next(10.0)
    assert first is not None and first[1] == ("seen", 0)
    assert last is not None and last[1] == ("seen", 3)
    assert last[0].dropped == 2


def test_a_model_that_hangs_does_not_pile_up_pictures(start) -> None:
    camera, model = Camera(), Model()
    pool = start(camera, [model], Steady())
    camera.film(0)
    assert model.begun.acquire(timeout=10)
    for index in (1, 2, 3):
        camera.film(index)
    for index in range(4, 30):
        camera.put(Frame(index / 60, index, PICTURE))
    model.may_end.release(30)
    assert [index for _, index in taken(pool, 4)] == [0, 1, 2, 3]
    newest = pool.next(10.0)
    assert newest is not None and newest[1][1] == 29
    assert newest[0].dropped == 25


def test_results_that_nobody_takes_do_not_pile_up(start) -> None:
    """A program that is held up: the newest picture waits in the camera, not a hundred here."""
    camera, model = Camera(), Model()
    model.may_end.release(100)
    pool = start(camera, [model], Steady())
    for index in range(8):
        camera.film(index)
    for index in range(8, 60):
        camera.put(Frame(index / 60, index, PICTURE))
    first = [index for _, index in taken(pool, 8)]
    assert first == list(range(8))
    last = pool.next(10.0)
    assert last is not None and last[1][1] == 59
    assert last[0].dropped == 51


def test_it_ends_with_the_camera_and_hands_out_all_it_has(start) -> None:
    camera, model = Camera(), Model()
    model.may_end.release(100)
    pool = start(camera, [model], Steady())
    threading.Thread(target=lambda: [camera.film(k) for k in range(20)] and camera.close()).start()
    found = []
    while not pool.over:
        one = pool.next(1.0)
        if one is not None:
            found.append((one[1][1], one[0].dropped))
    indices = [index for index, _ in found]
    assert indices == sorted(indices)
    # None is lost without being counted.
    assert len(indices) + found[-1][1] == 20


def test_what_breaks_in_the_model_is_raised_where_results_are_taken() -> None:
    def breaks(frame: Frame) -> Found:
        raise OSError("no memory")

    camera = Camera()
    pool: LivePool[Found] = LivePool([breaks], camera, None)
    pool.start()
    camera.film(0)
    with pytest.raises(OSError, match="no memory"):
        pool.next(10.0)
    pool.close()


def test_what_is_in_a_picture_can_be_looked_for_while_the_model_looks(start) -> None:
    camera, model = Camera(), Model()
    pool = start(camera, [model], Steady())
    camera.film(0)
    new = pool.preview(10.0)
    assert new is not None and new.index == 0
    assert pool.preview(0.05) is None
    model.may_end.release()
    assert pool.preview(10.0) is None
    assert taken(pool, 1) == [("seen", 0)]
