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
    # Parts of what was advised about a device.
    "check the cable": ReasonCode.CHECK_CABLE,
    "wake the treadmill, end other apps' connections": ReasonCode.WAKE_TREADMILL,
    "the clock jumped; readings around it were dropped": ReasonCode.CLOCK_JUMPED,
    "{why}; speed from its distance": ReasonCode.SPEED_FROM_DISTANCE,
    "read as mph; if the console shows km/h, add ?unit=kmh": ReasonCode.READ_AS_MPH,
    "{name} at {baud} baud": ReasonCode.PROTOCOL_AT_BAUD,
    "{name} at port {port}": ReasonCode.PROTOCOL_AT_PORT,
    "the other side closed the connection": ReasonCode.CONNECTION_CLOSED,
    "the connection ended": ReasonCode.CONNECTION_ENDED,
    "camera keeps its own exposure": ReasonCode.KEEPS_EXPOSURE,
    "camera keeps its own gain": ReasonCode.KEEPS_GAIN,
    "camera keeps its own focus": ReasonCode.KEEPS_FOCUS,
    "picture {width}x{height}, not {asked_width}x{asked_height}": ReasonCode.OTHER_PICTURE_SIZE,
    "speech is off": ReasonCode.SPEECH_OFF,
    "no speech: {why}; tones go on": ReasonCode.NO_SPEECH,
    "no answer in {seconds} s": ReasonCode.SPEECH_HANGS,
    "{silent} of {all} phrases came out silent": ReasonCode.PHRASES_SILENT,
    "the sound system does not answer": ReasonCode.SOUND_SYSTEM_HANGS,
    "the sound system crashes": ReasonCode.SOUND_SYSTEM_CRASHES,
    "a loudspeaker is gone": ReasonCode.LOUDSPEAKER_GONE,
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
    (
        "the feet leave the picture",
        "lower the camera or move it back",
    ): ReasonCode.FEET_OUT_OF_PICTURE,
    (
        "the head leave the picture",
        "raise the camera or move it back",
    ): ReasonCode.HEAD_OUT_OF_PICTURE,
    # Cameras.
    ("camera", ""): ReasonCode.CAMERA,
    ("camera {fps}", ""): ReasonCode.CAMERA_AT,
    (
        "camera {fps}",
        "gives {again} of {asked} fps: more light, or a smaller picture",
    ): ReasonCode.CAMERA_SLOW,
    ("camera {fps}", "{complaints}"): ReasonCode.CAMERA_DIFFERS,
    ("camera silent", "check the cable of the camera"): ReasonCode.CAMERA_SILENT,
    ("camera lost", "check cable and power; it goes on by itself"): ReasonCode.CAMERA_LOST,
    ("camera frozen", "unplug the camera and plug it back in"): ReasonCode.CAMERA_FROZEN,
    ("camera dark", "take the cap off the lens"): ReasonCode.CAMERA_DARK,
    ("film", ""): ReasonCode.FILM,
    ("film {fps}", ""): ReasonCode.FILM_AT,
    ("film over", ""): ReasonCode.FILM_OVER,
    ("simulated", ""): ReasonCode.SIMULATED,
    ("simulated {fps}", ""): ReasonCode.SIMULATED_AT,
    ("simulated over", ""): ReasonCode.SIMULATED_OVER,
    # Treadmills.
    ("belt {name}", ""): ReasonCode.BELT,
    ("belt {name}", "{why}"): ReasonCode.BELT_REMARK,
    ("belt waiting", ""): ReasonCode.BELT_WAITING,
    ("belt back", ""): ReasonCode.BELT_BACK,
    ("belt lost", "{where}: {why}; {remedy}; it goes on by itself"): ReasonCode.BELT_LOST,
    ("belt no speed", "{name}: {why}"): ReasonCode.BELT_NO_SPEED,
    (
        "belt garbage",
        "bytes on {where}, but no {spoken}: wrong protocol or baud; hipcue devices --probe "
        "finds the protocol",
    ): ReasonCode.BELT_GARBAGE,
    (
        "belt silent",
        "nothing on {where} in {spoken}: check cable, power and protocol; hipcue devices "
        "--probe finds the protocol",
    ): ReasonCode.BELT_NOT_HEARD,
    ("belt none", ""): ReasonCode.BELT_NONE,
    ("no belt", "give --speed or --speed-csv"): ReasonCode.BELT_NOT_GIVEN,
    ("belt fixed {mps}", ""): ReasonCode.BELT_FIXED,
    ("belt file", ""): ReasonCode.BELT_FILE,
    # The pelvis.
    ("pelvis", ""): ReasonCode.PELVIS,
    ("pelvis none", ""): ReasonCode.PELVIS,
    ("pelvis tag", ""): ReasonCode.PELVIS_TAG,
    ("pelvis imu", ""): ReasonCode.PELVIS_IMU,
    ("pelvis contour", ""): ReasonCode.PELVIS_CONTOUR,
    ("pelvis markers", ""): ReasonCode.PELVIS_MARKERS,
    (
        "pelvis lost",
        "{where}: {why}; check the cable; it goes on by itself",
    ): ReasonCode.PELVIS_LOST,
    (
        "pelvis garbage",
        "bytes on {where}, but no angles: another baud=9600 or baud=115200",
    ): ReasonCode.PELVIS_GARBAGE,
    (
        "pelvis silent",
        "nothing on {where}: is the sensor charged and switched on?",
    ): ReasonCode.PELVIS_NOT_HEARD,
    ("pelvis", "waiting for the runner"): ReasonCode.PELVIS_NO_RUNNER,
    ("pelvis", "camera lost"): ReasonCode.PELVIS_NO_PICTURE,
    ("pelvis", "{why}"): ReasonCode.PELVIS_UNKNOWN,
    # Sound.
    ("sound", ""): ReasonCode.SOUND,
    ("sound (silent)", ""): ReasonCode.SOUND_NOWHERE,
    ("muted", ""): ReasonCode.SOUND_MUTED,
    ("tones only", "{why}"): ReasonCode.TONES_ONLY,
    (
        "sound lost",
        "no sound device ({why}); plug in a loudspeaker, the run goes on",
    ): ReasonCode.SOUND_LOST,
    (
        "no sound",
        "no sound device ({why}); plug in a loudspeaker, the run goes on",
    ): ReasonCode.NO_SOUND,
}
# Places that hold a sentence; where nobody knows it, it was the system's own.
_NESTED = ("why", "remedy", "spoken")
# Places that hold several, and what stands between those.
_SEVERAL = {"given_up": ", ", "complaints": "; "}
# Places that hold a name of a protocol, a port, a table, whatever is in it.
_NAMES = ("name", "where", "state", "unit", "table")
# Between the two parts of a line, where no sentence has it.
_BESIDE = "\n"
_NUMBER = r"[+-]?\d+(?:\.\d+)?"


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
            return Reason(code, **dict(_value(*place) for place in match.groupdict().items()))
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
    whole = (_place(part) if k % 2 else re.escape(part) for k, part in enumerate(parts))
    return re.compile("".join(whole), re.DOTALL)


def _place(name: str) -> str:
    if name == "again":
        return ".+?"  # Said before.
    words = name in (*_NESTED, *_SEVERAL, *_NAMES)
    return f"(?P<{name}>{'.+?' if words else _NUMBER})"


def _value(name: str, text: str) -> tuple[str, float | str | Reason]:
    if name in _SEVERAL:
        reasons = [reason_of_sentence(part) for part in text.split(_SEVERAL[name])]
        return "why" if name == "complaints" else name, Reason.all_of(reasons)
    if name in _NESTED:
        why = reason_of_sentence(text)
        return name, text if why.code is ReasonCode.OTHER else why
    return name, text if name in _NAMES else float(text)
