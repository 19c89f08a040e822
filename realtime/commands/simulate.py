"""`hipcue simulate treadmill`: a simulated treadmill in a terminal of its own."""

from __future__ import annotations

import contextlib
import os
import re
import select
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from hipcue.config.errors import UserError
from hipcue.devices.simulated.treadmill.faults import Faults
from hipcue.devices.simulated.treadmill.simulated_treadmill import SimulatedTreadmill
from hipcue.devices.treadmill.speed_file import SpeedCurve, read_speed_curve
from hipcue.devices.treadmill.treadmill import MAX_SPEED_MPS
from hipcue.realtime.run.stop_signals import stop_signals

if sys.platform != "win32":
    import termios
    import tty

_TURN_S = 0.1
_STEP_MPS = 0.1
_KEYS = "keys: + and - by 0.1 m/s, or a speed and Enter; q ends"


def simulate_treadmill(
    protocol: str = "csafe",
    speed: float = 0.0,
    profile: Path | None = None,
    faults: str = "",
    seconds: float | None = None,
    link: Path | None = None,
    grade: float = 0.0,
    tcp_port: int = 0,
) -> None:
    """Offer a treadmill until a key, a signal or the time ends it; prints as it goes.

    The first line printed names the port. With a profile, its times count from the first
    question or connection, and a line says when that was.

    Parameters
    ----------
    protocol : str
        Name in `hipcue.devices.simulated.treadmill.machines.MACHINES`.
    speed : float
        Belt speed to begin with, m/s.
    profile : Path, optional
        CSV with t_s and speed_mps, straight lines between rows; the last row is held.
    faults : str
        As `Faults.parse` reads them.
    seconds : float, optional
        Ends after so long.
    link : Path, optional
        Symbolic link that names the port, the same after a restart.
    grade : float
        Slope in percent.
    tcp_port : int
        For machines on the network; 0 takes any free one.

    Raises
    ------
    UserError
        For a wrong protocol, speed, profile, fault or port.
    """
    if not 0.0 <= speed <= MAX_SPEED_MPS:
        raise UserError("cannot simulate a treadmill", f"speed {speed:g}", "m/s from 0 to 15")
    curve = None if profile is None else read_speed_curve(profile)
    belt = _Belt(speed, curve)
    treadmill = SimulatedTreadmill(
        protocol,
        grade_percent=grade,
        speed_source=belt.speed_mps,
        faults=Faults.parse(faults),
        link=link,
        tcp_port=tcp_port,
    )
    belt.treadmill = treadmill
    with stop_signals() as stop, treadmill, _keyboard() as keyboard:
        _say(f"{treadmill.target}  ({protocol}; hipcue run --treadmill {treadmill.address})")
        if keyboard:
            _say("a profile sets the speed; q ends" if curve else _KEYS)
        _loop(belt, stop, keyboard, seconds)


class _Belt:
    """The speed: told from the keyboard, or read off a profile."""

    def __init__(self, speed: float, curve: SpeedCurve | None) -> None:
        self.told_mps = speed
        self.curve = curve
        self.treadmill: SimulatedTreadmill | None = None

    def speed_mps(self) -> float:
        if self.curve is None:
            return self.told_mps
        start_s = self.treadmill.first_contact_s if self.treadmill else None
        return self.curve.speed_at(0.0 if start_s is None else time.monotonic() - start_s)


def _loop(belt: _Belt, stop: threading.Event, keyboard: bool, seconds: float | None) -> None:
    began_s = time.monotonic()
    typed = ""
    contact_told = False
    while not stop.is_set():
        if seconds is not None and time.monotonic() - began_s >= seconds:
            return
        if not contact_told and belt.treadmill and belt.treadmill.first_contact_s is not None:
            contact_told = True
            _say("first contact" + ("; the profile starts" if belt.curve else ""))
        if not keyboard:
            stop.wait(_TURN_S)
            continue
        ready, _, _ = select.select([sys.stdin], [], [], _TURN_S)
        if not ready:
            continue
        keys = os.read(sys.stdin.fileno(), 64).decode("ascii", "ignore")
        if not keys:
            keyboard = False  # the terminal went away; the belt runs on
        for key in keys:
            if key == "q":
                return
            typed = _key(belt, key, typed)


def _key(belt: _Belt, key: str, typed: str) -> str:
    """Take one key; return what is typed so far of a number."""
    if belt.curve is not None:
        return ""
    if key in "+-":
        _set(belt, belt.told_mps + (_STEP_MPS if key == "+" else -_STEP_MPS))
        return ""
    if key in "\r\n":
        if re.fullmatch(r"\d+\.?\d*|\.\d+", typed):
            _set(belt, float(typed))
        elif typed:
            _say(f"not a speed: {typed}; {_KEYS}")
        return ""
    if key in "\b\x7f":
        return typed[:-1]
    return (typed + key.replace(",", "."))[:8] if key.isprintable() else typed


def _set(belt: _Belt, speed: float) -> None:
    belt.told_mps = round(min(max(speed, 0.0), MAX_SPEED_MPS), 3)
    _say(f"speed {belt.told_mps:.2f} m/s ({3.6 * belt.told_mps:.1f} km/h)")


def _say(text: str) -> None:
    # Somebody may be waiting for the line at the other end of a pipe.
    print(text, flush=True)


@contextlib.contextmanager
def _keyboard() -> Iterator[bool]:
    """Give single keys while the terminal is ours; say whether there is one."""
    if sys.platform == "win32" or sys.stdin is None or not sys.stdin.isatty():
        yield False
        return
    before = termios.tcgetattr(sys.stdin)
    try:
        tty.setcbreak(sys.stdin)
        yield True
    finally:
        with contextlib.suppress(termios.error):
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
