"""How fast it is, against what the machine could do at best; all in one run, side by side.

    python -m tests.bench.speed [--repeats 5] [--frames 300] [--quick]

(a) the floor: decode a film and call MediaPipe, with silhouette, on the whole picture;
(b) the usual script: read, infer, three angles, draw, one after the other, no silhouette;
(c) hipcue: everything on, as fast as the film can be taken, no frame left out.

The programs take turns in short blocks, and what is told is the median of the ratios
between blocks of one turn: machines are noisy, ratios less so. Where other programs took
more than a tenth of the machine the block is not counted, as long as calm ones are left.
Waits (capture to decision) are measured with the film coming at the pace of a camera: the
fastest one that the bare call follows with some room, and 30 and 60 pictures a second,
where a slower machine is always one picture behind and a picture waits for its turn.

The memory told is that of this whole process: the three models of (a) and (b), which stay,
take 530 MB of it. What hipcue takes by itself `tests.bench.demo_truth` tells.

What helped, frames per second of (c) against (a), two cores, one tracker:

    0.77  everything in one thread beside the screen's
    0.95  the model in a thread of its own: outline, squares and engine work meanwhile
    1.05  the silhouette only around the trunk, taken before the graph blows it up
    1.10  the graph driven directly: MediaPipe's wrapper makes a class per picture
    1.19  the graph runs in the thread that looks; the silhouette is not blown up at all

and the wait from picture to decision of (c) against the bare call, 30 pictures a second:

    1.46  the screen drawn whenever it was due
    1.33  the screen drawn right after a decision
    1.27  squares and background looked at while the model works; the engine at half the cost

on a machine half as fast, whose model takes longer than such a camera's frame, that was
1.4 to 1.6; at the pace it follows (20):

    1.10  as it was
    1.04  the silhouette asked in its own cells, the graph in the thread that looks
    0.90  the model spread over both cores, which does not pay at 30 pictures a second there
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from tests.bench.speed_films import material
from tests.bench.speed_programs import Bare, Block, UsualScript, complete
from tests.bench.speed_stages import stages

# Share of the machine that others may take in a block that counts.
_CALM = 0.1
# Paces of cameras, and the room that the bare call must leave in a frame; our choice.
_PACES, _ROOM = (60, 50, 30, 25, 20, 15, 10), 1.2

_Programs = dict[str, Callable[[], Block]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5, help="turns of all programs")
    parser.add_argument("--frames", type=int, default=300, help="per block")
    parser.add_argument("--quick", action="store_true", help="only the ratios to the floor")
    words = parser.parse_args()
    os.environ["SDL_VIDEODRIVER"] = os.environ["SDL_AUDIODRIVER"] = "dummy"
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before")
    with tempfile.TemporaryDirectory(prefix="hipcue-speed-") as name:
        folder = Path(name)
        film = material(folder)
        print(f"film {film.name}\n")
        if not words.quick:
            print(stages(film, folder / "stages"))
        found = _take_turns(film, folder, words.repeats, words.frames, words.quick)
    _tell(found)
    if not words.quick:
        _tell_screen()
        print(f"hipcue demo, start to first stride on screen: {_first_stride_s():.1f} s")
    print(f"load {os.getloadavg()[0]:.1f} after")


def _take_turns(
    film: Path, folder: Path, repeats: int, frames: int, quick: bool
) -> dict[str, list[Block]]:
    bare, plain, script = Bare(film, mask=True), Bare(film, mask=False), UsualScript(film)
    some = frames // 2
    call_s = bare.run(some).waits_ms[0] / 1e3
    pace = next((pace for pace in _PACES if _ROOM * call_s * pace < 1.0), _PACES[-1])
    print(f"bare call {1e3 * call_s:.1f} ms: it follows {pace} pictures a second\n")
    programs: _Programs = {
        "(a) floor": partial(bare.run, some),
        "(b) usual script": partial(script.run, some),
        "(c) one tracker": partial(_whole, film, folder, frames),
        "(c) two trackers": partial(_whole, film, folder, frames, trackers=2),
        "(c) by MediaPipe": partial(_whole, film, folder, frames, runtime="mediapipe"),
    }
    if not quick:
        programs |= {
            "(a) without silhouette": partial(plain.run, some),
            "one tracker, no screen": partial(_whole, film, folder, frames, screen=False),
            "nor silhouette": partial(_whole, film, folder, frames, screen=False, silhouette=False),
            "two trackers, no screen": partial(
                _whole, film, folder, frames, trackers=2, screen=False
            ),
            f"(c) at {pace} fps": partial(_whole, film, folder, some, fps=pace),
            f"two cores at {pace} fps": partial(_whole, film, folder, some, fps=pace, threads=2),
            "(c) at 30 fps": partial(_whole, film, folder, some, fps=30.0),
            "(c) at 60 fps": partial(_whole, film, folder, frames, fps=60.0),
            "two trackers at 60 fps": partial(_whole, film, folder, frames, fps=60.0, trackers=2),
        }
    found: dict[str, list[Block]] = {name: [] for name in programs}
    print(
        f"{'':26}{'fps':>7}{'cpu ms':>8}{'p50':>7}{'p95':>7}{'p99 ms':>7}{'lost':>6}{'memory':>8}"
    )
    for _ in range(repeats):
        for name, program in programs.items():
            clock = _Others()
            block = program()
            block.others = clock.share()
            found[name].append(block)
            p50, p95, p99 = block.waits_ms
            print(
                f"{name:26}{block.fps:7.1f}{block.cpu_ms:8.1f}{p50:7.1f}{p95:7.1f}{p99:7.1f}"
                f"{block.dropped:6}{100 * block.others:6.0f} %  ",
                f"strides {block.strides}, screen {block.screens_hz:.0f} Hz, {_memory_mb():.0f} MB"
                if block.given
                else "",
                flush=True,
            )
    for program_ in (bare, plain, script):
        program_.close()
    return found


def _whole(
    film: Path,
    folder: Path,
    frames: int,
    *,
    trackers: int = 1,
    threads: int = 1,
    runtime: str = "auto",
    silhouette: bool = True,
    screen: bool = True,
    fps: float | None = None,
) -> Block:
    kept = Path(tempfile.mkdtemp(dir=folder)) / "session"
    models: dict[str, int | str] = {
        "trackers": trackers,
        "threads": threads,
        "runtime": runtime,
    }
    return complete(
        film, kept, frames, models=models, silhouette=silhouette, screen=screen, fps=fps
    )


def _tell(found: dict[str, list[Block]]) -> None:
    print("\nmedians of ratios between blocks of one turn")

    def line(words: str, upper: str, lower: str, of: Callable[[Block], float], goal: str) -> None:
        if upper in found and lower in found:
            pairs = list(zip(found[upper], found[lower], strict=True))
            calm = [pair for pair in pairs if max(block.others for block in pair) < _CALM]
            ratios = [of(one) / of(other) for one, other in calm or pairs]
            told = f"{min(ratios):.2f} to {max(ratios):.2f}, {len(calm)} of {len(pairs)} calm"
            print(f"{words}: {np.median(ratios):.2f}  ({told}; wanted {goal})")

    def fps(block: Block) -> float:
        return block.fps

    line("ratio to floor, one tracker", "(c) one tracker", "(a) floor", fps, "1.35")
    line("ratio to floor, two trackers", "(c) two trackers", "(a) floor", fps, "2.2")
    line("ratio to floor, one tracker, MediaPipe", "(c) by MediaPipe", "(a) floor", fps, "-")
    line(
        "ratio to MediaPipe without silhouette, none here, no screen",
        "nor silhouette",
        "(a) without silhouette",
        fps,
        "1.5",
    )
    for number, goal in (("one tracker", "1"), ("two trackers", "-")):
        words = f"ratio to the usual script, {number}"
        line(words, f"(c) {number}", "(b) usual script", fps, goal)
    one, two = "one tracker, no screen", "two trackers, no screen"
    line("two trackers against one, no screen", two, one, fps, "1.5")
    line(
        "processor time per frame against floor", "(c) one tracker", "(a) floor", _cpu, "no figure"
    )
    for pace in (name for name in found if name.endswith(" fps")):
        for k, (name, goal) in enumerate((("p50", "1.05"), ("p95", "-"), ("p99", "1.3"))):
            words = f"capture to decision against the bare call, {pace}, {name}"
            line(words, pace, "(a) floor", partial(_wait, k), goal)
        looked_at = sum(block.looked_at for block in found[pace])
        followed = sum(block.followed for block in found[pace])
        all_ = looked_at + followed + sum(block.dropped for block in found[pace])
        print(
            f"pictures that carry joints, {pace}: {(looked_at + followed) / all_:.3f}, "
            f"looked at {looked_at / all_:.2f}  (wanted 0.98)"
        )


def _cpu(block: Block) -> float:
    return block.cpu_ms


def _wait(k: int, block: Block) -> float:
    return block.waits_ms[k]


class _Others:
    """What other programs take of the machine, from now on."""

    def __init__(self) -> None:
        self._begun = self._now()

    def share(self) -> float:
        """Share of all cores since the start."""
        busy, mine, wall = (b - a for a, b in zip(self._begun, self._now(), strict=True))
        return max(busy - mine, 0.0) / (wall * (os.cpu_count() or 1))

    @staticmethod
    def _now() -> tuple[float, float, float]:
        words = Path("/proc/stat").read_text().splitlines()[0].split()[1:9]
        ticks = [int(word) for word in words]
        busy = (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")
        return busy, time.process_time(), time.monotonic()


def _memory_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _tell_screen() -> None:
    from tests.bench.screens import time_coach

    print("\ndrawing the coach's screen, 1920x1080")
    for name, timing in time_coach().items():
        print(f"{name:32} p50 {timing.p50:.2f}  p95 {timing.p95:.2f}  p99 {timing.p99:.2f} ms")


def _first_stride_s() -> float:
    """Start the demo as a user does; when was its first stride known, on the same clock?"""
    from hipcue.realtime.session import SessionReader

    with tempfile.TemporaryDirectory(prefix="hipcue-speed-") as name:
        folder = Path(name) / "demo"
        begun_s = time.monotonic()
        words = ("demo", "--headless", "--seconds", "12", "--out", str(folder))
        subprocess.run(
            [sys.executable, "-m", "hipcue.realtime.commands.cli", *words],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        with SessionReader(folder) as reader:
            return reader.strides[0].t_decided_s - begun_s


if __name__ == "__main__":
    main()
