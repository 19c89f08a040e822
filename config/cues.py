"""The table of phrases and tones, typed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hipcue.config.errors import UserError
from hipcue.config.wanted import WrongValue, first_error, wanted

Focus = Literal["external", "internal"]
Language = Literal["en", "de"]

Words = Annotated[list[Annotated[str, Field(min_length=2, max_length=60)]], Field(min_length=1)]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Tone(_Row):
    """A short sound: its frequencies one after the other, gliding."""

    frequencies_hz: Annotated[
        list[Annotated[float, Field(ge=50, le=8000)]], Field(min_length=1, max_length=4)
    ]
    seconds: Annotated[float, Field(ge=0.01, le=1.0)]


class _Wordings(_Row):
    """Every language has at least one wording, so that no choice ends in silence."""

    en: Words
    de: Words

    def of(self, language: Language) -> tuple[str, ...]:
        return tuple(self.de if language == "de" else self.en)


class _Phrase(_Row):
    external: _Wordings
    internal: _Wordings


class _Table(_Row):
    tone: Mapping[str, Tone]
    phrase: Mapping[str, _Phrase]


@dataclass(frozen=True, slots=True)
class CueTable:
    """Phrases by event, focus and language; tones by name."""

    tones: Mapping[str, Tone]
    _phrases: Mapping[str, _Phrase]

    def phrases(self, event: str, focus: Focus, language: Language) -> tuple[str, ...]:
        """Return the wordings of an event, in the order in which they take turns."""
        row = self._phrases[event]
        words = row.external if focus == "external" else row.internal
        return words.of(language)

    def all_phrases(self, language: Language) -> tuple[str, ...]:
        """Return everything that can be said in a language, each once."""
        said = [
            text
            for row in self._phrases.values()
            for words in (row.external, row.internal)
            for text in words.of(language)
        ]
        return tuple(dict.fromkeys(said))


@cache
def load_cues(path: Path | None = None) -> CueTable:
    """Read the table that ships with hipcue, or another one.

    Raises
    ------
    UserError
        For an unreadable file or a row that is not as it should be.
    """
    name = str(path) if path is not None else "config/cues.toml"
    try:
        text = (
            path.read_text(encoding="utf-8")
            if path is not None
            else resources.files("hipcue.config").joinpath("cues.toml").read_text(encoding="utf-8")
        )
        table = _Table.model_validate(tomllib.loads(text))
    except OSError as error:
        raise UserError(f"cannot read cues {name}", str(error), "check the path") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read cues {name}", str(error), "check the TOML") from error
    except ValidationError as error:
        first = first_error(error)
        field = ".".join(str(part) for part in first["loc"])
        raise UserError(
            f"wrong cue {field} in {name}", _said(first), "compare with config/cues.toml"
        ) from error
    return CueTable(table.tone, table.phrase)


def _said(details: WrongValue) -> str:
    if details["type"] in ("extra_forbidden", "missing"):
        return wanted(details)
    return f"{details['input']!r}, not {wanted(details)}"
