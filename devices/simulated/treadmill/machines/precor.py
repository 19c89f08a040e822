"""The console of a Precor 9.3x."""

from __future__ import annotations

from hipcue.devices.simulated.treadmill.machines.machine import BeltTruth, StreamingMachine
from hipcue.devices.transport import SerialParameters
from hipcue.devices.treadmill.protocols import precor


class PrecorMachine(StreamingMachine):
    """The console of a 9.3x: fourteen keys in 0.36 s, as in the recordings."""

    _CYCLE = (
        *("amps", "err", "belt", "vbus", "lift", "lfts", "lftg", "part:6", "ver", "type"),
        *("diag:0", "loop:5550", "inc:0"),
    )

    def __init__(self) -> None:
        super().__init__(SerialParameters(9600), 0.36)

    def message(self, belt: BeltTruth) -> bytes:
        """Return one cycle, the speed last."""
        speed = f"hmph:{max(0, round(belt.speed_mps / precor.COUNT_MPS)):X}"
        return b"".join(f"[{key}]".encode("ascii") + b"\xff" for key in (*self._CYCLE, speed))
