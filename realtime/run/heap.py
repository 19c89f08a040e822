"""How the C library keeps memory for pictures, which are made in one thread and let go in another.

glibc gives every thread a heap of its own, and a picture goes back to the heap it came from,
where smaller things have settled around it: each heap keeps what is free in it. One heap for
all saves 80 MB in a demo, and nothing waits for it: pictures come a few hundred times a
second, and what Python makes itself never asks.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress
from typing import Any

# Their names in malloc.h.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
# A picture of 1920x1080 is on the heap, where the next one finds its memory: asking the system
# for it anew costs a millisecond. So many bytes may stay free at the end; our choices.
_LARGEST_ON_HEAP, _MOST_FREE = 8_000_000, 6_000_000
# More than this free inside the heap is given back: a dozen pictures; our choice.
_MUCH_FREE = 30_000_000


def share_one_heap() -> bool:
    """Let all threads share one heap; whether the C library knows how.

    To be called before threads begin.
    """
    found = _from_c_library("mallopt")
    if found is None:
        return False
    asked = (
        (_M_ARENA_MAX, 1),
        (_M_MMAP_THRESHOLD, _LARGEST_ON_HEAP),
        (_M_TRIM_THRESHOLD, _MOST_FREE),
    )
    taken: list[int] = [found(which, value) for which, value in asked]
    return all(taken)


def give_back() -> bool:
    """Give back what is free inside the heap if that is much; whether it was.

    A slow moment, in which pictures wait for the pose model, leaves room for 70 MB of them
    behind for good. To give that back takes 5 ms, in which nobody else gets memory.
    """
    ask, trim = _from_c_library("mallinfo2"), _from_c_library("malloc_trim")
    if ask is None or trim is None:
        return False
    ask.restype = _Heap
    return bool(ask().fordblks > _MUCH_FREE and trim(0))


class _Heap(ctypes.Structure):
    """``struct mallinfo2`` of malloc.h; `fordblks` is what is free in the heap, bytes."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            "arena", "ordblks", "smblks", "hblks", "hblkhd",
            "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost",
        )
    )  # fmt: skip


def _from_c_library(name: str) -> Any:
    """Return a function that only glibc has; None with any other C library."""
    with suppress(OSError, TypeError, AttributeError):
        library = ctypes.CDLL(None)
        if hasattr(library, "gnu_get_libc_version"):
            return getattr(library, name)
    return None
