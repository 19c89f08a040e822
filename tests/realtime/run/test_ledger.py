"""A run without strides says what stood in the way of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings
from hipcue.realtime.engine import Engine
from hipcue.realtime.records import Joint, Pose
from hipcue.realtime.run.ledger import Ledger
from hipcue.realtime.run.offline import analyze
from tests.realtime.test_engine import film
from tests.realtime.vision.walker import body, write_trc

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
        (without(HEELS), "left heel, right heel not seen"),
        (without([*HEELS, Joint.L_HIP]), "left hip, left heel, right heel not seen"),
        (without(TOES_AND_FACE), "nothing tells forward from backward"),
        (on_its_side, "the runner lies in the picture"),
    ],
)
def test_what_is_missing_for_a_stride_is_named(change: Callable[[Pose], Pose], seen: str) -> None:
    found = ledger(change)
    assert found.strides == 0 or found.lies
    said, advice = found.why_none()
    assert seen in said
    assert advice


def test_somebody_who_stands_lands_on_no_foot() -> None:
    found = Ledger()
    engine = Engine(Settings())
    for pose in film()[1][:170]:
        found.add(engine.step(pose))
    assert "no foot landed in 170 frames" in found.why_none()[0]


def test_markers_of_heels_alone_tell_strides_as_they_are_always_seen_from_the_right() -> None:
    whole, heels = ledger(lambda pose: pose, True), ledger(without(TOES_AND_FACE), True)
    assert whole.strides > 5
    assert heels.strides >= whole.strides - 1
    assert heels.begun >= heels.strides


def test_a_file_without_strides_is_refused_with_what_was_seen(tmp_path: Path) -> None:
    ways = {name: way for name, way in body(frames=240).items() if "Heel" not in name}
    with pytest.raises(UserError, match="left heel, right heel not seen in 240 frames"):
        analyze(write_trc(tmp_path / "run.trc", ways), Settings(), (), tmp_path / "session")


def test_a_runner_who_crosses_the_room_is_no_treadmill_runner(tmp_path: Path) -> None:
    ways = body(frames=300)
    walk = np.zeros((300, 3))
    axis = int(np.argmax(np.ptp(next(w for n, w in ways.items() if n == "RAnkle"), axis=0)))
    walk[:, axis] = np.linspace(0.0, 15.0, 300)
    ways = {name: way + walk for name, way in ways.items()}
    with pytest.raises(UserError, match=r"crosses 1[5-9] m of a room"):
        analyze(write_trc(tmp_path / "run.trc", ways), Settings(), (), tmp_path / "session")
