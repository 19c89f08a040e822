"""How much is said over a session and over the programme, in which words, to what effect."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from hipcue.config.cues import load_cues
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import FeedbackSettings
from hipcue.realtime.feedback.schedule import Dispenser, share_of_cues
from hipcue.realtime.feedback.wording import BLOCK_STRIDES
from hipcue.realtime.records import CueKind, RunnerState, Side
from tests.realtime.feedback.story import DECIDE_S, STEP_S, USUAL_TILT_DEG, Story

MINUTES = (15, 18, 21, 24, 24, 27, 30, 30)


@cache
def stubborn(session: int) -> list[float]:
    """Times of the cues that a runner who never changes gets, s from their first stride.

    They run two minutes longer than the session lasts.
    """
    story = Story(FeedbackSettings(schedule="faded", programme_session=session)).settle()
    story.goal = 9.0
    story.run(round((MINUTES[session - 1] + 2) * 60 / STEP_S))
    return [cue.t_capture_s - story.strides[0].contact_s for cue in story.spoken()]


def per_minute(session: int) -> float:
    minutes = MINUTES[session - 1]
    return sum(t < 60 * minutes for t in stubborn(session)) / minutes


def test_in_the_last_four_sessions_cues_fade_to_nothing():
    assert per_minute(1) == pytest.approx(60 / 8.0, rel=0.1)  # One per cooldown.
    # The mean share of each session: 7/8, 3/8 and 1/8 of all cues.
    for session, eighths in ((5, 7), (7, 3), (8, 1)):
        assert per_minute(session) / per_minute(1) == pytest.approx(eighths / 8, abs=0.04)


def test_the_last_session_ends_in_silence():
    times = stubborn(8)
    quarters, _ = np.histogram(times, bins=4, range=(0, 1800))
    assert list(quarters) == sorted(quarters, reverse=True)
    assert quarters[0] >= 4 * max(quarters[3], 1)
    # Whoever runs on is on their own.
    assert [t for t in times if t > 1800] == []


def test_the_clock_may_begin_at_zero():
    fading = FeedbackSettings(schedule="faded", programme_session=8)

    def when(start_s: float) -> list[float]:
        story = Story(fading, start_s=start_s).settle()
        assert (story.strides[0].contact_s == 0.0) == (start_s < 0.0)
        story.goal = 9.0
        return [c.t_capture_s - story.strides[0].contact_s for c in story.run(900).spoken()]

    # The first stride begins exactly at 0 on the one clock and late on the other.
    at_zero, late = when(2 * STEP_S - 3 * STEP_S), when(100.0)
    assert at_zero == pytest.approx(late)
    assert at_zero


@pytest.mark.parametrize(
    ("session", "minute", "share"),
    [
        (1, 0, 1.0),
        (4, 24, 1.0),
        (5, 0, 1.0),
        (5, 12, 0.875),
        (6, 27, 0.5),
        (7, 15, 0.375),
        (8, 0, 0.25),
        (8, 30, 0.0),
        (8, 99, 0.0),
    ],
)
def test_the_share_falls_evenly_within_a_session(session, minute, share):
    settings = FeedbackSettings(schedule="faded", programme_session=session)
    assert share_of_cues(settings, 60.0 * minute) == pytest.approx(share)


@pytest.mark.parametrize(("share", "given"), [(1.0, 100), (0.5, 50), (0.3, 30), (0.05, 5), (0, 0)])
def test_a_share_is_given_evenly(share, given):
    dispenser = Dispenser()
    places = [i for i in range(100) if dispenser.grants(share)]
    assert len(places) == given
    gaps = np.diff(places)
    assert given < 2 or gaps.max() - gaps.min() <= 1


def test_a_retention_test_says_nothing_at_all():
    story = Story(FeedbackSettings(schedule="retention")).settle()
    story.goal = 12.0
    story.run(200)
    assert RunnerState.COMPENSATING in {s.state for s in story.strides}
    story.goal = 0.0
    story.run(600)
    assert story.cues == []


def test_every_stride_that_is_out_is_told_at_its_own_push_off():
    story = Story(FeedbackSettings(schedule="every_stride")).settle().run(40)
    assert story.cues == []
    story.goal = 10.0
    story.run(12)
    before = len(story.of("tilt_out"))
    story.run(20)
    tones = story.of("tilt_out")
    assert len(tones) - before == 20  # Twenty steps, twenty push-offs.
    assert all(c.t_event_s in story.peaks for c in tones[before:])
    story.goal = 0.0
    story.run(30)
    quiet_from = len(story.cues)
    story.run(40)
    assert len(story.cues) == quiet_from


def test_every_stride_is_told_by_its_verdict_where_push_off_is_not_seen():
    story = Story(FeedbackSettings(schedule="every_stride"), sees_now=False).settle()
    story.goal = 10.0
    story.run(20)
    before = len(story.of("tilt_out"))
    story.run(20)
    assert len(story.of("tilt_out")) - before == 20


def test_the_chosen_focus_and_language_are_what_is_heard():
    table = load_cues()
    for focus in ("external", "internal"):
        for language in ("en", "de"):
            story = Story(FeedbackSettings(focus=focus, language=language)).settle()
            story.goal = 9.0
            story.run(150)
            wordings = table.phrases("borrowed", focus, language)
            heard = [cue.text for cue in story.spoken("borrowed")]
            assert len(heard) >= 4
            # They take turns, so that nobody stops listening.
            assert heard == [wordings[i % len(wordings)] for i in range(len(heard))]
            assert all(c.sound == c.text and c.focus == focus for c in story.spoken())
            assert all(c.focus is None for c in story.cues if c.kind is CueKind.TONE)


def test_wordings_are_compared_block_by_block():
    def by_block(session: int) -> list[set[str | None]]:
        story = Story(FeedbackSettings(focus="ab", programme_session=session)).settle()
        story.goal = 9.0
        story.run(4 * BLOCK_STRIDES - 30)
        blocks: list[set[str | None]] = [set() for _ in range(4)]
        decided = [s.t_decided_s for s in story.strides]
        for cue in story.spoken("borrowed"):
            strides = sum(t <= cue.t_capture_s for t in decided)
            blocks[min(strides // BLOCK_STRIDES, 3)].add(cue.focus)
        return blocks

    assert by_block(1) == [{"external"}, {"internal"}, {"external"}, {"internal"}]
    # The next session begins with the other, so that neither always meets a fresh runner.
    assert by_block(2) == [{"internal"}, {"external"}, {"internal"}, {"external"}]


def test_the_response_is_the_change_over_the_next_ten_strides():
    story = Story(responds=True).settle()
    story.goal = 9.0
    story.run(70)
    (first,) = [r for r in story.responses if r.cue_number == 1]
    cue = story.cues[0]
    assert first.metric == "pelvic_tilt_deg"
    assert first.strides == 10
    known = [s for s in story.strides if s.t_decided_s <= cue.t_capture_s][-5:]
    after = [s for s in story.strides if s.contact_s > cue.t_capture_s][:10]
    for response, strides in ((first.before, known), (first.after, after)):
        values = [s.measure("pelvic_tilt_deg").value for s in strides]
        assert response.value == pytest.approx(np.mean(values))
        assert response.sigma == pytest.approx(np.std(values, ddof=1) / len(values) ** 0.5)


def test_the_response_to_a_cue_about_one_leg_is_that_legs():
    story = Story().settle()
    story.goal, story.only = 14.0, Side.L
    story.run(80)
    cue = next(c for c in story.cues if c.side is Side.L)
    response = next(r for r in story.responses if r.cue_number == cue.number)
    # The left leg is still out; both together would say half of it.
    assert response.after.value == pytest.approx(USUAL_TILT_DEG + 14.0, abs=0.7)
    assert response.strides == 10


def test_a_cue_before_a_change_of_speed_has_no_response_but_a_reason():
    story = Story().settle()
    story.goal = 9.0
    story.run(30, until=lambda: bool(story.cues))
    story.change_speed(4.0)
    (response,) = [r for r in story.responses if r.cue_number == 1]
    assert response.after.value is None
    assert response.after.reason == Reason(ReasonCode.BELT_CHANGED_SPEED)
    assert response.strides < 10


def test_a_cue_before_stepping_off_has_no_response_but_a_reason():
    story = Story().settle()
    story.goal = 9.0
    story.run(30, until=lambda: bool(story.cues))
    story.stand()
    assert {r.after.reason for r in story.responses} == {Reason(ReasonCode.RUNNER_STEPPED_OFF)}
    assert {r.cue_number for r in story.responses} == {c.number for c in story.cues}


def test_a_tilt_that_was_hidden_afterwards_is_missing_with_a_reason():
    story = Story().settle()
    story.goal = 9.0
    story.run(30, until=lambda: bool(story.cues))
    story.hidden = True
    story.run(40)
    (response,) = [r for r in story.responses if r.cue_number == 1]
    assert response.after.value is None
    assert response.after.reason == Reason(ReasonCode.TOO_FEW_STRIDES)


def test_a_runner_who_responds_tips_less_and_is_told_less_and_less():
    story = Story(responds=True, seed=3).settle()
    story.goal, story.forgets_after = 8.0, 10.0
    begin_s = story.now_s
    story.run(2400)  # Fourteen minutes.
    asked = [c.t_capture_s - begin_s for c in story.spoken("borrowed")]
    thirds, _ = np.histogram(asked, bins=3, range=(0, 2400 * STEP_S))
    assert thirds[0] > thirds[1] >= thirds[2]
    assert len(asked) >= 5
    assert story.tilts(last=200) < 1.5
    deaf = Story(responds=False, seed=3).settle()
    deaf.goal = 8.0
    deaf.run(2400)
    assert len(deaf.spoken("borrowed")) > 5 * len(asked)
    assert deaf.tilts(last=200) > 7.0

    def changes(of: Story) -> list[float]:
        first = {c.number for c in of.of("tilt_out")}
        return [
            r.after.value - r.before.value
            for r in of.responses
            if r.cue_number in first and r.after.value is not None and r.before.value is not None
        ]

    # The tone comes while the tilt still rises: what follows tells the two runners apart.
    assert len(changes(story)) >= len(asked)
    assert max(changes(story)) < min(changes(deaf)) - 3.0


def test_every_cue_gets_its_response_in_the_end():
    story = Story(responds=True, seed=4).settle()
    story.goal, story.forgets_after = 8.0, 6.0
    story.run(600)
    settled = [c.number for c in story.cues if c.t_capture_s < story.now_s - 12 * STEP_S - DECIDE_S]
    assert set(settled) <= {r.cue_number for r in story.responses}
    assert len({r.cue_number for r in story.responses}) == len(story.responses)
