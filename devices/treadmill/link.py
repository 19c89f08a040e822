"""One link thread for all wires: ask, read, stamp; go on after an interruption."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from hipcue.config.errors import UserError
from hipcue.config.settings import TreadmillSettings
from hipcue.devices.readings import BeltSample, DeviceStatus
from hipcue.devices.treadmill.sample_queue import SampleQueue
from hipcue.devices.treadmill.status import SILENT_S
from hipcue.devices.treadmill.transport import Transport, TransportLostError
from hipcue.devices.treadmill.treadmill import Clock, Driver

# Pauses between attempts to get a lost port back; the last one repeats. Its length keeps
# the way from the port's return to the next reading under 3 s.
RETRY_PAUSES_S = (0.1, 0.25, 0.5, 1.0, 1.5)
# Waiting for bytes ends this often, so that closing is prompt.
_TURN_S = 0.05
# CSAFE gives a machine one second to answer; quick ones are asked again sooner when an
# answer got lost: after four times their usual time, but not before a quarter second.
_ANSWER_S = 1.0
_LEAST_ANSWER_S = 0.25
# Consoles want a pause between two frames. Our choice; public readers use 50 ms and more.
_BREATH_S = 0.05
# A turn takes 0.05 s. When the clock says this, the program slept or the clock was set:
# nobody knows how old the waiting bytes are.
_JUMP_S = 2.0


class Link:
    """Listens to a driver's wire in a thread of its own until closed.

    Parameters
    ----------
    wire : Transport
        Already open.
    reopen : callable
        Opens it again after it was lost; raises UserError when that cannot be done yet.
    driver : Driver
        The protocol.
    settings : TreadmillSettings
        `poll_hz`, `stale_after_s` and `latency_s`.
    clock : callable
        Stamps the samples.
    where : str
        The port, for the screen.
    retry_pauses_s : sequence of float
        Pauses between attempts to reopen; the last one repeats.
    """

    def __init__(
        self,
        wire: Transport,
        reopen: Callable[[], Transport],
        driver: Driver,
        settings: TreadmillSettings,
        clock: Clock,
        *,
        where: str,
        retry_pauses_s: Sequence[float] = RETRY_PAUSES_S,
    ) -> None:
        self._wire: Transport | None = wire
        self._reopen = reopen
        self._driver = driver
        self._settings = settings
        self._clock = clock
        self._pauses_s = retry_pauses_s
        self._intake = SampleQueue(driver, settings, clock, where)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._attempts = 0
        self._asked_s: float | None = None
        self._ask_next_s = clock()
        self._usual_answer_s: float | None = None
        self._turn_s: float | None = None

    def start(self) -> None:
        """Begin to listen."""
        if self._thread is None and not self._stop.is_set():
            heard = self._intake.heard
            heard.started_s = heard.opened_s = self._clock()
            self._thread = threading.Thread(target=self._run, name="belt", daemon=True)
            self._thread.start()

    def drain(self) -> tuple[BeltSample, ...]:
        """Return all new samples since the last call, in time order."""
        return self._intake.drain()

    def status(self) -> DeviceStatus:
        """Return the light: ``belt CSAFE``, or what is wrong and what to do."""
        return self._intake.status()

    def samples_at(self, times_s: Sequence[float]) -> list[BeltSample]:
        """Refuse, with a UserError: a recording has no wire."""
        return self._intake.samples_at(times_s)

    def close(self) -> None:
        """Stop listening and give the port back."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(3.0)
        else:
            self._let_go()
        self._intake.heard.stopped = True

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                if self._wire is None:
                    self._try_again()
                    continue
                try:
                    self._turn(self._wire)
                except TransportLostError as lost:
                    self._let_go()
                    self._intake.heard.gone = str(lost)
        except BaseException as error:
            self._intake.error = error
        finally:
            self._let_go()

    def _turn(self, wire: Transport) -> None:
        """Ask when it is time, and take what came."""
        now = self._clock()
        if self._turn_s is not None and not 0.0 <= now - self._turn_s <= _JUMP_S:
            wire.flush()
            self._intake.jumped(now)
            self._asked_s = None
            self._ask_next_s = now
        self._turn_s = now
        if now >= self._ask_next_s:
            self._ask(wire, now)
        data = wire.read(min(_TURN_S, max(self._ask_next_s - self._clock(), 0.001)))
        if data:
            self._take(data, self._clock())
        elif self._silent(now):
            # Some adapters hang until they are opened anew.
            self._let_go()

    def _ask(self, wire: Transport, now: float) -> None:
        question = self._driver.poll(now)
        if not question:
            self._ask_next_s = now + 1.0
            return
        wire.write(question)
        self._asked_s = now
        usual = self._usual_answer_s
        patience = _ANSWER_S if usual is None else min(max(4.0 * usual, _LEAST_ANSWER_S), _ANSWER_S)
        self._ask_next_s = now + max(patience, 1.0 / self._settings.poll_hz)

    def _take(self, data: bytes, now: float) -> None:
        """Stamp new bytes: the machine looked at its belt between question and answer."""
        asked_s = self._asked_s
        understood, answered = self._intake.take(
            data, now, now if asked_s is None else (asked_s + now) / 2.0
        )
        if not understood:
            return
        self._attempts = 0
        if asked_s is not None:
            usual = self._usual_answer_s
            took = now - asked_s
            self._usual_answer_s = took if usual is None else 0.8 * usual + 0.2 * took
            # A question about something else than speed does not cost a reading.
            pause_s = 1.0 / self._settings.poll_hz if answered else _BREATH_S
            self._ask_next_s = max(now, asked_s + pause_s)
            self._asked_s = None

    def _silent(self, now: float) -> bool:
        stamps = (self._intake.heard.byte_s, self._intake.heard.opened_s)
        return now - max(stamp for stamp in stamps if stamp is not None) > SILENT_S

    def _let_go(self) -> None:
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    def _try_again(self) -> None:
        """Wait a growing pause, then try to open the port again."""
        pause_s = self._pauses_s[min(self._attempts, len(self._pauses_s) - 1)]
        self._attempts += 1
        if self._stop.wait(pause_s):
            return
        heard = self._intake.heard
        try:
            self._wire = self._reopen()
        except UserError as error:
            heard.attempt = error.seen
            heard.gone = heard.gone or error.failed
            return
        now = self._clock()
        self._intake.returned(now)
        self._asked_s = None
        self._ask_next_s = self._turn_s = now
