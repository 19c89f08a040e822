"""What every camera promises, be it live, a film or drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from hipcue.devices.readings import DeviceStatus, Frame


@dataclass(frozen=True, slots=True)
class FrameRate:
    """Frames per second: asked for, promised by the camera, and counted.

    Attributes
    ----------
    asked : float or None
        What the settings want; ``None`` for films.
    got : float or None
        What the camera or the film's container says it gives; ``None`` when it says nothing.
    measured : float or None
        Counted over the last 2 s of time stamps; ``None`` before there are enough.
    """

    asked: float | None
    got: float | None
    measured: float | None


class Camera(Protocol):
    """A source of pictures with its own thread and a mailbox for one frame.

    Use: ``start()``, then ``latest()`` until `ended`, then ``close()``.
    """

    def start(self) -> None:
        """Begin to take pictures; a second call does nothing."""

    def latest(self, timeout_s: float) -> Frame | None:
        """Return the newest frame not yet returned, waiting up to `timeout_s` for one.

        Frames that arrive while nobody asks replace each other; `Frame.dropped` counts
        them. ``None`` when no new frame came in time. An error in the camera's thread
        that nobody foresaw is raised here.
        """

    @property
    def ended(self) -> bool:
        """Whether no frame will ever come again; live cameras never end by themselves."""

    def status(self) -> DeviceStatus:
        """Return how the camera is doing: name ``"camera"``, state, text and advice."""

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the pictures."""

    @property
    def fps(self) -> FrameRate:
        """Frames per second asked for, promised and measured."""

    def close(self) -> None:
        """Stop the thread and give the device back; a second call does nothing."""
