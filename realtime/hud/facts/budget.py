"""Where the extension of each leg comes from, worked out from a snapshot. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from hipcue.config.settings import VerdictSettings
from hipcue.realtime.hud.facts.legs import near_side, newest_stride
from hipcue.realtime.hud.facts.readings import own_band
from hipcue.realtime.hud.facts.rounding import Rounded, rounded
from hipcue.realtime.hud.facts.texts import Texts
from hipcue.realtime.records import Side, Stride
from hipcue.realtime.view.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class LegBudget:
    """Where one leg's extension comes from, degrees; `reason` where something is missing.

    `hip` and `tilt` add up to `thigh`. `usual_hip` is the hip's part of the runner's
    baseline. `tells` is what the numbers say: ``borrowed`` from the pelvis, ``more`` from it
    than usual, as ``usual``, ``split`` without a baseline, or the pelvis tipped back
    ``behind`` neutral; empty where that is not known.
    """

    side: Side
    near: bool
    thigh: Rounded | None = None
    hip: Rounded | None = None
    tilt: Rounded | None = None
    lumbar: Rounded | None = None
    reason: str = ""
    usual_hip: float | None = None
    tells: str = ""


def budget(snapshot: Snapshot, side: Side, texts: Texts) -> LegBudget:
    """Work out a leg's extension budget from its newest stride."""
    near = side is near_side(snapshot)
    usual = own_band(snapshot, "hip_extension_deg", side)
    usual_hip = None if usual is None else usual.centre
    stride, why_not = newest_stride(snapshot, side)
    if stride is None:
        reason = texts.reason(why_not, short=True)
        return LegBudget(side, near, reason=reason, usual_hip=usual_hip)
    parts = ("thigh_extension_deg", "pelvic_tilt_deg", "hip_extension_deg")
    missing = next((m for m in map(stride.measure, parts) if not m.known), None)
    return LegBudget(
        side,
        near,
        rounded(stride, "thigh_extension_deg"),
        rounded(stride, "hip_extension_deg"),
        rounded(stride, "pelvic_tilt_deg"),
        rounded(stride, "lumbar_extension_deg"),
        "" if missing is None else texts.reason(missing.reason, short=True),
        usual_hip,
        _tells(snapshot, stride),
    )


def _tells(snapshot: Snapshot, stride: Stride) -> str:
    tilt = rounded(stride, "pelvic_tilt_deg")
    if tilt is None:
        return ""
    if tilt.value < 0:
        return "behind"
    usual = own_band(snapshot, "pelvic_tilt_deg", stride.side)
    # Without a baseline it is borrowed that far above neutral.
    rise = tilt.value - (0.0 if usual is None else usual.centre)
    if rise >= _tolerated_deg(snapshot):
        return "borrowed"
    if usual is None:
        return "split"
    # As the tile of the tilt says it.
    return "more" if tilt.value > round(usual.high, tilt.decimals) else "usual"


def _tolerated_deg(snapshot: Snapshot) -> float:
    """Return how far the tilt may rise; without a choice, the setting's default."""
    if snapshot.choices is not None:
        return snapshot.choices.band_deg
    return VerdictSettings().min_rise_deg
