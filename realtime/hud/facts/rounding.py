"""A stride's numbers as the whole screen writes them: rounded in one place, so that none differ."""

from __future__ import annotations

from dataclasses import dataclass

from hipcue.realtime.hud.facts.metric_style import SHOWN
from hipcue.realtime.hud.facts.texts import Texts, decimals_deserved
from hipcue.realtime.records import Stride

_WHOLE = "thigh_extension_deg"
_PARTS = ("hip_extension_deg", "pelvic_tilt_deg")


@dataclass(frozen=True, slots=True)
class Rounded:
    """A number in the unit that the screen shows, with the decimals it is written with."""

    value: float
    decimals: int

    def words(self, texts: Texts, *, sign: bool = False) -> str:
        """Write it."""
        return texts.number(self.value, self.decimals, sign=sign)


def rounded(stride: Stride, metric: str) -> Rounded | None:
    """Return a metric of a stride as the screen writes it; None where it is missing.

    The thigh's extension and its parts, hip and pelvis, are rounded together: what stands on
    the screen adds up. A part then is at most one step from its value, all else half a step.
    """
    if metric == _WHOLE or metric in _PARTS:
        split = _split(stride)
        if split is not None:
            return split[metric]
    measured, shown = stride.measure(metric), SHOWN[metric]
    if measured.value is None:
        return None
    sigma = None if measured.sigma is None else measured.sigma * shown.scale
    decimals = decimals_deserved(sigma) if shown.decimals is None else shown.decimals
    return Rounded(round(measured.value * shown.scale, decimals), decimals)


def _split(stride: Stride) -> dict[str, Rounded] | None:
    """Return the whole and its parts; None where one of them is missing."""
    names = (_WHOLE, *_PARTS)
    measured = [stride.measure(name) for name in names]
    values = [m.value for m in measured if m.value is not None]
    if len(values) < len(names):
        return None
    # The least certain of them decides.
    decimals = min(decimals_deserved(m.sigma) for m in measured)
    steps = [value * 10**decimals for value in values]
    whole, *parts = (round(step) for step in steps)
    off = whole - sum(parts)
    if abs(off) == 1:
        # The part that is nearest to its next step gives way.
        _, number = min((abs(steps[1 + n] - part - off), n) for n, part in enumerate(parts))
        parts[number] += off
    return {
        name: Rounded(round(step / 10**decimals, decimals), decimals)
        for name, step in zip(names, (whole, *parts), strict=True)
    }
