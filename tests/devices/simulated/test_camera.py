"""The simulated camera: real time like a live one, or picture by picture."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from hipcue.config.settings import CameraSettings
from hipcue.devices.camera import Camera
from hipcue.devices.readings import LinkState
from hipcue.devices.simulated import Scenario, SimulatedCamera, demo_scenario

SMALL = CameraSettings(width=320, height=240, fps=60)


def test_it_is_a_camera_like_every_other():
    camera: Camera = SimulatedCamera(demo_scenario(1.0), SMALL)
    assert camera.status().state is LinkState.WAITING
    assert camera.size_px == (320, 240)
    assert camera.fps.asked == 60.0 and camera.fps.measured is None
    camera.close()
    camera.close()
    assert camera.ended


def test_frame_by_frame_every_picture_has_its_time():
    frames = list(SimulatedCamera(demo_scenario(0.5), SMALL).frames())
    assert [frame.index for frame in frames] == list(range(30))
    assert [frame.t_capture_s for frame in frames] == [index / 60 for index in range(30)]
    assert frames[0].image_bgr.shape == (240, 320, 3)
    assert not frames[0].image_bgr.flags.writeable


def test_the_same_scenario_gives_the_same_pictures():
    belt = ((0.2, 0.0), (1.2, 2.5))
    one, two = (
        [frame.image_bgr for frame in SimulatedCamera(Scenario(2.0, belt=belt), SMALL).frames()]
        for _ in range(2)
    )
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
    assert not np.array_equal(one[0], one[-1])


def test_in_real_time_the_newest_picture_wins_and_lost_ones_are_counted():
    camera = SimulatedCamera(demo_scenario(1.2), SMALL)
    camera.start()
    camera.start()
    first = camera.latest(5.0)
    assert first is not None
    time.sleep(0.5)
    second = camera.latest(5.0)
    assert second is not None and second.index > first.index + 1
    assert second.dropped >= 1
    stamp = camera.scenario.started_s + second.index / 60.0
    assert second.t_capture_s == pytest.approx(stamp, abs=1e-9)
    last = second
    while not camera.ended:
        frame = camera.latest(0.5)
        last = frame or last
    assert last.index + 1 - last.dropped >= 2
    assert camera.status().state is LinkState.OFF
    camera.close()


def test_a_slow_machine_loses_pictures_instead_of_falling_behind():
    ticks = iter(range(10**6))
    # Every look at this clock takes 30 ms: two pictures' time.
    camera = SimulatedCamera(demo_scenario(3.0), SMALL, clock=lambda: next(ticks) * 0.030)
    camera.start()
    indices = []
    dropped = 0
    while not camera.ended:
        frame = camera.latest(0.5)
        if frame is not None:
            indices.append(frame.index)
            dropped = frame.dropped
    camera.close()
    assert indices == sorted(indices)
    assert len(indices) > 5
    assert dropped > 20
    assert indices[-1] == 179


def test_closing_ends_the_thread():
    camera = SimulatedCamera(demo_scenario(60.0), SMALL)
    camera.start()
    assert camera.latest(5.0) is not None
    camera.close()
    assert "simulated" not in {thread.name for thread in threading.enumerate()}
    camera.latest(0.0)
    assert camera.ended


def test_the_runner_hears_a_cue_through_the_camera():
    belt = ((0.1, 0.0), (1.1, 3.0))
    scenario = Scenario(13.0, belt=belt, onsets_s=(3.0,))
    camera = SimulatedCamera(scenario, CameraSettings(width=320, height=240, fps=15))
    for frame in camera.frames():
        if frame.index == 15 * 8:
            camera.hear("tilt_out", frame.t_capture_s)
    (episode,) = camera.truth.episodes
    assert episode.onset_s == 3.0
    assert episode.heard_s == pytest.approx(8.0)
    assert 8.0 < episode.corrected_s < 13.0


def test_the_demo_tells_its_story_in_order():
    scenario = demo_scenario(60.0)
    assert scenario.belt_speed_mps(0.0) == scenario.belt_speed_mps(2.6) == 0.0
    assert scenario.belt_speed_mps(3.6) == pytest.approx(1.5)
    assert scenario.belt_speed_mps(4.6) == scenario.belt_speed_mps(60.0) == 3.0
    assert scenario.onsets_s == (27.0,)
    # 12 s of steady running for a baseline, and time to correct before the end.
    assert scenario.onsets_s[0] - 4.6 > 12.0
    assert demo_scenario(130.0).onsets_s == (27.0, 87.0)
    assert demo_scenario(20.0).onsets_s == ()


def test_belt_and_camera_agree_on_when_it_began():
    scenario = demo_scenario(30.0)
    assert scenario.belt_speed_at(1e6) == 0.0
    now_s = 500.0
    camera = SimulatedCamera(scenario, SMALL, clock=lambda: now_s)
    camera.start()
    camera.close()
    assert scenario.started_s == 500.0
    now_s = 503.6
    assert scenario.belt_speed_at(503.6) == camera.belt_speed_mps() == pytest.approx(1.5)


def test_who_waits_to_be_told_sets_off_when_told_and_not_twice():
    scenario = demo_scenario(60.0)
    scenario.wait()
    assert scenario.belt_speed_mps(7.0) == 0.0
    assert scenario.belt_speed_mps(12.0) == 3.0  # Nobody waits for ever.
    scenario.set_off(2.2)
    assert scenario.belt_speed_mps(2.2) == 0.0
    assert scenario.belt_speed_mps(3.2) == pytest.approx(1.5)
    scenario.set_off(3.0)
    assert scenario.belt_speed_mps(3.2) == pytest.approx(1.5)
