"""The end of a film: the last frames are settled without further ones, and so in a replay."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings
from hipcue.devices.readings import BeltSample
from hipcue.realtime.engine import Engine
from hipcue.realtime.records import Pose, StepResult
from hipcue.realtime.run.replay_check import check, recorded
from hipcue.realtime.run.stepper import Stepper
from hipcue.realtime.session import SessionHeader, SessionReader, SessionWriter
from hipcue.realtime.session.header import SETTLED_STEP
from hipcue.realtime.session.recorded_steps import RecordedSteps
from tests.realtime.gait.making import pose as pose_of
from tests.realtime.test_engine import Treadmill, film


def belt(t_s: float) -> list[BeltSample]:
    return [BeltSample(t_s, Treadmill().speed(t_s))]


@cache
def cut() -> int:
    """So many frames of the usual run, that the last of them makes an event certain.

    While a run goes on, the event is told two frames later.
    """
    engine = Engine(Settings())
    for count, pose in enumerate(film()[1][: 12 * 60], 1):
        for event in engine.step(pose, belt(pose.t_capture_s)).events:
            if pose.t_capture_s > 10.0:
                assert event.t_decided_s < pose.t_capture_s
                return count - 2
    raise AssertionError("nobody ran")


def run_film(engine: Engine, poses: list[Pose]) -> list[StepResult]:
    results = [engine.step(pose, belt(pose.t_capture_s)) for pose in poses]
    last = engine.finish()
    assert last is not None
    return [*results, last]


def test_every_frame_of_a_film_is_settled_once_and_in_order() -> None:
    results = run_film(Engine(Settings()), film()[1][:200])
    settled = [frame.t_s for result in results for frame in result.settled_frames]
    assert settled == [pose.t_capture_s for pose in film()[1][:200]]
    assert len(results[-1].settled_frames) == 2  # 30 ms at 60 fps.


def test_what_the_last_frame_makes_certain_is_told() -> None:
    results = run_film(Engine(Settings()), film()[1][: cut()])
    last = results[-1]
    assert not results[-2].events
    assert [event.t_decided_s for event in last.events] == [last.t_s]
    assert last.t_s == film()[1][cut() - 1].t_capture_s
    assert last.raw_pose is film()[1][cut() - 1]
    assert last.settled is not None and last.settled.pose is last.preview_pose
    # Nothing was run in between.
    assert last.distance_m == results[-2].distance_m


def test_where_no_frame_waits_there_is_nothing_to_finish() -> None:
    engine = Engine(Settings())
    assert engine.finish() is None
    engine.step(film()[1][0])
    assert engine.finish() is not None
    assert engine.finish() is None
    engine.step(Pose(1.0, 9, *_nobody(), (1280, 720), reason=Reason(ReasonCode.NOBODY_IN_PICTURE)))
    assert engine.finish() is None


def _nobody():
    pose = pose_of(0.0)
    return pose.xy_px, pose.confidence


@pytest.fixture(scope="module")
def session(tmp_path_factory) -> Path:
    """A film that ends with an event, recorded."""
    folder = tmp_path_factory.mktemp("film") / "session"
    writer = SessionWriter(folder, SessionHeader.now(Settings(), "film"))
    stepper = Stepper(Engine(Settings()), writer)
    for pose in film()[1][: cut()]:
        stepper.step(pose, belt(pose.t_capture_s))
    last = stepper.settle_last_frames()
    assert last is not None and last.events
    stepper.record_neutral()
    writer.close()
    assert writer.fault is None
    return folder


def test_a_film_run_again_ends_the_same(session: Path) -> None:
    with SessionReader(session) as kept:
        was = recorded(kept)
        assert was.events[-1][0] == cut() - 1
        assert check(kept, Engine(Settings())).identical


def test_the_last_recorded_step_has_settled_its_own_frame(session: Path) -> None:
    with SessionReader(session) as kept:
        last = RecordedSteps(kept).at(cut() - 1)
    assert last.settled is not None and last.settled.t_s == last.raw_pose.t_capture_s
    times = [pose.t_capture_s for pose in film()[1][cut() - 3 : cut()]]
    assert [frame.t_s for frame in last.settled_frames] == times
    assert last.events


def test_a_session_that_was_not_finished_is_not_finished_in_the_replay(
    session: Path, tmp_path: Path
) -> None:
    writer = SessionWriter(tmp_path / "live", SessionHeader.now(Settings(), "live"))
    stepper = Stepper(Engine(Settings()), writer)
    for pose in film()[1][: cut()]:
        stepper.step(pose, belt(pose.t_capture_s))
    stepper.record_neutral()
    writer.close()
    with SessionReader(tmp_path / "live") as kept:
        assert SETTLED_STEP not in kept.header_values
        assert check(kept, Engine(Settings())).identical
        live = recorded(kept)
    with SessionReader(session) as kept:
        assert len(recorded(kept).events) == len(live.events) + 1
