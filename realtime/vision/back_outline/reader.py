"""The outline of the lower back: what a camera sees of the pelvis without any equipment.

Going up from the buttock, the outline leans forward into the hollow of the lower back
and then backward again. Where it leans most, over sacrum and lowest lumbar spine, its
direction does not care where exactly the pose model put the hip (the tangent is level
there), and it follows the pelvis by about half a degree per degree; the rest follows the
trunk. Both are handed on: the steepest tangent, and the line from that place to the
shoulders. `hipcue.realtime.gait.pelvis` takes the standing neutral off and knows the gains.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.gait.facing import Facing
from hipcue.realtime.records import Joint, PelvisReading, PelvisSource, Pose, Side
from hipcue.realtime.vision.back_outline.edge import ROWS, STEP, BackEdge, EdgeFinder
from hipcue.realtime.vision.mask import Silhouette

FloatArray = NDArray[np.float64]

# Half the length of outline that makes a tangent, share of the trunk. Of 0.04 to 0.14
# this left the least error on bodies that were not fitted (six rendered runners).
_HALF = round(0.12 / STEP)
# Rows that must be seen of it.
_SEEN_SHARE = 0.7
# Where the outline is steepest: from below the hip joint to well under the ribs.
_LOWEST, _HIGHEST = -0.02, 0.38
# An arm covers the outline this near to its bone, share of the trunk.
_ARM = 0.07
_BONES = tuple(
    (int(Joint.of(side, begin)), int(Joint.of(side, end)))
    for side in Side
    for begin, end in (("shoulder", "elbow"), ("elbow", "wrist"))
)
# A trunk of fewer pixels than this has less than one per row.
_SMALL_PX = 60.0
# Shoulders further apart than this share of the trunk: the runner is turned by 30 degrees
# and more, and the outline is another one. Our choice; side-on runners reach 0.15.
_SIDE_ON = 0.40
# Below this change per pixel (grey levels) the edge is no better than camera noise of 5
# grey levels makes anywhere; our choice.
_FAINT = 6.0
# Without a hollow there is no steepest place: a shirt that hangs from the shoulders.
# Backs of rendered runners lean 17 to 32 degrees there; our choice.
_HOLLOW_DEG = 4.0
# The near leg's stretch draws the outline along by this much, degrees per degree between
# the thighs. Fitted on six rendered runners (0.006 to 0.014).
_LEG_SHARE = 0.010
# What one frame's tangent is off by at least: measured, from frame to frame.
_FRAME_SIGMA_DEG = 0.3

_PLACE = np.arange(len(ROWS))
_OFF = _PLACE[:, None] - _PLACE[None, :]
_NEAR = (np.abs(_OFF) <= _HALF).astype(float)
_NEAR1, _NEAR2 = _NEAR * _OFF, _NEAR * _OFF**2
_INSIDE = np.flatnonzero((ROWS >= _LOWEST) & (ROWS <= _HIGHEST))


class BackOutlineReader:
    """Reads the steepest tangent of the lower back, frame by frame."""

    def __init__(self) -> None:
        self._edges = EdgeFinder()

    def read(
        self,
        image_bgr: NDArray[np.uint8],
        silhouette: Silhouette | None,
        pose: Pose,
        facing: Facing | None,
    ) -> PelvisReading:
        """Return the outline's tangent in one frame, degrees, forward (anterior) positive.

        `thorax_deg` is the lean of the line from the tangent's place to the shoulders.

        Parameters
        ----------
        image_bgr : ndarray of uint8, shape (height, width, 3)
            The picture.
        silhouette : Silhouette or None
            Of the same picture.
        pose : Pose
            Of the same frame.
        facing : Facing or None
            Which way the runner faces in it; None while that is not known.
        """
        if silhouette is None or facing is None:
            return _missing(pose, ReasonCode.NO_SILHOUETTE)
        hip = (pose.xy_px[Joint.L_HIP] + pose.xy_px[Joint.R_HIP]) / 2
        shoulder = (pose.xy_px[Joint.L_SHOULDER] + pose.xy_px[Joint.R_SHOULDER]) / 2
        trunk_px = float(hip[1] - shoulder[1])
        if np.isnan(hip).any() or np.isnan(shoulder).any() or trunk_px <= 0:
            return _missing(pose, ReasonCode.TRUNK_NOT_SEEN)
        if trunk_px < _SMALL_PX:
            return _missing(pose, ReasonCode.RUNNER_TOO_SMALL)
        apart_px = abs(float(np.subtract(*pose.xy_px[[Joint.L_SHOULDER, Joint.R_SHOULDER], 0])))
        if apart_px > _SIDE_ON * trunk_px:
            return _missing(pose, ReasonCode.NOT_SIDE_ON)
        edge = self._edges.find(image_bgr, silhouette, hip, shoulder, facing.sign)
        steps = edge.step[~np.isnan(edge.step)]
        if len(steps) and float(np.median(steps)) < _FAINT:
            return _missing(pose, ReasonCode.BACK_LIKE_BACKGROUND)
        seen = ~np.isnan(edge.forward_px)
        bare = seen & ~_under_arm(edge, pose, facing, trunk_px)
        found = _steepest(edge, bare)
        if found is None:
            hidden = int((seen & ~bare)[_INSIDE].sum()) > len(_INSIDE) // 4
            code = ReasonCode.ARM_BEFORE_BACK if hidden else ReasonCode.BACK_NOT_CLEAR
            return _missing(pose, code)
        lean_deg, place = found
        if lean_deg < _HOLLOW_DEG:
            return _missing(pose, ReasonCode.LOOSE_SHIRT)
        forward = float(np.interp(place, _PLACE[bare], edge.forward_px[bare]))
        up = float(np.interp(place, _PLACE, edge.up_px))
        trunk_deg = np.degrees(
            np.arctan2(facing.sign * shoulder[0] - forward, -float(shoulder[1]) - up)
        )
        return PelvisReading(
            pose.t_capture_s,
            PelvisSource.CONTOUR,
            lean_deg - _LEG_SHARE * _stretch_deg(pose, facing),
            _sigma_deg(edge, bare),
            thorax_deg=float(trunk_deg),
            paths_px=_pieces(edge, bare, facing.sign),
        )


def _pieces(edge: BackEdge, bare: NDArray[np.bool_], sign: int) -> tuple[FloatArray, ...]:
    """The outline where it was read, in the picture's pixels; broken where an arm hides it."""
    rows = np.flatnonzero(bare)
    path = np.stack([sign * edge.forward_px[rows], -edge.up_px[rows]], axis=1)
    return tuple(np.split(path, np.flatnonzero(np.diff(rows) > 1) + 1))


