"""Addresses: numbers, names, device files, streams; what is said when they do not open."""

from __future__ import annotations

import http.server
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import cv2
import pytest

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import CameraSettings
from hipcue.devices.camera import list_cameras, open_camera
from hipcue.devices.camera.enumerate import (
    CameraInfo,
    CameraMode,
    describe,
    linux_cameras,
    match_name,
    probe_modes,
    trouble_with,
    users_of,
)
from hipcue.devices.readings import LinkState
from tests.devices.camera.films import counting_film, picture


@pytest.mark.parametrize(
    ("address", "failed"),
    [
        ("97", "cannot open camera 97"),
        ("/dev/video97", "cannot open camera /dev/video97"),
        ("/dev/null", "cannot open camera /dev/null"),
        ("No Such Camera", "cannot open camera 'No Such Camera'"),
        ("", "cannot open camera ''"),
        ("none.mp4", "cannot open film none.mp4"),
        ("ftp://somewhere/film", "cannot open camera ftp://somewhere/film"),
    ],
)
def test_what_is_not_there_ends_in_one_line(capfd, address, failed):
    with pytest.raises(UserError) as caught:
        open_camera(address, CameraSettings(), time.monotonic)
    assert caught.value.failed == failed
    assert caught.value.seen
    assert caught.value.try_this
    assert "\n" not in str(caught.value)
    assert capfd.readouterr().err == "", "OpenCV must not print its own words"


def test_a_number_that_is_not_there_names_the_cameras_that_are():
    with pytest.raises(UserError) as caught:
        open_camera("97", CameraSettings(), time.monotonic)
    assert caught.value.seen == describe(list_cameras())


def test_a_password_never_reaches_the_screen():
    with pytest.raises(UserError) as caught:
        open_camera("rtsp://me:secret@127.0.0.1:9/live", CameraSettings(), time.monotonic)
    assert "secret" not in str(caught.value)
    assert "rtsp://127.0.0.1:9/live" in str(caught.value)


class Kernel:
    """Folders like /sys/class/video4linux and /dev, on a real file system."""

    def __init__(self, root: Path) -> None:
        self.sysfs = root / "sys"
        self.dev = root / "dev"
        self.sysfs.mkdir()
        self.dev.mkdir()

    def plug_in(self, number: int, name: str, index: int = 0) -> Path:
        entry = self.sysfs / f"video{number}"
        entry.mkdir()
        (entry / "name").write_text(f"{name}\n")
        (entry / "index").write_text(f"{index}\n")
        node = self.dev / f"video{number}"
        node.write_bytes(b"")
        return node

    def cameras(self):
        return linux_cameras(self.sysfs, self.dev)


@pytest.fixture
def kernel(tmp_path):
    return Kernel(tmp_path)


def test_cameras_are_listed_once_each_with_name_and_number(kernel):
    kernel.plug_in(10, "Late Camera")
    kernel.plug_in(2, "Brio 500")
    kernel.plug_in(3, "Brio 500", index=1)  # the same camera's metadata
    kernel.plug_in(0, "HD Webcam")
    assert [(camera.index, camera.name) for camera in kernel.cameras()] == [
        (0, "HD Webcam"),
        (2, "Brio 500"),
        (10, "Late Camera"),
    ]
    assert kernel.cameras()[0].trouble == ""
    assert describe(kernel.cameras()).startswith("cameras found: 0 (HD Webcam), 2 (Brio 500)")
    assert describe(()) == "no camera found"


def test_a_system_without_cameras_lists_none(tmp_path):
    assert linux_cameras(tmp_path / "nowhere", tmp_path) == ()


def test_two_cameras_give_the_right_one_by_name():
    cameras = [CameraInfo(0, "HD Webcam"), CameraInfo(2, "Brio 500"), CameraInfo(4, "Brio 500 B")]
    assert [camera.index for camera in match_name("webcam", cameras)] == [0]
    assert [camera.index for camera in match_name("Brio 500", cameras)] == [2]  # exact wins
    assert [camera.index for camera in match_name("brio", cameras)] == [2, 4]
    assert match_name("GoPro", cameras) == []
    assert match_name("", cameras) == []


# Another program that holds a file open until its input ends.
_HOLD = "import sys; held = open(sys.argv[1]); print('held', flush=True); sys.stdin.read()"


def test_a_camera_in_use_is_told_apart_from_one_that_is_gone(kernel):
    node = kernel.plug_in(0, "HD Webcam")
    assert trouble_with(node) == ""
    with node.open("rb"):
        assert users_of(node) == "", "hipcue's own grip on the camera is no trouble"
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(node)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        holder.stdout.readline()  # it has the camera now
        assert f"({holder.pid})" in users_of(node)
        assert trouble_with(node).startswith("used by ")
    finally:
        holder.communicate()
    node.unlink()
    assert trouble_with(node) == "not plugged in"


def test_a_camera_without_permission_says_so(kernel, monkeypatch):
    node = kernel.plug_in(0, "HD Webcam")
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may read everything
    assert trouble_with(node) == "no permission"


def test_modes_are_what_the_camera_gave_not_what_was_asked(tmp_path):
    capture = cv2.VideoCapture(str(counting_film(tmp_path / "film.mp4", fps=50.0)))
    assert probe_modes(capture) == (CameraMode(96, 64, 50.0),)


class WebCamera:
    """A network camera: JPEG pictures over HTTP, as many cheap ones send them."""

    def __init__(self, port: int = 0) -> None:
        self.stop = threading.Event()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                number = 0
                try:
                    while not outer.stop.wait(0.005):
                        data = cv2.imencode(".jpg", picture(number))[1].tobytes()
                        head = f"Content-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
                        self.wfile.write(b"--frame\r\n" + head.encode() + data + b"\r\n")
                        number += 1
                except OSError:
                    pass  # the viewer went away

            def log_message(self, *args):
                pass

        class Server(http.server.ThreadingHTTPServer):
            allow_reuse_address = True
            daemon_threads = False

        self.server = Server(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def unplug(self):
        self.stop.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def test_a_network_camera_that_is_unplugged_and_back_goes_on(capfd):
    server = WebCamera()
    try:
        address = f"http://user:pass@127.0.0.1:{server.port}/live"
        camera = open_camera(address, CameraSettings(), time.monotonic)
        assert camera.size_px == (96, 64)
        camera.start()
        before = camera.latest(20.0)
        assert before.image_bgr.shape == (64, 96, 3)
        assert camera.status().state is LinkState.LIVE
        server.unplug()
        while camera.status().state is not LinkState.LOST:
            camera.latest(0.01)
        assert camera.status().reason == Reason(ReasonCode.CAMERA_LOST)
        server = WebCamera(server.port)
        after = None
        while after is None:
            after = camera.latest(20.0)
        while camera.status().state is not LinkState.LIVE:
            assert camera.latest(20.0) is not None
        assert after.index > before.index
        assert after.t_capture_s > before.t_capture_s
        camera.close()
    finally:
        server.unplug()
    assert capfd.readouterr().err == ""
