"""A coach watches a recorded session: pause, speed, stride by stride, there and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hipcue.realtime.records import SayCueNow
from hipcue.realtime.run.replay_loop import obey
from hipcue.realtime.session import SessionReader
from hipcue.realtime.view.commands import (
    ChangeSpeed,
    Seek,
    ShowPeak,
    Skip,
    StepPicture,
    StepStride,
    TogglePlaying,
)
from hipcue.realtime.view.player import SPEEDS, Player
from hipcue.realtime.view.recorded_view import RecordedView
from hipcue.realtime.view.snapshot import Replay
from tests.realtime import recorded
from tests.realtime.session.sample_session import STRIDE_S, T_FIRST_S


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded.record_run(tmp_path_factory.mktemp("player") / "run")


@pytest.fixture
def player(folder: Path) -> Iterator[Player]:
    with SessionReader(folder) as session:
        yield Player(RecordedView(session))


def after(player: Player) -> float:
    """Seconds from the first frame."""
    return player.position_s - T_FIRST_S


def shown(player: Player) -> Replay:
    replay = player.snapshot().replay
    assert replay is not None
    return replay


def test_it_begins_playing_at_the_first_frame(player: Player) -> None:
    assert after(player) == 0.0
    player.tick(1.5)
    assert after(player) == pytest.approx(1.5)
    assert player.snapshot().elapsed_s == pytest.approx(1.5)


def test_pause_holds_and_goes_on_from_there(player: Player) -> None:
    player.tick(10.0)
    player.toggle()
    player.tick(5.0)
    assert after(player) == pytest.approx(10.0)
    assert not shown(player).playing
    player.toggle()
    player.tick(2.0)
    assert after(player) == pytest.approx(12.0)


@pytest.mark.parametrize("speed", SPEEDS)
def test_speed_scales_time(folder: Path, speed: float) -> None:
    with SessionReader(folder) as session:
        player = Player(RecordedView(session), speed)
        player.tick(2.0)
        assert after(player) == pytest.approx(2.0 * speed)
        assert shown(player).speed == speed


def test_speed_goes_up_and_down_in_steps_and_no_further(player: Player) -> None:
    seen = []
    for _ in range(5):
        player.faster()
        seen.append(player.speed)
    assert seen == [2.0, 4.0, 8.0, 8.0, 8.0]
    for _ in range(6):
        player.faster(-1)
    assert player.speed == 0.25


def test_a_speed_of_ones_own_goes_to_the_next_step(folder: Path) -> None:
    with SessionReader(folder) as session:
        player = Player(RecordedView(session), 3.0)
        player.faster()
        assert player.speed == 4.0
        player.speed = 3.0
        player.faster(-1)
        assert player.speed == 2.0


def test_a_stride_step_goes_to_where_the_next_stride_of_either_leg_was_decided_on(
    player: Player,
) -> None:
    player.seek(T_FIRST_S + 20.0)
    sides, times = [], []
    for _ in range(4):
        player.step_stride(1)
        newest = player.snapshot().strides[-1]
        assert newest.t_decided_s == player.position_s
        sides.append(newest.side)
        times.append(player.position_s)
    assert times == sorted(times)
    assert times[0] - (T_FIRST_S + 20.0) <= STRIDE_S / 2 + 0.04
    assert sides[0] is sides[2] is not sides[1] is sides[3]
    assert not player.playing
    player.step_stride(-1)
    assert player.position_s == times[2]


def test_no_stride_is_left_out_by_stepping(player: Player) -> None:
    total = shown(player).timeline.strides
    counts = []
    for _ in range(total + 3):
        player.step_stride(1)
        counts.append(shown(player).stride)
    assert counts == [*range(1, total + 1), total, total, total]


def test_a_step_back_while_playing_goes_to_the_newest_stride(player: Player) -> None:
    player.tick(20.0)
    newest = player.snapshot().strides[-1]
    player.step_stride(-1)
    assert player.position_s == newest.t_decided_s


def test_before_the_first_stride_there_is_none_to_go_back_to(player: Player) -> None:
    player.tick(1.0)
    player.step_stride(-1)
    assert after(player) == pytest.approx(1.0)


def test_the_peak_of_a_stride_and_back_to_its_numbers(player: Player) -> None:
    player.seek(T_FIRST_S + 20.0)
    player.step_stride(1)
    decided_s, stride = player.position_s, player.snapshot().strides[-1]
    player.show_peak()
    peak_s = stride.contact_s + recorded.PEAK_AFTER_CONTACT_S
    assert player.position_s == pytest.approx(peak_s, abs=0.5 / recorded.FPS + 1e-6)
    assert shown(player).at_peak
    assert stride not in player.snapshot().strides
    player.show_peak()
    assert player.position_s == decided_s
    assert not shown(player).at_peak


def test_from_a_peak_the_next_stride_is_that_after_it(player: Player) -> None:
    player.seek(T_FIRST_S + 20.0)
    player.step_stride(1)
    first = player.snapshot().strides[-1]
    player.show_peak()
    player.step_stride(1)
    assert player.snapshot().strides[-1].index == first.index + 1


def test_single_pictures(player: Player) -> None:
    player.seek(T_FIRST_S + 10.0)
    player.step_picture(1)
    there = player.position_s
    player.step_picture(1)
    assert player.position_s - there == pytest.approx(1 / recorded.FPS)
    player.step_picture(-1)
    assert player.position_s == there


def test_going_back_shows_only_what_was_known_then(player: Player) -> None:
    player.seek(T_FIRST_S + 39.0)
    late = player.snapshot()
    player.seek(T_FIRST_S + 12.5)
    early = player.snapshot()
    assert late.cues and not early.cues
    assert late.marks and not early.marks
    assert len(early.strides) < len(late.strides)
    assert max(stride.t_decided_s for stride in early.strides) <= player.position_s
    player.seek(T_FIRST_S + 39.0)
    assert player.snapshot().strides == late.strides


def test_it_stops_at_the_end_and_starts_again_from_the_beginning(player: Player) -> None:
    player.tick(1000.0)
    assert player.position_s == T_FIRST_S + recorded.SECONDS - 1 / recorded.FPS
    assert not player.playing
    player.tick(5.0)
    assert not player.playing
    player.toggle()
    assert player.playing
    assert after(player) == 0.0


def test_nothing_leads_out_of_the_session(player: Player) -> None:
    player.skip(-10.0)
    assert after(player) == 0.0
    player.seek(1e12)
    assert player.position_s == shown(player).timeline.end_s
    player.skip(1.0)
    assert player.position_s == shown(player).timeline.end_s


def test_while_the_playhead_is_held_no_time_passes(player: Player) -> None:
    obey(player, Seek(T_FIRST_S + 7.0, held=True))
    player.tick(3.0)
    assert after(player) == pytest.approx(7.0)
    obey(player, Seek(T_FIRST_S + 8.0))
    player.tick(3.0)
    assert after(player) == pytest.approx(11.0)


def test_every_command_of_the_bar_is_obeyed(player: Player) -> None:
    obey(player, Skip(10.0))
    assert after(player) == pytest.approx(10.0)
    obey(player, StepStride(1))
    assert player.snapshot().strides[-1].t_decided_s == player.position_s
    obey(player, ShowPeak())
    assert shown(player).at_peak
    obey(player, StepPicture(-1))
    assert not shown(player).at_peak
    obey(player, ChangeSpeed(-1))
    assert player.speed == 0.5
    obey(player, TogglePlaying())
    assert player.playing
    obey(player, SayCueNow())
    assert player.playing
