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


def _ask(*words: str) -> str:
    asked = [sys.executable, "-c", _ASK, *words]
    done = subprocess.run(asked, cwd=HOUSE, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.strip()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other libraries have one heap")
def test_a_picture_of_any_thread_lies_in_the_heap_of_all() -> None:
    assert _ask() == "True"
    assert _ask("alone") == "False"
