"""What goes wrong in files of markers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.records import JOINT_COUNT, Pose, Side
from tests.bench.honesty.inputs import Fault, Inputs, inside, leg_rows, moved, spells, with_poses


def gaps(inputs: Inputs, chance: np.random.Generator) -> Inputs:
    """Lose each marker for 0.05 to 0.4 s, about every six seconds."""
    hidden = [spells(inputs, chance, 6.0, 0.05, 0.4) for _ in range(JOINT_COUNT)]
    pelvis_hidden = spells(inputs, chance, 6.0, 0.05, 0.4)

    def lose(pose: Pose) -> Pose:
        gone = [inside(pose.t_capture_s, stretches) for stretches in hidden]
        xy = np.where(np.array(gone)[:, None], np.nan, pose.xy_px)
        if inside(pose.t_capture_s, pelvis_hidden):
            why = Reason(ReasonCode.PELVIS_MARKER_HIDDEN)
            pelvis = tuple(replace(r, angle_deg=None, reason=why) for r in pose.pelvis)
            pose = replace(pose, pelvis=pelvis)
        return moved(pose, xy)

    return with_poses(inputs, map(lose, inputs.poses))


def jumps(every_s: float, far_px: float) -> Fault:
    """Put one marker elsewhere for up to a tenth of a second, again and again."""

    def fault(inputs: Inputs, chance: np.random.Generator) -> Inputs:
        wrong = spells(inputs, chance, every_s, 0.01, 0.1)
        which = chance.integers(JOINT_COUNT, size=len(wrong))
        where = chance.uniform(-far_px, far_px, (len(wrong), 2))

        def jump(pose: Pose) -> Pose:
            xy = pose.xy_px.copy()
            for k, stretch in enumerate(wrong):
                if inside(pose.t_capture_s, (stretch,)):
                    xy[which[k]] += where[k]
            return moved(pose, xy)

        return with_poses(inputs, map(jump, inputs.poses))

    return fault


def leg_offset(side: Side, ahead_px: float) -> Fault:
    """Stick all markers of one leg too far ahead, knee and below."""
    rows = leg_rows(side)

    def fault(inputs: Inputs, chance: np.random.Generator) -> Inputs:
        def stick(pose: Pose) -> Pose:
            xy = pose.xy_px.copy()
            xy[rows, 0] += ahead_px
            return moved(pose, xy)

        return with_poses(inputs, map(stick, inputs.poses))

    return fault
