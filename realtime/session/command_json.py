"""What was asked of the engine, as text in a session, and back.

A command is JSON with its tag and its fields: ``{"command":"set_band","min_rise_deg":2.5}``.
"""

from __future__ import annotations

from dataclasses import asdict

from pydantic import TypeAdapter, ValidationError

from hipcue.config.errors import UserError
from hipcue.realtime.records import (
    EngineCommand,
    NewBaseline,
    NewRunner,
    SayCueNow,
    SetBand,
    SetFocus,
    SetSchedule,
    TakeNeutral,
)
from hipcue.realtime.session.rows import from_json, to_json

COMMANDS: dict[str, type[EngineCommand]] = {
    "take_neutral": TakeNeutral,
    "new_baseline": NewBaseline,
    "say_cue_now": SayCueNow,
    "new_runner": NewRunner,
    "set_band": SetBand,
    "set_schedule": SetSchedule,
    "set_focus": SetFocus,
}
"""Every command by its tag."""

UNKNOWN_COMMAND = '{"command":"unknown"}'
"""What stands for a command of another hipcue that must not be kept as it was."""


class UnknownCommandError(UserError):
    """A command of another hipcue: no damage, and only running the engine again needs it."""


_TAGS = {kind: tag for tag, kind in COMMANDS.items()}
# The texts of sessions from before there was JSON; what follows a "=" is the field's value.
_OLD_TEXTS: dict[str, tuple[type[EngineCommand], str]] = {
    "neutral": (TakeNeutral, ""),
    "baseline": (NewBaseline, ""),
    "say_it_now": (SayCueNow, ""),
    "verdict.min_rise_deg": (SetBand, "min_rise_deg"),
    "feedback.schedule": (SetSchedule, "schedule"),
    "feedback.focus": (SetFocus, "focus"),
}


def command_json(command: EngineCommand) -> str:
    """Return a command as JSON."""
    return to_json({"command": _TAGS[type(command)], **asdict(command)})


def read_command(text: str) -> EngineCommand:
    """Read what `command_json` wrote, or the text of an older session.

    Raises
    ------
    UnknownCommandError
        For a command of another hipcue.
    UserError
        For what is no JSON.
    """
    if not text.startswith("{"):
        return _read_old_text(text)
    fields = from_json(text)
    kind = COMMANDS.get(str(fields.pop("command", "")))
    if kind is None:
        raise _unknown(text)
    return _made(kind, fields, text)


def _read_old_text(text: str) -> EngineCommand:
    name, equals, value = text.partition("=")
    kind, field = _OLD_TEXTS.get(name, (None, ""))
    if kind is None or bool(equals) != bool(field):
        raise _unknown(text)
    return _made(kind, {field: value} if field else {}, text)


def _made(kind: type[EngineCommand], fields: dict[str, object], text: str) -> EngineCommand:
    try:
        return TypeAdapter(kind).validate_python(fields)
    except ValidationError as error:
        raise _unknown(text) from error


def _unknown(text: str) -> UnknownCommandError:
    return UnknownCommandError(
        "cannot read a command", f"hipcue does not know {text!r:.60}", "a newer hipcue"
    )
