"""What the people around should know just now: the camera, the pictures, the belt, the hip."""

from __future__ import annotations

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.gait.belt_tracker import BeltTracker
from hipcue.realtime.gait.runner import Runner
from hipcue.realtime.records import Verdict


def notices(runner: Runner, belt: BeltTracker, now: float) -> tuple[Reason, ...]:
    """Return what is the matter at an instant, the camera first."""
    found = []
    scale, said = runner.scale, runner.detector.judgement
    moved = runner.moves.notice(now)
    if moved is not None:
        found.append(moved)
    elif runner.wants_another_neutral:
        found.append(Reason(ReasonCode.NEUTRAL_WANTED))
    if runner.runs_at(now):
        found += runner.clock.remarks()
    doubt = belt.doubt_at(now)
    off = scale.disagreement(now) if scale is not None else None
    if doubt is not None:
        found.append(doubt)
    elif off is not None:
        found.append(Reason(ReasonCode.BELT_DISAGREES, percent=round(100 * off)))
    # Where the pelvis does make up for it, that is the finding.
    if said is not None and said.restricted and said.verdict is Verdict.OK:
        found.append(Reason(ReasonCode.HIP_EXTENSION_SHORT))
    return tuple(found)
