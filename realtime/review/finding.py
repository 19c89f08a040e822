"""The finding: what happened, in plain words and one paragraph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from realtime.records import CueResponse, Side, Verdict
from realtime.review.curves import Moments
from realtime.review.labels import shown
from realtime.review.table import Flags, StrideTable, median

# A change within a session below this is not worth a word: a camera's pelvis is noise
# below 3 degrees; runners differ among each other by 3 to 4 (Bramah 2018).
_REAL_CHANGE_DEG = 3.0
# Strides that make a statement about a part of the session. Our choice; 7 steps are the
# least for a repeatable mean (Dingenen 2018).
_ENOUGH = 7


@dataclass(frozen=True, slots=True)
class Facts:
    """The numbers the finding is made of; ``None`` where nothing was measured."""

    strides: int
    minutes: float
    speed_mps: float | None
    thigh_deg: float | None
    hip_deg: float | None
    tilt_deg: float | None
    by_side: dict[Side, float]
    judged: int
    compensating: int
    stretches: int
    rise_deg: float | None
    early_late: dict[str, tuple[float, float]]
    cues: int
    heard: int
    answered: int
    change_deg: float | None
    main_reason: str | None


def facts(
    table: StrideTable,
    moments: Moments,
    cues: int,
    heard: int,
    responses: Sequence[CueResponse],
) -> Facts:
    """Return the numbers of a session's finding; `heard` cues of `cues` were played."""
    bad = table.compensating
    judged = np.array([s.verdict is not Verdict.UNKNOWN for s in table.strides], bool)
    good = judged & ~bad
    base = good if good.sum() >= _ENOUGH else np.ones(len(table), bool)
    tilt = table.value("pelvic_tilt_deg")
    hip = table.value("hip_extension_deg")
    tilt_good, tilt_bad = median(tilt[base]), median(tilt[bad])
    rise = None if tilt_good is None or tilt_bad is None else tilt_bad - tilt_good
    changes = [
        r.after.value - r.before.value
        for r in responses
        if r.metric == "pelvic_tilt_deg"
        and r.after.value is not None
        and r.before.value is not None
    ]
    sides = {side: median(hip[base & table.of(side)]) for side in table.sides()}
    reasons = table.missing.get("hip_extension_deg")
    common = reasons.most_common(1)[0][0] if reasons else None
    span = float(table.end_s.max() - table.contact_s.min()) if len(table) else 0.0
    return Facts(
        strides=len(table),
        minutes=span / 60.0,
        speed_mps=median(table.value("belt_speed_mps")),
        thigh_deg=median(table.value("thigh_extension_deg")[base]),
        hip_deg=median(hip[base]),
        tilt_deg=tilt_good,
        by_side={side: value for side, value in sides.items() if value is not None},
        judged=int(judged.sum()),
        compensating=int(bad.sum()),
        stretches=len(moments.bad_s),
        rise_deg=rise,
        early_late=_early_late(table, good),
        cues=cues,
        heard=heard,
        answered=sum(1 for c in changes if c <= -1.0),
        change_deg=float(np.median(changes)) if changes else None,
        main_reason=common,
    )


