"""What a standing trial of markers reads, to be taken off: the zero of ankles and trunk.

Thighs and knees of markers are measured between joint centres, and need none; the pelvis has
the setting `pelvis.standing_tilt_deg`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hipcue.realtime.records import Side

_ANKLE, _TRUNK = "ankle_deg_{}", "trunk_deg"
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
    """

    ankle_deg: Mapping[Side, float]
    trunk_deg: float | None

    def values(self) -> dict[str, float]:
        """Return it as plain values, for a session's header."""
        values = {_ANKLE.format(side.value): angle for side, angle in self.ankle_deg.items()}
        return values if self.trunk_deg is None else {**values, _TRUNK: self.trunk_deg}

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
        return cls(ankles, known.get(_TRUNK))
