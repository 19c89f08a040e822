"""Why there are no strides: what was seen instead, as a reason with its values and advice."""

from __future__ import annotations

from collections import deque

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.gait.seen_body import SeenBody
from hipcue.realtime.gait.seen_from import SeenFrom
from hipcue.realtime.records import Joint, Pose

# Frames that are kept to look at: minutes, also at 240 pictures a second.
MOST_FRAMES = 20_000
# Somebody who is seen for less than this, or moves for less, takes no two strides that agree:
# they wait until three are alike. Our choice; the simulated runner needs 2.5 s.
_SHORTEST_S = 2.5
# Who moves for a smaller share of the time stands, and shifts their weight; our choice.
_STANDS = 0.1
# A joint that is seen in less of the frames is as good as missing; our choice.
_SELDOM = 0.2
# Hips that go faster through the picture, legs a second, over feet that are planted, cross it:
# a slow walk has 1. A runner drifts on the belt by 0.1. Our choices.
_CROSSES, _MOSTLY, _PLANTED = 0.6, 0.5, 0.5
# Quarter turns.
_UPSIDE_DOWN = 2
# Somebody else again and again; once is somebody who passes.
_JUMPS = 3
# Feet below the picture in so many frames leave no stance; our choice.
_BELOW = 0.5
# In so many, strides are still measured, and guessed at in part; our choice.
_BELOW_AT_TIMES = 0.1
# Nobody's stride is shorter (sprinters' last 0.43 s) or longer (slow walkers' 1.6 s); what it
# usually is. A film of so few pictures a stride tells its time badly.
_FASTEST_S, _SLOWEST_S, _USUAL_S, _FINE = 0.40, 1.8, 0.71, 16.0
# Fewer pictures a second tell no instant of a foot: the engine finds some strides at 12 to 15.
_FEWEST_HZ = 15.0
# Both feet down for a tenth of the time is a walk: its stances last 0.55 of a stride and more.
_BOTH_DOWN = 0.1

_NAMES = (
    (Joint.L_HIP, ReasonCode.LEFT_HIP),
    (Joint.R_HIP, ReasonCode.RIGHT_HIP),
    (Joint.L_KNEE, ReasonCode.LEFT_KNEE),
    (Joint.R_KNEE, ReasonCode.RIGHT_KNEE),
    (Joint.L_ANKLE, ReasonCode.LEFT_ANKLE),
    (Joint.R_ANKLE, ReasonCode.RIGHT_ANKLE),
    (Joint.L_HEEL, ReasonCode.LEFT_HEEL),
    (Joint.R_HEEL, ReasonCode.RIGHT_HEEL),
)
_FACE_AND_TOES = (Joint.NOSE, Joint.L_EAR, Joint.R_EAR, Joint.L_TOE, Joint.R_TOE)


class Witness:
    """Keeps what was seen until somebody asks why there are no strides."""

    def __init__(self) -> None:
        self.frames = 0
        self.seen = 0
        self._poses: deque[Pose] = deque(maxlen=MOST_FRAMES)

    def add_pose(self, pose: Pose) -> None:
        """Take a frame."""
        self.frames += 1
        if pose.seen:
            self.seen += 1
            self._poses.append(pose)

    @property
    def feet_below(self) -> Reason | None:
        """That feet are below the picture too often for what is measured at them to be right."""
        share = SeenBody.of(self._poses).feet_below if self._poses else 0.0
        if share <= _BELOW_AT_TIMES:
            return None
        return Reason(ReasonCode.LEGS_OUT_OF_PICTURE, percent=round(100 * share))

    def why(self, landings: int) -> Reason:
        """Return what stood in the way of strides; `landings` contacts were found."""
        if self.frames == 0:
            return Reason(ReasonCode.NO_PICTURES_KEPT)
        if not self._poses:
            return Reason(ReasonCode.NOBODY_FOUND, frames=self.frames)
        body, trunk = SeenBody.of(self._poses), SeenFrom()
        for pose in self._poses:
            trunk.add(pose)
        return (
            _not_a_runner(body, trunk)
            or _hidden(body)
            or _not_from_the_side(body, trunk)
            or _elsewhere(body)
            or _no_direction(body)
            or _wrong_pace(body)
            or _no_gait(body)
            or _not_alike(landings, self.seen)
        )


