"""Records the film of a session from its own thread."""

from __future__ import annotations

import queue
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import Frame
from hipcue.realtime.records import Joint, Pose
from hipcue.realtime.session.folder import keep_private, private_opener
from hipcue.realtime.session.video_file import RAW, TIMES, Picture, finish_video

# Half a second of pictures may wait; then pictures are left out, never the run held up.
_WAITING = 30
_CHECK_EVERY = 60
_HEAD = (Joint.NOSE, Joint.L_EAR, Joint.R_EAR)
# Below this confidence a head point is not trusted to hide a face. Our choice.
_MIN_CONFIDENCE = 0.3
# A face becomes this many squares across: beyond recognition, whatever the resolution.
_SQUARES = 5


class VideoRecorder:
    """Writes video.mp4, scaled, with the time of every picture in video_times.csv.

    `add` returns at once. The film stops by itself, and stays stopped, when free space
    falls below `keep_free_bytes`; `fault` then says so. What was filmed until a kill is
    turned into video.mp4 when the session is repaired.

    Parameters
    ----------
    folder : Path
        The session's folder.
    size : (width, height)
        Pictures are scaled down to fit into this, keeping their shape.
    fps : float
        Nominal rate of the camera; the true times are kept beside.
    blur_face : bool
        Make the head unrecognisable. A picture in which no head was found is blurred as a
        whole: rather no picture than a face.
    keep_free_bytes : int
        Stop below this much free space.
    tell : callable
        Told once, from the film's own thread, why the film stopped.
    """

    def __init__(
        self,
        folder: Path,
        size: tuple[int, int],
        fps: float,
        *,
        blur_face: bool = False,
        keep_free_bytes: int = 500_000_000,
        tell: Callable[[Reason], None] = lambda fault: None,
    ) -> None:
        self.fault: Reason | None = None
        self.left_out = 0
        self._folder = folder
        self._largest = size
        self._fps = fps
        self._blur_face = blur_face
        self._keep_free_bytes = keep_free_bytes
        self._tell = tell
        self._queue: queue.Queue[tuple[Frame, Pose | None] | None] = queue.Queue(_WAITING)
        self._film: cv2.VideoWriter | None = None
        self._size = (0, 0)
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="session-video", daemon=True)
        self._thread.start()

    def add(self, frame: Frame, pose: Pose | None = None) -> None:
        """Film a picture; left out (and counted) when the thread cannot keep up."""
        if self._closed or self.fault is not None:
            return
        try:
            self._queue.put_nowait((frame, pose))
        except queue.Full:
            self.left_out += 1

    def close(self) -> None:
        """Finish video.mp4. Closing twice is harmless."""
        if self._closed:
            return
        self._closed = True
        self._queue.put(None)
        self._thread.join()
        if self._film is not None:
            self._film.release()
            self.fault = finish_video(self._folder) or self.fault

    def _run(self) -> None:
        count = 0
        try:
            times_file = self._folder / TIMES
            with open(
                times_file, "w", encoding="ascii", newline="", opener=private_opener
            ) as times:
                times.write("frame,t_capture_s\n")
                while (item := self._queue.get()) is not None:
                    if self.fault is None and self._room(count):
                        self._write(*item)
                        times.write(f"{count},{item[0].t_capture_s!r}\n")
                        times.flush()
                        count += 1
        except (OSError, cv2.error) as error:
            self._stopped(Reason(ReasonCode.FILM_STOPPED, why=str(error)))
            while self._queue.get() is not None:
                pass

    def _room(self, count: int) -> bool:
        if count % _CHECK_EVERY == 0:
            free = shutil.disk_usage(self._folder).free
            if free < self._keep_free_bytes:
                mb = free // 1_000_000
                self._stopped(Reason(ReasonCode.FILM_STOPPED_FOR_SPACE, mb=mb))
        return self.fault is None

    def _stopped(self, why: Reason) -> None:
        self.fault = why
        self._tell(why)

    def _write(self, frame: Frame, pose: Pose | None) -> None:
        height, width = frame.image_bgr.shape[:2]
        if self._film is None:
            self._size = fit((width, height), self._largest)
            self._film = cv2.VideoWriter(
                str(self._folder / RAW),
                cv2.CAP_FFMPEG,
                cv2.VideoWriter.fourcc(*"XVID"),
                self._fps,
                self._size,
            )
            if not self._film.isOpened():
                raise OSError("video cannot be written on this machine")
            keep_private(self._folder / RAW)
        small = cv2.resize(frame.image_bgr, self._size, interpolation=cv2.INTER_AREA)
        picture = np.asarray(small, np.uint8)
        if self._blur_face:
            hide_face(picture, pose, self._size[0] / width)
        self._film.write(picture)


def fit(size: tuple[int, int], largest: tuple[int, int]) -> tuple[int, int]:
    """Return a size scaled down to fit, even in both directions as encoders want it."""
    scale = min(largest[0] / size[0], largest[1] / size[1], 1.0)
    even = [max(round(n * scale) // 2 * 2, 2) for n in size]
    return even[0], even[1]


def faceless(frame: Frame, pose: Pose | None) -> Frame:
    """Return a frame whose head is unrecognisable; the given one stays as it is."""
    picture = frame.image_bgr.copy()
    hide_face(picture, pose, 1.0)
    return replace(frame, image_bgr=picture)


def hide_face(picture: Picture, pose: Pose | None, scale: float) -> None:
    """Make the head in a picture unrecognisable, in place.

    Parameters
    ----------
    picture : ndarray of uint8, shape (height, width, 3)
        The scaled picture.
    pose : Pose or None
        Where the joints are in the full picture; without a trusted head everything is
        blurred.
    scale : float
        Scaled width over full width.
    """
    box = _head_box(pose, scale)
    height, width = picture.shape[:2]
    x0, y0, x1, y1 = (0, 0, width, height) if box is None else box
    x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, width), min(y1, height)
    if x1 - x0 < 1 or y1 - y0 < 1:
        return
    part = picture[y0:y1, x0:x1]
    few = (min(_SQUARES, x1 - x0), min(_SQUARES, y1 - y0))
    coarse = cv2.resize(part, few, interpolation=cv2.INTER_AREA)
    picture[y0:y1, x0:x1] = cv2.resize(coarse, (x1 - x0, y1 - y0))


def _head_box(pose: Pose | None, scale: float) -> tuple[int, int, int, int] | None:
    if pose is None or not pose.seen:
        return None
    rows = [j for j in _HEAD if pose.confidence[j] >= _MIN_CONFIDENCE]
    points: NDArray[np.float64] = pose.xy_px[rows]
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return None
    shoulders = pose.xy_px[[Joint.L_SHOULDER, Joint.R_SHOULDER]]
    hips = pose.xy_px[[Joint.L_HIP, Joint.R_HIP]]
    trunk_px = float(np.linalg.norm(shoulders.mean(axis=0) - hips.mean(axis=0)))
    # A head is about half as high as the trunk from shoulder to hip; 0.36 of it in every
    # direction covers it from any head point, hair included.
    reach = 0.36 * trunk_px if trunk_px == trunk_px else 0.08 * pose.size_px[1]
    low, high = points.min(axis=0) - reach, points.max(axis=0) + reach
    x0, y0, x1, y1 = (int(v) for v in (*np.floor(low * scale), *np.ceil(high * scale)))
    return x0, y0, x1, y1
