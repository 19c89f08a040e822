"""Faults thrown at a running session, and what became of it.

    python -m tests.bench.faults [--only NAME]

Camera faults happen in the driver, below hipcue's own camera thread; wire faults on a real
pseudo-terminal; program faults to a process of its own. Each run lasts half a minute: the
fault begins after 16 s and is mended after 21 s. For each: what the screen said, strides
missed of those that the runner took, whether a stride was written that nobody took or whose
numbers lie beyond their own uncertainty (which must never be), and how long after the mending
the next stride began. Exit code 1 when any of them failed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")

import numpy as np

from hipcue.config.errors import UserError
from hipcue.realtime.library.recover import recover
from hipcue.realtime.session import SessionReader
from tests.bench.faults_rig import (
    BREAK_S,
    HOUSE,
    MEND_S,
    Eye,
    Image,
    Told,
    compare,
    hipcue,
    render,
    run,
)

# The next stride has to begin within this after the mending: reopening a camera takes a
# pause, and a baseline of gait a stride or two.
_BACK_WITHIN_S = 6.0
# While the fault lasts and until then, at 170 steps a minute, and two strides of each leg more.
MOST_MISSED = int((MEND_S - BREAK_S + _BACK_WITHIN_S) * 170 / 60) + 4


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    name: str
    said: str
    missed: int | None
    wrong: int
    back_s: float | None
    good: bool
    why: str = ""


Test = Callable[[Path, Path], Row]


def _set(**values: object) -> Callable[[Eye], None]:
    def apply(eye: Eye) -> None:
        for name, value in values.items():
            setattr(eye, name, value)

    return apply


def _same(image: Image) -> Image:
    return image


def _frozen() -> Callable[[Eye], None]:
    def apply(eye: Eye) -> None:
        kept: list[Image] = []

        def hang(image: Image) -> Image:
            kept.append(image) if not kept else None
            return kept[0].copy()

        eye.change = hang

    return apply


def _second_person(image: Image) -> Image:
    """Put a second runner, a little smaller and mirrored, behind the treadmill."""
    height, width = image.shape[:2]
    body = image[int(0.12 * height) : int(0.95 * height), int(0.3 * width) : int(0.62 * width)]
    out = image.copy()
    other = body[:, ::-1]
    top, left = int(0.12 * height), width - other.shape[1]
    out[top : top + other.shape[0], left:] = other
    return out


def _empty(image: Image) -> Image:
    """Nobody there: a wall in front of the treadmill."""
    out = image.copy()
    out[:, int(0.2 * image.shape[1]) : int(0.75 * image.shape[1])] = (170, 175, 180)
    return out


def camera(name: str, broken: Callable[[Eye], None], says: str, most: int) -> tuple[str, Test]:
    """Return a test in which the camera fails in some way and works again."""

    def test(film: Path, room: Path) -> Row:
        mended = _set(plugged=True, every=1, change=_same)
        told = run(film, room / "run", at={BREAK_S: broken, MEND_S: mended})
        found = compare(told, film)
        new = told.between(BREAK_S, MEND_S + 2.0)
        said = next((line for line in new if says in line), "")
        good = (bool(said) or not says) and found.missed <= most
        good &= not found.wrong and not told.error
        back = found.back_s
        good &= back is not None and back < _BACK_WITHIN_S
        why = "; ".join(found.wrong[:3]) or told.error or ("" if good else f"said {new}")
        return Row(
            name,
            said if says else "nothing",
            found.missed,
            len(found.wrong),
            back,
            good,
            why,
        )

    return name, test


def wire(film: Path, room: Path) -> Row:
    """The treadmill's cable is pulled and plugged in again."""
    link = room / "port"
    words = ["simulate", "treadmill", "--protocol", "csafe", "--speed", "3.0", "--link", str(link)]
    machines = [_simulator(words, link)]

    def pull(eye: Eye) -> None:
        machines[0].kill()
        machines[0].wait()

    def plug(eye: Eye) -> None:
        machines.append(_simulator(words, None))

    try:
        told = run(film, room / "run", belt=f"csafe:{link}", at={BREAK_S: pull, MEND_S: plug})
    finally:
        for machine in machines:
            machine.kill()
            machine.communicate()
    found = compare(told, film)
    said = next((x for x in told.between(BREAK_S, MEND_S + 3.0) if "belt" in x and ":" in x), "")
    with SessionReader(told.folder) as kept:
        late = [s for s in kept.strides if s.contact_s - told.zero_s > MEND_S + 5.0]
    back = any(s.belt_source.value == "wire" for s in late)
    good = bool(said) and back and not found.wrong and not told.error
    why = "; ".join(found.wrong[:3]) or told.error or ("" if back else "the wire never came back")
    return Row("cable pulled", said, found.missed, len(found.wrong), found.back_s, good, why)


