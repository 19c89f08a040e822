"""Which way the runner faces in the picture, and so which leg is near the camera.

Feet and face vote in every frame, and a slow mean of the votes with hysteresis decides.
Whoever needs to know keeps a `FacingTracker` of their own and feeds it the same poses, those
of the pose model before the legs are told apart: the engine, and the pelvis sources that look
at pictures before the engine steps. The same poses give the same answer in the same frame, so
an outline is never read on one side of the body and measured as the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from hipcue.realtime.records import Joint, Pose, Side

# Time constant of the vote; our choice: a second of doubt is shorter than the neutral. The
# first frame counts as one at 60 fps.
_VOTE_S, _FIRST_FRAME_S = 0.5, 1 / 60
# The mean of the votes, -1 to 1, turns the answer beyond this; our choice: when all say so for
# half a second, whatever they said before.
_TURNS = 0.3
# Feet or face must point one way by this part of the body height to vote; our choice.
_CLEAR = 0.01


@dataclass(frozen=True, slots=True)
class Facing:
    """Which way a runner faces.

    Attributes
    ----------
    sign : int
        1 to the right of the picture, -1 to the left.
    near : Side
        The leg on the camera's side: who runs to the right shows the right one.
    """

    sign: int
    near: Side


_FACINGS = {1: Facing(1, Side.R), -1: Facing(-1, Side.L)}


class FacingTracker:
    """Lets toes and nose vote; changes its mind only when the vote turns clearly.

    Parameters
    ----------
    to_right : bool
        Whether the runner faces right until a vote says otherwise: marker files are read so
        (`hipcue.realtime.vision.markers.marker_poses`), and may have neither toes nor a face.
    """

    def __init__(self, to_right: bool = False) -> None:
        self._vote = 1.0 if to_right else 0.0
        self._facing: Facing | None = _FACINGS[1] if to_right else None
        self._t_s: float | None = None

    def add_pose(self, pose: Pose) -> Facing | None:
        """Take a pose; return the facing, or None until anything has voted.

        A frame without a runner changes nothing.
        """
        if pose.seen:
            t_s, before_s = pose.t_capture_s, self._t_s
            dt_s = _FIRST_FRAME_S if before_s is None else max(t_s - before_s, 0.0)
            self._t_s = t_s
            share = 1.0 if self._facing is None else min(dt_s / _VOTE_S, 1.0)
            self._vote += (_ballot(pose) - self._vote) * share
            if (self._facing is None and self._vote != 0) or abs(self._vote) > _TURNS:
                self._facing = _FACINGS[1 if self._vote > 0 else -1]
        return self._facing


def _ballot(pose: Pose) -> float:
    """Mean of three votes, -1 to 1: both feet and the face; who is not seen does not vote.

    Left and right count alike, so swapped legs vote as they would have.
    """
    x, y = pose.xy_px.T.tolist()
    seen = [at for at in y if at == at]  # NaN is not equal to itself.
    clear_px = _CLEAR * (max(seen) - min(seen)) if seen else 0.0
    ahead_px = (
        x[Joint.L_TOE] - x[Joint.L_HEEL],
        x[Joint.R_TOE] - x[Joint.R_HEEL],
        x[Joint.NOSE] - (x[Joint.L_EAR] + x[Joint.R_EAR]) / 2,
    )
    # Nothing is larger, or smaller, than NaN.
    votes = [(ahead > clear_px) - (ahead < -clear_px) for ahead in ahead_px]
    return float(sum(votes) / len(votes))
