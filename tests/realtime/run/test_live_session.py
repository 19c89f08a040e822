"""A live session: what is stamped on a cue's way from the picture to the loudspeaker."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

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
from hipcue.realtime.run.live_session import Devices, LiveSession
from hipcue.realtime.session import SessionHeader, SessionReader, SessionWriter
from hipcue.realtime.view.live_view import LiveView

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

    def status(self) -> DeviceStatus:
        return self.light or super().status()


def a_session(folder: Path) -> tuple[LiveSession, Eye]:
    settings, clock = Settings(), time.monotonic
    eye = Eye(Scenario(PATIENCE_S, tag=True), settings.camera, clock)
    belt = open_treadmill("fixed:0.0", settings.treadmill, clock)
    devices = Devices(eye, belt, Sound(settings.sound, "en", clock))
    writer = SessionWriter(folder, SessionHeader.now(settings, "test", devices={}), finish=finish)
    session = LiveSession(
        settings, devices, writer, LiveView("test"), engine=Eager(settings), clock=clock
    )
    return session, eye


def test_every_stage_of_every_cue_is_stamped_shown_and_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    session, eye = a_session(tmp_path / "run")
    session.start()
    until_s = time.monotonic() + PATIENCE_S
    shown = session.chronicle.snapshot(0.0, (), recording=True, muted=False)
    while len(shown.cue_times) < 2 or shown.result is None or shown.result.settled is None:
        assert session.running, session.error
        assert time.monotonic() < until_s, "no cue was heard"
        time.sleep(0.05)
        shown = session.chronicle.snapshot(0.0, (), recording=True, muted=False)
    # While the pictures are lost nobody knows what would measure the pelvis in them.
    eye.light = DeviceStatus("camera", LinkState.LOST, "camera lost", "plug it in again")
    lights = {light.name: light for light in session.statuses()}
    assert lights["pelvis"].state is LinkState.WAITING
    assert lights["pelvis"].text == "pelvis"
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


def test_what_a_person_asks_for_is_shown_at_once_and_recorded_as_it_was_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    session, _ = a_session(tmp_path / "run")
    asked: list[EngineCommand] = [NewRunner("Åsa"), SetBand(2.3000000000000003)]
    for command in asked:
        session.ask(command)
    shown = session.chronicle.snapshot(0.0, (), recording=True, muted=False)
    assert shown.runner == "Åsa"
    assert shown.choices is not None
    assert shown.choices.band_deg == 2.3000000000000003
    session.start()
    until_s = time.monotonic() + PATIENCE_S
    while session.frames == 0:
        assert session.running, session.error
        assert time.monotonic() < until_s, "no picture came"
        time.sleep(0.05)
    session.stop()
    with SessionReader(tmp_path / "run") as kept:
        assert kept.command_steps == [(0, command) for command in asked]
        assert kept.header.runner == "Åsa"
