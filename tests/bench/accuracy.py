"""How right the numbers are: every sample with truth through the whole way, one table.

    python -m tests.bench.accuracy [--only NAME] [--trackers N] [--keep FOLDER] [--json FILE]

Counted from the third stride after standing. Bias is the mean error, SD its spread from
stride to stride, p95 the 95th percentile of the absolute error. `--keep` stores what the
pose model saw, so that the next run takes seconds; delete it when anything in
realtime/vision changes.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hipcue.config.settings import PelvisSettings, PoseSettings, Settings
from hipcue.realtime.engine import Engine
from hipcue.realtime.records import EventKind, Pose, RunnerState, Side, StepResult, Stride
from hipcue.realtime.run.file_sources import open_source
from hipcue.realtime.run.offline import BeltFeed, constant_belt
from hipcue.realtime.run.stepper import Stepper
from tests.bench.samples import Truth, samples

FIRST_STRIDE = 2  # "from the third stride on"
_MATCH_S = 0.12
_DECIDED_S = 0.15


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    sample: str
    quantity: str
    unit: str
    count: int
    bias: float
    sd: float
    p95: float
    note: str = ""


def main() -> None:
    """Print the table and write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="samples whose name contains this")
    parser.add_argument("--keep", type=Path, default=None, help="folder for what the model saw")
    parser.add_argument("--json", type=Path, default=None, help="write the table here too")
    parser.add_argument("--trackers", type=int, default=1, help="pose models side by side")
    words = parser.parse_args()
    found = [sample for sample in samples() if words.only in sample.name]
    if not found:
        print("accuracy: no samples found beside the project; nothing measured")
        return
    rows: list[Row] = []
    for truth in found:
        results = run(truth, words.keep, words.trackers)
        rows += judge(truth, results)
    print(f"{'sample':32}{'quantity':34}{'n':>5}{'bias':>9}{'SD':>8}{'p95':>8}  unit  note")
    for row in rows:
        print(
            f"{row.sample:32}{row.quantity:34}{row.count:5}{row.bias:9.2f}{row.sd:8.2f}"
            f"{row.p95:8.2f}  {row.unit:5} {row.note}"
        )
    if words.json is not None:
        words.json.write_text(json.dumps([vars(row) for row in rows], indent=1))


def run(truth: Truth, keep: Path | None, trackers: int = 1) -> list[StepResult]:
    """Run the engine over a sample."""
    settings = Settings(pelvis=PelvisSettings(standing_tilt_deg=truth.standing_tilt_deg))
    stepper = Stepper(Engine(settings, markers=truth.kind == "trc"))
    feed = BeltFeed(constant_belt(truth.speed_mps))
    poses = _poses(truth, keep, trackers)
    return [stepper.step(pose, feed.until(pose.t_capture_s)) for pose in poses]


def _poses(truth: Truth, keep: Path | None, trackers: int) -> Iterator[Pose]:
    if truth.kind == "trc":
        yield from (pose for pose, _ in open_source(truth.path, Settings()).poses())
        return
    kept = None if keep is None else keep / f"{truth.name}-{trackers}.pickle"
    if kept is not None and kept.exists():
        yield from pickle.loads(kept.read_bytes())
        return
    settings = Settings(pose=PoseSettings(trackers=trackers))
    seen = [pose for pose, _ in open_source(truth.path, settings).poses()]
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(seen))
    yield from seen


def judge(truth: Truth, results: list[StepResult]) -> list[Row]:
    """Compare with the truth."""
    strides = [stride for result in results for stride in result.strides]
    if truth.kind == "video":
        return _judge_video(truth, strides, results)
    rows = []
    for side in sorted(Side, key=lambda s: s is not truth.near):
        leg = "near" if side is truth.near else "far"
        mine = [s for s in strides if s.side is side]
        rows += _strides(truth, side, leg, mine)
        for kind in (EventKind.CONTACT, EventKind.TOE_OFF) if truth.plate else ():
            rows += _events(truth, side, leg, kind, results)
    rows += _pelvis(truth, strides)
    rows += _belt(truth, results)
    called = sum(s.state is RunnerState.COMPENSATING for s in strides)
    note = "must be none" if truth.steady_tilt else ""
    rows.append(_row(truth, "strides called compensating", "", [], count=called, note=note))
    rows.append(_row(truth, "swaps undone", "", [], count=results[-1].swaps))
    return rows


