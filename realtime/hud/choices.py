"""What was chosen at this screen, over what the session started with."""

from __future__ import annotations

from dataclasses import dataclass

from realtime.records import Snapshot

SCHEDULES = ("bandwidth", "every_stride", "faded", "retention")
WORDINGS = ("external", "internal", "ab")
# Range and step of the target band, degrees above the runner's usual; the range is that
# of VerdictSettings.min_rise_deg.
BAND_LOW_DEG, BAND_HIGH_DEG, BAND_STEP_DEG = 1.0, 20.0, 0.5
_BAND_DEG = 4.0


@dataclass(slots=True)
class Choices:
    """What the coach chose here; None where nothing was.

    What the session started with comes in `Snapshot.setup`: ``schedule``, ``focus``,
    ``band_deg``, and ``runners``, the known names, one a line.
    """

    metric: str
    schedule: str | None = None
    focus: str | None = None
    band_deg: float | None = None

    def schedule_now(self, snapshot: Snapshot) -> str:
        """Return the schedule in force, empty where it is not known."""
        return self.schedule or snapshot.setup.get("schedule", "")

    def focus_now(self, snapshot: Snapshot) -> str:
        """Return the wording in force, empty where it is not known."""
        return self.focus or snapshot.setup.get("focus", "")

    def band_now(self, snapshot: Snapshot) -> float:
        """Return the target band, degrees."""
        if self.band_deg is not None:
            return self.band_deg
        try:
            return float(snapshot.setup.get("band_deg", _BAND_DEG))
        except ValueError:
            return _BAND_DEG


def known_runners(snapshot: Snapshot) -> list[str]:
    """Return the names that have run before."""
    return [name for name in snapshot.setup.get("runners", "").split("\n") if name.strip()]
