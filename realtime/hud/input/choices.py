"""What was chosen at this screen, until the session says what is in force."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hipcue.realtime.records import SetBand, SetFocus, SetSchedule, SettingCommand
from hipcue.realtime.view.snapshot import Choices, Snapshot


class PendingChoices:
    """Shows a choice at once, and from the session's answer on what the session says.

    `Snapshot.choices` tells what is in force; it answers by changing.
    """

    def __init__(self) -> None:
        # By field of `Choices`: what was chosen, and what was in force then.
        self._pending: dict[str, tuple[Any, Any]] = {}

    def choose(self, command: SettingCommand, snapshot: Snapshot) -> None:
        """Show a choice that has just been made."""
        if snapshot.choices is not None:
            name, value = _field_of(command)
            self._pending[name] = (value, getattr(snapshot.choices, name))

    def shown(self, snapshot: Snapshot) -> Choices | None:
        """Return what is in force or about to be; None where the session does not say."""
        if snapshot.choices is None:
            return None
        shown = snapshot.choices
        for name, (value, before) in list(self._pending.items()):
            if getattr(snapshot.choices, name) != before:
                del self._pending[name]
            else:
                shown = replace(shown, **{name: value})
        return shown


def _field_of(command: SettingCommand) -> tuple[str, str | float]:
    match command:
        case SetBand(min_rise_deg):
            return "band_deg", min_rise_deg
        case SetSchedule(schedule):
            return "schedule", schedule
        case SetFocus(focus):
            return "focus", focus
