"""What is known of markers beside where they are: the zero of ankles and trunk in standing.

Thighs and knees of markers are measured between joint centres, and need none; the pelvis has
the setting `pelvis.standing_tilt_deg`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hipcue.realtime.records import Side

_ANKLE, _TRUNK, _OUTER = "ankle_deg_{}", "trunk_deg", "outer_sigma_deg"
# Standard uncertainty of a thigh whose knee is known by its outer marker: a leg that turns by 10
# degrees moves it by 9 mm; 0.2 to 0.9 degrees from the joint's centre in a sprinter's strides.
OUTER_SIGMA_DEG = 1.0
# An ankle or a trunk that stands like that is no standing one; our choice.
_MOST_DEG = 45.0


@dataclass(frozen=True, slots=True)
class StandingZero:
    """Angles of somebody who stands, degrees.

    Attributes
    ----------
    ankle_deg : mapping of Side to float
        As `hipcue.realtime.gait.segment_angles.ankle_angle_deg` has them; a side that was not
        seen is left out.
    trunk_deg : float or None
        As `hipcue.realtime.gait.segment_angles.trunk_deg` has it.
    outer_sigma_deg : float
        What a thigh's angle is less sure by where knees are known by their outer markers alone.
    """

    ankle_deg: Mapping[Side, float]
    trunk_deg: float | None
    outer_sigma_deg: float = 0.0

    def values(self) -> dict[str, float]:
        """Return it as plain values, for a session's header."""
        values = {_ANKLE.format(side.value): angle for side, angle in self.ankle_deg.items()}
        if self.trunk_deg is not None:
            values[_TRUNK] = self.trunk_deg
        if self.outer_sigma_deg:
            values[_OUTER] = self.outer_sigma_deg
        return values

    @classmethod
    def of(cls, values: object) -> StandingZero | None:
        """Return it from such values; None where they are none, or no standing body's."""
        if not isinstance(values, Mapping):
            return None
        known = {
            name: float(value)
            for name, value in values.items()
            if isinstance(value, int | float) and abs(value) <= _MOST_DEG
        }
        names = {side: _ANKLE.format(side.value) for side in Side}
        ankles = {side: known[name] for side, name in names.items() if name in known}
        return cls(ankles, known.get(_TRUNK), abs(known.get(_OUTER, 0.0)))
