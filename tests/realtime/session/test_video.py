"""The film: true times, a hidden face, and no film rather than no session."""

from __future__ import annotations

import subprocess
import sys

import cv2
import numpy as np
import pytest

from hipcue.config.reasons import ReasonCode
from hipcue.devices.readings import Frame
from hipcue.realtime.library.recover import recover
from hipcue.realtime.session.video import VideoRecorder, faceless, fit, hide_face
from hipcue.realtime.session.video_file import VideoFile, read_times
from tests.realtime.session.killing import ROOT
from tests.realtime.session.sample_session import SampleRun, pose_at, record


def picture(n):
    """A picture whose brightness of the lower left corner tells its number."""
    image = np.random.default_rng(n).integers(0, 90, (360, 640, 3), dtype=np.uint8)
    image[180:, :320] = 20 * (n % 12) + 8
    return image


def film(folder, count=50, **how):
    folder.mkdir(exist_ok=True)
    recorder = VideoRecorder(folder, (320, 240), 60.0, **how)
    times = []
    for n in range(count):
        # Every third picture comes late, as live cameras do.
        times.append(500.0 + n / 60 + (0.005 if n % 3 else 0.0))
        while recorder._queue.full():
            pass
        recorder.add(Frame(times[-1], n, picture(n)))
    recorder.close()
    return recorder, times


def test_every_picture_keeps_its_true_time(tmp_path):
    recorder, times = film(tmp_path)
    assert recorder.fault is None
    assert recorder.left_out == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["video.mp4", "video_times.csv"]
    assert read_times(tmp_path).tolist() == times
    other_reader = cv2.VideoCapture(str(tmp_path / "video.mp4"))
    count = 0
    while other_reader.read()[0]:
        count += 1
    assert count == 50
    mean_fps = 49 / (times[-1] - times[0])
    assert other_reader.get(cv2.CAP_PROP_FPS) == pytest.approx(mean_fps, abs=0.01)


def test_a_moment_finds_its_picture(tmp_path):
    _, times = film(tmp_path)
    video = VideoFile(tmp_path)
    for n in (7, 40, 12, 13, 49, 0):
        image = video.at(times[n] + 0.001)
        assert image[120:170, 20:140].mean() == pytest.approx(20 * (n % 12) + 8, abs=5), n
    assert video.at(400.0) is None
    assert not VideoFile(tmp_path / "nowhere").ok


def test_the_film_stops_first_when_space_runs_out(tmp_path):
    told = []
    recorder, _ = film(tmp_path, keep_free_bytes=10**18, tell=told.append)
    assert recorder.fault.code is ReasonCode.FILM_STOPPED_FOR_SPACE
    assert told == [recorder.fault]
    assert not (tmp_path / "video.mp4").exists()


def test_a_killed_film_becomes_a_film_at_the_repair(tmp_path):
    folder = record(tmp_path / "s", 5.0)
    code = (
        "import os, sys; from pathlib import Path\n"
        "from hipcue.devices.readings import Frame\n"
        "from hipcue.realtime.session.video import VideoRecorder\n"
        "from tests.realtime.session.test_video import picture\n"
        "r = VideoRecorder(Path(sys.argv[1]), (320, 240), 60.0)\n"
        "for n in range(300):\n"
        "    while r._queue.full(): pass\n"
        "    r.add(Frame(n / 60, n, picture(n % 60)))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(folder)], cwd=ROOT, check=False)
    assert done.returncode == -9
    assert (folder / "video.avi").exists()
    recover(folder)
    assert not (folder / "video.avi").exists()
    video = VideoFile(folder)
    assert video.at(1.0)[120:170, 20:140].mean() == pytest.approx(8, abs=5)
    assert video.at(1.5)[120:170, 20:140].mean() == pytest.approx(20 * 6 + 8, abs=5)


def test_a_face_cannot_be_recognised_and_the_rest_stays(tmp_path):
    pose = pose_at(SampleRun(1.0), 0)
    rng = np.random.default_rng(3)
    full = rng.integers(0, 255, (720, 1280, 3), dtype=np.uint8)
    hidden = full.copy()
    hide_face(hidden, pose, 1.0)
    head = np.nanmean(pose.xy_px[:3], axis=0).astype(int)
    box = (slice(head[1] - 35, head[1] + 35), slice(head[0] - 35, head[0] + 35))
    # Fine detail in the head is gone: neighbours are nearly equal.
    detail = np.abs(np.diff(hidden[box].astype(float), axis=1)).mean()
    assert detail < 0.1 * np.abs(np.diff(full[box].astype(float), axis=1)).mean()
    assert (hidden[400:] == full[400:]).all()


def test_without_a_head_nothing_is_shown_at_all():
    full = np.random.default_rng(3).integers(0, 255, (360, 640, 3), dtype=np.uint8)
    hidden = full.copy()
    hide_face(hidden, None, 0.5)
    assert np.abs(np.diff(hidden.astype(float), axis=1)).mean() < 5


def test_a_faceless_frame_leaves_the_picture_of_others_alone():
    full = np.random.default_rng(3).integers(0, 255, (720, 1280, 3), dtype=np.uint8)
    frame, kept = Frame(1.0, 0, full), full.copy()
    hidden = faceless(frame, pose_at(SampleRun(1.0), 0))
    assert (full == kept).all()
    assert (hidden.image_bgr != full).any()
    assert (hidden.t_capture_s, hidden.index) == (1.0, 0)


def test_sizes_are_even_and_never_larger_than_the_picture():
    assert fit((1280, 720), (854, 480)) == (852, 480)
    assert fit((720, 1280), (854, 480)) == (270, 480)
    assert fit((320, 240), (854, 480)) == (320, 240)
