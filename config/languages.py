"""The languages of screens and reports, and numbers as each writes them."""

from __future__ import annotations

LANGUAGES = ("en", "de")
_COMMA = ("de",)


def known_language(language: str) -> str:
    """Return the language where there are words in it, English elsewhere."""
    return language if language in LANGUAGES else "en"


def write_number(value: float, form: str, language: str) -> str:
    """Write a number: a real minus, the language's decimal mark, and a zero without a sign.

    Parameters
    ----------
    value : float
        The number.
    form : str
        As after the colon in Python's own formats, e.g. ``+.1f``.
    language : str
        Of `LANGUAGES`.
    """
    text = format(value, form)
    if not any(digit in text for digit in "123456789"):
        text = text.lstrip("+-")
    text = text.replace("-", "−")
    return text.replace(".", ",") if language in _COMMA else text
