"""What a frame costs, against the size of the picture, the length of the session, the metrics.

    python -m tests.bench.growth [--minutes 60] [--plot growth.html] [--only rate films]

*Picture*: pose model, squares and outline on the same film at several sizes.
*Session*: engine, store and screen's memory on the simulated runner's joints, minute by
minute; a frame must cost the same at the end as at the beginning.
*Metrics*: the engine with the table of metrics doubled and doubled again; metrics are
measured once a stride, so a frame should hardly notice.

*Rate*: the engine on markers of 50 to 1000 frames a second (`tests.bench.growth_rates`).
*Films*: analysis on 2, 4 and 8 workers of a scheduler (`tests.bench.growth_films`).

Times are processor time of the measuring thread, so that other programs count less. With
`--plot` the first three curves are drawn into a page.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from hipcue.config.settings import Settings
from hipcue.devices.camera import Film, film_frames
from hipcue.devices.readings import BeltSample, Frame
from hipcue.realtime.library.finish import finish
from hipcue.realtime.metrics import METRICS
from hipcue.realtime.records import Pose
from hipcue.realtime.review.charts import svg
from hipcue.realtime.run.stepper import Stepper
from hipcue.realtime.session import SessionHeader, SessionWriter
from hipcue.realtime.view.live_view import LiveView, SessionState
from hipcue.realtime.vision.pelvis_sources import PelvisSources
from hipcue.realtime.vision.pose import open_pose_models
from tests.bench.growth_films import by_workers
from tests.bench.growth_rates import by_rate
from tests.bench.speed_films import material
from tests.realtime.test_engine import FPS, Treadmill

_WIDTHS = (480, 640, 960, 1280, 1920)
_SKIPPED, _WARM_UP, _COUNTED = 240, 40, 150
_TIMES_METRICS = (1, 2, 4, 8)
_PIECES = 12


@dataclass
class Curve:
    """What a frame costs, ms, against something."""

    name: str
    against: str
    x: list[float]
    cost_ms: dict[str, list[float]]

    def tell(self) -> None:
        """Print a table."""
        print(f"\n{self.name}, ms a frame")
        print(f"{self.against:>26}" + "".join(f"{name:>18}" for name in self.cost_ms))
        for row, x in enumerate(self.x):
            costs = "".join(f"{cost[row]:18.3f}" for cost in self.cost_ms.values())
            print(f"{x:26.6g}{costs}", flush=True)


class _Cost:
    """Adds up the processor time of calls."""

    def __init__(self) -> None:
        self._took_s: list[float] = []

    @contextmanager
    def of(self) -> Iterator[None]:
        begun_s = time.thread_time()
        yield
        self._took_s.append(time.thread_time() - begun_s)

    def mean_ms(self) -> float:
        """Mean since the last time it was asked."""
        mean = 1e3 * float(np.mean(self._took_s))
        self._took_s.clear()
        return mean


def by_picture(film: Path) -> Curve:
    """Cost of looking at a picture, against its width; wall time for the model's own threads."""
    frames = list(islice(film_frames(Film(film)), _SKIPPED, _SKIPPED + _WARM_UP + _COUNTED))
    curve = Curve("Picture", "width, pixels", [], {"pose model": [], "squares, outline": []})
    cv2.setNumThreads(1)
    for width in _WIDTHS:
        height, full = frames[0].image_bgr.shape[:2]
        size = (width, round(width * height / full))
        model, sources, pelvis = (
            open_pose_models(Settings().pose)[0],
            PelvisSources(Settings().pelvis),
            _Cost(),
        )
        looks_s = []
        for number, frame in enumerate(frames):
            image = np.asarray(cv2.resize(frame.image_bgr, size), np.uint8)
            begun_s = time.perf_counter()
            detection = model.detect(Frame(frame.t_capture_s, frame.index, image))
            looks_s.append(time.perf_counter() - begun_s)
            with pelvis.of():
                if detection.pose.seen:
                    sources.read(image, detection.silhouette, detection.pose)
            if number == _WARM_UP:
                looks_s.clear()
                pelvis.mean_ms()
        model.close()
        curve.x.append(width)
        curve.cost_ms["pose model"].append(1e3 * float(np.median(looks_s)))
        curve.cost_ms["squares, outline"].append(pelvis.mean_ms())
    return curve


def by_session(minutes: float, folder: Path) -> Curve:
    """Cost of a step, of handing it to the store and to the screen, piece by piece."""
    track, view = Treadmill(), LiveView(Settings())
    writer = SessionWriter(folder, SessionHeader.now(Settings(), "simulated joints"), finish=finish)
    stepper = Stepper(track.engine, writer)
    picture = np.zeros((720, 1280, 3), np.uint8)
    costs = {"engine step, store": _Cost(), "view": _Cost(), "a snapshot": _Cost()}
    curve = Curve("Session", "minutes of running", [], {name: [] for name in costs})
    piece = round(minutes * 60 * FPS / _PIECES)
    for number in range(1, _PIECES * piece + 1):
        t_s, pose, belt = _next(track)
        with costs["engine step, store"].of():
            result = stepper.step(pose, belt)
        with costs["view"].of():
            view.add_step(Frame(t_s, track.index, picture), result, stepper.settings, t_s)
        if number % 6 == 0:
            with costs["a snapshot"].of():
                view.snapshot(t_s, SessionState(recording=True))
        while writer.waiting > 60:  # Faster than any disk: let the store keep up.
            time.sleep(0.005)
        if number % piece == 0:
            curve.x.append(t_s / 60)
            for name, cost in costs.items():
                curve.cost_ms[name].append(cost.mean_ms())
    writer.close()
    return curve


