"""A run without strides says what stood in the way of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hipcue.config.errors import UserError
from hipcue.config.reason_words import advice_on, in_words
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings
from hipcue.realtime.engine import Engine
from hipcue.realtime.records import Joint, Measurement, Pose
from hipcue.realtime.run.ledger import Ledger
from hipcue.realtime.run.offline import analyze, constant_belt
from tests.realtime.test_engine import film
from tests.realtime.vision.track_runner import (
    RATE_HZ,
    along_a_way,
    on_a_belt,
    straight,
    times,
)
from tests.realtime.vision.walker import body, write_trc

BELT = Measurement(3.0, 0.03)
HEELS = [Joint.L_HEEL, Joint.R_HEEL]
TOES_AND_FACE = [Joint.L_TOE, Joint.R_TOE, Joint.NOSE, Joint.L_EAR, Joint.R_EAR]


def without(joints: Sequence[Joint]) -> Callable[[Pose], Pose]:
    def change(pose: Pose) -> Pose:
        xy = pose.xy_px.copy()
        xy[list(joints)] = np.nan
        return replace(pose, xy_px=xy)

    return change


def on_its_side(pose: Pose) -> Pose:
    return replace(pose, xy_px=pose.xy_px[:, ::-1].copy())


def from_front(pose: Pose) -> Pose:
    """Both sides of the body as far apart as they are from the front, in trunk lengths."""
    xy = pose.xy_px.copy()
    trunk_px = xy[Joint.L_HIP, 1] - xy[Joint.L_SHOULDER, 1]
    for left, right, apart in (
        (Joint.L_SHOULDER, Joint.R_SHOULDER, 0.7),
        (Joint.L_HIP, Joint.R_HIP, 0.34),
    ):
        middle = xy[[left, right], 0].mean()
        xy[left, 0], xy[right, 0] = middle + apart / 2 * trunk_px, middle - apart / 2 * trunk_px
    return replace(pose, xy_px=xy)


def away(pose: Pose) -> Pose:
    return replace(pose, reason=Reason(ReasonCode.NOBODY_IN_PICTURE))


def ledger(change: Callable[[Pose], Pose], markers: bool = False) -> Ledger:
    """What was seen of the usual runner, from when they stand to when they have run for 4 s."""
    found, engine = Ledger(), Engine(Settings(), markers=markers)
    for pose in film()[1][:540]:
        found.add(engine.step(change(pose)))
    return found


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        (away, "none with a person"),
        (without(HEELS), "not seen in 540 frames with a runner: left heel, right heel"),
        (without([*HEELS, Joint.L_HIP]), "runner: left hip, left heel, right heel"),
        (without(TOES_AND_FACE), "nothing tells forward from backward"),
        (on_its_side, "the runner lies in the picture"),
        (from_front, "filmed from the front or from behind"),
    ],
)
def test_what_is_missing_for_a_stride_is_named(change: Callable[[Pose], Pose], seen: str) -> None:
    found = ledger(change)
    assert found.strides == 0 or found.from_elsewhere
    why = found.why_none()
    assert seen in in_words(why)
    assert advice_on(why)


def test_strides_of_a_film_that_cuts_the_feet_off_are_to_be_read_with_that() -> None:
    def cut_off(pose: Pose) -> Pose:
        if pose.t_capture_s < 7.0:
            return pose
        lowest_px = np.nanmax(pose.xy_px[:, 1])
        return replace(pose, size_px=(pose.size_px[0], int(0.8 * lowest_px)))

    found = ledger(cut_off)
    assert found.strides > 0
    assert any("the feet are below the picture in" in line for line in found.remarks)
    assert not any("below" in line for line in ledger(lambda pose: pose).remarks)


@pytest.mark.parametrize(("flight_s", "overlaps"), [(-0.02, True), (0.1, False)])
def test_a_runner_without_a_flight_is_to_be_read_with_that(flight_s: float, overlaps: bool) -> None:
    """As in what is played backwards in time: the feet seem to land where they left."""
    found, engine = Ledger(), Engine(Settings())
    for pose in film()[1][:540]:
        result = engine.step(pose, constant_belt(3.0) if found.frames == 0 else ())
        values = {"flight_time_s": Measurement(flight_s, 0.005), "belt_speed_mps": BELT}
        strides = (replace(s, values={**s.values, **values}) for s in result.strides)
        found.add(replace(result, strides=tuple(strides)))
    assert found.strides > 0
    assert any("at once at 3.0 m/s" in line for line in found.remarks) is overlaps


def test_somebody_who_stands_lands_on_no_foot() -> None:
    found = Ledger()
    engine = Engine(Settings())
    for pose in film()[1][:170]:
        found.add(engine.step(pose))
    assert found.why_none() == Reason(ReasonCode.ONLY_STANDS, seconds=3)


def test_markers_of_heels_alone_tell_strides_as_they_are_always_seen_from_the_right() -> None:
    whole, heels = ledger(lambda pose: pose, True), ledger(without(TOES_AND_FACE), True)
    assert whole.strides > 5
    assert heels.strides >= whole.strides - 1
    assert heels.begun >= heels.strides


def test_a_file_without_strides_is_refused_with_what_was_seen(tmp_path: Path) -> None:
    ways = {name: way for name, way in body(frames=240).items() if "Heel" not in name}
    with pytest.raises(UserError, match="240 frames with a runner: left heel, right heel"):
        analyze(write_trc(tmp_path / "run.trc", ways), Settings(), (), tmp_path / "new" / "session")
    assert [path.name for path in tmp_path.iterdir()] == ["run.trc"]


def test_a_belt_that_crosses_the_room_is_none(tmp_path: Path) -> None:
    t_s = times(5.0)
    ways = along_a_way(on_a_belt(t_s), straight(t_s, -3.0), 0.0 * t_s)
    path = write_trc(tmp_path / "run.trc", ways, rate_hz=RATE_HZ)
    with pytest.raises(UserError, match=r"crosses 1[4-9] m of a room"):
        analyze(path, Settings(), (), tmp_path / "session")
