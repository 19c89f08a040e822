"""What a cue changed: the metric before it against the next ten strides."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.records import Cue, CueResponse, Measurement, Side, Stride

# As many as a coach would look at; the mean of seven or more is what can be trusted
# between days (Dingenen 2018).
STRIDES_AFTER = 10
_STRIDES_BEFORE = 5


@dataclass(slots=True)
class _Open:
    cue: Cue
    metric: str
    before: Measurement
    after: list[Stride] = field(default_factory=list)


class ResponseWatch:
    """Follows every cue for ten strides of the leg it was about, or of both."""

    def __init__(self) -> None:
        self._recent: deque[Stride] = deque(maxlen=4 * _STRIDES_BEFORE)
        self._open: list[_Open] = []

    def add_cue(self, cue: Cue, metric: str) -> None:
        """Begin to follow a cue that was given."""
        before = [s for s in self._recent if _about(cue.side, s)][-_STRIDES_BEFORE:]
        self._open.append(_Open(cue, metric, _mean(before, metric)))

    def add_stride(self, stride: Stride) -> list[CueResponse]:
        """Take a stride; return the responses that are complete with it."""
        for followed in self._open:
            if _about(followed.cue.side, stride) and stride.contact_s > followed.cue.t_capture_s:
                followed.after.append(stride)
        done = [f for f in self._open if len(f.after) >= STRIDES_AFTER]
        self._open = [f for f in self._open if len(f.after) < STRIDES_AFTER]
        self._recent.append(stride)
        return [
            CueResponse(f.cue.number, f.metric, f.before, _mean(f.after, f.metric), STRIDES_AFTER)
            for f in done
        ]

    def interrupt(self, reason: ReasonCode) -> list[CueResponse]:
        """Close what is open: nothing that comes after this is the answer to a cue."""
        closed = [
            CueResponse(f.cue.number, f.metric, f.before, Measurement.missing(reason), len(f.after))
            for f in self._open
        ]
        self._open.clear()
        self._recent.clear()
        return closed


def _about(side: Side | None, stride: Stride) -> bool:
    return side is None or stride.side is side


def _mean(strides: list[Stride], metric: str) -> Measurement:
    values = [v for s in strides if (v := s.measure(metric).value) is not None]
    if len(values) < 2:
        return Measurement.missing(ReasonCode.TOO_FEW_STRIDES)
    error = float(np.std(values, ddof=1)) / len(values) ** 0.5
    return Measurement(float(np.mean(values)), error)
