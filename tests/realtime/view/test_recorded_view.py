"""A recorded session at any moment: as it was then, nothing from later, nothing lost."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings
from hipcue.devices.readings import Frame, LinkState
from hipcue.realtime.gait.leg_tracker import swap_legs
from hipcue.realtime.library.finish import finish
from hipcue.realtime.records import NewRunner, RunnerState, SettingCommand, Side, apply_command
from hipcue.realtime.session import SessionReader, SessionWriter
from hipcue.realtime.session.recorded_steps import RecordedSteps
from hipcue.realtime.session.video import VideoRecorder
from hipcue.realtime.session.video_file import VideoFile
from hipcue.realtime.view.latency import CueTimes
from hipcue.realtime.view.live_view import LiveView, SessionState
from hipcue.realtime.view.recorded_view import RecordedView
from hipcue.realtime.view.snapshot import Snapshot
from tests.realtime import recorded
from tests.realtime.session.sample_session import (
    STANDING_S,
    T_FIRST_S,
    header,
    record,
    sample_steps,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded.record_run(tmp_path_factory.mktemp("past") / "run")


@pytest.fixture
def past(folder: Path) -> Iterator[RecordedView]:
    with SessionReader(folder) as session:
        yield RecordedView(session)


def then(past: RecordedView, after_s: float) -> Snapshot:
    return past.at(T_FIRST_S + after_s)


def played_through(session: SessionReader, until_s: float) -> Snapshot:
    """What the live screen had after every step up to a moment."""
    settings = Settings.model_validate(session.header.settings)
    commands = iter(session.command_steps)
    following = next(commands, None)
    view = LiveView(settings)
    now_s = 0.0
    for step, result in enumerate(RecordedSteps(session)):
        if result.t_s > until_s:
            break
        now_s = result.t_s
        while following is not None and following[0] == step:
            if isinstance(following[1], SettingCommand | NewRunner):
                settings = apply_command(settings, following[1])
            following = next(commands, None)
        picture = np.empty((0, 0, 3), np.uint8)
        view.add_step(Frame(now_s, result.raw_pose.index, picture), result, settings, 0.0)
    captured = {cue.number: cue.t_capture_s for cue in session.cues}
    heard = {
        number: CueTimes.of(captured[number], played.stamps)
        for number, played in session.played.items()
        if played.t_sound_s is not None and played.t_sound_s <= now_s
    }
    view.add_cue_times({number: times for number, times in heard.items() if times is not None})
    return view.snapshot(now_s, SessionState())


@pytest.mark.parametrize("after_s", [0.0, 5.0, 20.0, 27.3, 38.0, 39.9])
def test_at_any_moment_it_is_what_playing_through_would_have_come_to(
    folder: Path, past: RecordedView, after_s: float
) -> None:
    with SessionReader(folder) as session:
        live = played_through(session, T_FIRST_S + after_s)
    found = past.at(live.t_s)
    assert found.strides == live.strides
    assert dict(found.last_stride) == dict(live.last_stride)
    assert found.cues == live.cues
    assert found.responses == live.responses
    assert found.cue_times == live.cue_times
    assert found.speed_changes_s == live.speed_changes_s
    assert found.camera_fps == live.camera_fps
    assert found.elapsed_s == live.elapsed_s
    assert (found.choices, found.programme) == (live.choices, live.programme)
    assert found.result is not None and live.result is not None
    assert found.result.state is live.result.state
    assert found.result.distance_m == live.result.distance_m


def test_only_the_last_three_minutes_are_on_the_charts(tmp_path: Path) -> None:
    """Sparse frames make four minutes cheap; the strides are all there."""
    folder = record(tmp_path / "long", 240.0, fps=10.0, pictures=False)
    with SessionReader(folder) as session:
        past = RecordedView(session)
        live = played_through(session, past.end_s)
        found = past.at(live.t_s)
        assert found.strides == live.strides
        assert found.cues == live.cues
        assert found.responses == live.responses
        assert 170.0 < found.t_s - found.strides[0].end_s <= 180.0
        assert len(found.strides) < len(session.strides)


def test_looking_back_shows_nothing_from_later(past: RecordedView) -> None:
    past.at(past.end_s)
    early = then(past, 15.0)
    assert all(stride.t_decided_s <= early.t_s for stride in early.strides)
    assert early.strides
    assert early.cues == ()
    assert early.marks == ()
    assert early.responses == {}
    assert [mark.note for mark in then(past, recorded.MARK_S).marks] == ["left shoe"]


def test_a_cue_has_its_latency_once_it_was_heard_and_its_response_once_that_was_known(
    past: RecordedView,
) -> None:
    cue = past.timeline.cues[0]
    assert past.at(cue.t_capture_s).cues == (cue,)
    assert past.at(cue.t_capture_s + 0.04).cue_times == {}
    times = past.at(cue.t_capture_s + 0.05).cue_times[1]
    assert times.pose_ms is None  # As kept before poses and decisions were stamped.
    assert times.request_ms == pytest.approx(10.0)
    assert times.sound_ms == pytest.approx(recorded.SOUND_MS)
    assert past.at(cue.t_capture_s + 5.0).responses == {}
    assert past.at(cue.t_capture_s + 6.1).responses[1].metric == "pelvic_tilt_deg"


def test_device_lights_are_as_they_were(past: RecordedView) -> None:
    def belt(after_s: float) -> LinkState:
        camera, belt = then(past, after_s).devices
        assert camera.reason == Reason(ReasonCode.CAMERA_AT, fps=30)
        assert belt.name == "belt"
        return belt.state

    assert belt(0.0) is LinkState.LIVE
    assert belt(recorded.BELT_LOST_S + 0.1) is LinkState.LOST
    assert belt(recorded.BELT_BACK_S + 0.1) is LinkState.LIVE
    assert belt(recorded.BELT_LOST_S - 0.1) is LinkState.LIVE


def test_a_fault_is_told_when_it_was_and_goes(past: RecordedView) -> None:
    full = Reason(ReasonCode.DISK_NEARLY_FULL)

    def told(after_s: float) -> list[Reason]:
        return [notice for notice in then(past, after_s).notices if notice == full]

    assert told(recorded.FAULT_S - 0.1) == []
    assert told(recorded.FAULT_S + 0.1) == [full]
    assert told(recorded.FAULT_S + 11.0) == []
    assert past.timeline.faults == ((T_FIRST_S + recorded.FAULT_S, full),)


def test_what_was_chosen_holds_from_then_on(past: RecordedView) -> None:
    before, after = then(past, recorded.CHOICE_S - 0.1), then(past, recorded.CHOICE_S + 0.1)
    assert before.choices is not None and before.choices.schedule == "bandwidth"
    assert before.programme == Reason(ReasonCode.PROGRAMME_BANDWIDTH)
    assert after.choices is not None and after.choices.schedule == "retention"
    assert after.programme == Reason(ReasonCode.PROGRAMME_RETENTION)
    assert after.runner == "Anna"


def test_the_neutral_is_measured_from_when_it_was(past: RecordedView) -> None:
    measured = []
    for after_s in (STANDING_S - 0.1, STANDING_S + 0.1, STANDING_S + 9.0, STANDING_S - 0.1):
        result = then(past, after_s).result
        assert result is not None
        measured.append(result.neutral_measured)
    assert measured == [False, True, True, False]


def test_how_long_pictures_took_to_be_decided_on_was_not_kept(past: RecordedView) -> None:
    assert then(past, 20.0).latency.p50_ms is None


def test_the_course_of_states_is_told(past: RecordedView) -> None:
    states = [state for _, state in past.timeline.states]
    assert states[:3] == [RunnerState.NEUTRAL, RunnerState.WARMING_UP, RunnerState.OK]
    assert RunnerState.COMPENSATING in states
    times = [t_s for t_s, _ in past.timeline.states]
    assert times == sorted(times)
    assert past.timeline.strides == len(past.decided_s) > 80


def test_legs_are_drawn_as_they_were_told_apart(tmp_path: Path) -> None:
    """Every third frame the pose model had mixed the legs up."""
    writer = SessionWriter(tmp_path / "mixed", header(), finish=finish)
    straight = {}
    for number, step in enumerate(recorded.steps()):
        if number >= 300:
            break
        pose = step.result.raw_pose
        straight[pose.t_capture_s] = pose
        if number % 3 == 0:
            pose = swap_legs(pose)
        settled = replace(step.result.settled, swapped=number % 3 == 0)
        writer.step(replace(step.result, raw_pose=pose, settled=settled, settled_frames=(settled,)))
    writer.close()
    with SessionReader(tmp_path / "mixed") as session:
        past = RecordedView(session)
        for t_s in past.times_s:
            result = past.at(t_s).result
            assert result is not None
            assert result.settled is not None
            assert np.array_equal(result.preview_pose.xy_px, straight[t_s].xy_px)
            assert np.array_equal(result.settled.pose.xy_px, straight[t_s].xy_px)


def test_where_frames_are_missing_strides_are_not_lost(folder: Path, tmp_path: Path) -> None:
    """A full disk keeps no frames; strides go on, and the last picture is an old one."""
    copy = Path(shutil.copytree(folder, tmp_path / "gap"))
    with sqlite3.connect(copy / "session.db") as db:
        db.execute(
            "DELETE FROM frames WHERE t_last_s > ? AND t_first_s < ?",
            (T_FIRST_S + 12.0, T_FIRST_S + 19.0),
        )
    db.close()
    with SessionReader(copy) as session, SessionReader(folder) as whole:
        past, full = RecordedView(session), RecordedView(whole)
        at_s = T_FIRST_S + 18.9
        assert past.at(at_s).strides == full.at(at_s).strides
        frame = past.at(at_s).frame
        assert frame is not None
        assert at_s - frame.t_capture_s > 6.0
        gaps = [t_s for t_s, state in past.timeline.states if state is None]
        assert len(gaps) == 1
        assert gaps[0] == frame.t_capture_s


def test_a_session_without_frames_is_refused_in_a_line(tmp_path: Path) -> None:
    writer = SessionWriter(tmp_path / "empty", header(), finish=finish)
    writer.close()
    with (
        SessionReader(tmp_path / "empty") as session,
        pytest.raises(UserError, match="holds no frames"),
    ):
        RecordedView(session)


def test_settings_of_another_version_cost_the_programme_and_nothing_else(
    folder: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "old"))
    with sqlite3.connect(copy / "session.db") as db:
        db.execute("UPDATE header SET json = ? WHERE key = 'settings'", ('{"gone": 1}',))
    db.close()
    with SessionReader(copy) as session:
        shown = RecordedView(session).at(T_FIRST_S + 20.0)
        assert shown.programme is None
        assert shown.last_stride[Side.R].values


def test_the_film_lies_behind_the_skeleton(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "filmed"))
    recorder = VideoRecorder(copy, (320, 240), 30.0)
    for number in range(60):
        while recorder._queue.full():
            pass
        grey = np.full((360, 640, 3), 20 + 3 * number, np.uint8)
        recorder.add(Frame(T_FIRST_S + number / 30.0, number, grey))
    recorder.close()
    film = VideoFile(copy)
    try:
        with SessionReader(copy) as session:
            past = RecordedView(session, film)
            for after_s in (1.5, 0.5, 0.5, 1.0):
                frame = then(past, after_s).frame
                assert frame is not None
                assert frame.image_bgr.mean() == pytest.approx(20 + 90 * after_s, abs=6)
            without = then(past, 30.0).frame
            assert without is not None
            assert without.image_bgr.shape == (720, 1280, 3)
            assert np.ptp(without.image_bgr) == 0
    finally:
        film.close()


def test_whoever_takes_over_in_mid_session_runs_from_then_on(tmp_path: Path) -> None:
    writer = SessionWriter(tmp_path / "run", header("Ada"), finish=finish)
    for number, step in enumerate(sample_steps(12.0)):
        if number == 300:
            writer.command(step.result.t_s, NewRunner("Ben"))
            writer.learned("runner", "Ben")
        writer.step(step.result)
    writer.close()
    with SessionReader(tmp_path / "run") as session:
        past = RecordedView(session)
        assert [past.at(T_FIRST_S + s).runner for s in (0.0, 4.9, 5.1, 11.0)] == [
            "Ada",
            "Ada",
            "Ben",
            "Ben",
        ]