def _not_a_runner(body: SeenBody, trunk: SeenFrom) -> Reason | None:
    if body.jumps >= _JUMPS:
        return Reason(ReasonCode.SEVERAL_PEOPLE, times=body.jumps)
    if trunk.lies and trunk.turns_to_stand == _UPSIDE_DOWN:
        return Reason(ReasonCode.UPSIDE_DOWN)
    return Reason(ReasonCode.LIES_IN_PICTURE) if trunk.lies else None


def _hidden(body: SeenBody) -> Reason | None:
    if body.feet_below > _BELOW:
        return Reason(ReasonCode.LEGS_OUT_OF_PICTURE, percent=round(100 * body.feet_below))
    hidden = [code for joint, code in _NAMES if body.share_seen(joint) < _SELDOM]
    if not hidden:
        return None
    which = Reason.all_of([Reason(code) for code in hidden])
    return Reason(ReasonCode.JOINTS_NOT_SEEN, which=which, frames=len(body.t_s))


def _not_from_the_side(body: SeenBody, trunk: SeenFrom) -> Reason | None:
    if body.size_px is None or not trunk.from_front:
        return None  # Markers are in space.
    return Reason(ReasonCode.FILMED_FROM_FRONT)


def _elsewhere(body: SeenBody) -> Reason | None:
    """Not on a belt: who stands, and who goes through the picture."""
    share, slower_foot = body.crosses(_CROSSES)
    if share > _MOSTLY and slower_foot < _PLANTED:
        return Reason(ReasonCode.CROSSES_PICTURE)
    if body.lasted_s < _SHORTEST_S:
        return Reason(ReasonCode.SEEN_FOR_SHORT, seconds=round(body.lasted_s, 1))
    if body.moved_s < min(_STANDS * body.lasted_s, _SHORTEST_S):
        return Reason(ReasonCode.ONLY_STANDS, seconds=round(body.lasted_s))
    return None


def _no_direction(body: SeenBody) -> Reason | None:
    if max(body.share_seen(joint) for joint in _FACE_AND_TOES) < _SELDOM:
        return Reason(ReasonCode.NO_TOES)
    return None


def _wrong_pace(body: SeenBody) -> Reason | None:
    """A cadence that no human has: the times are not those of life. And too few pictures."""
    stride_s = body.stride_s
    if stride_s is not None:
        spm, factor = round(120.0 / stride_s), float(f"{stride_s / _USUAL_S:.1g}")
        if stride_s < _FASTEST_S:
            return Reason(ReasonCode.CADENCE_TOO_FAST, spm=spm, factor=factor)
        if stride_s > max(_SLOWEST_S, _FINE * body.every_s):
            return Reason(ReasonCode.CADENCE_TOO_SLOW, spm=spm, factor=factor)
    if body.every_s * _FEWEST_HZ > 1.0:
        return Reason(ReasonCode.PICTURES_TOO_FEW, fps=round(1.0 / body.every_s, 1))
    return None


def _no_gait(body: SeenBody) -> Reason | None:
    """Legs that move, but not as somebody runs."""
    if body.moved_s < _SHORTEST_S:
        return Reason(ReasonCode.MOVES_FOR_SHORT, seconds=round(body.moved_s, 1))
    if body.stride_s is None:
        return Reason(ReasonCode.MOVES_OTHERWISE)
    if body.both_down > _BOTH_DOWN:
        return Reason(ReasonCode.ONLY_WALKS, spm=round(120.0 / body.stride_s))
    return None


def _not_alike(landings: int, seen: int) -> Reason:
    if landings == 0:
        return Reason(ReasonCode.NO_LANDING, frames=seen)
    return Reason(ReasonCode.NONE_ALIKE, landings=landings)
