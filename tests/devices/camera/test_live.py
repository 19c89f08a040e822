"""A live camera: stamps, drops, unplugging, freezing. OpenCV itself grabs in every test."""

from __future__ import annotations

import threading
import time

import cv2
import numpy as np
import pytest

from hipcue.config.reason_words import advice_on, in_words
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import CameraSettings
from hipcue.devices.camera.freeze_detector import FreezeDetector
from hipcue.devices.camera.live import LiveCamera, Opened
from hipcue.devices.readings import LinkState
from tests.devices.camera.films import SIZE, counting_film, number_of, picture, write_film

SOON = (0.001,)


class TickingClock:
    """A clock that goes on by the same step whenever it is read."""

    def __init__(self, step_s):
        self.step_s = step_s
        self.t_s = 100.0

    def __call__(self):
        self.t_s += self.step_s
        return self.t_s


def opened(path, complaints=()):
    capture = cv2.VideoCapture(str(path))
    assert capture.isOpened()
    return Opened(capture, SIZE, 50.0, complaints)


def wait_for(happened, timeout_s=20.0):
    """Wait until something is true; the time limit only ends a broken test."""
    end_s = time.monotonic() + timeout_s
    while not happened():
        assert time.monotonic() < end_s, "it never happened"
        time.sleep(0.002)


def test_a_camera_that_comes_back_goes_on_with_the_session(tmp_path):
    path = counting_film(tmp_path / "camera.mp4", frames=20)
    absent = [True, True, False]
    statuses = []

    def reopen():
        statuses.append(camera.status())
        return None if absent[min(len(statuses), len(absent)) - 1] else opened(path)

    camera = LiveCamera(opened(path), reopen, CameraSettings(), time.monotonic, SOON)
    assert camera.status().state is LinkState.WAITING
    camera.start()
    camera.start()  # a second time does nothing
    frames = []
    while not frames or frames[-1].index < 50:  # into the third time round
        frame = camera.latest(5.0)
        if frame is not None:
            frames.append(frame)
    assert not camera.ended, "a live camera never ends by itself"
    camera.close()
    assert camera.ended or camera.latest(0.0) is not None
    # While it was gone the status said so, and what to do.
    assert {status.state for status in statuses[:3]} == {LinkState.LOST}
    assert statuses[0].reason == Reason(ReasonCode.CAMERA_LOST)
    assert "cable" in advice_on(statuses[0].reason)
    # Numbers and times go on across the interruption.
    indices = [frame.index for frame in frames]
    times = [frame.t_capture_s for frame in frames]
    assert indices == sorted(set(indices))
    assert times == sorted(times)
    assert all(number_of(frame.image_bgr) == frame.index % 20 for frame in frames)
    # Whatever was not handed over was counted.
    assert frames[-1].dropped == frames[-1].index + 1 - len(frames)


def test_the_stamp_is_the_grab_less_the_cameras_own_latency(tmp_path):
    path = counting_film(tmp_path / "camera.mp4", frames=5)
    clock = TickingClock(0.0)
    camera = LiveCamera(opened(path), lambda: None, CameraSettings(latency_s=0.03), clock, (60.0,))
    camera.start()
    frame = camera.latest(10.0)
    camera.close()
    assert frame.t_capture_s == pytest.approx(100.0 - 0.03)


def test_the_light_counts_real_frames_and_says_when_there_are_too_few(tmp_path):
    path = counting_film(tmp_path / "camera.mp4", frames=20)
    clock = TickingClock(1 / 30)  # read once per grab: a camera that gives 30 a second
    camera = LiveCamera(opened(path), lambda: opened(path), CameraSettings(fps=60), clock, SOON)
    camera.start()
    seen = None
    while seen is None:
        assert camera.latest(10.0) is not None
        camera_rate = camera.fps.measured
        if camera_rate is not None and camera.status().state is LinkState.LIVE:
            seen = camera.status()
    camera.close()
    assert camera.fps.asked == 60
    assert camera.fps.got == 50.0
    assert seen.name == "camera"
    assert seen.reason.code is ReasonCode.CAMERA_SLOW
    assert len(in_words(seen.reason)) <= 16
    assert "of 60 fps: more light" in advice_on(seen.reason)


def test_what_the_camera_did_not_take_is_shown(tmp_path):
    path = counting_film(tmp_path / "camera.mp4", frames=5)
    source = opened(path, (Reason(ReasonCode.KEEPS_EXPOSURE), Reason(ReasonCode.KEEPS_GAIN)))
    camera = LiveCamera(source, lambda: None, CameraSettings(fps=50), time.monotonic, (60.0,))
    camera._state = LinkState.LIVE
    assert advice_on(camera.status().reason) == (
        "camera keeps its own exposure, keeps its own gain"
    )
    camera.close()