def _pairs(truth: Truth, side: Side, mine: list[Stride]) -> list[tuple[Stride, float, float]]:
    """Strides with the true contact and end they stand for, from the third on."""
    pairs = []
    true = _true_strides(truth, side)
    if not truth.plate:
        # From peak flexion to contact it is much the same in every stride of a runner.
        true_s = np.array([s[0] for s in true])
        gaps = [stride.contact_s - true_s[true_s < stride.contact_s] for stride in mine]
        late_s = float(np.median([gap[-1] for gap in gaps if len(gap)] or [0.0]))
        true = [(start + late_s, end + late_s) for start, end in true]
    for stride in mine:
        near = min(true, key=lambda s: abs(s[0] - stride.contact_s), default=None)
        if near is not None and abs(near[0] - stride.contact_s) < _MATCH_S:
            pairs.append((stride, *near))
    return pairs


def _true_strides(truth: Truth, side: Side) -> list[tuple[float, float]]:
    """From the third stride on; one that ends with the film cannot be decided any more."""
    running = [s for s in truth.strides(side) if s[0] > truth.running_from_s][FIRST_STRIDE:]
    return [s for s in running if s[1] < truth.t_s[-1] - _DECIDED_S]


def _strides(truth: Truth, side: Side, leg: str, mine: list[Stride]) -> list[Row]:
    true = _true_strides(truth, side)
    pairs = _pairs(truth, side, mine)
    matched = {pair[1] for pair in pairs}
    within_s = 0.1 if truth.plate else 0.0
    last_s = true[-1][0] if truth.plate else true[-1][1]
    window = [s for s in mine if true[0][0] - within_s < s.contact_s < last_s + within_s]
    invented = len(window) - len(pairs)
    missed = len(true) - len(matched)
    note = f"{missed} missed, {invented} invented"
    note += "" if truth.plate else "; counted by the thigh, no plate"
    rows = [_row(truth, f"strides found, {leg}", "", [], count=len(matched), note=note)]
    time = [s.end_s - s.contact_s - (end - start) for s, start, end in pairs]
    if truth.plate:
        rows.append(_row(truth, f"stride time, {leg}", "ms", [1e3 * e for e in time]))
    speed = truth.speed_mps or 0.0
    length = [
        100 * (value / (speed * (end - start)) - 1)
        for s, start, end in pairs
        if (value := s.measure("stride_length_m").value) is not None
    ]
    note = "drift of a real runner included" if truth.kind == "trc" else ""
    rows.append(_row(truth, f"stride length, {leg}", "%", length, note=note))
    thigh = [
        value - truth.thigh_peak(side, start, end)[1]
        for s, start, end in pairs
        if (value := s.measure("thigh_extension_deg").value) is not None
    ]
    rows.append(_row(truth, f"peak thigh extension, {leg}", "deg", thigh))
    if truth.tilt_deg is not None:
        hip = []
        for s, start, end in pairs:
            value = s.measure("hip_extension_deg").value
            at, peak = truth.thigh_peak(side, start, end)
            if value is not None:
                hip.append(value - (peak - truth.tilt_at(at)))
        rows.append(_row(truth, f"hip extension, {leg}", "deg", hip))
    late = [1e3 * (s.t_decided_s - end) for s, _, end in pairs]
    if truth.plate:
        rows.append(_row(truth, f"stride decided after, {leg}", "ms", late))
    return rows


def _events(
    truth: Truth, side: Side, leg: str, kind: EventKind, results: list[StepResult]
) -> list[Row]:
    times = (truth.contacts_s if kind is EventKind.CONTACT else truth.toe_offs_s)[side]
    last = truth.t_s[-1] - _DECIDED_S
    true = [t for t in times if truth.running_from_s + 1.5 < t < last]
    found = [
        (event.t_s, result.t_s)
        for result in results
        for event in result.events
        if event.side is side and event.kind is kind
    ]
    errors, late = [], []
    for t in true:
        best = min(found, key=lambda f: abs(f[0] - t), default=None)
        if best is not None and abs(best[0] - t) < _MATCH_S:
            errors.append(1e3 * (best[0] - t))
            late.append(1e3 * (best[1] - t))
    name = kind.value.replace("_", "-")
    note = f"{len(true) - len(errors)} missed"
    return [
        _row(truth, f"{name}, {leg}", "ms", errors, note=note),
        _row(truth, f"{name} decided after, {leg}", "ms", late),
    ]


