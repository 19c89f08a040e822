"""The words of the screens in every language, and numbers as that language writes them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from hipcue.config.languages import known_language, write_number
from hipcue.config.reason_words import advice_on, in_words
from hipcue.config.reasons import Reason

DASH = "–"


@cache
def _table() -> dict[str, dict[str, str]]:
    """Words by ``section.key`` and language."""
    text = resources.files("hipcue.config").joinpath("hud_texts.toml").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = {}
    for section, rows in tomllib.loads(text).items():
        for key, words in rows.items():
            found[f"{section}.{key}"] = dict(words)
    return found


def all_words() -> Mapping[str, Mapping[str, str]]:
    """Return the whole table: words by ``section.key`` and language."""
    return _table()


class Texts:
    """The words of one language.

    Parameters
    ----------
    language : str
        ``en`` or ``de``; anything else is read as ``en``.
    """

    def __init__(self, language: str) -> None:
        self.language = known_language(language)

    def __call__(self, key: str, **values: object) -> str:
        """Return the words of ``section.key`` with values put in.

        Raises
        ------
        KeyError
            For a key that is not in config/hud_texts.toml.
        """
        words = _table()[key][self.language]
        return words.format(**values) if values else words

    def advice(self, reason: Reason, *, short: bool = False) -> str:
        """Return what to do about a reason; empty where nothing is advised."""
        return advice_on(reason, self.language, short=short)

    def name_of(self, section: str, name: str) -> str:
        """Return the words of a name from a recording; the name itself where there are none."""
        words = _table().get(f"{section}.{name}")
        return name if words is None else words[self.language]

    def number(self, value: float, decimals: int = 0, *, sign: bool = False) -> str:
        """Write a number: a real minus, a sign on request, the language's decimal mark."""
        return write_number(value, f"{'+' if sign else ''}.{decimals}f", self.language)

    def reason(self, reason: Reason | None, *, short: bool = False) -> str:
        """Return a reason in words, in short as a tile needs it; empty for none."""
        return "" if reason is None else in_words(reason, self.language, short=short)


def sentence(words: str, end: str = ".") -> str:
    """Return words with a capital at the beginning and a full stop at the end."""
    if not words:
        return words
    whole = words[0].upper() + words[1:]
    return whole if whole[-1] in ".!?…" else whole + end


def decimals_deserved(sigma: float | None) -> int:
    """One decimal where the standard uncertainty is below one unit, none where it is not."""
    return 1 if sigma is not None and sigma < 1.0 else 0


def clock(seconds: float) -> str:
    """Write a time as mm:ss; an hour and more as h:mm:ss."""
    whole = max(int(seconds), 0)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes:02d}:{rest:02d}"
