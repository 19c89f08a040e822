"""What is kept of a runner and what is forgotten when something else begins, as one table.

Whatever is not in the row of an event is kept. The belt's speed, grade and distance, the
numbers of strides and cues, and which way the runner faces belong to the session: no event
forgets them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum


class Part(Enum):
    """What is known of the runner, in the order in which it is forgotten."""

    PATHS = "paths of the joints, and the strides under way"
    STRIDE_TIMES = "how long the runner's strides last, and when the newest one ended"
    SCALE = "pixels per metre"
    BODY_HEIGHT = "body height in the picture"
    NEUTRAL = "the zero of joints and pelvis"
    NEUTRAL_REQUEST = "that the neutral was taken; it is wanted anew"
    STANDING = "for how long they have been standing still"
    PELVIS = "what the pelvis sources saw, and the pelvis's mean cycle"
    BASELINES = "the runner's usual, at every speed and grade"
    VERDICT = "the state and the strides it rests on; the first strides settle again"
    CUES = "the episode, silences, wording and time of the cue programme"


class Transition(Enum):
    """What can happen to a runner."""

    NEUTRAL_ASKED = "somebody asked for a new neutral"
    NEUTRAL_TAKEN = "they stood still, and the zero is another one"
    BASELINE_ASKED = "somebody asked for a new baseline"
    NEW_RUNNER = "somebody else runs"
    STEPPED_OFF = "nobody in the picture for longer than an arm can hide them"
    STANDS_ABOUT = "no stride for a while: the belt was stopped, or they stand astride it"
    TURNED_ROUND = "they face the other way"
    PICTURE_RESIZED = "the camera sends pictures of another size"
    CAMERA_MOVED = "the whole body turned in the picture, faster than a runner can"
    PICTURE_ZOOMED = "the whole body grew or shrank in the picture within a stride"
    PICTURE_JUMPED = "the whole body is elsewhere from one frame to the next"
    FILM_CUT = "a film goes on with another picture of somebody, maybe of somebody else"
    FILM_JUMPS = "a film goes on later or earlier in the same scene"
    LEGS_MIXED_UP = "left and right had been mixed up for long, and were told apart afresh"


FORGETS: Mapping[Transition, frozenset[Part]] = {
    Transition.NEUTRAL_ASKED: frozenset({Part.NEUTRAL_REQUEST, Part.STANDING}),
    # The baselines are not moved by the difference of the two neutrals, though that is known.
    # Moving them is right when the first standing trial was poor. It is wrong when a square
    # was stuck on anew or the camera was moved: then the new neutral makes up for the change,
    # and tilt reads as it did before. Nobody can tell the two apart from the numbers, and a
    # baseline that is moved wrongly stays wrong for the rest of the run. To learn the
    # runner's usual again takes a few seconds and is shown while it lasts.
    Transition.NEUTRAL_TAKEN: frozenset({Part.BASELINES, Part.VERDICT}),
    Transition.BASELINE_ASKED: frozenset({Part.BASELINES}),
    Transition.NEW_RUNNER: frozenset(Part),
    # Whoever comes back is most often the same. A second runner is told by a person.
    Transition.STEPPED_OFF: frozenset({Part.PATHS, Part.STANDING, Part.VERDICT}),
    Transition.STANDS_ABOUT: frozenset({Part.VERDICT}),
    Transition.TURNED_ROUND: frozenset({Part.PATHS, Part.STANDING, Part.VERDICT}),
    # Angles are the same in a picture of another size, pixels are not.
    Transition.PICTURE_RESIZED: frozenset(
        {Part.PATHS, Part.STANDING, Part.SCALE, Part.BODY_HEIGHT}
    ),
    # The zero is turned by as much as the picture (`hipcue.realtime.gait.camera_moves`), so the
    # runner's usual holds; another neutral is better than that.
    Transition.CAMERA_MOVED: frozenset({Part.NEUTRAL_REQUEST, Part.STANDING, Part.VERDICT}),
    Transition.PICTURE_ZOOMED: frozenset({Part.STANDING, Part.SCALE, Part.BODY_HEIGHT}),
    Transition.PICTURE_JUMPED: frozenset({Part.STANDING}),
    # Only what belongs to the person is kept: who cuts a film shows one runner.
    Transition.FILM_CUT: frozenset(Part) - {Part.BASELINES, Part.CUES},
    Transition.FILM_JUMPS: frozenset({Part.PATHS, Part.STANDING}),
    Transition.LEGS_MIXED_UP: frozenset({Part.PATHS}),
}
"""What each transition forgets."""
