"""One thread that listens to a device until closed, and gets a lost port back by itself.

    Endpoint.open ─► Transport.read ─► stamp ─► Reader.feed ─► samples ─► drain()
         ▲                 │
         └──── back-off ◄──┴─ lost, or silent for too long

The link knows the port, the time and the order. What the bytes mean, and how the device is
doing, is its `Reader`'s; where a device must be asked, its `Questions` say what and when.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from typing import Generic

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.reader import SILENT_S, LinkHealth, Questions, Reader, Sample
from hipcue.devices.readings import Clock, DeviceStatus
from hipcue.devices.transport import Endpoint, Transport, TransportLostError

# Pauses between attempts to get a lost port back; the last one repeats. Its length keeps
# the time from the port's return to the next reading under 3 s.
RETRY_PAUSES_S = (0.1, 0.25, 0.5, 1.0, 1.5)
# Waiting for bytes ends this often, so that closing is prompt.
_TURN_S = 0.05
# The shortest wait for bytes before a question that is nearly due.
_LEAST_WAIT_S = 0.001
# A turn takes 0.05 s. When the clock says this, the program slept or the clock was set:
# nobody knows how old the waiting bytes are.
_JUMP_S = 2.0
# A thread that hangs in a driver of the system is left behind after this.
_JOIN_S = 3.0
# The engine drains at every frame: this many samples are seconds even at 1000 per second.
_MOST_WAITING = 4096


class LinkThread(Generic[Sample]):
    """Listens to a device in a thread of its own, from `start` to `close`.

    Parameters
    ----------
    reader : Reader
        What the bytes mean; called by the thread only, but for `status`.
    endpoint : Endpoint
        Opens the port, and opens it again after it was lost.
    clock : callable
        Stamps what comes.
    name : str
        The thread's.
    transport : Transport, optional
        The port when it is open already; otherwise the thread opens it.
    questions : Questions, optional
        For a device that must be asked. Without them nothing is ever sent.
    retry_pauses_s : sequence of float
        Pauses between attempts to open the port again; the last one repeats.
    reopen_after_s : float or None
        A port that is silent for so long is opened anew: some adapters hang until then.
        ``None`` for a connection that is known to end by itself.
    """

    def __init__(
        self,
        reader: Reader[Sample],
        endpoint: Endpoint,
        clock: Clock,
        *,
        name: str,
        transport: Transport | None = None,
        questions: Questions | None = None,
        retry_pauses_s: Sequence[float] = RETRY_PAUSES_S,
        reopen_after_s: float | None = SILENT_S,
    ) -> None:
        self._reader = reader
        self._endpoint = endpoint
        self._clock = clock
        self._name = name
        self._transport = transport
        self._questions = questions
        self._pauses_s = retry_pauses_s
        self._reopen_after_s = reopen_after_s
        self._health = LinkHealth(started_s=clock(), opened_s=clock())
        self._samples: deque[Sample] = deque(maxlen=_MOST_WAITING)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None
        # The first opening waits for nothing.
        self._pausing = transport is not None
        self._attempts = 0
        self._turn_s: float | None = None
        self._newest_s: float | None = None

    def start(self) -> None:
        """Begin to listen."""
        if self._thread is None and not self._stop.is_set():
            self._health.started_s = self._health.opened_s = self._clock()
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    def drain(self) -> tuple[Sample, ...]:
        """Return all new samples since the last call, in the order of time.

        Raises
        ------
        Exception
            What ended the thread, if a mistake in hipcue did.
        """
        if self._error is not None:
            raise self._error
        with self._lock:
            samples = tuple(self._samples)
            self._samples.clear()
        return samples

    def status(self) -> DeviceStatus:
        """Return how the device is doing, or what is wrong and what to do."""
        return self._reader.status(replace(self._health), self._clock())

    def close(self) -> None:
        """Stop listening and give the port back."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(_JOIN_S)
        else:
            self._give_back()
        self._health.stopped = True

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                if self._transport is None:
                    self._open()
                    continue
                try:
                    self._turn(self._transport)
                except TransportLostError as lost:
                    self._close_transport()
                    self._health.lost = lost.reason
        except BaseException as error:
            self._error = error
        finally:
            self._give_back()

    def _turn(self, transport: Transport) -> None:
        """Ask when it is time, and take what came."""
        now = self._clock()
        if self._turn_s is not None and not 0.0 <= now - self._turn_s <= _JUMP_S:
            transport.flush()
            self._begin_anew(now)
        self._turn_s = now
        wait_s = _TURN_S
        if self._questions is not None:
            question = self._questions.poll(now)
            if question:
                transport.write(question)
            wait_s = min(wait_s, max(self._questions.next_s - self._clock(), _LEAST_WAIT_S))
        data = transport.read(wait_s)
        if data:
            self._take(data, self._clock())
        elif self._reopen_after_s is not None and self._silence_s(now) > self._reopen_after_s:
            self._close_transport()

    def _take(self, data: bytes, now: float) -> None:
        self._health.byte_s = now
        parsed = self._reader.feed(data, now)
        if parsed.frame:
            self._health.frame_s = now
            self._health.returned = False
            self._attempts = 0
        if parsed.value:
            self._health.value_s = now
        later: list[Sample] = []
        for sample in parsed.samples:
            # Of two readings of one instant the first stands.
            if self._newest_s is None or sample.t_s > self._newest_s:
                self._newest_s = sample.t_s
                later.append(sample)
        with self._lock:
            self._samples.extend(later)

    def _begin_anew(self, now: float) -> None:
        """After a jump of the clock: what is known has no age any more."""
        self._reader.reset(now)
        self._newest_s = None
        started_s = min(self._health.started_s, now)
        self._health = LinkHealth(started_s=started_s, opened_s=now, jump_s=now)

    def _silence_s(self, now: float) -> float:
        byte_s, opened_s = self._health.byte_s, self._health.opened_s
        return now - (opened_s if byte_s is None else max(byte_s, opened_s))

    def _open(self) -> None:
        """Wait a growing pause, then try to open the port."""
        if self._pausing:
            pause_s = self._pauses_s[min(self._attempts, len(self._pauses_s) - 1)]
            self._attempts += 1
            if self._stop.wait(pause_s):
                return
        self._pausing = True
        try:
            self._transport = self._endpoint.open(self._stop)
        except UserError as error:
            self._health.attempt = Reason(ReasonCode.OTHER, text=error.seen)
            if self._health.lost is None:
                self._health.lost = Reason(ReasonCode.OTHER, text=error.failed)
            return
        now = self._turn_s = self._clock()
        self._reader.reset(now)
        self._health.returned = self._health.lost is not None
        self._health.lost = self._health.attempt = None
        self._health.opened_s = now

    def _close_transport(self) -> None:
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def _give_back(self) -> None:
        self._close_transport()
        self._endpoint.close()
