"""A simulated treadmill: a real port, real frames, a belt whose speed can be set."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from hipcue.config.errors import UserError
from hipcue.devices.readings import Clock
from hipcue.devices.simulated.treadmill.faults import Faults
from hipcue.devices.simulated.treadmill.machines import MACHINES, BeltTruth, Machine
from hipcue.devices.simulated.treadmill.ports import MachinePort, PtyPort, TcpPort
from hipcue.devices.transport import SerialParameters

# The thread looks up so often when nothing else is due.
_TURN_S = 0.01


class SimulatedTreadmill:
    """Speaks a protocol on a pseudo-terminal or a TCP port, in a thread of its own.

    Messages take their time to be sent (10 bits a byte at the machine's baud rate); a client
    that listens at another rate receives and sends noise, as it would in the gym.

    Parameters
    ----------
    protocol : str
        Name in `MACHINES`.
    clock : callable
        The clock its belt lives on.
    speed_mps : float
        Belt speed to begin with.
    grade_percent : float
        Slope.
    speed_source : callable, optional
        Returns the belt speed in m/s at any moment; then `set_speed` has no effect.
    faults : Faults
        What goes wrong on the transport.
    link : Path, optional
        Symbolic link that names the pseudo-terminal.
    tcp_port : int
        For machines on the network; 0 takes any free one.
    machine : Machine, optional
        Another machine than the protocol's usual one.
    thinking_s : float
        What the console needs between question and answer.
    seed : int
        Of the faults.

    Raises
    ------
    UserError
        For an unknown protocol, or a port that cannot be offered.
    """

    def __init__(
        self,
        protocol: str = "csafe",
        clock: Clock = time.monotonic,
        speed_mps: float = 0.0,
        *,
        grade_percent: float = 0.0,
        speed_source: Callable[[], float] | None = None,
        faults: Faults | None = None,
        link: Path | None = None,
        tcp_port: int = 0,
        machine: Machine | None = None,
        thinking_s: float = 0.004,
        seed: int = 1,
    ) -> None:
        if protocol not in MACHINES:
            raise UserError(
                f"cannot simulate {protocol!r}", "unknown protocol", ", ".join(sorted(MACHINES))
            )
        self.protocol = protocol
        self.machine = machine or MACHINES[protocol]()
        self.faults = faults or Faults()
        self.first_contact_s: float | None = None
        self._clock = clock
        self._speed_mps = speed_mps
        self._grade_percent = grade_percent
        self._speed_source = speed_source
        self._thinking_s = thinking_s
        self._rng = random.Random(seed)
        self._distance_m = 0.0
        self._moved_s = clock()
        self._due: list[tuple[float, bytes]] = []
        self._sent_until_s = 0.0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        parameters = self.machine.parameters
        # A network hardly takes time.
        self._baud = parameters.baud if isinstance(parameters, SerialParameters) else 10_000_000
        self._port: MachinePort = (
            PtyPort(link) if isinstance(parameters, SerialParameters) else TcpPort(tcp_port)
        )

    @property
    def target(self) -> str:
        """The port it offers, e.g. ``/dev/pts/5`` or ``127.0.0.1:4000``."""
        return self._port.target

    @property
    def address(self) -> str:
        """The address for `open_treadmill`, e.g. ``csafe:/dev/pts/5``."""
        return f"{self.protocol}:{self._port.target}{self.machine.options}"

    @property
    def speed_mps(self) -> float:
        """Belt speed now."""
        return self._speed_source() if self._speed_source is not None else self._speed_mps

    def set_speed(self, speed_mps: float) -> None:
        """Set the belt's speed, at once."""
        self._speed_mps = speed_mps

    def start(self) -> None:
        """Begin to answer and to send."""
        if self._thread is None and not self._stop.is_set():
            self._thread = threading.Thread(target=self._run, name="sim treadmill", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Pull the plug."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(2.0)
        self._port.close()

    def __enter__(self) -> SimulatedTreadmill:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            now = self._clock()
            wait_s = _TURN_S if not self._due else min(_TURN_S, max(0.0, self._due[0][0] - now))
            there = self._port.wait(wait_s)
            if not there:
                # Nobody has the port open: what is on the way is lost.
                self._due.clear()
                self._stop.wait(_TURN_S)
                continue
            self._turn(self._clock())

    def _turn(self, now: float) -> None:
        belt = self._belt(now)
        asked = self._port.read()
        right_baud = self._port.right_baud(self._baud)
        if not right_baud and asked:
            asked = self._rng.randbytes(len(asked))
        sent = self.machine.answer(asked, belt) if asked else b""
        sent += self.machine.stream(belt)
        if self.first_contact_s is None and (asked or sent):
            self.first_contact_s = now
        if self.faults.garbage:
            sent = self._rng.randbytes(8)
        if sent and not self.faults.stalled(now - (self.first_contact_s or now)):
            if not right_baud:
                sent = self._rng.randbytes(len(sent))
            self._send(self.faults.damage(sent, self._rng), now)
        while self._due and self._due[0][0] <= now:
            self._port.write(self._due.pop(0)[1])

    def _send(self, data: bytes, now: float) -> None:
        """Send a message: each piece arrives when its last bit does."""
        self._sent_until_s = max(self._sent_until_s, now + self._thinking_s)
        for piece in self.faults.pieces(data, self._rng):
            self._sent_until_s += 10.0 * len(piece) / self._baud
            self._due.append((self._sent_until_s, piece))

    def _belt(self, now: float) -> BeltTruth:
        speed = self.speed_mps
        self._distance_m += speed * max(0.0, now - self._moved_s)
        self._moved_s = now
        return BeltTruth(now, speed, self._grade_percent, self._distance_m)
