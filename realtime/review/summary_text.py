"""The finding: what happened, in plain words and one paragraph."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hipcue.config.reason_words import in_words
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.records import CueResponse, Side, Verdict
from hipcue.realtime.review.charts.curves import Moments
from hipcue.realtime.review.labels import clock, shown
from hipcue.realtime.session.stride_table import Flags, StrideTable, median

# A change within a session below this is not worth a word: a camera's pelvis is noise
# below 3 degrees; runners differ among each other by 3 to 4 (Bramah 2018).
_REAL_CHANGE_DEG = 3.0
# The same for what followed a cue. Strides scatter by 0.9 degrees (RBDS and RIC, 46
# runners), so the means of 5 strides before and 10 after differ by 0.5 without any cause;
# this is twice that.
_ANSWER_DEG = 1.0
# Legs are compared across two views, each with its own error: twice the uncertainty of the
# difference, as is usual for 95 percent.
_COVERAGE = 2.0
# Strides that make a statement about a part of the session. Our choice; 7 steps are the
# least for a repeatable mean (Dingenen 2018).
_ENOUGH = 7
# Below these shares the paragraph says how little was seen; our choice.
_FEW_KNOWN, _GAPS = 0.5, 0.9
# The accuracy was measured at 30 pictures a second and more; a camera of 25 may pass.
_FEW_PICTURES_HZ = 24.0
# Stretches that are named by their times; more are only counted.
_NAMED = 3
# What to do about the commonest reasons for which the pelvis is missing.
_REMEDY = {
    ReasonCode.NO_NEUTRAL: "Next time begin with three seconds of standing still, side-on.",
    ReasonCode.LOOSE_CLOTHING: "Next time wear something close-fitting at the waist, or the "
    "printed tag.",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """The numbers the finding is made of; ``None`` where nothing was measured."""

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


def facts(
    table: StrideTable,
    moments: Moments,
    cues: int,
    heard: int,
    responses: Sequence[CueResponse],
    pictures_hz: float | None = None,
) -> Facts:
    """Return the numbers of a session's finding.

    `cues` asked for a change, `heard` of them were played, and `responses` are what
    followed those that were played; `pictures_hz` is the rate of the pictures.
    """
    bad = table.compensating
    judged = np.array([s.verdict is not Verdict.UNKNOWN for s in table.strides], bool)
    good = judged & ~bad
    base = good if good.sum() >= _ENOUGH else np.ones(len(table), bool)
    tilt = table.value("pelvic_tilt_deg")
    hip = table.value("hip_extension_deg")
    enough = np.isfinite(hip).sum() >= _ENOUGH
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
        answered=sum(1 for c in changes if c <= -_ANSWER_DEG),
        change_deg=float(np.median(changes)) if changes else None,
        main_reason=common,
        pictures_hz=pictures_hz,
    )


def _level_of(table: StrideTable, rows: Flags) -> tuple[float, float] | None:
    """Return hip extension of some strides and its uncertainty; None for too few."""
    hip = table.value("hip_extension_deg")[rows]
    level = median(hip)
    if level is None or np.isfinite(hip).sum() < _ENOUGH:
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
    if f.seen_share < _GAPS:
        out.append(
            f"Strides were seen in {100 * f.seen_share:.0f} % of that time; the rest was a pause, "
            "or was not seen."
        )
    if f.pictures_hz is not None and f.pictures_hz < _FEW_PICTURES_HZ:
        out.append(
            f"Only {f.pictures_hz:.0f} pictures a second were used, which is too few to see every "
            "stride and its push-off; the section on devices says why."
        )
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
        why = f" ({in_words(f.main_reason)})" if f.main_reason else ""
        known = "not known" if f.hip_known == 0 else f"known in only {f.hip_known} of them"
        return [
            f"At push-off the thigh reached {f.thigh_deg:.0f}° behind the vertical.",
            f"The tilt of the pelvis is {known}{why}, so nobody can say how much of that came "
            "from the hip and how much was borrowed.",
            *_remedy(f),
        ]
    out = [_split(f, f.thigh_deg, f.hip_deg, f.tilt_deg)]
    if f.hip_known < _FEW_KNOWN * f.strides:
        why = f" ({in_words(f.main_reason)})" if f.main_reason else ""
        out.append(f"That rests on {f.hip_known} of the {f.strides} strides{why}.")
    if len(f.by_side) == 2:
        (left, one), (right, other) = f.by_side[Side.L], f.by_side[Side.R]
        if abs(left - right) >= max(_REAL_CHANGE_DEG, _COVERAGE * math.hypot(one, other)):
            more, less = ("left", "right") if left > right else ("right", "left")
            out.append(
                f"The {more} hip extended {abs(left - right):.0f}° more than the {less} one; "
                "the leg away from the camera is half hidden, so look again from the other side."
            )
    return out


def _split(f: Facts, thigh_deg: float, hip_deg: float, tilt_deg: float) -> str:
    """Return who paid for the thigh's extension, with how sure that is."""
    first = f"At push-off the thigh reached {thigh_deg:.0f}° behind the vertical"
    unsure = max(f.tilt_sigma_deg or 0.0, 0.5)
    hip = _give_or_take(hip_deg, f.hip_sigma_deg)
    if abs(tilt_deg) < unsure:
        return (
            f"{first}, {hip} of it from the hip itself: the pelvis was tipped by no more than "
            f"can be told from standing ({_give_or_take(tilt_deg, f.tilt_sigma_deg)})."
        )
    if tilt_deg < 0:
        return (
            f"{first}, with the pelvis tipped {_give_or_take(-tilt_deg, f.tilt_sigma_deg)} "
            f"backward, so that the hip itself extended {hip}."
        )
    return (
        f"{first}: {hip} came from the hip itself, "
        f"{_give_or_take(tilt_deg, f.tilt_sigma_deg)} from tipping the pelvis forward."
    )


