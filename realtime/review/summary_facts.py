"""The numbers that a session's summary is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hipcue.config.reasons import Reason
from hipcue.realtime.records import CueResponse, Side, Verdict
from hipcue.realtime.review.moments import Moments
from hipcue.realtime.session.stride_table import Flags, StrideTable, median

# The tilt fell after a cue when it fell by this much. Strides scatter by 0.9 degrees (RBDS
# and RIC, 46 runners), so the means of 5 strides before and 10 after differ by 0.5 without any
# cause; this is twice that.
ANSWER_DEG = 1.0
# Strides that make a statement about a part of the session. Our choice; 7 steps are the
# least for a repeatable mean (Dingenen 2018).
ENOUGH = 7


@dataclass(frozen=True, slots=True)
class Facts:
    """The numbers the summary is made of; ``None`` where nothing was measured."""

    strides: int
    minutes: float
    speed_mps: float | None
    thigh_deg: float | None
    hip_deg: float | None
    tilt_deg: float | None
    hip_sigma_deg: float | None
    tilt_sigma_deg: float | None
    hip_known: int
    seen_share: float
    by_side: dict[Side, tuple[float, float]]
    judged: int
    compensating: int
    stretches: tuple[tuple[float, float], ...]
    rise_deg: float | None
    early_late: dict[str, tuple[float, float]]
    cues: int
    heard: int
    answered: int
    change_deg: float | None
    main_reason: Reason | None
    pictures_hz: float | None = None
    why_none: Reason | None = None


def session_facts(
    table: StrideTable,
    moments: Moments,
    cues: int,
    heard: int,
    responses: Sequence[CueResponse],
    pictures_hz: float | None = None,
    why_none: Reason | None = None,
) -> Facts:
    """Return the numbers of a session's summary.

    `cues` asked for a change, `heard` of them were played, and `responses` are what
    followed those that were played; `pictures_hz` is the rate of the pictures, and `why_none`
    what was seen instead where there are no strides.
    """
    bad = table.compensating
    judged = np.array([s.verdict is not Verdict.UNKNOWN for s in table.strides], bool)
    good = judged & ~bad
    base = good if good.sum() >= ENOUGH else np.ones(len(table), bool)
    tilt = table.value("pelvic_tilt_deg")
    hip = table.value("hip_extension_deg")
    enough = np.isfinite(hip).sum() >= ENOUGH
    tilt_good, tilt_bad = median(tilt[base]) if enough else None, median(tilt[bad])
    rise = None if tilt_good is None or tilt_bad is None else tilt_bad - tilt_good
    changes = [
        r.after.value - r.before.value
        for r in responses
        if r.metric == "pelvic_tilt_deg"
        and r.after.value is not None
        and r.before.value is not None
    ]
    sides = {side: _level_of(table, base & table.of(side)) for side in table.sides()}
    reasons = table.missing.get("hip_extension_deg")
    common = reasons.most_common(1)[0][0] if reasons else None
    span = float(table.end_s.max() - table.contact_s.min()) if len(table) else 0.0
    return Facts(
        strides=len(table),
        minutes=span / 60.0,
        speed_mps=median(table.value("belt_speed_mps")),
        thigh_deg=median(table.value("thigh_extension_deg")[base]),
        hip_deg=median(hip[base]) if enough else None,
        tilt_deg=tilt_good,
        hip_sigma_deg=median(table.sigma("hip_extension_deg")[base]),
        tilt_sigma_deg=median(table.sigma("pelvic_tilt_deg")[base]),
        hip_known=int(np.isfinite(hip).sum()),
        seen_share=_seen_share(table),
        by_side={side: value for side, value in sides.items() if value is not None},
        judged=int(judged.sum()),
        compensating=int(bad.sum()),
        stretches=moments.bad_s,
        rise_deg=rise,
        early_late=_early_late(table, good),
        cues=cues,
        heard=heard,
        answered=sum(1 for c in changes if c <= -ANSWER_DEG),
        change_deg=float(np.median(changes)) if changes else None,
        main_reason=common,
        pictures_hz=pictures_hz,
        why_none=why_none,
    )


def _level_of(table: StrideTable, rows: Flags) -> tuple[float, float] | None:
    """Return hip extension of some strides and its uncertainty; None for too few."""
    hip = table.value("hip_extension_deg")[rows]
    level = median(hip)
    if level is None or np.isfinite(hip).sum() < ENOUGH:
        return None
    return level, median(table.sigma("hip_extension_deg")[rows]) or 0.0


def _seen_share(table: StrideTable) -> float:
    """Return the share of the time from first to last stride in which strides were seen."""
    if not len(table):
        return 0.0
    # In order of the contacts: what a stride adds begins where all before it have ended.
    ends = np.maximum.accumulate(table.end_s)
    begins = np.maximum(table.contact_s, np.append(-np.inf, ends[:-1]))
    span = float(ends[-1] - table.contact_s[0])
    return float(np.maximum(table.end_s - begins, 0.0).sum() / span) if span > 0 else 1.0


def _early_late(table: StrideTable, good: Flags) -> dict[str, tuple[float, float]]:
    """Return medians of the first and last fifth of the judged strides that were good."""
    rows = np.flatnonzero(good)
    n = max(len(rows) // 5, ENOUGH)
    if len(rows) < 3 * n:
        return {}
    out = {}
    for name in ("hip_extension_deg", "pelvic_tilt_deg", "stride_length_m"):
        early, late = median(table.value(name)[rows[:n]]), median(table.value(name)[rows[-n:]])
        if early is not None and late is not None:
            out[name] = (early, late)
    return out
