"""A hot path that neither the garbage collector nor a drawing thread holds up."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# How long a thread may keep the interpreter while another one wants it: a fraction of a
# frame, where Python's own 5 ms are a third of one at 60 frames a second.
_SWITCH_S = 0.0005


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keep others from holding up whoever is inside for long.

    What was there before is left alone by the garbage collector: going through it takes up
    to 0.2 s on a slow machine, at a time of its own choosing, and so it would once more
    before it is left alone. What is made inside is collected as usual. Threads take turns
    more often.
    """
    before = sys.getswitchinterval()
    gc.freeze()
    sys.setswitchinterval(_SWITCH_S)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
        gc.unfreeze()
