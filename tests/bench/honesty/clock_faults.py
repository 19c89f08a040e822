"""What goes wrong with the times of pictures, and other rates of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from hipcue.realtime.records import Pose
from tests.bench.honesty.inputs import Fault, Inputs, inside, moved, stamped_at, with_poses

# Stamps grow by this at least.
_TICK_S = 1e-4


def jittered(most_s: float) -> Fault:
    """Make stamps wrong by up to `most_s` either way; they never run backwards."""

    def fault(inputs: Inputs, chance: np.random.Generator) -> Inputs:
        def wrong() -> Iterator[Pose]:
            last_s = -np.inf
            for pose in inputs.poses:
                t_s = pose.t_capture_s + float(chance.uniform(-most_s, most_s))
                last_s = max(t_s, last_s + _TICK_S)
                yield stamped_at(pose, last_s, pose.index)

        return with_poses(inputs, wrong())

    return fault


def late(mean_s: float) -> Fault:
    """Stamp pictures as they arrive, on a machine that has other things to do."""

    def fault(inputs: Inputs, chance: np.random.Generator) -> Inputs:
        def stamped() -> Iterator[Pose]:
            last_s = -np.inf
            for pose in inputs.poses:
                t_s = pose.t_capture_s + float(chance.exponential(mean_s))
                last_s = max(t_s, last_s + _TICK_S)
                yield stamped_at(pose, last_s, pose.index)

        return with_poses(inputs, stamped())

    return fault


def pulled_down(real_fps: float, fps: float) -> Fault:
    """Show as many pictures a second as said, each time the newest of fewer real ones."""

    def fault(inputs: Inputs, chance: np.random.Generator) -> Inputs:
        old_s = np.array([pose.t_capture_s for pose in inputs.poses])

        def shown() -> Iterator[Pose]:
            for index, t_s in enumerate(np.arange(old_s[0], old_s[-1], 1.0 / fps)):
                real_s = old_s[0] + np.floor((t_s - old_s[0]) * real_fps + 1e-6) / real_fps
                nearest = int(np.argmin(np.abs(old_s - real_s)))
                yield stamped_at(inputs.poses[nearest], float(t_s), index)

        return with_poses(inputs, shown())

    return fault


def cut_out(every_s: float, lasted_s: float) -> Fault:
    """Cut a little out of the time axis, again and again: stamps go on as if it had not been."""

    def fault(inputs: Inputs, chance: np.random.Generator) -> Inputs:
        last_s = inputs.poses[-1].t_capture_s
        first_s = inputs.starts_s + float(chance.uniform(0.5, 1.0)) * every_s
        cuts = tuple((float(t_s), lasted_s) for t_s in np.arange(first_s, last_s, every_s))
        gone = [(at, at + lasted) for at, lasted in cuts]
        cut = replace(inputs, cuts=inputs.cuts + cuts)
        kept = (pose for pose in inputs.poses if not inside(pose.t_capture_s, gone))
        shown = (
            stamped_at(pose, cut.stamped(pose.t_capture_s), index)
            for index, pose in enumerate(kept)
        )
        belt = tuple(replace(s, t_s=cut.stamped(s.t_s)) for s in inputs.belt)
        return replace(cut, poses=tuple(shown), belt=belt)

    return fault


def resampled(fps: float, until_s: float = np.inf) -> Fault:
    """Take as many pictures a second as said, each by a line between those that there are."""

    def fault(inputs: Inputs, chance: np.random.Generator) -> Inputs:
        old_s = np.array([pose.t_capture_s for pose in inputs.poses])
        end_s = min(old_s[-1], inputs.starts_s + until_s)

        def seen() -> Iterator[Pose]:
            for index, t_s in enumerate(np.arange(old_s[0], end_s, 1.0 / fps)):
                k = max(int(np.searchsorted(old_s, t_s, side="right")) - 1, 0)
                before, after = inputs.poses[k], inputs.poses[min(k + 1, len(old_s) - 1)]
                apart = after.t_capture_s - before.t_capture_s
                share = (t_s - before.t_capture_s) / apart if apart > 0 else 0.0
                xy = before.xy_px + share * (after.xy_px - before.xy_px)
                yield moved(stamped_at(before, float(t_s), index), xy)

        return with_poses(inputs, seen())

    return fault
