"""A recorded run, fed again, says the same; and a change shows in a short diff."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hipcue.config.errors import UserError
from hipcue.config.reasons import ReasonCode
from hipcue.config.settings import Settings
from hipcue.realtime.engine import Engine
from hipcue.realtime.records import Measurement, Verdict
from hipcue.realtime.run.replay_check import MAX_EXAMPLES, Outcome, check, compare, given, recorded
from hipcue.realtime.session import SessionReader
from hipcue.realtime.session.recorded_steps import RecordedSteps
from tests.realtime.session.sample_session import T_FIRST_S, record, sample_steps


class Again(Engine):
    """An engine that says what it said, after seeing that it is given what it was given."""

    def __init__(self, steps):
        super().__init__(Settings())
        self.steps = iter(steps)

    def step(self, pose, belt=(), commands=()):
        was = next(self.steps)
        assert pose.t_capture_s == was.result.raw_pose.t_capture_s
        assert (pose.xy_px == was.result.raw_pose.xy_px).all()
        assert belt == was.belt
        assert commands == was.commands
        return was.result


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    with SessionReader(record(tmp_path_factory.mktemp("r") / "s", 40.0)) as reader:
        yield reader


def test_the_engine_is_given_the_same_and_says_the_same(session):
    found = check(session, Again(sample_steps(40.0)))
    assert found.identical
    assert (found.steps, found.strides, found.cues, found.note) == (2400, 98, 2, "")


def test_asks_and_belt_samples_come_at_their_step(session):
    steps = list(given(session))
    assert [len(s.commands) for s in steps[:5]] == [0, 0, 0, 1, 0]
    assert steps[0].belt_samples[0].speed_mps == 3.0
    assert steps[1].belt_samples == ()


def test_a_changed_stride_is_one_short_line(session):
    was = recorded(session)
    step, stride = was.strides[40]
    values = {**stride.values, "pelvic_tilt_deg": Measurement(9.5, 1.8)}
    values["heel_recovery"] = Measurement.missing(ReasonCode.HEEL_HIDDEN_IN_SWING)
    other = replace(stride, values=values, verdict=Verdict.WATCH)
    now = replace(was, strides=(*was.strides[:40], (step, other), *was.strides[41:]))
    lines = compare(was, now)
    assert len(lines) == 3
    tilt = stride.measure("pelvic_tilt_deg").value
    assert f"stride {stride.index} at frame {step}: pelvic_tilt_deg {tilt!r} -> 9.5" in lines
    assert "heel_recovery 0.52 -> missing (heel hidden in swing)" in " ".join(lines)
    assert f"verdict {stride.verdict} -> watch" in " ".join(lines)


def test_the_smallest_change_of_a_float_is_seen(session):
    was = recorded(session)
    step, cue = was.cues[0]
    other = replace(cue, t_event_s=cue.t_event_s + 2e-13)
    assert other.t_event_s != cue.t_event_s
    assert len(compare(was, replace(was, cues=((step, other), *was.cues[1:])))) == 1
    assert len(compare(was, replace(was, cues=((step + 1, cue), *was.cues[1:])))) == 1


def test_a_field_that_always_differs_is_counted_and_hides_no_other(session):
    was = recorded(session)
    lines = compare(was, Outcome(was.steps, (), (), (), ()))
    assert lines[0] == "strides: 98 recorded, 0 now"
    wider = list(was.strides)
    known = [i for i, (_, stride) in enumerate(wider) if stride.measure("pelvic_tilt_deg").known]
    for i in known:
        step, stride = wider[i]
        tilt = stride.measure("pelvic_tilt_deg")
        values = {**stride.values, "pelvic_tilt_deg": replace(tilt, sigma=7.25)}
        wider[i] = (step, replace(stride, values=values))
    wider[90] = (wider[90][0], replace(wider[90][1], verdict=Verdict.WATCH))
    moved = tuple((step + 1, event) for step, event in was.events)
    lines = compare(was, replace(was, strides=tuple(wider), events=moved))
    assert len(lines) == 2 * (MAX_EXAMPLES + 1) + 1
    tilt = was.strides[known[0]][1].measure("pelvic_tilt_deg")
    assert lines[0].endswith(f"{tilt.value!r} ± {tilt.sigma!r} -> {tilt.value!r} ± 7.25")
    assert lines[3] == f"stride pelvic_tilt_deg: uncertainty only, {len(known)} strides in all"
    assert lines[4].endswith("-> watch")
    assert lines[-1] == f"event frame, {len(was.events)} events in all"


def test_a_stride_that_was_not_kept_is_no_difference_of_those_that_follow(session):
    now = recorded(session)
    was = replace(now, strides=(*now.strides[:2], *now.strides[3:]))
    assert compare(was, now) == ["strides: 97 recorded, 98 now"]
    # As many as before, and one of them with another number: that is a difference.
    step, last = now.strides[-1]
    other = replace(now, strides=(*now.strides[:-1], (step, replace(last, index=999))))
    assert compare(now, other) == [
        f"stride {last.index} at frame {step}: index {last.index} -> 999"
    ]


def test_any_moment_can_be_shown(session):
    results = RecordedSteps(session)
    assert results.step_at(T_FIRST_S + 10.0) == 600
    assert results.step_at(T_FIRST_S + 10.016) == 600
    assert results.step_at(0.0) == 0
    assert results.step_at(1e9) == 2399
    assert results.at(2399).t_s == pytest.approx(T_FIRST_S + 2399 / 60)
    with pytest.raises(UserError, match="not kept"):
        results.at(2400)
    assert sum(1 for _ in results) == 2400
