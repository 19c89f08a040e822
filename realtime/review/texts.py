"""The words of the reports in every language, with its way to write numbers and dates."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

from hipcue.config.languages import known_language, write_number
from hipcue.config.reason_words import advice_on, in_words
from hipcue.config.reasons import Reason

DASH = "–"
MINUS = "−"
# What a started_at or the name of a day begins with, when it is one.
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d))?")


@cache
def all_words() -> Mapping[str, Mapping[str, str]]:
    """Return the whole table: words by ``section.key`` and language."""
    text = resources.files("hipcue.config").joinpath("report_texts.toml").read_text("utf-8")
    return {
        f"{section}.{key}": words
        for section, rows in tomllib.loads(text).items()
        for key, words in rows.items()
    }


class Texts:
    """The words of one language.

    Parameters
    ----------
    language : str
        ``en`` or ``de``; anything else, as a foreign session may have it, is read as ``en``.
    """

    def __init__(self, language: object = "en") -> None:
        self.language = known_language(str(language))
        self.decimal_mark = write_number(0.5, ".1f", self.language)[1]

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the words of ``section.key`` with values put in.

        Raises
        ------
        KeyError
            For a key that is not in config/report_texts.toml.
        """
        words = all_words()[key][self.language]
        return words.format(**values) if values else words

    def known(self, section: str, key: str, otherwise: str | None = None) -> str:
        """Return the words of a key that a session names; of an unknown one `otherwise`.

        Without `otherwise` an unknown key stands for itself.
        """
        row = all_words().get(f"{section}.{key}")
        if row is None:
            return key if otherwise is None else otherwise
        return row[self.language]

    def count(self, key: str, n: int) -> str:
        """Return the words of ``key_one`` or ``key_many`` with the number `n`."""
        return self(f"{key}_one" if n == 1 else f"{key}_many", n=n)

    def listed(self, parts: Sequence[str]) -> str:
        """Return words one after the other, e.g. ``a, b and c``."""
        if len(parts) < 2:
            return "".join(parts)
        return self("list.last", first=", ".join(parts[:-1]), last=parts[-1])

    def reason(self, reason: Reason) -> str:
        """Return a reason in words."""
        return in_words(reason, self.language)

    def advice(self, reason: Reason) -> str:
        """Return what to do about a reason; empty where nothing is advised."""
        return advice_on(reason, self.language)

    def number(self, value: float, decimals: int = 0) -> str:
        """Return a number with fixed decimals; a little less than nothing is nothing."""
        return write_number(value, f".{decimals}f", self.language)

    def axis_number(self, value: float) -> str:
        """Return a number for an axis, without needless digits."""
        return write_number(value, "g", self.language)

    def moment(self, started_at: str) -> str:
        """Return an ISO 8601 time to the minute, or its day when it has no time of day.

        What is no such time, in a foreign session, is returned as far as a time would reach.
        """
        found = _DAY.match(started_at)
        if found is None:
            return started_at[:16]
        year, month, day, clock = found.groups()
        written = f"{day}.{month}.{year}" if self.language == "de" else f"{year}-{month}-{day}"
        return f"{written} {clock}" if clock else written

    def day(self, started_at: str) -> str:
        """Return the day of an ISO 8601 time."""
        return self.moment(started_at[:10])

    def short_day(self, started_at: str, *, year: bool) -> str:
        """Return the day of an ISO 8601 time for an axis, with two digits of the year or none."""
        found = _DAY.match(started_at)
        if found is None:
            return started_at[:10]
        years, month, day, _ = found.groups()
        if self.language == "de":
            return f"{day}.{month}.{years[2:] if year else ''}"
        return f"{years[2:]}-{month}-{day}" if year else f"{month}-{day}"


def clock(t_s: float) -> str:
    """Return a time as minutes and seconds."""
    whole = max(round(t_s), 0)
    return f"{whole // 60}:{whole % 60:02d}"
