"""The tracker on pictures of the simulated runner: it stays on them, and finds them again."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from hipcue.config.settings import CameraSettings, PoseSettings
from hipcue.devices.readings import Frame
from hipcue.devices.simulated import Scenario, SimulatedCamera
from hipcue.realtime.vision.litert.detector import Person
from hipcue.realtime.vision.litert.square import Square
from hipcue.realtime.vision.litert.tracker import LiteRtModel, open_litert, runner_among
from hipcue.realtime.vision.model_files import ModelFiles

WIDTH, HEIGHT = 640, 480


@pytest.fixture(scope="module")
def running() -> list[Frame]:
    """Half a second of the simulated runner."""
    scenario = Scenario(3.0, belt=((0.2, 0.0), (0.6, 3.0)))
    camera = SimulatedCamera(scenario, CameraSettings(fps=30, width=WIDTH, height=HEIGHT))
    return list(islice(camera.frames(), 45, 60))


def trackers(files: ModelFiles, count: int = 1, *, want_mask: bool = True) -> list[LiteRtModel]:
    return open_litert(PoseSettings(threads=1), files, count, want_mask)


def test_trackers_that_take_turns_see_what_they_see_every_time(
    files: ModelFiles, running: list[Frame]
) -> None:
    """The second one, however early it was done, gives the first nothing to go by."""
    seen = []
    for early in (False, True):
        first, second = trackers(files, 2, want_mask=False)
        found = {}
        order = [*range(12)]
        if early:  # The second looks at a picture before the first has looked at the one before.
            order[4], order[5], order[8], order[9] = 5, 4, 9, 8
        for k in order:
            model = (first, second)[k % 2]
            found[k] = model.find(running[k].image_bgr, running[k].t_capture_s)
        seen.append([found[k] for k in range(12)])
    for one, other in zip(*seen, strict=True):
        assert one is not None
        assert other is not None
        np.testing.assert_array_equal(one.xy_px, other.xy_px)


def test_a_runner_who_is_gone_is_nobody_and_found_again_elsewhere(
    files: ModelFiles, running: list[Frame]
) -> None:
    (model,) = trackers(files)
    image = running[0].image_bgr
    there = model.find(image, 0.0)
    gone = model.find(np.full_like(image, 180), 0.1)
    # Soon after it may be somebody else who stands there.
    assert model.find(np.roll(image, 120, axis=1), 0.2) is None
    elsewhere = model.find(np.roll(image, 120, axis=1), 2.2)
    assert there is not None
    assert gone is None
    assert elsewhere is not None
    moved = elsewhere.xy_px.mean(axis=0) - there.xy_px.mean(axis=0)
    assert moved == pytest.approx((120.0, 0.0), abs=8.0)


def test_the_silhouette_lies_on_the_runner_in_the_picture(
    files: ModelFiles, running: list[Frame]
) -> None:
    (model,) = trackers(files)
    seen = model.find(running[0].image_bgr, 0.0)
    assert seen is not None
    assert callable(seen.cells)
    cells = seen.cells()
    assert cells.shape == (256, 256)
    rows, columns = np.nonzero(cells > 0.5)
    middle = seen.to_picture @ (columns.mean(), rows.mean(), 1.0)
    assert middle == pytest.approx(seen.xy_px.mean(axis=0), abs=0.08 * HEIGHT)
    left, top, right, bottom = seen.part
    assert 0 <= left < middle[0] < right <= WIDTH
    assert 0 <= top < middle[1] < bottom <= HEIGHT


def test_who_stands_where_the_runner_was_is_the_runner() -> None:
    coach, runner = Square(500.0, 240.0, 400.0), Square(210.0, 250.0, 300.0)
    people = [Person(0.9, coach), Person(0.6, runner)]
    assert runner_among(people, None) == coach
    assert runner_among(people, Square(200.0, 240.0, 310.0)) == runner
    # The runner is hidden: whoever stands beside the belt does not run.
    assert runner_among(people, Square(350.0, 240.0, 310.0)) is None
    assert runner_among(people[:1], Square(200.0, 240.0, 310.0)) is None
    assert runner_among([], Square(200.0, 240.0, 310.0)) is None
