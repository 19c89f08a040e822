"""Whether the pelvis is read: now, in one of the newest strides, or not for long."""

from __future__ import annotations

from dataclasses import replace

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import DeviceStatus, LinkState
from hipcue.realtime.records import Measurement, PelvisSource, StepResult
from hipcue.realtime.run.status_log import PelvisStatus
from tests.realtime.session.sample_session import sample_steps

LIVE = DeviceStatus("camera", LinkState.LIVE, Reason(ReasonCode.CAMERA_AT, fps=60))
LOST = DeviceStatus("camera", LinkState.LOST, Reason(ReasonCode.CAMERA_LOST))
HIDDEN = Measurement.missing(Reason(ReasonCode.TAG_HIDDEN))


def steps(seconds: float) -> list[StepResult]:
    return [step.result for step in sample_steps(seconds)]


def hidden(result: StepResult, after_s: float = 0.0) -> StepResult:
    """The same step with the pelvis hidden, some time later."""
    assert result.settled is not None and result.settled.angles is not None
    angles = replace(result.settled.angles, pelvic_tilt_deg=HIDDEN)
    strides = tuple(
        replace(stride, values={**stride.values, "pelvic_tilt_deg": HIDDEN})
        for stride in result.strides
    )
    return replace(
        result,
        t_s=result.t_s + after_s,
        settled=replace(result.settled, angles=angles),
        strides=strides,
    )


def test_a_picture_that_no_source_was_asked_about_changes_nothing() -> None:
    """Frames that are followed have no outline: the light shall not flicker."""
    pelvis, last = PelvisStatus(), steps(6.0)[-1]
    pelvis.add_step(last)
    before = pelvis.status(LIVE)
    assert last.settled is not None and last.settled.angles is not None
    nobody = replace(last.settled.angles, pelvis_source=PelvisSource.NONE)
    pelvis.add_step(replace(last, settled=replace(last.settled, angles=nobody)))
    assert pelvis.status(LIVE) == before


def test_before_anybody_was_seen_and_without_pictures_it_waits() -> None:
    pelvis = PelvisStatus()
    assert pelvis.status(LIVE).reason == Reason(ReasonCode.PELVIS_NO_RUNNER)
    pelvis.add_step(steps(8.0)[-1])
    assert pelvis.status(LIVE).state is LinkState.LIVE
    waiting = DeviceStatus("pelvis", LinkState.WAITING, Reason(ReasonCode.PELVIS_NO_PICTURE))
    assert pelvis.status(LOST) == waiting


def test_it_is_stale_when_it_was_in_none_of_the_newest_strides() -> None:
    pelvis, run = PelvisStatus(), steps(20.0)
    for result in run:
        pelvis.add_step(result)
    pelvis.add_step(hidden(run[-1]))
    assert pelvis.status(LIVE).state is LinkState.LIVE, "a hand before the square for a moment"
    with_strides = [result for result in run if result.strides]
    for result in with_strides[-4:]:
        pelvis.add_step(hidden(result))
    stale = pelvis.status(LIVE)
    assert stale.state is LinkState.STALE
    why = Reason(ReasonCode.TAG_HIDDEN)
    assert stale.reason == Reason(ReasonCode.PELVIS_UNKNOWN, why=why)


def test_strides_of_long_ago_do_not_count() -> None:
    pelvis, run = PelvisStatus(), steps(20.0)
    for result in run:
        pelvis.add_step(result)
    quiet = replace(run[-1], strides=())
    pelvis.add_step(hidden(quiet, after_s=60.0))
    assert pelvis.status(LIVE).state is LinkState.LIVE
    pelvis.add_step(hidden(quiet, after_s=300.0))
    assert pelvis.status(LIVE).state is LinkState.STALE
