"""The summary of a session in plain words: what happened, in one paragraph."""

from __future__ import annotations

import math

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.records import Side
from hipcue.realtime.review.summary_facts import ANSWER_DEG, ENOUGH, Facts
from hipcue.realtime.review.texts import Texts, clock

# A change within a session below this is not worth a word: a camera's pelvis is noise
# below 3 degrees; runners differ among each other by 3 to 4 (Bramah 2018).
_REAL_CHANGE_DEG = 3.0
# Legs are compared across two views, each with its own error: twice the uncertainty of the
# difference, as is usual for 95 percent.
_COVERAGE = 2.0
# Below these shares the paragraph says how little was seen; our choice.
_FEW_KNOWN, _GAPS, _FEW_JUDGED = 0.5, 0.9, 0.5
# The accuracy was measured at 30 pictures a second and more; a camera of 25 may pass.
_FEW_PICTURES_HZ = 24.0
# Stretches that are named by their times; more are only counted.
_NAMED = 3
# A smaller rise would be told as none; sentences have whole degrees.
_LEAST_RISE_DEG = 0.5
# Shorter runs are told in seconds.
_IN_MINUTES = 2.0
# What to do about the commonest reasons for which the pelvis is missing.
_REMEDY = {
    ReasonCode.NO_NEUTRAL: "summary.remedy_neutral",
    ReasonCode.LOOSE_CLOTHING: "summary.remedy_clothing",
    ReasonCode.LOOSE_SHIRT: "summary.remedy_clothing",
}


def summary_sentences(runner: str, f: Facts, texts: Texts) -> list[str]:
    """Return the summary as sentences; an empty `runner` is somebody without a name."""
    nameless = "" if runner else "_nameless"
    if f.strides == 0:
        said = [texts(f"summary.nobody{nameless}", runner=runner)]
        if f.why_none is not None:
            told = (texts.reason(f.why_none), texts.advice(f.why_none))
            said += [_as_sentence(words) for words in told if words]
        return said
    out = [
        texts(
            f"summary.ran{nameless}",
            runner=runner,
            time=_duration(f.minutes, texts),
            pace=_pace(f.speed_mps, texts),
            strides=texts.count("count.stride", f.strides),
        )
    ]
    if f.seen_share < _GAPS:
        out.append(texts("summary.gaps", share=texts.number(100 * f.seen_share)))
    if f.pictures_hz is not None and f.pictures_hz < _FEW_PICTURES_HZ:
        out.append(texts("summary.few_pictures", hz=texts.number(f.pictures_hz)))
    return [*out, *_level(f, texts), *_borrowed(f, texts), *_cues(f, texts), *_drift(f, texts)]


def _as_sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith('?') else '.'}"


def _duration(minutes: float, texts: Texts) -> str:
    if minutes >= _IN_MINUTES:
        return texts("time.minutes", n=texts.number(minutes))
    return texts("time.seconds", n=texts.number(minutes * 60))


def _pace(speed_mps: float | None, texts: Texts) -> str:
    if not speed_mps:
        return ""
    return texts(
        "summary.pace", mps=texts.number(speed_mps, 1), kmh=texts.number(speed_mps * 3.6, 1)
    )


def _level(f: Facts, texts: Texts) -> list[str]:
    """Return how far the thigh got, what of that was hip, and whether the legs differ."""
    if f.thigh_deg is None:
        return [texts("summary.no_thigh")]
    why = texts("summary.why", reason=texts.reason(f.main_reason)) if f.main_reason else ""
    if f.hip_deg is None or f.tilt_deg is None:
        if f.hip_known == f.strides:
            unknown = "summary.few_strides"
        else:
            unknown = "summary.no_tilt" if f.hip_known == 0 else "summary.few_tilts"
        return [
            texts("summary.thigh_only", thigh=texts.number(f.thigh_deg)),
            texts(unknown, n=f.hip_known, why=why, least=ENOUGH),
            *_remedy(f, texts),
        ]
    out = [_split(f, f.thigh_deg, f.hip_deg, f.tilt_deg, texts)]
    if f.hip_known < _FEW_KNOWN * f.strides:
        out.append(texts("summary.rests_on", known=f.hip_known, all=f.strides, why=why))
    if len(f.by_side) == 2:
        (left, one), (right, other) = f.by_side[Side.L], f.by_side[Side.R]
        gap = abs(left - right)
        if gap >= max(_REAL_CHANGE_DEG, _COVERAGE * math.hypot(one, other)):
            key = "summary.left_more" if left > right else "summary.right_more"
            out.append(texts(key, deg=texts.number(gap)))
    return out


