"""The sentences of sessions kept before reasons were codes, and the reasons they stand for.

Nothing else knows them: what is read from an old session is a `Reason` as from a new one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from hipcue.config.reasons import Reason, ReasonCode

# As they were written then. {places} hold a number or a name; {why} another sentence.
_SENTENCES: dict[str, ReasonCode] = {
    # Measurements of the legs and the trunk.
    "not measured": ReasonCode.NOT_MEASURED,
    "not kept": ReasonCode.NOT_KEPT,
    "not a number": ReasonCode.NOT_A_NUMBER,
    "nobody in the picture": ReasonCode.NOBODY_IN_PICTURE,
    "no marker in this frame": ReasonCode.NO_MARKER_IN_FRAME,
    "near leg hidden": ReasonCode.NEAR_LEG_HIDDEN,
    "far leg hidden": ReasonCode.FAR_LEG_HIDDEN,
    "leg hidden at its peak": ReasonCode.LEG_HIDDEN_AT_PEAK,
    "leg hidden at that instant": ReasonCode.LEG_HIDDEN_AT_INSTANT,
    "heel hidden in swing": ReasonCode.HEEL_HIDDEN_IN_SWING,
    "hip hidden in swing": ReasonCode.HIP_HIDDEN_IN_SWING,
    "hip not above the heel": ReasonCode.HIP_NOT_ABOVE_HEEL,
    "hips not seen": ReasonCode.HIPS_NOT_SEEN,
    "shoulders not seen": ReasonCode.SHOULDERS_NOT_SEEN,
    "trunk not seen": ReasonCode.TRUNK_NOT_SEEN,
    "toe-off not seen": ReasonCode.TOE_OFF_NOT_SEEN,
    "other foot's contact not seen": ReasonCode.OTHER_CONTACT_NOT_SEEN,
    "no stride before this one": ReasonCode.NO_STRIDE_BEFORE,
    "no standing neutral for the trunk": ReasonCode.NO_NEUTRAL_FOR_TRUNK,
    "no standing neutral for the ankle": ReasonCode.NO_NEUTRAL_FOR_ANKLE,
    "scale unknown": ReasonCode.NO_SCALE,
    "scale unknown: no belt speed and no body height": ReasonCode.NO_SCALE,
    "hardly any push-off": ReasonCode.LITTLE_PUSH_OFF,
    "left: {why}": ReasonCode.LEFT_MISSING,
    "right: {why}": ReasonCode.RIGHT_MISSING,
    "both sides near zero": ReasonCode.SIDES_NEAR_ZERO,
    # The pelvis.
    "no standing neutral": ReasonCode.NO_NEUTRAL,
    "pelvis not measured": ReasonCode.PELVIS_NOT_MEASURED,
    "pelvis not sure": ReasonCode.PELVIS_NOT_SURE,
    "pelvis not sure enough": ReasonCode.PELVIS_NOT_SURE_ENOUGH,
    "a pelvis marker is hidden": ReasonCode.PELVIS_MARKER_HIDDEN,
    "tag hidden": ReasonCode.TAG_HIDDEN,
    "no silhouette": ReasonCode.NO_SILHOUETTE,
    "runner too small in the picture": ReasonCode.RUNNER_TOO_SMALL,
    "not side-on": ReasonCode.NOT_SIDE_ON,
    "back and background look alike": ReasonCode.BACK_LIKE_BACKGROUND,
    "arm in front of the back": ReasonCode.ARM_BEFORE_BACK,
    "back not clear": ReasonCode.BACK_NOT_CLEAR,
    "outline of the back not clear": ReasonCode.BACK_NOT_CLEAR,
    "no hollow in the back: loose shirt": ReasonCode.LOOSE_SHIRT,
    "loose clothing": ReasonCode.LOOSE_CLOTHING,
    # The belt.
    "no treadmill": ReasonCode.NO_TREADMILL,
    "no speed from the treadmill": ReasonCode.NO_BELT_SPEED,
    "no speed from the treadmill in this stride": ReasonCode.NO_BELT_SPEED_IN_STRIDE,
    "belt silent {seconds} s": ReasonCode.BELT_SILENT,
    "no planted foot seen yet": ReasonCode.NO_PLANTED_FOOT,
    "grade not known": ReasonCode.GRADE_NOT_KNOWN,
    "no speed": ReasonCode.NO_SPEED,
    "no speed in this message": ReasonCode.NO_SPEED_IN_MESSAGE,
    "impossible speed {kmh} km/h": ReasonCode.IMPOSSIBLE_SPEED,
    "belts differ: left {left}, right {right} m/s": ReasonCode.BELTS_DIFFER,
    "unknown speed number {number}": ReasonCode.UNKNOWN_SPEED_NUMBER,
    "gives no speed ({state})": ReasonCode.GIVES_NO_SPEED,
    "speed without a unit": ReasonCode.SPEED_WITHOUT_UNIT,
    "pace of zero": ReasonCode.PACE_OF_ZERO,
    "answers in {unit}, not speed": ReasonCode.UNIT_IS_NO_SPEED,
    "unknown unit {unit}, not speed": ReasonCode.UNIT_NOT_KNOWN,
    "no speed; distance too coarse": ReasonCode.DISTANCE_TOO_COARSE,
    "no speed; measuring distance": ReasonCode.DISTANCE_MEASURING,
    "no speed; distance jumped": ReasonCode.DISTANCE_JUMPED,
    "no speed; distance stands still": ReasonCode.DISTANCE_STANDS_STILL,
    "no speed; distance not steady": ReasonCode.DISTANCE_NOT_STEADY,
    "circumference unknown, add ?circumference=": ReasonCode.NO_CIRCUMFERENCE,
    "no pulses for 1 s": ReasonCode.NO_PULSES,
    "pulses and periods disagree: noise on the sensor's wire?": ReasonCode.PULSES_NOISY,
    # The runner's state.
    "standing still": ReasonCode.STANDING_STILL,
    "waiting for the first strides": ReasonCode.WAITING_FOR_FIRST_STRIDES,
    "first strides": ReasonCode.FIRST_STRIDES,
    "speed is changing": ReasonCode.SPEED_CHANGING,
    "learning your usual, {percent} %": ReasonCode.LEARNING_USUAL,
    "not enough strides yet": ReasonCode.TOO_FEW_STRIDES_YET,
    "within your usual": ReasonCode.WITHIN_USUAL,
    "back within your usual": ReasonCode.BACK_WITHIN_USUAL,
    "pelvis {deg}° against your usual": ReasonCode.PELVIS_AGAINST_USUAL,
    "lower back {deg}° against your usual": ReasonCode.LOWER_BACK_AGAINST_USUAL,
    "not seen for long enough": ReasonCode.SEEN_TOO_BRIEFLY,
    "legs not seen": ReasonCode.LEGS_NOT_SEEN,
    "moving": ReasonCode.MOVING,
    "not side-on: turn until one shoulder hides the other": ReasonCode.STANDS_NOT_SIDE_ON,
    "legs not straight": ReasonCode.LEGS_NOT_STRAIGHT,
    "arms in front of the back": ReasonCode.ARMS_BEFORE_BACK,
    # Responses to cues.
    "too few strides measured": ReasonCode.TOO_FEW_STRIDES,
    "the runner stepped off": ReasonCode.RUNNER_STEPPED_OFF,
    "the belt changed its speed": ReasonCode.BELT_CHANGED_SPEED,
    # What went wrong.
    "disk too slow: frames are not kept, strides are": ReasonCode.DISK_TOO_SLOW,
    "disk full: frames are not kept, strides are": ReasonCode.DISK_FULL,
    "disk nearly full: frames are not kept, strides are": ReasonCode.DISK_NEARLY_FULL,
    "cannot write the session: {why}": ReasonCode.SESSION_NOT_WRITTEN,
    "recording stopped: {why}": ReasonCode.RECORDING_STOPPED,
    "cannot finish the session: {why}": ReasonCode.SESSION_NOT_FINISHED,
    "report not written: {why}": ReasonCode.REPORT_NOT_WRITTEN,
    "{count} of the {table} rows could not be kept": ReasonCode.ROWS_NOT_KEPT,
    "the film stopped: {why}": ReasonCode.FILM_STOPPED,
    "disk nearly full ({mb} MB): the film stopped": ReasonCode.FILM_STOPPED_FOR_SPACE,
    "the film holds no picture": ReasonCode.FILM_EMPTY,
    "the film cannot be converted": ReasonCode.FILM_NOT_CONVERTED,
    "was not closed; finished with {strides} strides": ReasonCode.WAS_NOT_CLOSED,
    "was damaged; repaired with {strides} strides": ReasonCode.WAS_DAMAGED,
    # What gave way, one after the other.
    "the screen is drawn less often": ReasonCode.SCREEN_DRAWN_LESS,
    "no film is kept": ReasonCode.FILM_LEFT_OUT,
    "the outline is read in every second picture": ReasonCode.OUTLINE_READ_LESS,
}
# Lines of a device or a notice: what was said, and what was advised with it.
_LINES: dict[tuple[str, str], ReasonCode] = {
    (
        "camera sees the belt {percent} % against the console",
        "check the treadmill's calibration, or whether the camera was moved",
    ): ReasonCode.BELT_DISAGREES,
    (
        "hip extension is short",
        "a finding of its own: the pelvis does not make up for it",
    ): ReasonCode.HIP_EXTENSION_SHORT,
    (
        "too slow for the camera ({seen} of {wanted} pictures a second seen): {given_up}",
        "close other programs, or try 'hipcue devices --tune'",
    ): ReasonCode.TOO_SLOW,
    ("fast enough again", ""): ReasonCode.FAST_ENOUGH_AGAIN,
}
# Places that hold a sentence; where nobody knows it, it was the system's own.
_NESTED = ("why",)
# Between the two, where no sentence has it.
_BESIDE = "\n"


def reason_of_sentence(sentence: str) -> Reason:
    """Return the reason that a sentence of an old session stands for; OTHER for an unknown."""
    found = _match(sentence, _sentences())
    return found if found is not None else Reason(ReasonCode.OTHER, text=sentence)


def reason_of_line(text: str, advice: str) -> Reason:
    """Return the reason that an old line of a device, or an old notice, stands for."""
    found = _match(text + _BESIDE + advice, _lines())
    if found is not None:
        return found
    if not advice:
        return reason_of_sentence(text)
    return Reason(ReasonCode.OTHER_ADVISED, text=text, advice=advice)


_Patterns = tuple[tuple[re.Pattern[str], ReasonCode], ...]


def _match(text: str, patterns: _Patterns) -> Reason | None:
    for pattern, code in patterns:
        match = pattern.fullmatch(text)
        if match is not None:
            return Reason(code, **{n: _value(n, found) for n, found in match.groupdict().items()})
    return None


@cache
def _sentences() -> _Patterns:
    return _in_order(_SENTENCES)


@cache
def _lines() -> _Patterns:
    return _in_order({_BESIDE.join(line): code for line, code in _LINES.items()})


def _in_order(sentences: Mapping[str, ReasonCode]) -> _Patterns:
    """As patterns, those that say most outside of their places first."""
    rows = sorted(sentences.items(), key=lambda row: -len(re.sub(r"\{\w+\}", "", row[0])))
    return tuple((_pattern(sentence), code) for sentence, code in rows)


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", sentence)
    return re.compile(
        "".join(f"(?P<{p}>.+?)" if k % 2 else re.escape(p) for k, p in enumerate(parts)), re.DOTALL
    )


def _value(name: str, text: str) -> float | str | Reason:
    if name == "given_up":
        return Reason.all_of([reason_of_sentence(part) for part in text.split(", ")])
    if name in _NESTED:
        why = reason_of_sentence(text)
        return text if why.code is ReasonCode.OTHER else why
    return float(text) if re.fullmatch(r"[+-]?\d+(\.\d+)?", text) else text