def _give_or_take(value: float, sigma: float | None) -> str:
    text = f"{value:.0f}".replace("-", "−").removeprefix("−0") or "0"
    return f"{text}°" if sigma is None else f"{text}° ± {max(sigma, 1.0):.0f}°"


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
    times = {1: "once", 2: "twice"}.get(len(f.stretches), f"{len(f.stretches)} times")
    when = ""
    if len(f.stretches) <= _NAMED:
        spans = [f"{clock(start)} to {clock(end)}" for start, end in f.stretches]
        when = f" ({', '.join(spans)})"
    return [
        *out,
        f"Extension was borrowed from the pelvis and the lower back {times}{when}, "
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
    if f.change_deg <= -_ANSWER_DEG:
        said = f"the tilt was {-f.change_deg:.0f}° lower than before"
    elif f.change_deg < _ANSWER_DEG:
        said = "the tilt stayed as it was"
    else:
        said = f"the tilt was {f.change_deg:.0f}° higher than before"
    if f.cues == 1:
        return [f"In the strides after {many} {said}."]
    fell = {f.heard: "all", 0: "none"}.get(f.answered, str(f.answered))
    return [f"In the strides after {many} {said} (median); it fell after {fell} of them."]


def _drift(f: Facts) -> list[str]:
    out = []
    for name, word in (("hip_extension_deg", "hip extension"), ("pelvic_tilt_deg", "the tilt")):
        pair = f.early_late.get(name)
        if pair is not None and abs(pair[1] - pair[0]) >= _REAL_CHANGE_DEG:
            way = "rose" if pair[1] > pair[0] else "fell"
            out.append(f"Towards the end {word} {way} from {pair[0]:.0f}° to {pair[1]:.0f}°.")
    if not out and f.early_late:
        which = "The strides without borrowing" if f.compensating else "The strides"
        out.append(
            f"{which} were the same at the end as at the start, within the "
            f"{_REAL_CHANGE_DEG:.0f}° that a camera can tell apart."
        )
    return out


def _remedy(f: Facts) -> list[str]:
    found = _REMEDY.get(f.main_reason.code) if f.main_reason is not None else None
    return [] if found is None else [found]


def tiles(table: StrideTable, f: Facts) -> list[tuple[str, str, str]]:
    """Return the numbers at the top: name, value, explanation."""
    share = f"{100 * f.compensating / f.judged:.0f} %" if f.judged else "–"
    per_min = f"{f.cues / f.minutes:.1f}" if f.minutes > 0.2 else "–"
    length = median(table.value("stride_length_m"))
    why = table.missing.get("stride_length_m")
    no_length = in_words(why.most_common(1)[0][0]) if why and length is None else ""
    heard = f"{f.cues} in all" if f.heard or not f.cues else f"{f.cues} were due, none heard"
    return [
        ("Hip extension", shown("hip_extension_deg", f.hip_deg), _about_hip(f)),
        ("Pelvic tilt", shown("pelvic_tilt_deg", f.tilt_deg), _about_tilt(f)),
        ("Borrowed", share, f"of {f.judged} judged strides"),
        ("Stride length", shown("stride_length_m", length), no_length),
        ("Cadence", shown("cadence_spm", median(table.value("cadence_spm"))), ""),
        ("Cues per minute", per_min, heard),
    ]


def _about_hip(f: Facts) -> str:
    if f.hip_deg is None:
        return _too_few(f)
    parts = [f"{side} {shown('hip_extension_deg', v)}" for side, (v, _) in f.by_side.items()]
    if f.hip_sigma_deg is not None:
        parts.insert(0, f"± {shown('hip_extension_deg', f.hip_sigma_deg)}")
    return " · ".join(parts)


def _about_tilt(f: Facts) -> str:
    if f.tilt_deg is None:
        return _too_few(f)
    unsure = f.tilt_sigma_deg
    start = "" if unsure is None else f"± {shown('pelvic_tilt_deg', unsure)}, "
    return f"{start}at push-off, not borrowed"


def _too_few(f: Facts) -> str:
    return "not measured" if f.hip_known == 0 else f"in only {count(f.hip_known, 'stride')}"
