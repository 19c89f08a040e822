"""The words of the screens in every language, and numbers as that language writes them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from hipcue.config.languages import known_language
from hipcue.config.reason_words import advice_on, in_words
from hipcue.config.reasons import Reason

DASH = "–"
_MINUS = "−"
_COMMA = ("de",)


@cache
def _table() -> dict[str, dict[str, str]]:
    """Words by ``section.key`` and language."""
    text = resources.files("hipcue.config").joinpath("hud_texts.toml").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = {}
    for section, rows in tomllib.loads(text).items():
        for key, words in rows.items():
            found[f"{section}.{key}"] = dict(words)
    return found


@cache
def _said() -> tuple[tuple[re.Pattern[str], dict[str, str]], ...]:
    """What devices and measurements say, as patterns; ``{a}`` stands for any words."""
    rows = [words for key, words in _table().items() if key.startswith("said.")]
    # The longest first, so that the most exact pattern wins.
    rows.sort(key=lambda words: -len(re.sub(r"\{\w+\}", "", words["en"])))
    return tuple((_pattern(words["en"]), words) for words in rows)


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    text = "".join(
        f"(?P<{part}>.+?)" if number % 2 else re.escape(part) for number, part in enumerate(parts)
    )
    return re.compile(f"^{text}$")


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
        self._translated: dict[str, str] = {}

    def __call__(self, key: str, **values: object) -> str:
        """Return the words of ``section.key`` with values put in.

        Raises
        ------
        KeyError
            For a key that is not in config/hud_texts.toml.
        """
        words = _table()[key][self.language]
        return words.format(**values) if values else words

    def said(self, words: str) -> str:
        """Return what a device or a measurement said, in this language where it is known."""
        if self.language == "en" or not words:
            return words
        known = self._translated.get(words)
        if known is None:
            known = self._translate(words)
            if len(self._translated) < 1000:
                self._translated[words] = known
        return known

    def _translate(self, words: str) -> str:
        for pattern, row in _said():
            match = pattern.match(words)
            if match is not None:
                parts = {name: self._part(part) for name, part in match.groupdict().items()}
                return row[self.language].format(**parts)
        return words

    def _part(self, words: str) -> str:
        """A part of a sentence: a number in this language's writing, or words that are known."""
        if re.fullmatch(r"[+−-]?\d+\.\d+", words):
            return words.replace(".", ",")
        for pattern, row in _said():
            if "{" not in row["en"] and pattern.match(words):
                return row[self.language]
        return words

    def advice(self, reason: Reason, *, short: bool = False) -> str:
        """Return what to do about a reason; empty where nothing is advised."""
        return advice_on(reason, self.language, short=short)

    def number(self, value: float, decimals: int = 0, *, sign: bool = False) -> str:
        """Write a number: a real minus, a sign on request, the language's decimal mark."""
        rounded = round(value, decimals)
        text = f"{abs(rounded):.{decimals}f}"
        if self.language in _COMMA:
            text = text.replace(".", ",")
        if rounded < 0:
            return _MINUS + text
        return f"+{text}" if sign and rounded > 0 else text

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
