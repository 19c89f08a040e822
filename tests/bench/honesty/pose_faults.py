"""What goes wrong with pictures and with what a pose model sees in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from hipcue.realtime.gait.leg_tracker import swap_legs
from hipcue.realtime.records import JOINT_COUNT, Joint, Pose, Side
from tests.bench.honesty.inputs import (
    Fault,
    FloatArray,
    Inputs,
    body_px,
    inside,
    leg_rows,
    moved,
    noise_px,
    spells,
    stamped_at,
    with_poses,
)


def _other(joint: Joint) -> Joint:
    side, _, name = joint.name.partition("_")
    return joint if not name else Joint[f"{'R' if side == 'L' else 'L'}_{name}"]


_OTHER_SIDE = [int(_other(joint)) for joint in Joint]


def mirrored(inputs: Inputs, chance: np.random.Generator) -> Inputs:
    """Turn the runner's other side to the camera: the picture mirrored, left and right too."""

    def mirror(pose: Pose) -> Pose:
        xy = pose.xy_px[_OTHER_SIDE].copy()
        xy[:, 0] = pose.size_px[0] - xy[:, 0]
        return replace(pose, xy_px=xy, confidence=pose.confidence[_OTHER_SIDE])

    turned = with_poses(inputs, map(mirror, inputs.poses))
    return replace(turned, near=inputs.near.other, mirrored=True)


def rolled(deg: float, from_share: float = 0.0) -> Fault:
    """Turn the camera about its axis by `deg`, from a share of the running on."""

    def fault(inputs: Inputs, chance: np.random.Generator) -> Inputs:
        first, last = inputs.starts_s, inputs.poses[-1].t_capture_s
        from_s = first + from_share * (last - first) if from_share else -np.inf
        forward = 1 if inputs.near is Side.R else -1

        def roll(pose: Pose) -> Pose:
            if pose.t_capture_s < from_s:
                return pose
            pelvis = tuple(
                reading
                if reading.angle_deg is None
                else replace(reading, angle_deg=reading.angle_deg + forward * deg)
                for reading in pose.pelvis
            )
            return replace(pose, xy_px=_turned(pose, deg), pelvis=pelvis)

        return with_poses(inputs, map(roll, inputs.poses))

    return fault


def _turned(pose: Pose, deg: float) -> FloatArray:
    """Joints turned clockwise about the middle of the picture."""
    turn = np.radians(deg)
    middle = np.array(pose.size_px) / 2.0
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return np.asarray((pose.xy_px - middle) @ matrix.T + middle)


def every(nth: int) -> Fault:
    """Keep one picture of `nth`."""
    return lambda inputs, chance: with_poses(inputs, inputs.poses[::nth])


def lost_at_random(share: float) -> Fault:
    """Lose this share of the pictures."""

    def fault(inputs: Inputs, chance: np.random.Generator) -> Inputs:
        keep = chance.random(len(inputs.poses)) >= share
        return with_poses(inputs, (p for p, kept in zip(inputs.poses, keep, strict=True) if kept))

    return fault


def lost_in_bursts(every_s: float, least_s: float, most_s: float) -> Fault:
    """Lose all pictures of a short while, again and again."""

    def fault(inputs: Inputs, chance: np.random.Generator) -> Inputs:
        gaps = spells(inputs, chance, every_s, least_s, most_s)
        return with_poses(inputs, (p for p in inputs.poses if not inside(p.t_capture_s, gaps)))

    return fault


def frozen(every_s: float, least_s: float, most_s: float) -> Fault:
    """Show the same picture for a short while, again and again."""

    def fault(inputs: Inputs, chance: np.random.Generator) -> Inputs:
        hangs = spells(inputs, chance, every_s, least_s, most_s)

        def seen() -> Iterator[Pose]:
            shown = inputs.poses[0]
            for pose in inputs.poses:
                if not inside(pose.t_capture_s, hangs):
                    shown = pose
                yield stamped_at(shown, pose.t_capture_s, pose.index)

        return with_poses(inputs, seen())

    return fault


def held(times: int) -> Fault:
    """Show each picture so many times, and leave out those between."""

    def fault(inputs: Inputs, chance: np.random.Generator) -> Inputs:
        return with_poses(
            inputs,
            (
                stamped_at(inputs.poses[k - k % times], pose.t_capture_s, pose.index)
                for k, pose in enumerate(inputs.poses)
            ),
        )

    return fault


def noise_doubled(inputs: Inputs, chance: np.random.Generator) -> Inputs:
    """Add noise to every joint until it has twice as much of it."""
    more = 3.0**0.5 * noise_px(inputs)
    return with_poses(
        inputs,
        (
            moved(pose, pose.xy_px + chance.normal(0.0, 1.0, (JOINT_COUNT, 2)) * more)
            for pose in inputs.poses
        ),
    )


def far_leg_hidden(inputs: Inputs, chance: np.random.Generator) -> Inputs:
    """Hide the far leg for half a second to one and a half, every five seconds."""
    hidden = spells(inputs, chance, 5.0, 0.5, 1.5)
    rows = leg_rows(inputs.near.other)

    def hide(pose: Pose) -> Pose:
        if not inside(pose.t_capture_s, hidden):
            return pose
        xy = pose.xy_px.copy()
        xy[rows] = np.nan
        return moved(pose, xy)

    return with_poses(inputs, map(hide, inputs.poses))


def legs_swapped(inputs: Inputs, chance: np.random.Generator) -> Inputs:
    """Take the legs for each other for 0.05 to 0.5 s, every three seconds."""
    swapped = spells(inputs, chance, 3.0, 0.05, 0.5)
    return with_poses(
        inputs, (swap_legs(p) if inside(p.t_capture_s, swapped) else p for p in inputs.poses)
    )


def outliers(share: float) -> Fault:
    """Put one joint elsewhere, by a tenth to a half of the body's height, in some frames."""

    def fault(inputs: Inputs, chance: np.random.Generator) -> Inputs:
        tall = body_px(inputs)

        def throw(pose: Pose) -> Pose:
            if chance.random() >= share:
                return pose
            xy = pose.xy_px.copy()
            way, far = chance.uniform(0.0, 2 * np.pi), chance.uniform(0.1, 0.5) * tall
            xy[chance.integers(JOINT_COUNT)] += far * np.array([np.cos(way), np.sin(way)])
            return moved(pose, xy)

        return with_poses(inputs, map(throw, inputs.poses))

    return fault
