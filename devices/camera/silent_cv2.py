"""OpenCV without its own words on stderr: hipcue says what is wrong, in one line.

Import ``cv2`` from here where cameras and films are opened.
"""

from __future__ import annotations

import os

# Read by OpenCV when it is first loaded (log) and when it first opens a film (FFmpeg).
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
# A camera that was unplugged blocks the grab this long; OpenCV's own choice is 10 s.
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "2")

import cv2

# For the case that somebody else loaded OpenCV first. It moved there with OpenCV 5.
getattr(cv2.utils, "logging", cv2).setLogLevel(0)

__all__ = ["cv2"]
