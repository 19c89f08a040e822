"""What the last strides of one leg were like, and what is believed of the next one.

A runner's strides are much alike: durations vary by 1 to 3 % from one to the next, and the
heel meets the belt nearly the same time after the ankle was furthest forward. So an instant
that would make a stride or a stance far too short is a mistake, and a contact is steadied by
the usual delay. What is our choice here was tried as `hipcue.realtime.gait.events` says.
"""

from __future__ import annotations

import math
from collections import deque
from statistics import median

# So many of a kind tell what is usual; our choice: one that is wrong is outvoted.
_ENOUGH = 3
# A stride or a stance of less than this share of the usual one is a mistake; our choice, the
# same from 0.64 to 0.75.
_EARLIEST = 0.75
# Before it is known what is usual: nobody's stride is shorter, nor stance longer or shorter.
# Our choices, the same from 0.18 to 0.49, from 0.05 to 0.2, and from 1.0 to 2.8.
_SHORTEST_STRIDE_S, _USUAL_STANCE_S, _LONGEST_STANCE_S = 0.35, 0.1, 1.4
# A foot is on the ground for this share of its stride at least; our choice: sprinters at 9 m/s
# reach 0.21 (Weyand 2000: 0.10 s of 0.47), runners 0.3 to 0.4, walkers 0.6.
LEAST_DUTY = 0.18
# From the ankle's most forward point to the turn of the heel: 40 to 54 ms in eight trials;
# counts until the runner's own is known.
_USUAL_DELAY_S = 0.044
# Steadied by the usual delay a contact moves by less than this, or the delay is not believed.
# Our choice, the same to 0.12.
_STEADIED_S = 0.06


class LegHabits:
    """Learnt stride by stride; the newest strides of a leg count.

    Attributes
    ----------
    planted_px_per_s : float or None
        Backward speed of the planted heel, median of the last stances; None before any.
    """

    def __init__(self) -> None:
        self.planted_px_per_s: float | None = None
        self._speeds_px_per_s: deque[float] = deque(maxlen=7)
        self._strides_s: deque[float] = deque(maxlen=8)
        self._stances_s: deque[float] = deque(maxlen=7)
        self._delays_s: deque[float] = deque([_USUAL_DELAY_S] * 2, maxlen=11)

    @property
    def newest_planted_px_per_s(self) -> float | None:
        """Backward speed of the planted heel in the newest stance; None before any."""
        return self._speeds_px_per_s[-1] if self._speeds_px_per_s else None

    @property
    def usual_stride_s(self) -> float | None:
        """How long the last strides took; None before enough."""
        return median(self._strides_s) if len(self._strides_s) >= _ENOUGH else None

    @property
    def usual_stance_s(self) -> float | None:
        """How long the last stances took; None before enough."""
        return median(self._stances_s) if len(self._stances_s) >= _ENOUGH else None

    @property
    def knows_belt(self) -> bool:
        """Whether enough stances tell how fast the belt is in the picture."""
        return len(self._speeds_px_per_s) >= _ENOUGH

    def add_planted_speed(self, px_per_s: float) -> None:
        """Learn how fast the heel went in a stance, backwards positive."""
        self._speeds_px_per_s.append(px_per_s)
        self.planted_px_per_s = median(self._speeds_px_per_s)

    def believes_stride(self, stride_s: float) -> bool:
        """Tell whether a foot can have landed again so soon."""
        if len(self._strides_s) < _ENOUGH:
            return stride_s >= _SHORTEST_STRIDE_S
        return stride_s >= _EARLIEST * median(self._strides_s)

    def add_stride(self, stride_s: float) -> None:
        """Learn how long a stride was; a stance in it that nobody's is was none."""
        self._strides_s.append(stride_s)
        if self._stances_s and self._stances_s[-1] < LEAST_DUTY * stride_s:
            self._stances_s.pop()

    @property
    def shortest_stance_s(self) -> float:
        """A stance of that, or less, is not believed."""
        usual_s = self.usual_stance_s
        shortest_s = _EARLIEST * (_USUAL_STANCE_S if usual_s is None else usual_s)
        if not self._strides_s:
            return shortest_s
        # Exactly so much of a stride is believed.
        return max(shortest_s, math.nextafter(LEAST_DUTY * median(self._strides_s), -math.inf))

    def believes_stance(self, stance_s: float) -> bool:
        """Tell whether a foot can have left the belt after so long."""
        return self.shortest_stance_s < stance_s < _LONGEST_STANCE_S

    def add_stance(self, stance_s: float) -> None:
        """Learn how long a stance was."""
        self._stances_s.append(stance_s)

    def steadied(self, forward_s: float, turn_s: float) -> float:
        """Return the turn of the heel as the ankle's most forward point and habit have it.

        Learns the delay between the two. Where habit is far from what was seen, it is what
        was seen.
        """
        self._delays_s.append(turn_s - forward_s)
        steady_s = forward_s + median(self._delays_s)
        return steady_s if abs(steady_s - turn_s) < _STEADIED_S else turn_s

    def forget_strides(self) -> None:
        """Forget how long strides are: there was none for a while."""
        self._strides_s.clear()

    def forget_belt(self) -> None:
        """Forget how fast the belt is: whoever comes back may run at another speed."""
        self._speeds_px_per_s.clear()
        self.planted_px_per_s = None
