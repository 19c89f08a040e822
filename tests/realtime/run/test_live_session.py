"""A live session: what is stamped, recorded and shown while its threads run."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings
from hipcue.devices.readings import BeltSample, DeviceStatus, LinkState
from hipcue.devices.simulated import Scenario, SimulatedCamera
from hipcue.devices.sound import Sound
from hipcue.devices.treadmill import open_treadmill
from hipcue.realtime.engine import Engine
from hipcue.realtime.library.finish import finish
from hipcue.realtime.records import (
    Cue,
    CueKind,
    EngineCommand,
    NewRunner,
    Pose,
    SetBand,
    StepResult,
)
from hipcue.realtime.run.device_set import DeviceSet
from hipcue.realtime.run.live_session import Listener, LiveSession
from hipcue.realtime.session import SessionHeader, SessionReader, SessionWriter
from hipcue.realtime.view.live_view import LiveView
from hipcue.realtime.view.snapshot import Choices
from tests.pose_model import needs_pose_model

STAGES = ("capture_s", "pose_s", "decision_s", "request_s", "mixer_s")
# Seconds until somebody gives up: no test may depend on how fast a machine is.
PATIENCE_S = 120.0


class Eager(Engine):
    """An engine that gives a tone with every tenth picture it sees, whoever runs."""

    seen = 0

    def step(
        self,
        pose: Pose,
        belt: Sequence[BeltSample] = (),
        commands: Sequence[EngineCommand] = (),
    ) -> StepResult:
        result = super().step(pose, belt, commands)
        self.seen += 1
        if self.seen % 10:
            return result
        number, t_s = self.seen // 10, pose.t_capture_s
        late_s = t_s + PATIENCE_S
        kind = CueKind.TONE
        tone = Cue(number, "tilt_out", kind, "tilt_out", "", 20, None, t_s, t_s, late_s)
        return replace(result, cues=(tone,))


class Eye(SimulatedCamera):
    """A camera whose light can be made to say what it would say when it is lost."""

    light: DeviceStatus | None = None
    asked_when_lost = False

    def status(self) -> DeviceStatus:
        light = self.light
        self.asked_when_lost |= light is not None
        return light or super().status()


def a_session(folder: Path, *listeners: Listener) -> tuple[LiveSession, Eye]:
    settings, clock = Settings(), time.monotonic
    eye = Eye(Scenario(PATIENCE_S, tag=True), settings.camera, clock)
    belt = open_treadmill("fixed:0.0", settings.treadmill, clock)
    devices = DeviceSet(eye, belt, Sound(settings.sound, "en", clock))
    writer = SessionWriter(folder, SessionHeader.now(settings, "test", devices={}), finish=finish)
    session = LiveSession(
        Eager(settings),
        devices,
        writer,
        LiveView(settings),
        listeners=listeners,
        next_session={"Åsa": 3}.get,
    )
    return session, eye


@needs_pose_model
def test_every_stage_of_every_cue_is_stamped_shown_and_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    session, eye = a_session(tmp_path / "run")
    session.start()
    until_s = time.monotonic() + PATIENCE_S
    shown = session.snapshot()
    while len(shown.cue_times) < 2 or shown.result is None or shown.result.settled is None:
        assert session.running, session.error
        assert time.monotonic() < until_s, "no cue was heard"
        time.sleep(0.05)
        shown = session.snapshot()
    # While the pictures are lost nobody knows what would measure the pelvis in them.
    eye.light = DeviceStatus("camera", LinkState.LOST, Reason(ReasonCode.CAMERA_LOST))
    lights = {light.name: light for light in session.snapshot().devices}
    assert lights["pelvis"].state is LinkState.WAITING
    assert lights["pelvis"].reason == Reason(ReasonCode.PELVIS_NO_PICTURE)
    session.stop()
    assert session.error is None
    for times in shown.cue_times.values():
        assert times.pose_ms is not None
        assert times.decision_ms is not None
        assert times.request_ms is not None
        ways = [0.0, times.pose_ms, times.decision_ms, times.request_ms, times.sound_ms]
        assert ways == sorted(ways)
    with SessionReader(tmp_path / "run") as kept:
        assert set(shown.cue_times) <= set(kept.played)
        captured = {cue.number: cue.t_capture_s for cue in kept.cues}
        for number, played in kept.played.items():
            stamps = [played.stamps[stage] for stage in STAGES]
            assert stamps == sorted(stamps)
            assert played.stamps["capture_s"] == captured[number]
        latencies = kept.header_values["cue_latency_ms"]
        assert list(latencies) == ["pose", "decision", "request", "sound"]
        for three in latencies.values():
            assert 0.0 < three["p50"] <= three["p95"] <= three["p99"]


def wait_until(true: Callable[[], bool], why: str) -> None:
    until_s = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < until_s, why
        time.sleep(0.02)


@needs_pose_model
def test_statuses_are_recorded_as_they_change_though_nobody_draws_and_everybody_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    told: list[list[int]] = [[], []]
    cues: list[int] = []
    session, eye = a_session(
        tmp_path / "run",
        Listener(on_step=lambda frame, result: told[0].append(frame.index)),
        Listener(
            on_cue=lambda cue: cues.append(cue.number),
            on_step=lambda frame, result: told[1].append(frame.index),
        ),
    )
    session.start()
    wait_until(lambda: len(told[1]) > 20, "no pictures")
    eye.light = DeviceStatus("camera", LinkState.LOST, Reason(ReasonCode.CAMERA_LOST))
    wait_until(lambda: eye.asked_when_lost, "nobody asked for the camera's status")
    eye.light = None
    seen = len(told[1])
    wait_until(lambda: len(told[1]) > seen + 20, "no more pictures")
    assert session.stop() == []
    assert session.error is None
    assert told[0] == told[1]
    assert cues
    with SessionReader(tmp_path / "run") as kept:
        states = [status.state for _, status in kept.devices if status.name == "camera"]
        lost = states.index(LinkState.LOST)
        assert LinkState.LIVE in states[:lost]
        assert LinkState.LIVE in states[lost:]


@needs_pose_model
def test_a_snapshot_changes_nothing_and_shows_the_choices_of_the_engine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    seen: list[int] = []
    asked: list[EngineCommand] = [NewRunner("Åsa", 3), SetBand(2.3000000000000003)]
    session, _ = a_session(
        tmp_path / "run", Listener(on_step=lambda frame, result: seen.append(frame.index))
    )
    for command in (NewRunner("Åsa"), asked[1]):
        session.command(command)
    with pytest.raises(UserError, match="min_rise_deg"):
        session.command(SetBand(1000.0))
    for _ in range(3):
        shown = session.snapshot()
        taken = (shown.runner, shown.choices)
        assert taken == ("runner", Choices.of(Settings())), "the engine has not taken it yet"
    session.start()
    wait_until(lambda: bool(seen), "no picture came")
    shown = session.snapshot()
    assert shown.choices is not None
    assert shown.choices.band_deg == 2.3000000000000003
    assert shown.runner == "Åsa"
    assert not shown.muted
    session.toggle_mute()
    assert session.snapshot().muted
    session.stop()
    with SessionReader(tmp_path / "run") as kept:
        # Which session of the programme it is for them is recorded with the name.
        named = NewRunner("Åsa", programme_session=3)
        assert kept.command_steps == [(0, command) for command in (named, *asked[1:])]
        assert kept.header.runner == "Åsa"


def test_looking_at_a_session_records_nothing(tmp_path: Path) -> None:
    session, _ = a_session(tmp_path / "run")
    for _ in range(3):
        assert session.snapshot().devices[0].name == "camera"
    session.stop()
    with SessionReader(tmp_path / "run") as kept:
        names = [status.name for _, status in kept.devices]
    assert sorted(names) == sorted(set(names)), "once, when the session ended"
