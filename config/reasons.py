"""Why something is missing, wrong or as it is: a code with its values, never a sentence.

Rooms hand reasons to each other and keep them with a session; words for people are made of
them at the very end (`hipcue.config.reason_words`), in the language that is wanted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any


class ReasonCode(StrEnum):
    """Every reason that hipcue gives. The words of each are in config/reasons.toml."""

    # What nobody foresaw, in its own words: an old session's, an operating system's.
    OTHER = "other"
    OTHER_ADVISED = "other_advised"
    UNKNOWN_REASON = "unknown_reason"
    # One after the other.
    AND = "and"

    # Why a measurement of the legs or the trunk is missing.
    NOT_MEASURED = "not_measured"
    NOT_KEPT = "not_kept"
    NOT_A_NUMBER = "not_a_number"
    NOBODY_IN_PICTURE = "nobody_in_picture"
    NO_MARKER_IN_FRAME = "no_marker_in_frame"
    NEAR_LEG_HIDDEN = "near_leg_hidden"
    FAR_LEG_HIDDEN = "far_leg_hidden"
    LEG_HIDDEN_AT_PEAK = "leg_hidden_at_peak"
    LEG_HIDDEN_AT_INSTANT = "leg_hidden_at_instant"
    KNEE_NOT_TOLD = "knee_not_told"
    ANKLE_NOT_TOLD = "ankle_not_told"
    HEEL_HIDDEN_IN_SWING = "heel_hidden_in_swing"
    HIP_HIDDEN_IN_SWING = "hip_hidden_in_swing"
    HIP_NOT_ABOVE_HEEL = "hip_not_above_heel"
    HIPS_NOT_SEEN = "hips_not_seen"
    SHOULDERS_NOT_SEEN = "shoulders_not_seen"
    TRUNK_NOT_SEEN = "trunk_not_seen"
    TOE_OFF_NOT_SEEN = "toe_off_not_seen"
    OTHER_CONTACT_NOT_SEEN = "other_contact_not_seen"
    NO_STRIDE_BEFORE = "no_stride_before"
    NO_NEUTRAL_FOR_TRUNK = "no_neutral_for_trunk"
    NO_NEUTRAL_FOR_ANKLE = "no_neutral_for_ankle"
    NO_SCALE = "no_scale"
    ANGLE_IMPOSSIBLE = "angle_impossible"
    CAMERA_MOVED = "camera_moved"
    PICTURE_JUMPED = "picture_jumped"
    PICTURE_ZOOMED = "picture_zoomed"
    LITTLE_PUSH_OFF = "little_push_off"
    PICTURES_MISSING = "pictures_missing"
    TIMES_UNSURE = "times_unsure"
    TIME_LOST = "time_lost"
    TOO_FEW_PICTURES = "too_few_pictures"
    LEFT_MISSING = "left_missing"
    RIGHT_MISSING = "right_missing"
    SIDES_NEAR_ZERO = "sides_near_zero"

    # Why there are no strides: what was seen instead.
    NO_PICTURES_KEPT = "no_pictures_kept"
    NOBODY_FOUND = "nobody_found"
    SEVERAL_PEOPLE = "several_people"
    LIES_IN_PICTURE = "lies_in_picture"
    UPSIDE_DOWN = "upside_down"
    LEGS_OUT_OF_PICTURE = "legs_out_of_picture"
    FEET_OVERLAP = "feet_overlap"
    JOINTS_NOT_SEEN = "joints_not_seen"
    LEFT_HIP = "left_hip"
    RIGHT_HIP = "right_hip"
    LEFT_KNEE = "left_knee"
    RIGHT_KNEE = "right_knee"
    LEFT_ANKLE = "left_ankle"
    RIGHT_ANKLE = "right_ankle"
    LEFT_HEEL = "left_heel"
    RIGHT_HEEL = "right_heel"
    FILMED_FROM_FRONT = "filmed_from_front"
    SEEN_FOR_SHORT = "seen_for_short"
    ONLY_STANDS = "only_stands"
    CROSSES_PICTURE = "crosses_picture"
    NO_TOES = "no_toes"
    CADENCE_TOO_FAST = "cadence_too_fast"
    CADENCE_TOO_SLOW = "cadence_too_slow"
    PICTURES_TOO_FEW = "pictures_too_few"
    MOVES_FOR_SHORT = "moves_for_short"
    MOVES_OTHERWISE = "moves_otherwise"
    ONLY_WALKS = "only_walks"
    NO_LANDING = "no_landing"
    NONE_ALIKE = "none_alike"

    # Why the tilt of the pelvis is missing.
    NO_NEUTRAL = "no_neutral"
    PELVIS_NOT_MEASURED = "pelvis_not_measured"
    PELVIS_NOT_SURE = "pelvis_not_sure"
    PELVIS_NOT_SURE_ENOUGH = "pelvis_not_sure_enough"
    PELVIS_MARKER_HIDDEN = "pelvis_marker_hidden"
    TAG_HIDDEN = "tag_hidden"
    NO_SILHOUETTE = "no_silhouette"
    RUNNER_TOO_SMALL = "runner_too_small"
    NOT_SIDE_ON = "not_side_on"
    BACK_LIKE_BACKGROUND = "back_like_background"
    ARM_BEFORE_BACK = "arm_before_back"
    BACK_NOT_CLEAR = "back_not_clear"
    LOOSE_SHIRT = "loose_shirt"
    LOOSE_CLOTHING = "loose_clothing"

    # Why the belt's speed or grade is missing.
    NO_TREADMILL = "no_treadmill"
    NO_BELT_SPEED = "no_belt_speed"
    NO_BELT_SPEED_IN_STRIDE = "no_belt_speed_in_stride"
    BELT_SILENT = "belt_silent"
    NO_PLANTED_FOOT = "no_planted_foot"
    BELT_SAYS_STANDS = "belt_says_stands"
    BELT_IN_WRONG_UNIT = "belt_in_wrong_unit"
    BELT_CONTRADICTED = "belt_contradicted"
    BELT_JUMPS = "belt_jumps"
    LOOKS_SLOW_MOTION = "looks_slow_motion"
    LOOKS_FAST_MOTION = "looks_fast_motion"
    # Runs over ground.
    OVER_GROUND = "over_ground"
    BELT_MARKERS = "belt_markers"
    RUN_TURNED = "run_turned"
    GROUND_RISES = "ground_rises"
    WAY_BENDS = "way_bends"
    BELT_PART_ONLY = "belt_part_only"
    ROOM_PART_ONLY = "room_part_only"
    RUNNER_TURNS = "runner_turns"
    RUNS_BACKWARDS = "runs_backwards"
    RUNS_OVER_GROUND = "runs_over_ground"
    RUNS_ON_A_BELT = "runs_on_a_belt"
    GRADE_NOT_KNOWN = "grade_not_known"
    NO_SPEED = "no_speed"
    NO_SPEED_IN_MESSAGE = "no_speed_in_message"
    IMPOSSIBLE_SPEED = "impossible_speed"
    BELTS_DIFFER = "belts_differ"
    UNKNOWN_SPEED_NUMBER = "unknown_speed_number"
    GIVES_NO_SPEED = "gives_no_speed"
    SPEED_WITHOUT_UNIT = "speed_without_unit"
    PACE_OF_ZERO = "pace_of_zero"
    UNIT_IS_NO_SPEED = "unit_is_no_speed"
    UNIT_NOT_KNOWN = "unit_not_known"
    DISTANCE_TOO_COARSE = "distance_too_coarse"
    DISTANCE_MEASURING = "distance_measuring"
    DISTANCE_JUMPED = "distance_jumped"
    DISTANCE_STANDS_STILL = "distance_stands_still"
    DISTANCE_NOT_STEADY = "distance_not_steady"
    SPEED_FROM_DISTANCE = "speed_from_distance"
    BELT_COUNTED = "belt_counted"
    TELLS_ZERO = "tells_zero"
    TELLS_AVERAGE_ONLY = "tells_average_only"
    DISTANCE_DISAGREES = "distance_disagrees"
    READ_AS_MPH = "read_as_mph"
    NO_CIRCUMFERENCE = "no_circumference"
    NO_PULSES = "no_pulses"
    PULSES_NOISY = "pulses_noisy"

    # What the runner's state rests on.
    NO_PICTURE_YET = "no_picture_yet"
    CAMERA_LOST = "camera_lost"
    WAITING_FOR_STRIDES = "waiting_for_strides"
    WAITING_FOR_FIRST_STRIDES = "waiting_for_first_strides"
    NO_STRIDE_YET = "no_stride_yet"
    NO_STRIDE_LATELY = "no_stride_lately"
    STANDING_STILL = "standing_still"
    FIRST_STRIDES = "first_strides"
    SPEED_CHANGING = "speed_changing"
    LEARNING_USUAL = "learning_usual"
    TOO_FEW_STRIDES_YET = "too_few_strides_yet"
    WITHIN_USUAL = "within_usual"
    BACK_WITHIN_USUAL = "back_within_usual"
    PELVIS_AGAINST_USUAL = "pelvis_against_usual"
    LOWER_BACK_AGAINST_USUAL = "lower_back_against_usual"

    # What keeps somebody who stands from a neutral.
    SEEN_TOO_BRIEFLY = "seen_too_briefly"
    LEGS_NOT_SEEN = "legs_not_seen"
    MOVING = "moving"
    STANDS_NOT_SIDE_ON = "stands_not_side_on"
    LEGS_NOT_STRAIGHT = "legs_not_straight"
    ARMS_BEFORE_BACK = "arms_before_back"

    # Why the response to a cue is missing.
    TOO_FEW_STRIDES = "too_few_strides"
    RUNNER_STEPPED_OFF = "runner_stepped_off"
    BELT_CHANGED_SPEED = "belt_changed_speed"

    # Remarks on what is found and on the picture, with what to do about them.
    BELT_DISAGREES = "belt_disagrees"
    HIP_EXTENSION_SHORT = "hip_extension_short"
    NEUTRAL_WANTED = "neutral_wanted"
    CAMERA_TURNED = "camera_turned"
    FEET_OUT_OF_PICTURE = "feet_out_of_picture"
    HEAD_OUT_OF_PICTURE = "head_out_of_picture"
    PICTURE_TURNED = "picture_turned"
    PICTURE_DARK = "picture_dark"
    PICTURE_BLURRED = "picture_blurred"
    PICTURE_SMALL = "picture_small"
    PICTURE_TILTED = "picture_tilted"

    PICTURES_REPEAT = "pictures_repeat"
    FEW_PICTURES = "few_pictures"
    STAMPS_JITTER = "stamps_jitter"

    # What a file of markers, angles or keypoints should be read with.
    FILE_UNIT_GUESSED = "file_unit_guessed"
    FILE_TIMES_COUNTED = "file_times_counted"
    FILE_TIMES_MENDED = "file_times_mended"
    FILE_RATE_BY_BODY = "file_rate_by_body"
    FILE_RATE_GIVEN = "file_rate_given"
    FILE_FALLS_TOO_FAST = "file_falls_too_fast"
    FILE_FRAMES_FEWER = "file_frames_fewer"
    FILE_ROWS_LEFT_OUT = "file_rows_left_out"
    OPTIONS_IDLE = "options_idle"
    TIMES_LOOK_SLOW = "times_look_slow"
    TIMES_LOOK_FAST = "times_look_fast"
    ANGLE_UNIT_GUESSED = "angle_unit_guessed"
    ANGLE_UNIT_REFUTED = "angle_unit_refuted"
    ANGLE_TURNS_TAKEN_OFF = "angle_turns_taken_off"
    ANGLE_LEFT_OUT = "angle_left_out"
    ANGLE_ROWS_LEFT_OUT = "angle_rows_left_out"
    MARKER_TWICE = "marker_twice"
    KNEES = "knees"
    ANKLES = "ankles"
    KNEES_AND_ANKLES = "knees_and_ankles"
    JOINTS_BY_STATIC = "joints_by_static"
    STATIC_NOT_UPRIGHT = "static_not_upright"
    STATIC_PELVIS_ELSEWHERE = "static_pelvis_elsewhere"
    STATIC_TILT_ELSEWHERE = "static_tilt_elsewhere"
    STATIC_WOULD_TELL = "static_would_tell"
    JOINTS_NOT_MARKED = "joints_not_marked"
    JOINTS_OUTER_ONLY = "joints_outer_only"
    SIDES_LOOK_EXCHANGED = "sides_look_exchanged"

    # What gives way on a slow machine.
    TOO_SLOW = "too_slow"
    SCREEN_DRAWN_LESS = "screen_drawn_less"
    FILM_LEFT_OUT = "film_left_out"
    OUTLINE_READ_LESS = "outline_read_less"
    FAST_ENOUGH_AGAIN = "fast_enough_again"

    # How the camera is doing.
    CAMERA = "camera"
    CAMERA_AT = "camera_at"
    CAMERA_SLOW = "camera_slow"
    CAMERA_REPEATS = "camera_repeats"
    CAMERA_DIFFERS = "camera_differs"
    KEEPS_EXPOSURE = "keeps_exposure"
    KEEPS_GAIN = "keeps_gain"
    KEEPS_FOCUS = "keeps_focus"
    OTHER_PICTURE_SIZE = "other_picture_size"
    CAMERA_SILENT = "camera_silent"
    CAMERA_FROZEN = "camera_frozen"
    CAMERA_DARK = "camera_dark"
    FILM = "film"
    FILM_AT = "film_at"
    FILM_OVER = "film_over"
    FILM_SLOWED = "film_slowed"
    FILM_SPED_UP = "film_sped_up"
    FILM_SLOWED_TOLD = "film_slowed_told"
    FILM_TAG_REFUTED = "film_tag_refuted"
    FILM_PIXELS = "film_pixels"
    FILM_CUT_OFF = "film_cut_off"
    FILM_BREAKS_OFF = "film_breaks_off"
    FILM_TURNED_LEFT = "film_turned_left"
    FILM_TURNED_RIGHT = "film_turned_right"
    FILM_UPSIDE_DOWN = "film_upside_down"
    FILM_CUT = "film_cut"
    FILM_JUMPS = "film_jumps"
    FILM_STEADIED = "film_steadied"
    FILM_HAS_CUT = "film_has_cut"
    FILM_HAS_CUTS = "film_has_cuts"
    SIMULATED = "simulated"
    SIMULATED_AT = "simulated_at"
    SIMULATED_OVER = "simulated_over"

    # How the treadmill is doing.
    BELT = "belt"
    BELT_REMARK = "belt_remark"
    BELT_WAITING = "belt_waiting"
    BELT_BACK = "belt_back"
    BELT_LOST = "belt_lost"
    BELT_NO_SPEED = "belt_no_speed"
    BELT_GARBAGE = "belt_garbage"
    BELT_NOT_HEARD = "belt_not_heard"
    BELT_NONE = "belt_none"
    BELT_NOT_GIVEN = "belt_not_given"
    BELT_FIXED = "belt_fixed"
    BELT_FILE = "belt_file"
    CLOCK_JUMPED = "clock_jumped"
    PROTOCOL_AT_BAUD = "protocol_at_baud"
    PROTOCOL_AT_PORT = "protocol_at_port"
    NO_SUCH_DEVICE = "no_such_device"
    CONNECTION_CLOSED = "connection_closed"
    CONNECTION_ENDED = "connection_ended"
    CHECK_CABLE = "check_cable"
    WAKE_TREADMILL = "wake_treadmill"

    # How the pelvis is measured.
    PELVIS = "pelvis"
    PELVIS_TAG = "pelvis_tag"
    PELVIS_IMU = "pelvis_imu"
    PELVIS_CONTOUR = "pelvis_contour"
    PELVIS_MARKERS = "pelvis_markers"
    PELVIS_LOST = "pelvis_lost"
    PELVIS_GARBAGE = "pelvis_garbage"
    PELVIS_NOT_HEARD = "pelvis_not_heard"
    PELVIS_NO_RUNNER = "pelvis_no_runner"
    PELVIS_NO_PICTURE = "pelvis_no_picture"
    PELVIS_UNKNOWN = "pelvis_unknown"

    # How the sound is doing.
    SOUND = "sound"
    SOUND_NOWHERE = "sound_nowhere"
    SOUND_MUTED = "sound_muted"
    TONES_ONLY = "tones_only"
    SOUND_LOST = "sound_lost"
    NO_SOUND = "no_sound"
    SOUND_SYSTEM_HANGS = "sound_system_hangs"
    SOUND_SYSTEM_CRASHES = "sound_system_crashes"
    LOUDSPEAKER_GONE = "loudspeaker_gone"
    SPEECH_OFF = "speech_off"
    NO_SPEECH = "no_speech"
    SPEECH_HANGS = "speech_hangs"
    PHRASES_SILENT = "phrases_silent"

    # What went wrong with the session's own folder.
    DISK_TOO_SLOW = "disk_too_slow"
    DISK_FULL = "disk_full"
    DISK_NEARLY_FULL = "disk_nearly_full"
    DISK_TAKES_NOTHING = "disk_takes_nothing"
    DISK_HANGS = "disk_hangs"
    ROWS_LOST = "rows_lost"
    SESSION_NOT_WRITTEN = "session_not_written"
    RECORDING_STOPPED = "recording_stopped"
    SESSION_NOT_FINISHED = "session_not_finished"
    REPORT_NOT_WRITTEN = "report_not_written"
    ROWS_NOT_KEPT = "rows_not_kept"
    FILM_STOPPED = "film_stopped"
    FILM_STOPPED_FOR_SPACE = "film_stopped_for_space"
    FILM_EMPTY = "film_empty"
    FILM_NOT_CONVERTED = "film_not_converted"
    WAS_NOT_CLOSED = "was_not_closed"
    WAS_DAMAGED = "was_damaged"

    # How much is told at present.
    PROGRAMME_FADED = "programme_faded"
    PROGRAMME_RETENTION = "programme_retention"
    PROGRAMME_BANDWIDTH = "programme_bandwidth"
    PROGRAMME_EVERY_STRIDE = "programme_every_stride"


@dataclass(frozen=True, slots=True, init=False)
class Reason:
    """A code and the values that its words have places for.

    Equal reasons have one hash and one JSON form: whole numbers are kept as `int`.

    Parameters
    ----------
    code : ReasonCode
        What is the matter.
    **values : float, str or Reason
        By the names of the places in the words, e.g. ``seconds=6``.
    """

    code: ReasonCode
    values: tuple[tuple[str, float | str | Reason], ...]

    def __init__(self, code: ReasonCode, /, **values: float | str | Reason) -> None:
        object.__setattr__(self, "code", code)
        plain = sorted((name, _plain(value)) for name, value in values.items()) if values else ()
        object.__setattr__(self, "values", tuple(plain))

    @classmethod
    def all_of(cls, reasons: Sequence[Reason]) -> Reason:
        """Return several reasons as one; `reasons` must not be empty."""
        first, *rest = reasons
        return cls(ReasonCode.AND, first=first, rest=cls.all_of(rest)) if rest else first

    def value(self, name: str) -> float | str | Reason | None:
        """Return the value of that name; None where there is none."""
        return dict(self.values).get(name)

    def to_dict(self) -> dict[str, Any]:
        """Return ``{"code": ..., name: value, ...}`` for JSON; nested reasons likewise."""
        return {
            "code": self.code.value,
            **{n: v.to_dict() if isinstance(v, Reason) else v for n, v in self.values},
        }

    @classmethod
    def from_dict(cls, found: object) -> Reason:
        """Read what `to_dict` made.

        Raises
        ------
        ValueError
            For anything else, also for a code that this hipcue does not know.
        """
        if not isinstance(found, Mapping):
            raise ValueError(f"a reason is {found!r:.40}")
        values: dict[str, float | str | Reason] = {}
        for name, value in found.items():
            if isinstance(value, Mapping):
                values[name] = cls.from_dict(value)
            elif isinstance(value, float | str) or type(value) is int:
                values[name] = value
            else:
                raise ValueError(f"a reason's {name!s:.20} is {value!r:.40}")
        return cls(ReasonCode(str(values.pop("code", ""))), **values)

    def to_json(self) -> str:
        """Return the one JSON text of this reason."""
        return _to_json(self)

    @classmethod
    def from_json(cls, text: str) -> Reason:
        """Read what `to_json` wrote. Raises `ValueError` for anything else."""
        return cls.from_dict(json.loads(text))


def _plain(value: float | str | Reason) -> float | str | Reason:
    return int(value) if isinstance(value, float) and value.is_integer() else value


# Asked for in every frame that is kept, of the same few reasons.
@lru_cache(maxsize=1024)
def _to_json(reason: Reason) -> str:
    return json.dumps(reason.to_dict(), separators=(",", ":"), ensure_ascii=False)
