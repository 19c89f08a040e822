"""Stamps of a cue are put together once it was heard; what was not heard leaves none."""

from __future__ import annotations

from pathlib import Path

from hipcue.config.settings import Settings
from hipcue.devices.sound import Played
from hipcue.realtime.records import Cue, CueKind
from hipcue.realtime.run.cue_timing import CueTiming
from hipcue.realtime.session import SessionHeader, SessionReader, SessionWriter


def cue(number: int, t_s: float) -> Cue:
    return Cue(number, "tilt_out", CueKind.TONE, "tilt_out", "", 20, None, t_s, t_s, t_s + 1.0)


def test_a_heard_cue_has_the_time_of_each_stage(tmp_path: Path) -> None:
    writer = SessionWriter(tmp_path / "run", SessionHeader.now(Settings(), "test"))
    timing = CueTiming(writer)
    timing.add_cues([cue(1, 10.0), cue(2, 10.0)], pose_s=10.030, decision_s=10.034)
    heard = timing.add_played([Played(2, 10.036, 10.050), Played(7, 10.0, 10.0)])
    assert list(heard) == [2], "of 7 nobody has told anything"
    times = heard[2]
    assert [
        round(ms, 6)
        for ms in (times.pose_ms, times.decision_ms, times.request_ms, times.sound_ms)
        if ms is not None
    ] == [30.0, 34.0, 36.0, 50.0]
    assert timing.latencies()["sound_ms"].p50_ms == times.sound_ms
    assert timing.add_played([Played(2, 10.036, 10.050)]) == {}, "heard once"
    writer.close()
    with SessionReader(tmp_path / "run") as kept:
        assert list(kept.played) == [2]
        assert kept.played[2].stamps == {
            "capture_s": 10.0,
            "pose_s": 10.030,
            "decision_s": 10.034,
            "request_s": 10.036,
            "mixer_s": 10.050,
        }


def test_a_cue_that_was_never_played_is_forgotten() -> None:
    timing = CueTiming(None)
    timing.add_cues([cue(1, 10.0)], 10.0, 10.0)
    timing.add_cues([cue(2, 15.0)], 15.0, 15.0)
    assert list(timing.add_played([Played(1, 15.0, 15.0)])) == [1], "late, but heard"
    timing.add_cues([cue(3, 20.0)], 20.0, 20.0)
    timing.add_cues([cue(4, 40.0)], 40.0, 40.0)
    assert timing.add_played([Played(3, 41.0, 41.0)]) == {}
    assert list(timing.add_played([Played(4, 41.0, 41.0)])) == [4]
