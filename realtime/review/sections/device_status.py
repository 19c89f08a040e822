"""How each device's status went over a session: how long it was live, and what was wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

from hipcue.config.reason_words import advice_on
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import DeviceStatus, LinkState
from hipcue.realtime.session.reader import SessionReader

# Shorter waiting is not worth a word; our choice.
_WAITING_S = 5.0
Kind = tuple[ReasonCode, ...]


@dataclass(slots=True)
class StatusHistory:
    """A device's status over a session.

    Attributes
    ----------
    seconds, live_s : float
        In all, and live.
    last : Reason or None
        What it said when it was last live.
    troubles : Counter
        How often each kind of trouble began.
    first : dict
        Each kind's reason when it first came, and when that was, s from the first frame.
    """

    seconds: float = 0.0
    live_s: float = 0.0
    last: Reason | None = None
    troubles: Counter[Kind] = field(default_factory=Counter)
    first: dict[Kind, tuple[Reason, float]] = field(default_factory=dict)


def status_histories(session: SessionReader) -> dict[str, StatusHistory]:
    """Return each device's status between the first frame and the last."""
    frames = session.select("SELECT max(t_last_s) FROM frames")
    last = frames[0][0]
    strides = session.strides
    known = [t for t in (last, *(s.end_s for s in strides[-1:])) if isinstance(t, float)]
    start, end = session.t_first_s, max(known, default=session.t_first_s)
    changes: dict[str, list[tuple[float, DeviceStatus]]] = {}
    for t_s, status in session.devices:
        changes.setdefault(status.name, []).append((t_s, status))
    return {name: _history(some, start, end) for name, some in changes.items()}


def _history(
    changes: Sequence[tuple[float, DeviceStatus]], start: float, end: float
) -> StatusHistory:
    history = StatusHistory()
    ends = [*(t for t, _ in changes[1:]), end]
    before: Kind | None = None
    for (t_s, status), until in zip(changes, ends, strict=True):
        # A film that is over, a device that was never asked for: no trouble.
        if status.state is LinkState.OFF and not advice_on(status.reason):
            continue
        seconds = max(min(until, end) - max(t_s, start), 0.0)
        history.seconds += seconds
        if status.state is LinkState.LIVE:
            history.live_s += seconds
            history.last, before = status.reason, None
            continue
        # Every device is waited for a little when a session begins.
        passing = status.state is LinkState.WAITING and seconds < _WAITING_S
        # "10 of 59 pictures" and "14 of 59 pictures" are one trouble.
        kind = _kind(status.reason)
        if seconds > 0 and kind != before and not passing:
            history.troubles[kind] += 1
            history.first.setdefault(kind, (status.reason, max(t_s - start, 0.0)))
        before = kind
    return history


def _kind(reason: Reason) -> Kind:
    """The codes of a reason and of those behind it, whatever their numbers."""
    behind = (_kind(value) for _, value in reason.values if isinstance(value, Reason))
    return (reason.code, *chain.from_iterable(behind))
