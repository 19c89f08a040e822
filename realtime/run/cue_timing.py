"""When each cue reached which stage on its way from the picture to the loudspeaker."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hipcue.devices.sound import Played
from hipcue.realtime.records import Cue
from hipcue.realtime.session import SessionWriter
from hipcue.realtime.view.latency import CueTimes, Latency

# A cue that the loudspeaker has not told of by so long after it expired was not played.
_FORGOTTEN_S = 10.0
# The cues whose percentiles are kept with a session; hours of them.
_HEARD = 5000


@dataclass(frozen=True, slots=True)
class _Pending:
    """A cue on its way to the loudspeaker, and when it was understood and decided."""

    cue: Cue
    pose_s: float
    decision_s: float


class CueTiming:
    """Puts the stamps of each cue together, and records them once the cue was heard.

    One thread at a time.

    Parameters
    ----------
    writer : SessionWriter or None
        Where the stamps are recorded; None records nothing.
    """

    def __init__(self, writer: SessionWriter | None) -> None:
        self._writer = writer
        self._pending: dict[int, _Pending] = {}
        self._heard: deque[CueTimes] = deque(maxlen=_HEARD)

    def add_cues(self, cues: Iterable[Cue], pose_s: float, decision_s: float) -> None:
        """Take cues that were just decided.

        Parameters
        ----------
        cues : iterable of Cue
            Of one step.
        pose_s, decision_s : float
            When the pose was known, and when the cues were decided, on the session's clock.
        """
        for cue in cues:
            # What was muted or came too late is never heard of again.
            now_s = decision_s - _FORGOTTEN_S
            self._pending = {n: p for n, p in self._pending.items() if p.cue.expires_s > now_s}
            self._pending[cue.number] = _Pending(cue, pose_s, decision_s)

    def add_played(self, played: Iterable[Played]) -> dict[int, CueTimes]:
        """Take what the loudspeaker played; return the times of each of these cues."""
        heard: dict[int, CueTimes] = {}
        for sound in played:
            pending = self._pending.pop(sound.cue_number, None)
            if pending is None:
                continue
            cue = pending.cue
            stamps = {
                "capture_s": cue.t_capture_s,
                "pose_s": pending.pose_s,
                "decision_s": pending.decision_s,
                "request_s": sound.t_request_s,
                "mixer_s": sound.t_mixer_s,
            }
            if self._writer is not None:
                self._writer.cue_played(cue.number, stamps)
            times = CueTimes.of(cue.t_capture_s, stamps)
            if times is not None:
                heard[cue.number] = times
        self._heard.extend(heard.values())
        return heard

    def latencies(self) -> Mapping[str, Latency]:
        """Percentiles of each stage of the cues that were heard; empty without any."""
        return CueTimes.latencies(self._heard)
