"""How far an event lies from where it is timed, the same in every stride of a leg, learnt.

A contact is timed by the heel's turn, a toe-off by the knee: sharp in every stride, but earlier
or later against the force plate from body to body. `landing_cues` and `push_off_cues` are blunt
and nearly the same in every body. So the first tells one stride from the next, and the mean of
many of the second tells where zero is.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from statistics import median
from typing import NamedTuple

from hipcue.realtime.gait.fits import MAD_TO_SD

# A sign scatters by at least this and, before that is known, about this from stride to
# stride; our choices, tuned on the rendered runners.
_LEAST_SCATTER_S, _USUAL_SCATTER_S = 0.002, 0.010
# One that scatters more than this tells nothing: noise. Our choice, half of what pure noise
# gives where it is looked for.
_MOST_SCATTER_S = 0.018
# A sign that usually lies further from the timed instant than this is that of another event, as
# of a foot that is set down flat long before; our choice: bodies differ by 26 ms.
_FURTHEST_S = 0.032
# The newest strides count: our choice, ten seconds.
_STRIDES = 15


class Sign(NamedTuple):
    """How long after an event (50 N on a plate) its sign comes, and the spread of bodies, s."""

    delay_s: float
    between_s: float


class EventOffset:
    """Learns stride by stride.

    Parameters
    ----------
    timed_between_s : float
        Standard uncertainty, from body to body, of the instant by which the event is timed.

    Attributes
    ----------
    offset_s : float
        What to add to that instant; 0 before anything is known.
    between_s : float
        Standard uncertainty of that: what bodies differ by and was not learnt.
    """

    def __init__(self, timed_between_s: float) -> None:
        self.offset_s = 0.0
        self.between_s = self._timed_between_s = timed_between_s
        self._apart_s: dict[str, deque[float]] = {}

    def add_event(
        self, timed_s: float, cues: Mapping[str, float], signs: Mapping[str, Sign]
    ) -> None:
        """Take one event.

        Parameters
        ----------
        timed_s : float
            The instant by which it is timed, without any offset.
        cues : mapping of str to float
            The event as each sign gives it.
        signs : mapping of str to Sign
            What signs are good for.
        """
        for name, t_s in cues.items():
            apart_s = self._apart_s.setdefault(name, deque(maxlen=_STRIDES))
            apart_s.append(t_s - timed_s)
        self._weigh(signs)

    def _weigh(self, signs: Mapping[str, Sign]) -> None:
        """Weigh what the signs say against one another and against the timed instant."""
        said = [
            (middle_s, math.hypot(signs[name].between_s, scatter_s))
            for name, apart in self._apart_s.items()
            if name in signs
            and abs(middle_s := median(apart)) < _FURTHEST_S
            and (scatter_s := _scatter_s(apart)) < _MOST_SCATTER_S
        ]
        if not said:
            self.offset_s, self.between_s = 0.0, self._timed_between_s
            return
        weights = [spread_s**-2 for _, spread_s in said]
        total = sum(weights)
        mean_s = sum(w * middle_s for w, (middle_s, _) in zip(weights, said, strict=True)) / total
        # Signs that contradict one another more than bodies differ are worth less: the Birge
        # ratio of metrology.
        chi2 = sum(w * (m - mean_s) ** 2 for w, (m, _) in zip(weights, said, strict=True))
        total /= max(chi2 / max(len(said) - 1, 1), 1.0)
        all_weights = total + self._timed_between_s**-2
        self.offset_s = mean_s * total / all_weights
        self.between_s = all_weights**-0.5


def _scatter_s(apart_s: deque[float]) -> float:
    """How blunt a sign is from stride to stride; few strides tell little about it.

    Not that of its median, which would be less by the root of their number: what blunts a
    sign moves it to one side, too.
    """
    count, middle_s = len(apart_s), median(apart_s)
    scatter_s = MAD_TO_SD * median(abs(one - middle_s) for one in apart_s)
    # As if two more strides had the usual scatter.
    scatter_s = math.sqrt((count * scatter_s**2 + 2 * _USUAL_SCATTER_S**2) / (count + 2))
    return max(scatter_s, _LEAST_SCATTER_S)
