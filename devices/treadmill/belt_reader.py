"""What a treadmill's bytes mean: driver, time of each sample, spike filter, questions."""

from __future__ import annotations

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import TreadmillSettings
from hipcue.devices.pace import Pace
from hipcue.devices.reader import LinkHealth, Parsed
from hipcue.devices.readings import BeltSample, DeviceStatus
from hipcue.devices.treadmill.spike_filter import SpikeFilter
from hipcue.devices.treadmill.status import belt_status
from hipcue.devices.treadmill.treadmill import Driver

# CSAFE gives a machine one second to answer; quick ones are asked again sooner when an
# answer got lost: after four times their usual time, but not before a quarter second.
_ANSWER_S = 1.0
_LEAST_ANSWER_S = 0.25
# Weight of a new answer in the machine's usual time to answer.
_LEARN = 0.2
# Consoles want a pause between two frames. Our choice; public readers use 50 ms and more.
_BREATH_S = 0.05
# A driver that only listens is asked for a question this often.
_NOTHING_TO_ASK_S = 1.0
CHECK_CABLE = Reason(ReasonCode.CHECK_CABLE)


class BeltReader:
    """The `Reader` of a treadmill, and its `Questions`.

    A machine that is asked looked at its belt between question and answer: its samples are
    stamped with the middle of the two, all others with their arrival. The machine's own lag
    is taken off.

    Parameters
    ----------
    driver : Driver
        The protocol.
    settings : TreadmillSettings
        `poll_hz`, `stale_after_s` and `latency_s`.
    where : str
        The port, for the screen.
    spoken : Reason or str
        What is spoken on it: the protocol and how, e.g. ``CSAFE at 9600 baud``.
    remedy : Reason
        What helps when the port is gone, for the screen.
    """

    def __init__(
        self,
        driver: Driver,
        settings: TreadmillSettings,
        *,
        where: str,
        spoken: Reason | str,
        remedy: Reason = CHECK_CABLE,
    ) -> None:
        self._driver = driver
        self._settings = settings
        self._where = where
        self._spoken = spoken
        self._remedy = remedy
        self._spikes = SpikeFilter()
        self._pace = Pace(settings.stale_after_s)
        self._reason: Reason | None = None
        self._asked_s: float | None = None
        self._next_s = float("-inf")
        self._usual_answer_s: float | None = None

    @property
    def next_s(self) -> float:
        """When the next question is due."""
        return self._next_s

    def poll(self, now_s: float) -> bytes:
        """Return the question that is due; ``b""`` for none."""
        if now_s < self._next_s:
            return b""
        question = self._driver.poll(now_s)
        if not question:
            self._next_s = now_s + _NOTHING_TO_ASK_S
            return b""
        self._asked_s = now_s
        usual = self._usual_answer_s
        patience = _ANSWER_S if usual is None else min(max(4.0 * usual, _LEAST_ANSWER_S), _ANSWER_S)
        self._next_s = now_s + max(patience, 1.0 / self._settings.poll_hz)
        return question

    def feed(self, data: bytes, now_s: float) -> Parsed[BeltSample]:
        """Take bytes that came at `now_s`; a speed that jumps waits for the next to confirm it."""
        asked_s = self._asked_s
        true_s = now_s if asked_s is None else (asked_s + now_s) / 2.0
        frames = self._driver.frames
        samples = self._driver.feed(data, true_s - self._settings.latency_s)
        frame = self._driver.frames > frames
        if samples:
            self._reason = samples[-1].reason
            self._pace.add(samples[-1].t_s)
        if frame and asked_s is not None:
            self._answered(asked_s, now_s, about_speed=bool(samples))
        return Parsed(
            [passed for sample in samples for passed in self._spikes.add_sample(sample)],
            frame=frame,
            value=any(sample.speed_mps is not None for sample in samples),
        )

    def reset(self, now_s: float) -> None:
        """Drop half frames and held-back samples, and ask at once."""
        self._driver.reset()
        self._spikes.reset()
        self._pace.reset()
        self._reason = None
        self._asked_s = None
        self._next_s = now_s

    def status(self, health: LinkHealth, now_s: float) -> DeviceStatus:
        """Return ``belt CSAFE``, or what is wrong and what to do."""
        return belt_status(
            health,
            now_s,
            name=self._driver.name,
            note=self._driver.note,
            reason=self._reason,
            where=self._where,
            spoken=self._spoken,
            stale_after_s=self._pace.stale_after_s,
            remedy=self._remedy,
        )

    def _answered(self, asked_s: float, now_s: float, *, about_speed: bool) -> None:
        """Learn how quick the machine is, and choose the time of the next question."""
        usual, took_s = self._usual_answer_s, now_s - asked_s
        self._usual_answer_s = took_s if usual is None else (1.0 - _LEARN) * usual + _LEARN * took_s
        # A question about something else than speed does not cost a reading.
        pause_s = 1.0 / self._settings.poll_hz if about_speed else _BREATH_S
        self._next_s = max(now_s, asked_s + pause_s)
        self._asked_s = None
