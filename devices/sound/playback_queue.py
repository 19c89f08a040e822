"""What waits to be played, and what comes first. No sound card, no thread, no clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SoundOrder:
    """What is to be played: a tone by name, or a phrase that was prepared.

    Attributes
    ----------
    number : int
        Number of the cue.
    speech : bool
        Whether `sound` is a phrase; else the name of a tone.
    sound : str
        Tone of config/cues.toml, or the phrase's text.
    priority : int
        Higher or equal replaces what waits.
    expires_s : float
        On the clock of `Sound`; what has not begun by then is dropped.
    balance : float
        -1 left ear, 0 both, 1 right ear; tones only.
    """

    number: int
    speech: bool
    sound: str
    priority: int
    expires_s: float
    balance: float = 0.0


@dataclass(frozen=True, slots=True)
class Played:
    """When a cue was asked for and when the mixer took its first sample.

    The mixer fetches sound in buffers of 256 frames (6 ms): `t_mixer_s` is the return of the
    play call plus one buffer, the latest instant at which a mixer that keeps its pace took
    the first sample. pygame has no call-back from the mixer that would not itself risk a
    gap in the sound, and what the system adds after the mixer only a microphone can tell:
    `measure_sound_latency`.
    """

    cue_number: int
    t_request_s: float
    t_mixer_s: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order and when it was given."""

    order: SoundOrder
    asked_s: float


class PlaybackQueue:
    """One place for tones and one for speech; the more urgent takes it, or the newer."""

    def __init__(self) -> None:
        self._tone: Waiting | None = None
        self._speech: Waiting | None = None

    def put(self, order: SoundOrder, now_s: float) -> None:
        """Let an order wait, unless one more urgent does already."""
        there = self._speech if order.speech else self._tone
        if there is not None and there.order.priority > order.priority:
            return
        if order.speech:
            self._speech = Waiting(order, now_s)
        else:
            self._tone = Waiting(order, now_s)

    def take(self, now_s: float, quiet: bool, ready: Callable[[str], bool]) -> Waiting | None:
        """Return what begins now, and let it go.

        A tone begins at once. Speech begins when nothing else sounds and it is ready.
        """
        self.drop_expired(now_s)
        if self._tone is not None:
            first, self._tone = self._tone, None
            return first
        if self._speech is not None and quiet and ready(self._speech.order.sound):
            first, self._speech = self._speech, None
            return first
        return None

    def drop_expired(self, now_s: float) -> None:
        """Forget what comes too late."""
        if self._tone is not None and self._tone.order.expires_s < now_s:
            self._tone = None
        if self._speech is not None and self._speech.order.expires_s < now_s:
            self._speech = None

    def clear(self) -> None:
        """Forget everything."""
        self._tone = self._speech = None

    @property
    def empty(self) -> bool:
        """Whether nothing waits."""
        return self._tone is None and self._speech is None
