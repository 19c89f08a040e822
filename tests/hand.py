"""A screen that nobody sees, and somebody at its keyboard and mouse."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

needs_x = pytest.mark.skipif(
    not sys.platform.startswith("linux")
    or not all(shutil.which(tool) for tool in ("Xvfb", "xdotool")),
    reason="needs Xvfb and xdotool (Debian packages xvfb and xdotool)",
)


_PATIENCE_S = 300.0


@dataclass
class Hand:
    """Somebody at the keyboard, reading what happens."""

    session: subprocess.Popen[str]
    display: str
    # The last line that told what the screen shows.
    sees: str = ""

    def tool(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words],
            env={**os.environ, "DISPLAY": self.display},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            timeout=20,
            check=True,
        )
        return done.stdout

    def keys(self, *keys: str) -> None:
        self.tool("key", "--delay", "30", *keys)

    def types(self, words: str) -> None:
        self.tool("type", "--delay", "30", words)

    def clicks(self, x: int, y: int) -> None:
        window = self.reaches_the_window()
        self.tool("mousemove", "--window", window, str(x), str(y), "click", "1")

    def reaches_the_window(self) -> str:
        """Wait until keys go to the session's window; return which."""
        until = time.monotonic() + 60.0
        while time.monotonic() < until:
            # Before the first window opens nothing has the keys, which xdotool calls a fault.
            with suppress(subprocess.CalledProcessError):
                window = self.tool("getwindowfocus").strip()
                if self.tool("getwindowname", window).strip() == "hipcue":
                    return window
            # Nobody manages windows here, and a new one that asks for the keys before it is
            # seen does not get them. A search reads its class, but not its name.
            with suppress(subprocess.CalledProcessError):
                self.tool("search", "--onlyvisible", "--class", ".", "windowfocus")
            time.sleep(0.05)
        raise AssertionError("the window never got the keys")

    def waits_until(self, words: str) -> None:
        """Read on until a line holds these words."""
        assert self.session.stdout is not None
        seen = []
        for told in self.session.stdout:
            seen.append(told.strip())
            if told.startswith("sees "):
                self.sees = told
            if words in told:
                return
        raise AssertionError(f"{words!r} never came, only {seen}")

    def waits_until_it_sees(self, words: str) -> None:
        """Read on until the screen shows this; it may do so already."""
        if words not in self.sees:
            self.waits_until(words)

    def waits_for(self, line: str) -> None:
        assert self.session.stdout is not None
        seen = []
        for told in self.session.stdout:
            seen.append(told.strip())
            if told.strip() == line:
                return
        raise AssertionError(f"{line!r} never came, only {seen}")


@contextmanager
def x_server(pictures: Path | None = None) -> Iterator[str]:
    """A screen of its own, 1600x900, that nobody sees; `seen` reads what is in `pictures`."""
    reading, writing = os.pipe()
    words = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x900x24", "-nolisten", "tcp"]
    # Left alone, the server starts over whenever its last guest goes, and turns away whoever
    # knocks just then: the session, for one, while the hand looks for its window.
    words.append("-noreset")
    server = subprocess.Popen(
        words if pictures is None else [*words, "-fbdir", str(pictures)],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def seen(pictures: Path) -> NDArray[np.uint8]:
    """What is on the screen now, (900, 1600, 3), red, green and blue."""
    memory = (pictures / "Xvfb_screen0").read_bytes()
    # An XWD file: sizes first, then the table of colours, then the rows.
    sizes = np.frombuffer(memory, ">u4", 25)
    begin = int(sizes[0]) + 12 * int(sizes[19])
    width, height, row = int(sizes[4]), int(sizes[5]), int(sizes[12])
    rows = np.frombuffer(memory, np.uint8, row * height, begin).reshape(height, row)
    return rows[:, : 4 * width].reshape(height, width, 4)[..., 2::-1]


@contextmanager
def at_the_screen(words: list[str], display: str) -> Iterator[Hand]:
    """Start Python with `words` on a screen, and sit down before it."""
    environment = {**os.environ, "DISPLAY": display, "SDL_AUDIODRIVER": "dummy"}
    environment.pop("SDL_VIDEODRIVER", None)
    session = subprocess.Popen(
        [sys.executable, *words],
        cwd=Path(__file__).parents[1],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    # Whoever waits for a line that never comes is told which: reading has no end by itself.
    patience = threading.Timer(_PATIENCE_S, session.kill)
    patience.start()
    try:
        yield Hand(session, display)
    finally:
        patience.cancel()
        if session.poll() is None:
            session.kill()
        session.wait(timeout=20)
        assert session.stdout is not None
        session.stdout.close()