def _remedy(f: Facts, texts: Texts) -> list[str]:
    found = _REMEDY.get(f.main_reason.code) if f.main_reason is not None else None
    return [] if found is None else [texts(found)]


def _split(f: Facts, thigh_deg: float, hip_deg: float, tilt_deg: float, texts: Texts) -> str:
    """Return who paid for the thigh's extension, with how sure that is."""
    unsure = max(f.tilt_sigma_deg or 0.0, 0.5)
    if abs(tilt_deg) < unsure:
        key, tipped = "summary.split_level", tilt_deg
    elif tilt_deg < 0:
        key, tipped = "summary.split_backward", -tilt_deg
    else:
        key, tipped = "summary.split_forward", tilt_deg
    return texts(
        key,
        thigh=texts.number(thigh_deg),
        hip=_with_uncertainty(hip_deg, f.hip_sigma_deg, texts),
        tilt=_with_uncertainty(tipped, f.tilt_sigma_deg, texts),
    )


def _with_uncertainty(value: float, sigma: float | None, texts: Texts) -> str:
    text = f"{texts.number(value)}°"
    return text if sigma is None else f"{text} ± {texts.number(max(sigma, 1.0))}°"


def _borrowed(f: Facts, texts: Texts) -> list[str]:
    if f.judged == 0:
        return [texts("summary.none_judged")]
    out = []
    if f.judged < _FEW_JUDGED * f.strides:
        out.append(texts("summary.few_judged", judged=f.judged, all=f.strides))
    if f.compensating == 0:
        return [*out, texts("summary.none_borrowed")]
    percent = 100.0 * f.compensating / f.judged
    share = (
        texts("summary.share_least")
        if percent < 1
        else texts("summary.share", percent=texts.number(percent))
    )
    # A back that arches is judged, too, without the pelvis tipping any further.
    rise = ""
    if f.rise_deg is not None and f.rise_deg >= _LEAST_RISE_DEG:
        rise = texts("summary.rise", deg=texts.number(f.rise_deg))
    times = {1: "summary.once", 2: "summary.twice"}.get(len(f.stretches), "summary.times")
    when = ""
    if len(f.stretches) <= _NAMED:
        spans = [texts("time.span", start=clock(a), end=clock(b)) for a, b in f.stretches]
        when = texts("summary.when", spans=", ".join(spans))
    said = texts(times, n=len(f.stretches))
    return [*out, texts("summary.borrowed", times=said, when=when, share=share, rise=rise)]


def _cues(f: Facts, texts: Texts) -> list[str]:
    if f.cues == 0:
        return []
    if f.heard == 0:
        return [texts.count("summary.unheard", f.cues)]
    if f.change_deg is None:
        return [texts.count("summary.cues", f.cues)]
    if f.change_deg <= -ANSWER_DEG:
        said = texts("summary.tilt_lower", deg=texts.number(-f.change_deg))
    elif f.change_deg < ANSWER_DEG:
        said = texts("summary.tilt_same")
    else:
        said = texts("summary.tilt_higher", deg=texts.number(f.change_deg))
    # What nobody heard had no answer.
    if f.heard == 1:
        return [texts("summary.after_cue_one", said=said)]
    which = {f.heard: "summary.fell_all", 0: "summary.fell_none"}.get(f.answered)
    fell = str(f.answered) if which is None else texts(which)
    return [texts("summary.after_cue_many", n=f.heard, said=said, fell=fell)]


def _drift(f: Facts, texts: Texts) -> list[str]:
    out = []
    for name, key in (("hip_extension_deg", "hip"), ("pelvic_tilt_deg", "tilt")):
        pair = f.early_late.get(name)
        if pair is not None and abs(pair[1] - pair[0]) >= _REAL_CHANGE_DEG:
            words = f"summary.{key}_rose" if pair[1] > pair[0] else f"summary.{key}_fell"
            out.append(texts(words, early=texts.number(pair[0]), late=texts.number(pair[1])))
    if not out and f.early_late:
        words = "summary.steady_good" if f.compensating else "summary.steady"
        out.append(texts(words, deg=texts.number(_REAL_CHANGE_DEG)))
    return out
