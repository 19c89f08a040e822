"""What the report calls a metric: a plain name, its unit, its digits."""

from __future__ import annotations

import unicodedata

from hipcue.realtime.metrics import METRICS

# In the order of the report. Others follow under a name made of their key.
_NAMES = {
    "belt_speed_mps": "Belt speed",
    "hip_extension_deg": "Hip extension",
    "thigh_extension_deg": "Thigh extension",
    "pelvic_tilt_deg": "Pelvic tilt at push-off",
    "lumbar_extension_deg": "Arching of the lower back",
    "trunk_lean_deg": "Trunk lean",
    "stride_length_m": "Stride length",
    "cadence_spm": "Cadence",
    "stride_time_s": "Stride time",
    "contact_time_s": "Contact time",
    "flight_time_s": "Flight time",
    "pelvic_tilt_mean_deg": "Pelvic tilt, mean of the stride",
    "pelvic_tilt_sd_deg": "Pelvic tilt, spread in the stride",
    "knee_contact_deg": "Knee flexion at contact",
    "knee_toe_off_deg": "Knee flexion at toe-off",
    "ankle_toe_off_deg": "Plantarflexion at toe-off",
    "heel_recovery": "Heel recovery",
    "vertical_oscillation_m": "Vertical oscillation",
    "overstride_m": "Overstride",
}
_HINTS = {
    "hip_extension_deg": "thigh against pelvis",
    "thigh_extension_deg": "thigh behind the vertical; includes what the pelvis lends",
    "pelvic_tilt_deg": "forward tilt against the runner's own standing",
    "lumbar_extension_deg": "pelvis against trunk, against standing",
    "trunk_lean_deg": "against standing",
    "ankle_toe_off_deg": "the foot pointed against standing",
}
# Suffix of the key: unit for the eye, factor from SI, digits.
_UNITS = {
    "_deg": ("°", 1.0, 1),
    "_spm": ("steps/min", 1.0, 0),
    "_mps": ("m/s", 1.0, 2),
    "_ms": ("ms", 1.0, 0),
    "_s": ("ms", 1000.0, 0),
    "_percent": ("%", 1.0, 1),
}
_SPECIAL = {
    "stride_length_m": ("m", 1.0, 2),
    "vertical_oscillation_m": ("cm", 100.0, 1),
    "overstride_m": ("cm", 100.0, 1),
}

# What a verdict is called to somebody who reads it for the first time.
VERDICTS = {
    "ok": "good",
    "watch": "near the limit",
    "compensating": "borrowed",
    "unknown": "not judged",
}
# Directions of writing that would turn the words around a name about.
_TURNING = {"R", "AL", "AN", "RLE", "RLO", "LRE", "LRO", "RLI", "LRI", "FSI", "PDF", "PDI"}


def isolated(name: str) -> str:
    """Return a name that cannot change the order of the words around it."""
    if any(unicodedata.bidirectional(letter) in _TURNING for letter in name):
        return f"\u2068{''.join(c for c in name if unicodedata.category(c) != 'Cf')}\u2069"
    return name


def name_of(metric: str) -> str:
    """Return the plain name of a metric."""
    plain = metric
    for suffix in _UNITS:
        plain = plain.removesuffix(suffix)
    return _NAMES.get(metric) or plain.removesuffix("_m").replace("_", " ").capitalize()


def hint_of(metric: str) -> str:
    """Return the half sentence that explains a metric with its sign, or nothing."""
    known = METRICS.get(metric)
    sign = f"{known.positive} positive" if known is not None and known.positive else ""
    return "; ".join(part for part in (_HINTS.get(metric, ""), sign) if part)


def unit_of(metric: str) -> tuple[str, float, int]:
    """Return unit for the eye, factor from the stored value, digits after the point."""
    if metric in _SPECIAL:
        return _SPECIAL[metric]
    for suffix, unit in _UNITS.items():
        if metric.endswith(suffix):
            return unit
    return ("m", 1.0, 3) if metric.endswith("_m") else ("", 1.0, 2)


def ordered(metrics: set[str]) -> list[str]:
    """Return the metrics in the order of the report."""
    known = [m for m in _NAMES if m in metrics and m != "belt_speed_mps"]
    return known + sorted(metrics - set(known) - {"belt_speed_mps"})


def shown(metric: str, value: float | None) -> str:
    """Return a value with its unit as the report shows it, a dash when missing."""
    if value is None or value != value:
        return "–"
    unit, factor, digits = unit_of(metric)
    text = f"{value * factor:.{digits}f}"
    # A little less than nothing is nothing.
    text = text.lstrip("-") if float(text) == 0.0 else text.replace("-", "−")
    gap = "" if unit == "°" else "\u00a0"
    return f"{text}{gap}{unit}".strip()


def clock(t_s: float) -> str:
    """Return a time as minutes and seconds."""
    whole = max(round(t_s), 0)
    return f"{whole // 60}:{whole % 60:02d}"
