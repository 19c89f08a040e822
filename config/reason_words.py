"""Words of reasons, made of their codes and values in the language that is wanted."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources

from hipcue.config.languages import known_language, write_number
from hipcue.config.reasons import Reason, ReasonCode

# Stands where a value is missing: a session of another version may lack it.
_NO_VALUE = "–"
# What is said where there is no shorter form.
_INSTEAD = {"short": "full", "advice_short": "advice"}


@cache
def reason_table() -> Mapping[ReasonCode, Mapping[str, Mapping[str, str]]]:
    """Return config/reasons.toml: words by code, form (`full`, `advice` ...) and language."""
    text = resources.files("hipcue.config").joinpath("reasons.toml").read_text(encoding="utf-8")
    return {ReasonCode(code): forms for code, forms in tomllib.loads(text).items()}


def in_words(reason: Reason, language: str = "en", *, short: bool = False) -> str:
    """Return a reason in words.

    Parameters
    ----------
    reason : Reason
        The reasons behind it are told in the same language and length.
    language : str
        One without words is told in English.
    short : bool
        As short as a tile needs it.
    """
    return _told(reason, "short" if short else "full", known_language(language))


def advice_on(reason: Reason, language: str = "en", *, short: bool = False) -> str:
    """Return what to do about a reason; empty where nothing is advised."""
    return _told(reason, "advice_short" if short else "advice", known_language(language))


def with_advice(reason: Reason) -> str:
    """Return a reason and, where something is advised, what to do about it: one line."""
    return "; ".join(filter(None, (in_words(reason), advice_on(reason))))


# The screens tell the same few reasons in every picture.
@lru_cache(maxsize=1024)
def _told(reason: Reason, form: str, language: str) -> str:
    forms = reason_table()[reason.code]
    found = forms.get(form) or forms.get(_INSTEAD.get(form, ""))
    if found is None:
        return ""
    short = form in _INSTEAD
    places = _Places({name: _Place(value, short, language) for name, value in reason.values})
    return found[language].format_map(places)


class _Place:
    """A value in its place: ``{deg:+.1f}`` is written as the language writes numbers."""

    def __init__(self, value: float | str | Reason, short: bool, language: str) -> None:
        self._value, self._short, self._language = value, short, language

    def __format__(self, form: str) -> str:
        value = self._value
        if isinstance(value, Reason):
            return in_words(value, self._language, short=self._short)
        if isinstance(value, str):
            return value
        return write_number(value, form, self._language)


class _Places(dict[str, _Place]):
    def __missing__(self, name: str) -> _Place:
        return _Place(_NO_VALUE, False, "en")
