"""What a user sees who starts the demo, against what its runner really did.

    python -m tests.bench.demo_truth [--seconds 60] [--headless] [--keep FOLDER] [--set a.b=c]
    python -m tests.bench.demo_truth --judge FOLDER

Runs `hipcue demo` as a process of its own in a window of an X server of its own (Xvfb), and
reads its folder: the session, and the truth that the simulated runner leaves beside it.
`--judge` only reads such a folder. A stride of the truth counts where it is over early enough
to be known before the end; it is found where one of the same leg begins within `_MATCH_S`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hipcue.realtime.records import CueKind, Stride, Verdict
from hipcue.realtime.session import SessionReader
from tests.hand import x_server

# A stride is decided a few pictures after its end.
_MATCH_S, _DECIDED_S = 0.12, 0.5
_OFF = 0.05
_SIDES = ("L", "R")


@dataclass(frozen=True, slots=True)
class TrueStride:
    """One stride of the truth; its contact on the session's clock."""

    side: str
    contact_s: float
    end_s: float
    length_m: float


def main() -> None:
    """Run the demo, or read one, and tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--headless", action="store_true", help="no window")
    parser.add_argument("--keep", type=Path, default=None, help="folder for the session")
    parser.add_argument("--judge", type=Path, default=None, help="read this session only")
    parser.add_argument("--set", action="append", default=[], dest="changes", metavar="KEY=VALUE")
    words = parser.parse_args()
    if words.judge is not None:
        print("\n".join(judge(words.judge)))
        return
    with tempfile.TemporaryDirectory(prefix="hipcue-demo-") as room:
        folder = words.keep or Path(room) / "demo"
        more = [word for change in words.changes for word in ("--set", change)]
        print("\n".join(run(folder, words.seconds, words.headless, more)))
        print("\n".join(judge(folder)))


def run(folder: Path, seconds: float, headless: bool, more: Sequence[str] = ()) -> list[str]:
    """Run the demo to its end; return what it took of the machine."""
    words = [sys.executable, "-m", "hipcue.realtime.commands.cli", "demo"]
    words += ["--seconds", f"{seconds:g}", "--out", str(folder), *more]
    words += ["--headless"] if headless else []
    load, begun_s = os.getloadavg()[0], time.monotonic()
    with _display(headless) as environment:
        demo = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL)
        resident, shared = [0.0], [0.0]
        while demo.poll() is None:
            memory = _memory_mb(demo.pid)
            # The report, which comes after the pictures, has no hurry and no camera.
            if memory is not None and time.monotonic() - begun_s < seconds:
                resident.append(memory[0])
                shared.append(memory[1])
            time.sleep(0.5)
    if demo.returncode != 0:
        raise SystemExit(f"the demo ended with {demo.returncode}")
    with SessionReader(folder) as kept:
        first = [stride.t_decided_s - begun_s for stride in kept.strides[:1]]
    return [
        f"load {load:.1f} before, {os.getloadavg()[0]:.1f} after, {os.cpu_count()} cores",
        f"memory: at most {max(resident):.0f} MB resident, "
        f"{max(shared):.0f} MB with shared pages divided",
        *(f"from the command to the first stride: {first_s:.1f} s" for first_s in first),
    ]


@contextmanager
def _display(headless: bool) -> Iterator[dict[str, str]]:
    environment = {**os.environ, "SDL_AUDIODRIVER": "dummy"}
    environment.pop("SDL_VIDEODRIVER", None)
    if headless:
        yield environment
        return
    with x_server() as display:
        yield {**environment, "DISPLAY": display}


def _memory_mb(process: int) -> tuple[float, float] | None:
    """Resident memory of a process, and the part of it that is its own; None when it is over."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return None
    found = {line.split(":")[0]: float(line.split()[1]) * 1024 / 1e6 for line in lines}
    return found["Rss"], found["Pss"]


def judge(folder: Path) -> list[str]:
    """Return what a demo's session says against the truth beside it."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    with SessionReader(folder) as kept:
        start_s = _start_s(kept)
        last_s = kept.frames.t_of_step(kept.frames.whole_steps - 1) or start_s
        true = [
            TrueStride(
                one["side"],
                start_s + one["contact_s"],
                start_s + one["end_s"],
                one["stride_length_m"],
            )
            for one in truth["strides"]
            if start_s + one["end_s"] < last_s - _DECIDED_S
        ]
        return [
            *_strides(true, kept.strides),
            *_states(kept),
            *_pictures(kept),
            *_latencies(kept),
        ]


def _start_s(kept: SessionReader) -> float:
    """When the simulated runner's time began: the pictures say which one they are."""
    fps = float(kept.header.settings["camera"]["fps"])
    chunk = next(kept.frames.chunks())
    return float(chunk.poses["t_s"][0] - chunk.poses["index"][0] / fps)


