"""How long after contact a runner's heel comes to move with the belt, learnt per leg.

The heel's turn is sharp in every stride, but lies earlier or later against the force plate
from body to body; `landing_cues` are blunt and nearly the same in every body. So the first
tells one stride from the next, and the mean of many of the second tells where zero is.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from statistics import median

from hipcue.realtime.gait.landing_cues import Sign

# Standard uncertainty of the heel's turn against the plate from body to body, s: -21 to +26 ms
# over five rendered runners and two laboratories' markers.
_TURN_BETWEEN_S = 0.014
# A sign scatters by at least this and, before that is known, about this from stride to
# stride; our choices, tuned on the rendered runners.
_LEAST_SCATTER_S, _USUAL_SCATTER_S = 0.002, 0.010
# One that scatters more than this tells nothing: noise. Our choice, half of what pure noise
# gives where it is looked for.
_MOST_SCATTER_S = 0.018
# A sign that usually lies further from the heel's turn than this is that of another event, as
# of a foot that is set down flat long before; our choice: bodies differ by 26 ms.
_FURTHEST_S = 0.032
# The newest strides count: our choice, ten seconds.
_STRIDES = 15
# Scale from a median absolute deviation to a standard deviation, normal distribution.
_MAD = 1.4826


class ContactOffset:
    """Learns stride by stride.

    Attributes
    ----------
    offset_s : float
        What to add to the instant that the heel's turn gives; 0 before anything is known.
    between_s : float
        Standard uncertainty of that: what bodies differ by and was not learnt.
    """

    def __init__(self) -> None:
        self.offset_s = 0.0
        self.between_s = _TURN_BETWEEN_S
        self._apart_s: dict[str, deque[float]] = {}

    def add_landing(
        self, turn_contact_s: float, cues: Mapping[str, float], signs: Mapping[str, Sign]
    ) -> None:
        """Take one landing.

        Parameters
        ----------
        turn_contact_s : float
            Contact as the heel's turn gives it, without any offset.
        cues : mapping of str to float
            Contact as each sign gives it.
        signs : mapping of str to Sign
            What signs are good for.
        """
        for name, t_s in cues.items():
            apart_s = self._apart_s.setdefault(name, deque(maxlen=_STRIDES))
            apart_s.append(t_s - turn_contact_s)
        self._weigh(signs)

    def _weigh(self, signs: Mapping[str, Sign]) -> None:
        """Weigh what the signs say against one another and against the heel's turn itself."""
        said = [
            (middle_s, math.hypot(signs[name].between_s, scatter_s))
            for name, apart in self._apart_s.items()
            if name in signs
            and abs(middle_s := median(apart)) < _FURTHEST_S
            and (scatter_s := _scatter_s(apart)) < _MOST_SCATTER_S
        ]
        if not said:
            self.offset_s, self.between_s = 0.0, _TURN_BETWEEN_S
            return
        weights = [spread_s**-2 for _, spread_s in said]
        total = sum(weights)
        mean_s = sum(w * middle_s for w, (middle_s, _) in zip(weights, said, strict=True)) / total
        # Signs that contradict one another more than bodies differ are worth less: the Birge
        # ratio of metrology.
        chi2 = sum(w * (m - mean_s) ** 2 for w, (m, _) in zip(weights, said, strict=True))
        total /= max(chi2 / max(len(said) - 1, 1), 1.0)
        all_weights = total + _TURN_BETWEEN_S**-2
        self.offset_s = mean_s * total / all_weights
        self.between_s = all_weights**-0.5


def _scatter_s(apart_s: deque[float]) -> float:
    """How blunt a sign is from stride to stride; few strides tell little about it.

    Not that of its median, which would be less by the root of their number: what blunts a
    sign moves it to one side, too.
    """
    count, middle_s = len(apart_s), median(apart_s)
    scatter_s = _MAD * median(abs(one - middle_s) for one in apart_s)
    # As if two more strides had the usual scatter.
    scatter_s = math.sqrt((count * scatter_s**2 + 2 * _USUAL_SCATTER_S**2) / (count + 2))
    return max(scatter_s, _LEAST_SCATTER_S)
