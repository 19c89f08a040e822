"""Reasons as a session keeps them, and back: their JSON, or the sentence of an old session."""

from __future__ import annotations

import json
from functools import lru_cache

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.records import Measurement
from hipcue.realtime.session.old_sentences import reason_of_line, reason_of_sentence


def reason_text(reason: Reason | None) -> str | None:
    """Return what is kept of a reason."""
    return None if reason is None else reason.to_json()


def read_reason(kept: object) -> Reason | None:
    """Return a reason from what is kept of it: JSON, as a text or read, or a sentence."""
    if kept is None:
        return None
    if isinstance(kept, str):
        return reason_from_text(kept)
    try:
        return Reason.from_dict(kept)
    except ValueError:
        return _unknown(kept)


# The same few reasons stand in every frame.
@lru_cache(maxsize=4096)
def reason_from_text(text: str) -> Reason:
    """Return a reason from its JSON, or from the sentence of an old session."""
    if not text.startswith("{"):
        return reason_of_sentence(text)
    try:
        kept = json.loads(text)
    except (ValueError, RecursionError):
        return Reason(ReasonCode.OTHER, text=text)
    return read_reason(kept) or Reason(ReasonCode.OTHER, text=text)


def _unknown(kept: object) -> Reason:
    """Return what can be said of a reason with a code of another hipcue: its name."""
    code = kept.get("code") if isinstance(kept, dict) else None
    if not isinstance(code, str):
        return Reason(ReasonCode.OTHER, text=str(kept))
    return Reason(ReasonCode.UNKNOWN_REASON, name=code[:60])


def reason_of_row(text: str, advice: str = "") -> Reason:
    """Return the reason of a device's row; old rows hold what was said and what was advised."""
    return reason_from_text(text) if text.startswith("{") else reason_of_line(text, advice)


def read_measurement(value: float | None, sigma: float | None, kept: object) -> Measurement:
    """Return a measurement that was kept; one with neither value nor reason is no number."""
    if value is not None:
        return Measurement(value, sigma)
    return Measurement.missing(read_reason(kept) or ReasonCode.NOT_A_NUMBER)
