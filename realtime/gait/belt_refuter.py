"""Whether the feet refute a speed, and for how long it stays refuted.

The speed of the belt divided by that of the feet in leg lengths is the runner's leg in metres:
it stays the same at every speed. So a speed that was refuted, in a wrong unit say, is known
again by the leg that it implies, though a few feet that were seen badly would let it pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import numpy as np

from hipcue.config.reasons import Reason
from hipcue.devices.readings import BeltSample
from hipcue.realtime.gait.belt_check import ALONE, Foot, contradict, likeliest_mps
from hipcue.realtime.gait.belt_doubt import what_is_wrong
from hipcue.realtime.gait.scale import Scale

# Feet that a stride's speed is weighed against; our choice: its own two and those before.
_FEET = 5
# A leg that differs by less is the one that was refuted; it is believed again when so many
# strides in a row agree with it. Our choices: the feet scatter by 2 to 9 %, units differ by 60.
_SAME_LEG, _AGAIN = 0.15, 20


class Refuter:
    """Weighs one stride after the other."""

    def __init__(self) -> None:
        self._refuted_m: float | None = None
        self._reason: Reason | None = None
        self._agreed = 0

    def weigh(
        self, speed_mps: float, told: Sequence[BeltSample], planted: Sequence[Foot], scale: Scale
    ) -> Reason | None:
        """Return what is wrong with the speed of a stride; None where the feet bear it out.

        Parameters
        ----------
        speed_mps : float
            Mean speed of the stride.
        told : sequence of BeltSample
            What was told around it and is believed.
        planted : sequence of Foot
            Feet of the stride and before it, oldest first.
        scale : Scale
            The ruler.
        """
        feet = planted[-_FEET:]
        if not feet:
            return self._reason if self._refuted_m is not None else None
        under = [likeliest_mps(told, speed_mps, foot) for foot in feet]
        legs = [told_mps / foot.legs_per_s for told_mps, foot in zip(under, feet, strict=True)]
        leg_m = _middle(legs, feet)
        if self._contradicted(under, feet):
            seen = median([foot.limits.seen_mps for foot in feet])
            self._refuted_m, self._agreed = leg_m, 0
            self._reason = what_is_wrong(speed_mps, seen, exact=scale.is_exact)
            return self._reason
        if self._refuted_m is None or abs(leg_m / self._refuted_m - 1.0) > _SAME_LEG:
            return None
        self._agreed += 1
        if self._agreed < _AGAIN:
            return self._reason
        self._refuted_m = None
        return None

    @staticmethod
    def _contradicted(under: Sequence[float], feet: Sequence[Foot]) -> bool:
        """Whether the belt is too fast or too slow for the middle one of the feet."""
        beyond = ALONE if len(feet) == 1 else 1.0
        share = _middle(
            [u / foot.limits.seen_mps for u, foot in zip(under, feet, strict=True)], feet
        )
        # Limits are shares of what was seen, and the same for all feet of one side.
        of_sides = list({foot.side: foot for foot in feet}.values())
        speeds = np.array([share * foot.limits.seen_mps for foot in of_sides])
        return bool(contradict(of_sides, speeds, 0.0, np.array([beyond])).all())


def _middle(values: Sequence[float], feet: Sequence[Foot]) -> float:
    """Mean of both sides' medians, as the legs err in opposite ways.

    A foot that is seen badly counts less: by the square of how wide its limits are.
    """
    total = weights = 0.0
    for foot in {foot.side: foot for foot in feet}.values():
        here = [v for v, other in zip(values, feet, strict=True) if other.side is foot.side]
        limits = foot.limits
        weight = (limits.seen_mps / (limits.high_mps - limits.low_mps)) ** 2
        total += weight * median(here)
        weights += weight
    return total / weights