def by_metrics(seconds: float = 90.0) -> Curve:
    """Cost of a step against the number of metrics."""
    curve = Curve("Metrics", "metrics", [], {"engine step": []})
    own = dict(METRICS)
    try:
        for times in _TIMES_METRICS:
            for copy in range(1, times):
                METRICS.update(
                    {
                        f"{name}_{copy}": replace(metric, name=f"{name}_{copy}")
                        for name, metric in own.items()
                    }
                )
            track, cost = Treadmill(), _Cost()
            while track.index < seconds * FPS:
                _, pose, belt = _next(track)
                with cost.of():
                    track.engine.step(pose, belt)
            curve.x.append(len(METRICS))
            curve.cost_ms["engine step"].append(cost.mean_ms())
    finally:
        METRICS.clear()
        METRICS.update(own)
    return curve


def _next(track: Treadmill) -> tuple[float, Pose, list[BeltSample]]:
    track.index += 1
    t_s = track.index / FPS
    pose = track.pose(track.runner.advance(t_s, track.speed(t_s)))
    track.runner.truth.forget()
    return t_s, pose, [BeltSample(t_s, track.speed(t_s))]


_STYLE = """body{font:15px system-ui,sans-serif;max-width:760px;margin:2em auto;color:#222}
svg{width:100%}.tick{font-size:12px;fill:#555}.grid{stroke:#ddd}
path{fill:none;stroke-width:2}.c0{stroke:#0072b2;fill:none}.c1{stroke:#d55e00;fill:none}
.c2{stroke:#009e73;fill:none}text.c0{fill:#0072b2;stroke:none}text.c1{fill:#d55e00;stroke:none}
text.c2{fill:#009e73;stroke:none}text{font-size:13px}"""


def draw(curves: list[Curve]) -> str:
    """Return a page with all curves."""
    return (
        '<!doctype html><meta charset="utf-8"><title>hipcue: what a frame costs</title>'
        f"<style>{_STYLE}</style><h1>What a frame costs</h1>"
        + "".join(f"<h2>{curve.name}</h2>{_chart(curve)}" for curve in curves)
    )


def _chart(curve: Curve) -> str:
    width, height, left, below = 720.0, 260.0, 50.0, 40.0
    top = max(max(cost) for cost in curve.cost_ms.values()) * 1.15
    x = svg.Axis(0.0, max(curve.x), left, width - 20)
    y = svg.Axis(0.0, top, height - below, 10)
    parts = []
    for value in svg.ticks(0.0, top):
        parts.append(svg.line(left, y.px(value), width - 20, y.px(value), "grid"))
        parts.append(svg.text(left - 6, y.px(value) + 4, f"{value:g}", anchor="end"))
    for value in svg.ticks(0.0, max(curve.x), 6):
        parts.append(svg.text(x.px(value), height - below + 18, f"{value:g}", anchor="middle"))
    middle = (left + width) / 2
    parts.append(svg.text(middle, height - 4, f"{curve.against}; ms a frame", anchor="middle"))
    for number, (name, cost) in enumerate(curve.cost_ms.items()):
        there = svg.path(x.many(np.array(curve.x)), y.many(np.array(cost)))
        parts.append(svg.trace(there, f"c{number}"))
        parts.append(svg.text(width - 22, y.px(cost[-1]) - 6, name, f"c{number}", "end"))
    return svg.picture((0.0, 0.0, width, height), parts, curve.name)


def main() -> None:
    """Measure, print, and draw if asked."""
    parser = argparse.ArgumentParser(description="What a frame costs, and how that grows.")
    parser.add_argument("--minutes", type=float, default=60.0, help="length of the session")
    parser.add_argument("--plot", type=Path, help="page to draw the curves into")
    parser.add_argument("--only", nargs="+", choices=("curves", "rate", "films"), help="not all")
    words = parser.parse_args()
    wanted = words.only or ("curves", "rate", "films")
    if "curves" in wanted:
        _curves(words.minutes, words.plot)
    if "rate" in wanted:
        print(f"\nRate, markers\n{by_rate()}", flush=True)
    if "films" in wanted:
        print(f"\nFilms\n{by_workers()}")


def _curves(minutes: float, plot: Path | None) -> None:
    curves: list[Curve] = []
    with tempfile.TemporaryDirectory(prefix="hipcue-growth-") as name:
        folder = Path(name)
        steps: list[Callable[[], Curve]] = [
            lambda: by_picture(material(folder)),
            lambda: by_session(minutes, folder / "session"),
            by_metrics,
        ]
        for step in steps:
            curves.append(step())
            curves[-1].tell()
    steps_ms = curves[1].cost_ms["engine step, store"]
    early, late = np.median(steps_ms[1:4]), np.median(steps_ms[-3:])
    print(
        "\nengine step and hand-over to the store, end of the session against its beginning: "
        f"{late / early:.2f}"
    )
    if plot is not None:
        plot.write_text(draw(curves), encoding="utf-8")
        print(f"drawn: {plot}")


if __name__ == "__main__":
    main()
