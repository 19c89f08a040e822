"""Where the extension of each leg comes from, worked out from a snapshot. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from hipcue.realtime.hud.facts.legs import near_side, newest_stride
from hipcue.realtime.hud.facts.texts import Texts
from hipcue.realtime.records import Side
from hipcue.realtime.view.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class LegBudget:
    """Where one leg's extension comes from, degrees; `reason` where something is missing.

    `usual_hip` is the hip's part of the runner's baseline.
    """

    side: Side
    near: bool
    thigh: float | None
    hip: float | None
    tilt: float | None
    lumbar: float | None
    reason: str
    usual_hip: float | None
    usual_tilt: float | None


def budget(snapshot: Snapshot, side: Side, texts: Texts) -> LegBudget:
    """Work out a leg's extension budget from its newest stride."""
    near = side is near_side(snapshot)
    bands = snapshot.result.bands if snapshot.result is not None else {}
    usual = bands.get(f"hip_extension_deg:{side}")
    usual_tilt = bands.get(f"pelvic_tilt_deg:{side}")
    stride, why_not = newest_stride(snapshot, side)
    hip_centre = usual.centre if usual is not None else None
    tilt_centre = usual_tilt.centre if usual_tilt is not None else None
    if stride is None:
        why = texts.reason(why_not, short=True)
        return LegBudget(side, near, None, None, None, None, why, hip_centre, tilt_centre)
    thigh = stride.measure("thigh_extension_deg")
    tilt = stride.measure("pelvic_tilt_deg")
    hip = stride.measure("hip_extension_deg")
    first_missing = next((m for m in (thigh, tilt, hip) if not m.known), None)
    return LegBudget(
        side,
        near,
        thigh.value,
        hip.value,
        tilt.value,
        stride.measure("lumbar_extension_deg").value,
        texts.reason(first_missing.reason, short=True) if first_missing is not None else "",
        hip_centre,
        tilt_centre,
    )
