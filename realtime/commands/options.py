"""Options that several commands share, and the settings they come to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from hipcue.config.errors import UserError
from hipcue.config.settings import Settings, load_settings

Config = Annotated[
    Path | None, typer.Option("--config", help="Settings file (TOML); see config/defaults.toml.")
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", help="One setting, e.g. --set feedback.language=de; repeatable."),
]
Runner = Annotated[str | None, typer.Option("--runner", help="Who runs.")]
Out = Annotated[
    Path | None, typer.Option("--out", help="Folder of the new session (must be empty).")
]
Headless = Annotated[bool, typer.Option("--headless", help="No window.")]
Session = Annotated[str, typer.Argument(help="Session folder, or its name.")]
Mailed = typer.Argument(help="Session folder, its name, or a mailed .zip.")


def settings_from(
    config: Path | None, words: list[str] | None, overrides: dict[str, Any] | None = None
) -> Settings:
    """Return the settings of a file, of `--set` and of other words, the last one counting.

    Parameters
    ----------
    config : Path or None
        Settings file.
    words : list of str or None
        Each ``section.key=value``.
    overrides : mapping or None
        Values by ``section.key``; None leaves one as it is.

    Raises
    ------
    UserError
        For a word that is no setting, or a value outside its range.
    """
    given: dict[str, Any] = {}
    for word in words or []:
        key, equals, value = word.partition("=")
        if not equals or "." not in key:
            raise UserError(
                f"cannot read --set {word}",
                "expected section.key=value",
                "e.g. --set feedback.language=de",
            )
        given[key] = _typed(value)
    given.update({k: v for k, v in (overrides or {}).items() if v is not None})
    return load_settings(config, given)


def _typed(value: str) -> Any:
    if value.lower() in ("true", "false"):
        return value.lower() == "true"
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            continue
    return value
