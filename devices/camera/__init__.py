"""Cameras: live ones and films, behind one interface.

Verbs
-----
open_camera
    From an address (number, name, stream, film) to a `Camera`.
film_frames
    The frames of a film as fast as they decode, for analysis; `Film` has its facts.
list_cameras
    Which cameras there are, with their modes where asked.

A `Camera` has its own thread and room for one frame: the newest wins, what was lost is
counted, and every frame carries the time at which it was taken. A picture that shows the one
before once more is left out: it is a picture that is missing.

May import: devices, config.
"""

from hipcue.devices.camera.camera import Camera, FrameRate
from hipcue.devices.camera.enumerate import CameraInfo, CameraMode, list_cameras
from hipcue.devices.camera.film import Film, film_frames
from hipcue.devices.camera.live import LiveCamera
from hipcue.devices.camera.mailbox import Mailbox, RateMeter
from hipcue.devices.camera.opening import open_camera
from hipcue.devices.camera.paced import PacedFilm
from hipcue.devices.camera.repeats import RepeatDetector

__all__ = [
    "Camera",
    "CameraInfo",
    "CameraMode",
    "Film",
    "FrameRate",
    "LiveCamera",
    "Mailbox",
    "PacedFilm",
    "RateMeter",
    "RepeatDetector",
    "film_frames",
    "list_cameras",
    "open_camera",
]
