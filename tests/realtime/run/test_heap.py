"""One heap for all threads, where the C library is glibc."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[3]

# Where a picture of another thread lies, and where the heap of the process.
_ASK = """
import sys, threading
import numpy as np
from hipcue.realtime.run.heap import share_one_heap

if "alone" not in sys.argv:
    assert share_one_heap()
made = []
thread = threading.Thread(target=lambda: made.append(np.ones(2_764_800, np.uint8)))
thread.start()
thread.join()
[heap] = [line for line in open("/proc/self/maps") if line.rstrip().endswith("[heap]")][-1:]
begin, end = (int(word, 16) for word in heap.split()[0].split("-"))
print(begin <= made[0].ctypes.data < end)
"""


def _run(script: str, *words: str) -> str:
    asked = [sys.executable, "-c", script, *words]
    done = subprocess.run(asked, cwd=HOUSE, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.strip()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other libraries have one heap")
def test_a_picture_of_any_thread_lies_in_the_heap_of_all() -> None:
    assert _run(_ASK) == "True"
    assert _run(_ASK, "alone") == "False"


# Pictures between which something small stays, all let go but one: is their room given back?
_LEAVE = """
import numpy as np
from hipcue.realtime.run.heap import give_back, share_one_heap

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

assert share_one_heap()
assert not give_back()
made = [np.ones(size, np.uint8) for _ in range(20) for size in (2_764_800, 50_000)]
del made[:-1:2], made[-2:-1]
before = resident()
assert give_back()
print(before - resident() > 40_000_000)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other libraries have one heap")
def test_what_a_slow_moment_took_is_given_back() -> None:
    assert _run(_LEAVE) == "True"