def test_a_camera_that_says_nothing_for_long_is_stale(tmp_path):
    path = counting_film(tmp_path / "camera.mp4", frames=5)
    clock = TickingClock(0.0)
    camera = LiveCamera(opened(path), lambda: None, CameraSettings(), clock, (60.0,))
    camera._state = LinkState.LIVE
    clock.t_s += 1.4
    assert camera.status().state is LinkState.LIVE
    clock.t_s += 0.2
    assert camera.status().state is LinkState.STALE
    assert camera.status().reason == Reason(ReasonCode.CAMERA_SILENT)
    camera.close()


def still_film(path, image, frames=60):
    return write_film(path, [image] * frames, fps=20.0, code="MJPG")


def test_a_frozen_camera_is_named_reopened_and_its_picture_is_not_used(tmp_path):
    frozen = still_film(tmp_path / "frozen.avi", picture(7))
    alive = write_film(
        tmp_path / "alive.avi", [picture(number) for number in range(10, 25)], code="MJPG"
    )
    statuses = []

    def reopen():
        statuses.append(camera.status())
        return opened(frozen if len(statuses) < 3 else alive)

    clock = TickingClock(0.1)
    camera = LiveCamera(opened(frozen), reopen, CameraSettings(), clock, SOON)
    camera.start()
    frames = []
    while not frames or number_of(frames[-1].image_bgr) == 7:
        frame = camera.latest(10.0)
        if frame is not None:
            frames.append(frame)
    camera.close()
    assert [status.state for status in statuses[:3]] == [LinkState.LOST] * 3
    assert {status.reason for status in statuses[:3]} == {Reason(ReasonCode.CAMERA_FROZEN)}
    # The picture is believed for 2 s at most (20 pictures on this clock), and not again
    # after the camera was opened anew and still shows the same.
    first_s = frames[0].t_capture_s
    frozen_times = [f.t_capture_s for f in frames if number_of(f.image_bgr) == 7]
    assert max(frozen_times) - first_s <= 2.0 + 1e-6


def test_a_covered_lens_is_named_and_forgotten_when_uncovered(tmp_path):
    black = [np.zeros((64, 96, 3), np.uint8)] * 40
    path = write_film(
        tmp_path / "cap.avi", black + [picture(number) for number in range(5)], code="MJPG"
    )
    uncovered = threading.Event()
    statuses = []

    class Watched:
        """A real capture that notes the status at every grab."""

        def __init__(self):
            self.capture = cv2.VideoCapture(str(path))

        def grab(self):
            statuses.append(camera.status())
            return self.capture.grab()

        def retrieve(self):
            return self.capture.retrieve()

        def release(self):
            uncovered.set()
            self.capture.release()

    clock = TickingClock(0.05)
    camera = LiveCamera(
        Opened(Watched(), SIZE, 20.0), lambda: None, CameraSettings(), clock, (60.0,)
    )
    camera.start()
    assert uncovered.wait(20.0)
    camera.close()
    codes = [status.reason.code for status in statuses]
    assert ReasonCode.CAMERA_DARK in codes
    dark = statuses[codes.index(ReasonCode.CAMERA_DARK)]
    assert dark.state is LinkState.LOST
    assert "cap" in advice_on(dark.reason)
    assert statuses[-1].state is LinkState.LIVE, "it went on when the cap came off"


def test_a_still_picture_is_measured_in_seconds():
    watch = FreezeDetector()
    rng = np.random.default_rng(1)
    image = rng.integers(0, 255, (64, 96, 3), dtype=np.uint8)
    assert watch.add_picture(image, 1.0) == 0.0
    assert watch.add_picture(image.copy(), 1.5) == pytest.approx(0.5)
    assert watch.add_picture(image.copy(), 3.5) == pytest.approx(2.5)
    other = image.copy()
    other[33, 33, 0] ^= 1  # off the coarse grid: one bit is enough
    assert watch.add_picture(other, 4.0) == 0.0
    assert not watch.dark


def test_a_mistake_in_the_grabber_is_not_swallowed(tmp_path):
    path = counting_film(tmp_path / "camera.mp4", frames=3)

    def reopen():
        raise RuntimeError("a bug")

    camera = LiveCamera(opened(path), reopen, CameraSettings(), time.monotonic, SOON)
    camera.start()
    camera._thread.join(20.0)
    camera.latest(0.0)  # the last picture
    with pytest.raises(RuntimeError, match="a bug"):
        camera.latest(5.0)
    assert camera.ended


def test_closing_does_not_wait_for_a_long_pause(tmp_path):
    path = counting_film(tmp_path / "camera.mp4", frames=3)
    camera = LiveCamera(opened(path), lambda: None, CameraSettings(), time.monotonic, (600.0,))
    camera.start()
    wait_for(lambda: camera.status().state is LinkState.LOST)
    camera.close()
    assert not camera._thread.is_alive()
    assert camera.status().state is LinkState.OFF
    camera.close()


def test_a_camera_that_was_never_started_gives_the_device_back(tmp_path):
    path = counting_film(tmp_path / "camera.mp4", frames=3)
    source = opened(path)
    camera = LiveCamera(source, lambda: None, CameraSettings(), time.monotonic)
    camera.close()
    assert not source.source.isOpened()
    assert camera.ended
