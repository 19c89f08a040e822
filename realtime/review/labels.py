"""What the report calls a metric: its name, its sign, its unit, its value as a text."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from hipcue.realtime.metrics import METRICS
from hipcue.realtime.review.texts import DASH, MINUS, Texts, all_words


@dataclass(frozen=True, slots=True)
class Unit:
    """How values are shown.

    Attributes
    ----------
    key : str
        Of ``[unit]`` in config/report_texts.toml.
    factor : float
        From the stored value, which is SI or degrees.
    decimals : int
        Digits after the decimal mark.
    """

    key: str
    factor: float = 1.0
    decimals: int = 0


# By the end of a metric's name, the longer ones first.
_UNITS = {
    "_deg": Unit("deg", decimals=1),
    "_spm": Unit("spm"),
    "_mps": Unit("mps", decimals=2),
    "_ms": Unit("ms"),
    "_s": Unit("ms", factor=1000.0),
    "_percent": Unit("percent", decimals=1),
    "_m": Unit("m", decimals=3),
}
_NO_UNIT = Unit("none", decimals=2)
_SPECIAL = {
    "stride_length_m": Unit("m", decimals=2),
    "vertical_oscillation_m": Unit("cm", factor=100.0, decimals=1),
    "overstride_m": Unit("cm", factor=100.0, decimals=1),
}
# Shown at the end of the report's charts, and not among the metrics of the runner.
BELT_SPEED = "belt_speed_mps"
# Directions of writing that would turn the words around a name about.
_TURNING = {"R", "AL", "AN", "RLE", "RLO", "LRE", "LRO", "RLI", "LRI", "FSI", "PDF", "PDI"}


def isolated(name: str) -> str:
    """Return a name that cannot change the order of the words around it."""
    if any(unicodedata.bidirectional(letter) in _TURNING for letter in name):
        return f"\u2068{''.join(c for c in name if unicodedata.category(c) != 'Cf')}\u2069"
    return name


def name_of(metric: str, texts: Texts) -> str:
    """Return the plain name of a metric; one that is not known is named by its key."""
    end = next((end for end in _UNITS if metric.endswith(end)), "")
    plain = metric.removesuffix(end).replace("_", " ").capitalize()
    return texts.known("metric", metric, plain)


def sign_of(metric: str, texts: Texts) -> str:
    """Return which direction is positive, in words; nothing for a metric without direction."""
    known = METRICS.get(metric)
    return texts.known("positive", known.positive) if known is not None and known.positive else ""


def hint_of(metric: str, texts: Texts) -> str:
    """Return the half sentence that explains a metric with its sign; nothing for most."""
    hint, sign = texts.known("hint", metric, ""), sign_of(metric, texts)
    return f"{hint}; {sign}" if hint and sign else hint


def unit_of(metric: str) -> Unit:
    """Return how the values of a metric are shown."""
    if metric in _SPECIAL:
        return _SPECIAL[metric]
    return next((unit for end, unit in _UNITS.items() if metric.endswith(end)), _NO_UNIT)


def unit_name(metric: str, texts: Texts) -> str:
    """Return the unit of a metric as it is written."""
    return texts(f"unit.{unit_of(metric).key}")


def ordered(metrics: set[str]) -> list[str]:
    """Return the metrics of the runner in the order of the report."""
    named = [key.removeprefix("metric.") for key in all_words() if key.startswith("metric.")]
    known = [m for m in named if m in metrics and m != BELT_SPEED]
    return known + sorted(metrics - set(known) - {BELT_SPEED})


def shown(metric: str, value: float | None, texts: Texts) -> str:
    """Return a value with its unit as the report shows it, a dash when missing."""
    number, unit = shown_parts(metric, value, texts)
    gap = "" if unit in ("", "°") else "\u00a0"
    return f"{number}{gap}{unit}"


def shown_parts(metric: str, value: float | None, texts: Texts) -> tuple[str, str]:
    """Return a value and its unit, a dash and no unit when missing."""
    if value is None or value != value:
        return DASH, ""
    unit = unit_of(metric)
    return texts.number(value * unit.factor, unit.decimals), texts(f"unit.{unit.key}")


def change_shown(metric: str, change: float, texts: Texts) -> str:
    """Return a change with its sign and unit."""
    text = shown(metric, change, texts)
    return text if text.startswith(MINUS) else f"+{text}"
