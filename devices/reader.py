"""What a link needs to know of a device: what its bytes mean, what to ask it, how it is doing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from hipcue.config.reasons import Reason
from hipcue.devices.readings import DeviceStatus

# Silence longer than this is a lost device, and its port is opened anew. Our choice.
SILENT_S = 5.0


class Timed(Protocol):
    """A sample with its time."""

    @property
    def t_s(self) -> float:
        """When the value was true, on the one monotonic clock."""


Sample = TypeVar("Sample", bound=Timed)


@dataclass(frozen=True, slots=True)
class Parsed(Generic[Sample]):
    """What new bytes meant.

    Attributes
    ----------
    samples : sequence of Sample
        Those that became complete, in the order of time.
    frame : bool
        Whether a whole, sound frame was among the bytes: the device speaks our protocol.
    value : bool
        Whether a frame held a usable value.
    """

    samples: Sequence[Sample] = ()
    frame: bool = False
    value: bool = False


@dataclass(slots=True)
class LinkHealth:
    """When the link last received what, on its clock; ``None`` for never.

    Attributes
    ----------
    started_s, opened_s : float
        When listening began, and when the port was opened last.
    byte_s, frame_s, value_s : float or None
        When bytes, a whole frame and a usable value came last.
    jump_s : float or None
        When the clock was seen to jump.
    lost : Reason or None
        Why the port is not there; None while it is.
    attempt : Reason or None
        Why it could not be opened again.
    returned : bool
        Whether it was opened again and no frame has come since.
    stopped : bool
        Whether the link is closed.
    """

    started_s: float
    opened_s: float
    byte_s: float | None = None
    frame_s: float | None = None
    value_s: float | None = None
    jump_s: float | None = None
    lost: Reason | None = None
    attempt: Reason | None = None
    returned: bool = False
    stopped: bool = False


class Reader(Protocol[Sample]):
    """Makes samples of one device's bytes; opens nothing and reads no clock."""

    def feed(self, data: bytes, now_s: float) -> Parsed[Sample]:
        """Take bytes that came at `now_s`, cut anywhere; never raises."""

    def reset(self, now_s: float) -> None:
        """Forget half a frame and all that must not bridge an interruption."""

    def status(self, health: LinkHealth, now_s: float) -> DeviceStatus:
        """Say how the device is doing; called from other threads."""


class Questions(Protocol):
    """Decides what a device is asked, and when."""

    @property
    def next_s(self) -> float:
        """When the next question is due."""

    def poll(self, now_s: float) -> bytes:
        """Return the question that is due, to be sent at once; ``b""`` for none."""