def _early_late(table: StrideTable, good: Flags) -> dict[str, tuple[float, float]]:
    """Return medians of the first and last fifth of the judged strides that were good."""
    rows = np.flatnonzero(good)
    n = max(len(rows) // 5, _ENOUGH)
    if len(rows) < 3 * n:
        return {}
    out = {}
    for name in ("hip_extension_deg", "pelvic_tilt_deg", "stride_length_m"):
        early, late = median(table.value(name)[rows[:n]]), median(table.value(name)[rows[-n:]])
        if early is not None and late is not None:
            out[name] = (early, late)
    return out


def finding(runner: str, f: Facts) -> list[str]:
    """Return the finding as sentences."""
    if f.strides == 0:
        return [
            f"No stride of {runner} was recorded.",
            "Either nobody ran, or the camera did not see the legs.",
        ]
    pace = f" at {f.speed_mps:.1f} m/s ({f.speed_mps * 3.6:.1f} km/h)" if f.speed_mps else ""
    length = f"{f.minutes:.0f} minutes" if f.minutes >= 2 else f"{f.minutes * 60:.0f} seconds"
    out = [f"{runner} ran for {length}{pace}, {count(f.strides, 'stride')}."]
    out += _level(f)
    out += _borrowed(f)
    out += _cues(f)
    out += _drift(f)
    return out


def count(n: int, thing: str) -> str:
    """Return e.g. ``1 stride`` or ``2 strides``."""
    return f"{n} {thing}" if n == 1 else f"{n} {thing}s"


def _level(f: Facts) -> list[str]:
    if f.thigh_deg is None:
        return ["The thigh could not be measured."]
    if f.hip_deg is None or f.tilt_deg is None:
        why = f" ({f.main_reason})" if f.main_reason else ""
        return [
            f"At push-off the thigh reached {f.thigh_deg:.0f}° behind the vertical.",
            f"The tilt of the pelvis is not known{why}, so nobody can say how much of that came "
            "from the hip and how much was borrowed.",
        ]
    first = f"At push-off the thigh reached {f.thigh_deg:.0f}° behind the vertical"
    if f.tilt_deg < 0.5:
        split = f"{first}, all of it from the hip."
    else:
        split = (
            f"{first}: {f.hip_deg:.0f}° came from the hip itself, "
            f"{f.tilt_deg:.0f}° from tipping the pelvis forward."
        )
    out = [split]
    if len(f.by_side) == 2:
        left, right = f.by_side[Side.L], f.by_side[Side.R]
        if abs(left - right) >= _REAL_CHANGE_DEG:
            more, less = ("left", "right") if left > right else ("right", "left")
            out.append(
                f"The {more} hip extended {abs(left - right):.0f}° more than the {less} one; "
                "the leg away from the camera is half hidden, so look again from the other side."
            )
    return out


def _borrowed(f: Facts) -> list[str]:
    if f.judged == 0:
        return ["No stride could be judged, so this report says nothing about compensation."]
    if f.judged < 0.5 * f.strides:
        part = f"Only {f.judged} of {f.strides} strides could be judged."
        out = [part]
    else:
        out = []
    if f.compensating == 0:
        return [*out, "In none of the judged strides was extension borrowed beyond the usual."]
    share = 100.0 * f.compensating / f.judged
    percent = "less than 1 %" if share < 1 else f"{share:.0f} %"
    rise = f", with the pelvis tipped {f.rise_deg:.0f}° further" if f.rise_deg else ""
    times = {1: "once", 2: "twice"}.get(f.stretches, f"{f.stretches} times")
    return [
        *out,
        f"Extension was borrowed from the pelvis and the lower back {times}, "
        f"in {percent} of the judged strides{rise}.",
    ]


def _cues(f: Facts) -> list[str]:
    if f.cues == 0:
        return []
    many = count(f.cues, "cue")
    if f.heard == 0:
        return [f"There would have been {many}, but nobody heard any."]
    if f.change_deg is None:
        return [f"There was {many}." if f.cues == 1 else f"There were {many}."]
    if f.change_deg <= -1.0:
        said = f"the tilt came back by {-f.change_deg:.0f}° on average"
    elif f.change_deg < 1.0:
        said = "the tilt stayed as it was"
    else:
        said = f"the tilt went on rising, by {f.change_deg:.0f}°"
    if f.cues == 1:
        return [f"After {many} {said}."]
    followed = {f.cues: "all", 0: "none"}.get(f.answered, str(f.answered))
    return [f"After {many} {said}; {followed} of them were followed."]


def _drift(f: Facts) -> list[str]:
    out = []
    for name, word in (("hip_extension_deg", "hip extension"), ("pelvic_tilt_deg", "the tilt")):
        pair = f.early_late.get(name)
        if pair is not None and abs(pair[1] - pair[0]) >= _REAL_CHANGE_DEG:
            way = "rose" if pair[1] > pair[0] else "fell"
            out.append(f"Towards the end {word} {way} from {pair[0]:.0f}° to {pair[1]:.0f}°.")
    if not out and f.early_late:
        out.append("From start to end nothing changed by more than the measurement can tell.")
    return out


def tiles(table: StrideTable, f: Facts) -> list[tuple[str, str, str]]:
    """Return the numbers at the top: name, value, explanation."""
    share = f"{100 * f.compensating / f.judged:.0f} %" if f.judged else "–"
    per_min = f"{f.cues / f.minutes:.1f}" if f.minutes > 0.2 else "–"
    sides = " · ".join(f"{side} {shown('hip_extension_deg', v)}" for side, v in f.by_side.items())
    return [
        ("Hip extension", shown("hip_extension_deg", f.hip_deg), sides or "not measured"),
        ("Pelvic tilt", shown("pelvic_tilt_deg", f.tilt_deg), "at push-off, good strides"),
        ("Borrowed", share, f"of {f.judged} judged strides"),
        ("Stride length", shown("stride_length_m", median(table.value("stride_length_m"))), ""),
        ("Cadence", shown("cadence_spm", median(table.value("cadence_spm"))), ""),
        ("Cues per minute", per_min, f"{f.cues} in all"),
    ]