def garbage(film: Path, room: Path) -> Row:
    """The wire is full of garbage all the time."""
    link = room / "port"
    words = ["simulate", "treadmill", "--protocol", "csafe", "--speed", "3.0", "--link", str(link)]
    machine = _simulator([*words, "--faults", "noise=0.05,drop=0.05,split"], link)
    try:
        told = run(film, room / "run", belt=f"csafe:{link}")
    finally:
        machine.kill()
        machine.communicate()
    found = compare(told, film)
    good = not found.wrong and found.strides > 20 and not told.error
    why = "; ".join(found.wrong[:3]) or told.error
    said = f"{found.strides} strides"
    return Row("garbage on the wire", said, found.missed, len(found.wrong), None, good, why)


def _simulator(words: list[str], link: Path | None) -> subprocess.Popen[str]:
    machine = hipcue(*words)
    until = time.monotonic() + 30.0
    while link is not None and not link.exists() and time.monotonic() < until:
        time.sleep(0.05)
    return machine


def clock_stepped(film: Path, room: Path) -> Row:
    """The time of day jumps by an hour."""
    true_time = time.time

    def step(eye: Eye) -> None:
        time.time = lambda: true_time() + 3600.0

    try:
        told = run(film, room / "run", at={BREAK_S: step})
    finally:
        time.time = true_time
    found = compare(told, film)
    good = not found.wrong and found.missed <= 8 and not told.error
    why = "; ".join(found.wrong[:3]) or told.error
    return Row("clock stepped", "nothing", found.missed, len(found.wrong), found.back_s, good, why)


def _elsewhere(film: Path, room: Path, first: str, at: str = "{}", **env: str) -> Told | str:
    """Run in a process of its own, after some first lines; the trouble if it broke down."""
    code = (
        "import json, sys; from pathlib import Path\n"
        f"{first}\n"
        "from tests.bench.faults_rig import BREAK_S, MEND_S, run\n"
        f"told = run(Path(sys.argv[1]), Path(sys.argv[2]), at={at})\n"
        "print(json.dumps([told.zero_s, told.error, told.lines]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(film), str(room / "run")],
        cwd=HOUSE,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        return done.stderr.strip()[-300:] or f"ended with {done.returncode}"
    zero_s, error, lines = json.loads(done.stdout.splitlines()[-1])
    recover(room / "run")
    return Told(room / "run", [(t_s, line) for t_s, line in lines], zero_s, error)


def disk_full(film: Path, room: Path) -> Row:
    """The system refuses every byte of a file beyond 2.5 MB."""
    told = _elsewhere(
        film,
        room,
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (2_500_000, 2_500_000))",
    )
    if isinstance(told, str):
        return Row("disk full", "", None, 0, None, False, told)
    found = compare(told, film)
    lines = [line for _, line in told.lines]
    said = next((x for x in lines if "disk" in x or "space" in x or "written" in x), "")
    good = bool(said) and not found.wrong and not told.error and found.strides > 5
    why = "; ".join(found.wrong[:3]) or told.error or ("" if said else str(lines[-5:]))
    return Row("disk full", said, found.missed, len(found.wrong), None, good, why)


