"""Snapshots of a replay, for drawing."""

from __future__ import annotations

from dataclasses import replace

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.records import Cue, CueKind, Mark, RunnerState
from hipcue.realtime.view.snapshot import Replay, Snapshot, Timeline
from tests.realtime.hud.sample_snapshots import NOW_S, snapshot

START_S, END_S = NOW_S - 1122.0, NOW_S - 1122.0 + 3599.0
CUE_S, MARK_S, FAULT_S = NOW_S - 100.0, NOW_S + 600.0, NOW_S + 1200.0


def timeline() -> Timeline:
    """An hour: standing, warming up, well, worse, well again, and a time without pictures."""
    cue = Cue(
        1, "borrowed", CueKind.SPEECH, "tall", "Hips tall", 5, None, CUE_S, CUE_S, CUE_S + 1.0
    )
    return Timeline(
        START_S,
        END_S,
        (
            (START_S, RunnerState.NEUTRAL),
            (START_S + 10.0, RunnerState.WARMING_UP),
            (START_S + 60.0, RunnerState.OK),
            (START_S + 900.0, RunnerState.WATCH),
            (START_S + 1000.0, RunnerState.COMPENSATING),
            (START_S + 1200.0, RunnerState.RECOVERING),
            (START_S + 1260.0, RunnerState.OK),
            (START_S + 2000.0, None),
            (START_S + 2100.0, RunnerState.UNKNOWN),
        ),
        (cue,),
        (Mark(MARK_S, "new shoes"),),
        ((FAULT_S, Reason(ReasonCode.DISK_NEARLY_FULL)),),
        9987,
    )


def replayed(
    state: str = "compensating",
    language: str = "en",
    *,
    speed: float = 1.0,
    playing: bool = True,
    at_peak: bool = False,
    size: tuple[int, int] = (1280, 720),
) -> Snapshot:
    """A live snapshot in one of the stories, as a replay shows it."""
    shown = snapshot(state, language=language, size=size)
    replay = Replay(timeline(), playing, speed, 3117, at_peak)
    return replace(shown, recording=False, replay=replay)