def _pelvis(truth: Truth, strides: list[Stride]) -> list[Row]:
    if truth.tilt_deg is None:
        return []
    rows = []
    for source in sorted({s.pelvis_source for s in strides}):
        errors, peaks, covered, seen, real = [], [], [], [], []
        for side in Side:
            mine = [s for s in strides if s.side is side and s.pelvis_source is source]
            for s, start, end in _pairs(truth, side, mine):
                mean, peak = s.measure("pelvic_tilt_mean_deg"), s.measure("pelvic_tilt_deg")
                if mean.value is not None:
                    error = mean.value - truth.tilt_mean(start, end)
                    errors.append(error)
                    seen.append(mean.value)
                    real.append(truth.tilt_mean(start, end))
                    covered.append(abs(error) <= 1.65 * (mean.sigma or 0.0))
                if peak.value is not None:
                    at, _ = truth.thigh_peak(side, start, end)
                    peaks.append(peak.value - truth.tilt_at(at))
        if not errors:
            continue
        rms = float(np.sqrt(np.mean(np.square(errors))))
        r = float(np.corrcoef(seen, real)[0, 1]) if np.ptp(real) > 2 else float("nan")
        note = f"RMS {rms:.2f}, r {r:.3f}, within 1.65 sigma {100 * np.mean(covered):.0f} %"
        rows.append(_row(truth, f"pelvic tilt, mean, {source}", "deg", errors, note=note))
        rms = float(np.sqrt(np.mean(np.square(peaks)))) if peaks else float("nan")
        rows.append(
            _row(truth, f"pelvic tilt, at peak, {source}", "deg", peaks, note=f"RMS {rms:.2f}")
        )
    return rows


def _belt(truth: Truth, results: list[StepResult]) -> list[Row]:
    """The belt as planted feet tell it, with the true scale of the picture."""
    engine_px = [r.planted_px_per_s for r in results if r.planted_px_per_s is not None]
    scale = truth.px_per_m or 1000.0
    if not engine_px or truth.speed_mps is None:
        return []
    off = [100 * (px / scale / truth.speed_mps - 1) for px in engine_px[len(engine_px) // 4 :]]
    return [_row(truth, "belt seen by the camera", "%", off)]


def _judge_video(truth: Truth, strides: list[Stride], results: list[StepResult]) -> list[Row]:
    used = [s for s in strides if s.contact_s > 1.0]
    rows = []
    times = [s.end_s - s.contact_s for s in used]
    for side in Side:
        mine = sorted(s.contact_s for s in used if s.side is side)
        ends = sorted(s.end_s for s in used if s.side is side)
        if not mine:
            continue
        count = round((ends[-1] - mine[0]) / float(np.median(times)))
        cadence = 120 * count / (ends[-1] - mine[0])
        error = cadence - (truth.cadence_spm or 0.0)
        rows.append(_row(truth, f"cadence, first to last, {side.value}", "spm", [error]))
    rows.append(
        _row(
            truth,
            "stride time",
            "s",
            [],
            count=len(times),
            note=f"{min(times):.3f} to {max(times):.3f} s, median cadence "
            f"{120 / float(np.median(times)):.1f}",
        )
    )
    called = sum(s.state is RunnerState.COMPENSATING for s in strides)
    rows.append(_row(truth, "strides called compensating", "", [], count=called))
    rows.append(_row(truth, "swaps undone", "", [], count=results[-1].swaps))
    return rows


def _row(
    truth: Truth,
    quantity: str,
    unit: str,
    errors: list[float],
    *,
    count: int | None = None,
    note: str = "",
) -> Row:
    array = np.array(errors, dtype=float)
    if not len(array):
        nan = float("nan")
        return Row(truth.name, quantity, unit, count or 0, nan, nan, nan, note)
    return Row(
        truth.name,
        quantity,
        unit,
        len(array) if count is None else count,
        float(array.mean()),
        float(array.std()),
        float(np.percentile(np.abs(array), 95)),
        note,
    )


if __name__ == "__main__":
    main()