def _missing(pose: Pose, code: ReasonCode) -> PelvisReading:
    return PelvisReading(pose.t_capture_s, PelvisSource.CONTOUR, None, reason=Reason(code))


def _under_arm(edge: BackEdge, pose: Pose, facing: Facing, trunk_px: float) -> NDArray[np.bool_]:
    """Rows whose edge is an arm's: it lies within the arm's width of a bone."""
    joints = (pose.xy_px * (facing.sign, -1.0)).tolist()
    covered = np.zeros(len(ROWS), dtype=bool)
    for begin, end in _BONES:
        (x, y), (end_x, end_y) = joints[begin], joints[end]
        bone_x, bone_y = end_x - x, end_y - y
        length2 = bone_x * bone_x + bone_y * bone_y
        if not length2 > 0:  # Also when a joint is missing.
            continue
        forward, up = edge.forward_px - x, edge.up_px - y
        # A little past the wrist: the hand.
        along = np.minimum(np.maximum((forward * bone_x + up * bone_y) / length2, 0.0), 1.1)
        forward -= along * bone_x
        up -= along * bone_y
        covered |= forward * forward + up * up < (_ARM * trunk_px) ** 2
    return covered


def _steepest(edge: BackEdge, bare: NDArray[np.bool_]) -> tuple[float, float] | None:
    """The outline's greatest forward lean (degrees) and its place in rows; None if unclear."""
    x = np.where(bare, edge.forward_px, 0.0)
    w = bare.astype(float)
    n, n1, n2 = w @ _NEAR, w @ _NEAR1, w @ _NEAR2
    x0, x1 = x @ _NEAR, x @ _NEAR1
    row_px = edge.up_px[1] - edge.up_px[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (n * x1 - n1 * x0) / (n * n2 - n1 * n1) / row_px
    lean = np.degrees(np.arctan(slope))
    lean[n < _SEEN_SHARE * (2 * _HALF + 1)] = -np.inf
    lean = lean[_INSIDE]
    top = int(np.argmax(lean))
    if top in (0, len(lean) - 1) or not np.isfinite(lean[top - 1 : top + 2]).all():
        return None
    before, at, after = lean[top - 1 : top + 2]
    bend = before - 2 * at + after
    shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return float(at - 0.25 * (before - after) * shift), float(_INSIDE[top] + shift)


def _stretch_deg(pose: Pose, facing: Facing) -> float:
    """How much further back the near thigh points than the far one; 0 where not seen."""
    angle = {}
    for side in Side:
        thigh = pose.xy_px[Joint.of(side, "knee")] - pose.xy_px[Joint.of(side, "hip")]
        angle[side] = float(np.degrees(np.arctan2(-facing.sign * thigh[0], thigh[1])))
    stretch = angle[facing.near] - angle[facing.near.other]
    return 0.0 if np.isnan(stretch) else stretch


def _sigma_deg(edge: BackEdge, bare: NDArray[np.bool_]) -> float:
    """Uncertainty of a tangent, from how much the rows disagree with their neighbours."""
    jump = np.diff(edge.forward_px[bare], 2)
    row_noise_px = 1.4826 * float(np.median(np.abs(jump))) / np.sqrt(6.0)
    # Neighbouring rows share pixels: noise is three times what independent rows would give
    # (drawn backs in noise).
    lever_px = float(edge.up_px[1] - edge.up_px[0]) * np.sqrt(2 * _HALF**3 / 3)
    return float(np.hypot(np.degrees(3.0 * row_noise_px / lever_px), _FRAME_SIGMA_DEG))
