"""What was chosen at this screen, until the session says what is in force."""

from __future__ import annotations

from dataclasses import dataclass, field

from hipcue.realtime.view.snapshot import Snapshot

SCHEDULES = ("bandwidth", "every_stride", "faded", "retention")
WORDINGS = ("external", "internal", "ab")
# Range and step of the target band, degrees above the runner's usual; the range is that
# of VerdictSettings.min_rise_deg.
BAND_LOW_DEG, BAND_HIGH_DEG, BAND_STEP_DEG = 1.0, 20.0, 0.5
_BAND_DEG = 4.0


@dataclass(slots=True)
class Choices:
    """What the coach chose here: `metric` is what the runner sees.

    The session tells what is in force in `Snapshot.choices`. A choice is shown at once, and
    from the session's answer on what the session says.
    """

    metric: str
    _chosen: dict[str, tuple[str, str]] = field(default_factory=dict)

    def choose(self, name: str, value: str, snapshot: Snapshot) -> None:
        """Take a choice of ``schedule``, ``focus`` or ``band_deg``."""
        self._chosen[name] = (value, _told(name, snapshot))

    def now(self, name: str, snapshot: Snapshot) -> str:
        """Return what is in force, empty where it is not known."""
        told = _told(name, snapshot)
        chosen, before = self._chosen.get(name, (told, told))
        if told != before:
            # The session has answered.
            self._chosen.pop(name, None)
            return told
        return chosen

    def band_now(self, snapshot: Snapshot) -> float:
        """Return the target band, degrees."""
        try:
            return float(self.now("band_deg", snapshot))
        except ValueError:
            return _BAND_DEG


def _told(name: str, snapshot: Snapshot) -> str:
    choices = snapshot.choices
    if choices is None:
        return ""
    known = {"schedule": choices.schedule, "focus": choices.focus}
    return known.get(name, f"{choices.band_deg:g}")
