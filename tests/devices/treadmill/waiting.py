"""Wait for what a thread will do; a hung thread fails the test instead of the suite."""

from __future__ import annotations

import time
from collections.abc import Callable

from hipcue.config.reason_words import in_words
from hipcue.devices.readings import BeltSample, LinkState
from hipcue.devices.treadmill.treadmill import Treadmill

_PATIENCE_S = 20.0


def until(true: Callable[[], bool], what: str) -> None:
    end_s = time.monotonic() + _PATIENCE_S
    while not true():
        assert time.monotonic() < end_s, f"waited in vain for: {what}"
        time.sleep(0.01)


def until_state(treadmill: Treadmill, state: LinkState, text: str = "") -> None:
    def there() -> bool:
        status = treadmill.status()
        return status.state is state and text in in_words(status.reason)

    until(there, f"{state.value} {text}")


def samples(treadmill: Treadmill, count: int) -> list[BeltSample]:
    """The next samples, at least so many."""
    got: list[BeltSample] = []

    def enough() -> bool:
        got.extend(treadmill.drain())
        return len(got) >= count

    until(enough, f"{count} samples")
    return got
