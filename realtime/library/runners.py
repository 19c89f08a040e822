"""Who ran before, and how far they are in the programme of eight."""

from __future__ import annotations

from collections.abc import Sequence

from hipcue.realtime.session.summary import SessionSummary

# A session counts when it is long enough to have taught something; our choice: a third of
# the shortest of the programme (15 min).
LEAST_MINUTES = 5.0
LAST = 8
# So many names are offered at the start.
_NAMES = 8


def next_in_programme(kept: Sequence[SessionSummary], runner: str) -> int:
    """Return which session of the faded programme comes next for a runner, 1 to 8.

    Whoever has finished it stays in the last one, which fades to silence.
    """
    done = sum(
        one.runner == runner and one.schedule == "faded" and one.minutes >= LEAST_MINUTES
        for one in kept
    )
    return min(done + 1, LAST)


def known_runners(kept: Sequence[SessionSummary]) -> tuple[str, ...]:
    """Return the names that ran before, the latest first."""
    names = [one.runner for one in reversed(kept) if one.runner]
    return tuple(dict.fromkeys(names))[:_NAMES]
