"""Writes config/defaults.toml from the models: ``python -m hipcue.config.defaults``.

The models in `hipcue.config.settings` are the one place where a setting lives; the file is
their printed form, so that nobody has to read Python to see what can be set.
"""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from hipcue.config.settings import Section, Settings
from hipcue.config.wanted import range_of

DEFAULTS_FILE = Path(__file__).with_name("defaults.toml")

_HEAD = """\
Every setting of hipcue with its default. Copy the lines you want to change, with the
[table] above them, into a file of your own: hipcue run --config my.toml

This page is written from config/settings.py (python -m hipcue.config.defaults); hipcue does
not read it. Settings without a default are shown commented out.
"""


def render_defaults() -> str:
    """Return the text of config/defaults.toml: every key, its meaning, range and default."""
    parts = [_comment(_HEAD)]
    for name, field in Settings.model_fields.items():
        section = field.default
        assert isinstance(section, Section), f"{name} is not a table of settings"
        parts += ["", _comment(_first_line(type(section))), f"[{name}]"]
        for key, entry in type(section).model_fields.items():
            parts += ["", _comment(_describe(entry)), _line(key, entry.default)]
    return "\n".join(parts) + "\n"


def _first_line(model: type[Section]) -> str:
    return (model.__doc__ or "").strip().splitlines()[0]


def _describe(entry: FieldInfo) -> str:
    text = " ".join((entry.description or "").split())
    allowed = _allowed(entry)
    return f"{text} {allowed}".strip()


def _allowed(entry: FieldInfo) -> str:
    """Say which values are allowed: a range, or a list of words; empty when anything is."""
    choices, bounds = range_of(entry)
    if choices:
        return f"One of {', '.join(map(_toml, choices))}."
    return "" if bounds is None else f"Range {_toml(bounds[0])} to {_toml(bounds[1])}."


def _line(key: str, default: Any) -> str:
    return f"# {key} =" if default is None else f"{key} = {_toml(default)}"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _comment(text: str) -> str:
    lines: list[str] = []
    for paragraph in text.strip().split("\n\n"):
        lines += ["#", *(f"# {line}" for line in textwrap.wrap(paragraph, 86))]
    return "\n".join(lines[1:])


if __name__ == "__main__":
    DEFAULTS_FILE.write_text(render_defaults(), encoding="utf-8")
    print(f"wrote {DEFAULTS_FILE.name}")