def sound_gone(film: Path, room: Path) -> Row:
    """The only loudspeaker is unplugged and plugged in again."""
    name = "sound device gone"
    if shutil.which("pulseaudio") is None or shutil.which("pactl") is None:
        return Row(name, "not tried: no pulseaudio here", None, 0, None, True)
    own = room / "pulse"
    own.mkdir(mode=0o700)
    where = {"PULSE_RUNTIME_PATH": str(own), "PULSE_SERVER": f"unix:{own}/native"}
    words = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1"]
    parts = ["null-sink sink_name=ears", f"native-protocol-unix socket={own}/native"]
    server = subprocess.Popen(
        [*words, *(f"--load=module-{part}" for part in parts)],
        env={**os.environ, **where},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 10.0
        while not (own / "native").exists() and time.monotonic() < until:
            time.sleep(0.05)
        told = _elsewhere(
            film,
            room,
            "import subprocess; pactl = lambda *w: subprocess.run(('pactl', *w), check=True)",
            "{BREAK_S: lambda eye: pactl('unload-module', 'module-null-sink'), "
            "MEND_S: lambda eye: pactl('load-module', 'module-null-sink', 'sink_name=ears')}",
            SDL_AUDIODRIVER="pulseaudio",
            **where,
        )
    finally:
        server.kill()
        server.wait()
    if isinstance(told, str):
        return Row(name, "", None, 0, None, False, told)
    found = compare(told, film)
    new = told.between(BREAK_S, MEND_S + 1.0)
    said = next((line for line in new if "sound" in line or "loudspeaker" in line), "")
    with SessionReader(room / "run") as kept:
        lights = [
            (t_s - told.zero_s, light.state.value)
            for t_s, light in kept.devices
            if light.name == "sound"
        ]
    back = [t_s - MEND_S for t_s, state in lights if t_s > MEND_S and state == "live"]
    good = bool(said) and bool(back) and not found.wrong and not told.error and found.missed <= 8
    why = "; ".join(found.wrong[:3]) or told.error or ("" if good else f"said {new}, {lights}")
    back_s = back[0] if back else None
    return Row(name, said, found.missed, len(found.wrong), back_s, good, why)


def too_slow(film: Path, room: Path) -> Row:
    """Other programs take the machine, four for every core."""
    burn = [sys.executable, "-c", "while True: pass"]
    others: list[subprocess.Popen[bytes]] = []

    def begin(eye: Eye) -> None:
        others.extend(subprocess.Popen(burn) for _ in range(4 * (os.cpu_count() or 1)))

    def end(eye: Eye) -> None:
        for other in others:
            other.kill()

    try:
        told = run(film, room / "run", at={BREAK_S: begin, MEND_S: end})
    finally:
        for other in others:
            other.kill()
            other.wait()
    found = compare(told, film)
    new = told.between(BREAK_S, MEND_S + 5.0)
    said = next((line for line in new if "too slow" in line), "")
    good = bool(said) and not found.wrong and not told.error and found.missed <= MOST_MISSED
    why = "; ".join(found.wrong[:3]) or told.error or ("" if good else f"said {new}")
    return Row("machine too slow", said, found.missed, len(found.wrong), found.back_s, good, why)


def ended_by(name: str, number: signal.Signals) -> tuple[str, Test]:
    """Return a test in which the program gets a signal."""

    def test(film: Path, room: Path) -> Row:
        out = room / "run"
        words = ["run", "--camera", str(film), "--treadmill", "fixed:3.0", "--out", str(out)]
        process = hipcue(*words, "--headless")
        time.sleep(18.0)
        process.send_signal(number)
        said, complained = process.communicate(timeout=60)
        line = ""
        if number is signal.SIGKILL:
            line = recover(out) or ""
        with SessionReader(out) as kept:
            strides, closed = len(kept.strides), kept.closed
        good = closed and strides > 5 and "Traceback" not in complained
        if number is not signal.SIGKILL:
            good &= process.returncode == 0 and "session:" in said
            line = said.strip().splitlines()[-1] if said.strip() else ""
        return Row(name, line, None, 0, None, good, "" if good else complained[-300:])

    return name, test


def settings_broken(film: Path, room: Path) -> Row:
    """The settings file is overwritten with nonsense in mid run."""
    config, out = room / "hipcue.toml", room / "run"
    config.write_text("[feedback]\nlanguage = 'de'\n")
    words = ["run", "--camera", str(film), "--treadmill", "fixed:3.0", "--out", str(out)]
    process = hipcue(*words, "--headless", "--config", str(config))
    time.sleep(10.0)
    config.write_text("[feedback\nlanguage = = nonsense")
    _, complained = process.communicate(timeout=90)
    again = hipcue(*words[:-1], str(room / "again"), "--headless", "--config", str(config))
    _, line = again.communicate(timeout=60)
    with SessionReader(out) as kept:
        strides = len(kept.strides)
    one = again.returncode == 2 and len(line.strip().splitlines()) == 1
    good = process.returncode == 0 and strides > 20 and one and "Traceback" not in complained
    return Row(
        "settings broken", line.strip(), None, 0, None, good, "" if good else complained[-300:]
    )


def two_programs(film: Path, room: Path) -> Row:
    """A second program is started on the same session folder."""
    out = room / "run"
    words = ["run", "--camera", str(film), "--treadmill", "fixed:3.0", "--out", str(out)]
    first = hipcue(*words, "--headless")
    time.sleep(10.0)
    second = hipcue(*words, "--headless")
    _, line = second.communicate(timeout=60)
    looking = hipcue("export", str(out))
    _, busy = looking.communicate(timeout=60)
    _, complained = first.communicate(timeout=90)
    with SessionReader(out) as kept:
        strides = len(kept.strides)
    one = second.returncode == 2 and len(line.strip().splitlines()) == 1
    good = first.returncode == 0 and one and strides > 20 and "Traceback" not in busy + complained
    why = (
        "" if good else f"{first.returncode} {second.returncode} {line} {busy} {complained}"[-300:]
    )
    return Row("two programs", line.strip(), None, 0, None, good, why)


TESTS: dict[str, Test] = dict(
    [
        camera("camera gone", _set(plugged=False), "camera lost", MOST_MISSED),
        camera("camera frozen", _frozen(), "camera frozen", MOST_MISSED),
        camera("black picture", _set(change=np.zeros_like), "dark", MOST_MISSED),
        camera("a third of the rate", _set(every=3), "of 30 fps", MOST_MISSED),
        camera("second person", _set(change=_second_person), "", MOST_MISSED),
        camera("runner leaves", _set(change=_empty), "nobody in the picture", MOST_MISSED),
        ("cable pulled", wire),
        ("garbage on the wire", garbage),
        ("sound device gone", sound_gone),
        ("machine too slow", too_slow),
        ("disk full", disk_full),
        ("clock stepped", clock_stepped),
        ("settings broken", settings_broken),
        ended_by("SIGTERM", signal.SIGTERM),
        ended_by("SIGINT", signal.SIGINT),
        ended_by("kill -9", signal.SIGKILL),
        ("two programs", two_programs),
    ]
)


def main() -> int:
    """Throw them all."""
    parser = argparse.ArgumentParser(description="Faults thrown at a running session.")
    parser.add_argument("--only", default="", help="those whose name contains this")
    words = parser.parse_args()
    bad = 0
    with tempfile.TemporaryDirectory() as parent:
        film = render(Path(parent))
        print(f"{'fault':22} {'missed':>6} {'wrong':>5} {'back':>6}  what was said")
        for number, (name, test) in enumerate(TESTS.items()):
            if words.only not in name:
                continue
            room = Path(parent) / str(number)
            room.mkdir()
            try:
                row = test(film, room)
            except (UserError, AssertionError, subprocess.TimeoutExpired) as error:
                row = Row(name, "", None, 0, None, False, str(error))
            missed = "" if row.missed is None else str(row.missed)
            back = "" if row.back_s is None else f"{row.back_s:.1f} s"
            mark = "" if row.good else f"  FAILED {row.why}"
            print(
                f"{name:22} {missed:>6} {row.wrong:>5} {back:>6}  {row.said[:100]}{mark}",
                flush=True,
            )
            bad += not row.good
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
