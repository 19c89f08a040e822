"""The course of a whole session in one quick pass: when, in which state, how fast.

Only the smallest blob of every chunk is opened, so an hour takes under a second.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.records import RunnerState
from hipcue.realtime.session.codec import damaged
from hipcue.realtime.session.frames import member, word
from hipcue.realtime.session.reader import SessionReader

# Pictures further apart than this have a gap between them: the camera was lost, or the
# frames were not kept.
_GAP_S = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class RecordedTimeline:
    """Every kept frame of a session, column by column, in order of time.

    Attributes
    ----------
    step : ndarray of int, shape (n,)
        Step numbers.
    t_s : ndarray of float, shape (n,)
        Capture times on the session's clock.
    belt_speed_mps : ndarray of float, shape (n,)
        NaN where it was not known.
    neutral_progress : ndarray of float, shape (n,)
        0 to 1; NaN where no neutral was being taken.
    states : tuple of (float, RunnerState or None)
        From when on the runner was in which state; ``None`` from the last frame before
        a gap on.
    """

    step: NDArray[np.int64]
    t_s: NDArray[np.float64]
    belt_speed_mps: NDArray[np.float64]
    neutral_progress: NDArray[np.float64]
    states: tuple[tuple[float, RunnerState | None], ...]


def read_timeline(session: SessionReader) -> RecordedTimeline:
    """Read the course of a session.

    Raises
    ------
    UserError
        When no frame was kept, or a blob is damaged.
    """
    steps, times, states, speeds, progress = [], [], [], [], []
    for first, state in session.frames.states():
        steps.append(np.arange(first, first + len(state["t_s"])))
        times.append(state["t_s"])
        states.append(state["state"])
        speeds.append(state["belt_speed_mps"])
        progress.append(state["neutral_progress"])
    if not steps or not sum(map(len, steps)):
        raise damaged("it holds no frames")
    t_s = np.concatenate(times)
    # As they were taken, whatever order the file holds them in.
    order = np.argsort(t_s, kind="stable")
    t_s, number = t_s[order], np.concatenate(states)[order]
    return RecordedTimeline(
        step=np.concatenate(steps)[order],
        t_s=t_s,
        belt_speed_mps=np.concatenate(speeds)[order],
        neutral_progress=np.concatenate(progress)[order],
        states=tuple(_states(t_s, number, session)),
    )


def _states(
    t_s: NDArray[np.float64], number: NDArray[np.uint16], session: SessionReader
) -> list[tuple[float, RunnerState | None]]:
    gap_after = np.append(np.diff(t_s) > _GAP_S, False)
    found: list[tuple[float, RunnerState | None]] = []
    begins = np.append(True, (np.diff(number) != 0) | gap_after[:-1])
    for i in np.flatnonzero(begins | gap_after):
        if begins[i]:
            name = word(session.frames.words, int(number[i]))
            found.append((float(t_s[i]), member(RunnerState, name, RunnerState.UNKNOWN)))
        if gap_after[i]:
            found.append((float(t_s[i]), None))
    return found