def _strides(true: Sequence[TrueStride], found: Sequence[Stride]) -> list[str]:
    pairs: list[tuple[Stride, TrueStride]] = []
    for side in _SIDES:
        left = [one for one in true if one.side == side]
        for stride in found:
            if stride.side.value != side or not left:
                continue
            near = min(left, key=lambda one, at=stride.contact_s: abs(one.contact_s - at))  # type: ignore[misc]
            if abs(near.contact_s - stride.contact_s) < _MATCH_S:
                pairs.append((stride, near))
                left.remove(near)
    judged = [stride for stride, _ in pairs if stride.verdict is not Verdict.UNKNOWN]
    end_s = max((one.end_s for one in true), default=0.0)
    early = [stride for stride in found if stride.end_s < end_s + _MATCH_S]
    share = 100.0 * len(judged) / max(len(true), 1)
    thigh = sum(s.measure("thigh_extension_deg").value is not None for s, _ in pairs)
    times = [(s.measure("stride_time_s").value, one.end_s - one.contact_s) for s, one in pairs]
    lengths = [(s.measure("stride_length_m").value, one.length_m) for s, one in pairs]
    return [
        f"strides: {len(true)} in truth, {len(pairs)} found, {len(judged)} judged "
        f"({share:.0f} %), {max(len(early) - len(pairs), 0)} that nobody took; "
        f"thigh told of {thigh}",
        f"stride time: {_off(times, 1e3, 'ms')}",
        f"stride length: {_off(lengths, 1e2, 'cm')}",
    ]


def _off(pairs: Sequence[tuple[float | None, float]], per_unit: float, unit: str) -> str:
    told = [(value, truth) for value, truth in pairs if value is not None]
    off = sum(abs(value / truth - 1.0) > _OFF for value, truth in told)
    errors = [per_unit * (value - truth) for value, truth in told]
    spread = f"bias {np.mean(errors):+.1f}, SD {np.std(errors):.1f} {unit}" if errors else "none"
    return f"told of {len(told)}, {off} off by more than {100 * _OFF:.0f} %; {spread}"


def _states(kept: SessionReader) -> list[str]:
    went: list[tuple[float, str]] = []
    for _, state in kept.frames.states():
        for t_s, word in zip(state["t_s"], state["state"], strict=True):
            name = kept.frames.words[int(word)] or ""
            if not went or went[-1][1] != name:
                went.append((float(t_s) - kept.t_first_s, name))
    told = ", ".join(f"{t_s:.1f} s {name}" for t_s, name in went)
    return [f"changes of state: {len(went) - 1}: {told}"]


def _pictures(kept: SessionReader) -> list[str]:
    taken = seen = last = 0
    for chunk in kept.frames.chunks():
        taken += chunk.count
        seen += int(np.sum(chunk.poses["reason"] == 0))
        last = int(chunk.poses["index"][-1])
    given = last + 1
    return [f"pictures: {given} given, {taken} taken, {seen} with joints ({seen / given:.2f})"]


def _latencies(kept: SessionReader) -> list[str]:
    frames = kept.header_values.get("latency_ms", {})
    tones = [
        1e3 * (kept.played[cue.number].stamps["mixer_s"] - cue.t_event_s)
        for cue in kept.cues
        if cue.kind is CueKind.TONE and cue.number in kept.played
    ]
    told = ", ".join(f"{name} {ms:.1f}" for name, ms in frames.items() if ms is not None)
    lines = [f"capture to decision, the last ten seconds: {told} ms"]
    if tones:
        p50, p95 = np.percentile(tones, (50, 95))
        lines.append(
            f"push-off to mixer: {len(tones)} tones, p50 {p50:.0f}, p95 {p95:.0f} ms; "
            f"{len(kept.cues)} cues in all"
        )
    else:
        lines.append(f"push-off to mixer: no tone; {len(kept.cues)} cues")
    return lines


if __name__ == "__main__":
    main()
