"""When a cue comes, and when it does not."""

from __future__ import annotations

from itertools import pairwise

import pytest

from hipcue.config.settings import FeedbackSettings
from hipcue.realtime.feedback import Feedback
from hipcue.realtime.feedback.cue_rules import CUES
from hipcue.realtime.records import (
    Band,
    Cue,
    CueKind,
    RunnerState,
    SayCueNow,
    Side,
    Verdict,
)
from tests.realtime.feedback.story import ASKING, PEAK_S, STEP_S, Body, Story, stride_of

BANDS = {
    "pelvic_tilt_deg": Band(4.0, 2.0, 6.0),
    "hip_extension_deg": Band(21.0, 19.0, 23.0),
    "lumbar_extension_deg": Band(0.0, -2.0, 2.0),
}
LETTERS = {
    ".": (Verdict.OK, RunnerState.OK),
    "w": (Verdict.WATCH, RunnerState.WATCH),
    "C": (Verdict.COMPENSATING, RunnerState.COMPENSATING),
    "?": (Verdict.UNKNOWN, RunnerState.UNKNOWN),
}


def hear(letters: str, settings: FeedbackSettings | None = None) -> dict[int, list[str]]:
    """Give feedback strides by their verdicts; return events by place, after six to settle."""
    feedback = Feedback(settings or FeedbackSettings())
    said: dict[int, list[str]] = {}
    for place, letter in enumerate("......" + letters, start=-5):
        verdict, state = LETTERS[letter]
        side = Side.L if place % 2 else Side.R
        end_s = 100.0 + STEP_S * place
        stride = stride_of(place, side, end_s, Body(9.0, 15.0, 5.0), 3.0, verdict, state)
        cues, _ = feedback.step(end_s, (), (stride,), state, BANDS, True)
        if cues:
            said[place] = [cue.event for cue in cues]
    return said


def test_a_runner_inside_their_own_band_hears_nothing_but_rare_praise():
    for seed in range(4):
        story = Story(seed=seed).settle().run(300)
        assert {cue.event for cue in story.cues} <= {"good_stretch"}
        assert len(story.cues) <= 1


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("ww..w", {5: ["tilt_out"]}),  # The third of the last five.
        ("ww...w", {}),  # The first has left the last five.
        ("w.w.w", {5: ["tilt_out"]}),
        ("ww", {}),
        ("ww?ww", {}),  # A stride that cannot be judged lies between them.
        ("????????", {}),
    ],
)
def test_a_tone_comes_after_three_of_the_last_five_strides_are_out(letters, expected):
    assert hear(letters) == expected


def test_how_many_of_how_many_can_be_set():
    strict = FeedbackSettings(out_strides=1, of_strides=1)
    assert hear(".w", strict) == {2: ["tilt_out"]}
    slow = FeedbackSettings(out_strides=5, of_strides=5)
    assert hear("wwww.w", slow) == {}
    assert hear("wwwww", slow) == {5: ["tilt_out"]}


def test_words_come_with_the_first_verdict_of_compensating_and_do_not_wait_again():
    # The verdict rests on several strides already.
    assert hear(".C") == {2: ["tilt_out", "borrowed"]}
    assert hear("wwwC") == {3: ["tilt_out"], 4: ["borrowed"]}


def test_the_runner_hears_that_they_are_back():
    heard = hear("wwwC.")
    assert heard[5] == ["tilt_back", "back"]
    # Nobody compensated: the tone says enough.
    assert hear("www.")[4] == ["tilt_back"]


def test_an_unknown_verdict_is_silent_however_far_the_pelvis_tips():
    story = Story().settle()
    story.hidden, story.goal = True, 12.0
    story.run(100)
    assert story.cues == []


def test_a_tag_lost_for_a_while_ends_the_story_without_praise():
    # What happened in between nobody saw: being back is no news.
    assert hear("wwwC??????....") == {3: ["tilt_out"], 4: ["borrowed"]}


def test_nothing_is_said_while_the_belt_changes_nor_because_it_changed():
    story = Story().settle()
    story.goal = 9.0
    story.run(20, until=lambda: bool(story.spoken("borrowed")))
    said = len(story.cues)
    assert said >= 2
    story.goal = 0.0
    story.change_speed(4.0).run(40)
    # A new speed has a new band: neither a cue nor "that's it".
    assert len(story.cues) == said


def test_the_first_strides_after_stepping_on_are_free():
    story = Story().settle()
    story.stand()
    story.goal = story.borrowed = 9.0
    on_s = story.now_s
    story.run(20)
    assert any(s.verdict is Verdict.COMPENSATING for s in story.strides[-20:])
    first = min(cue.t_capture_s for cue in story.since(on_s))
    strides_before = [s for s in story.strides if on_s < s.t_decided_s < first]
    assert len(strides_before) >= 6
    # But not much later either.
    assert len(strides_before) <= 8


def test_a_runner_who_begins_to_borrow_is_told_within_eight_strides():
    for seed in range(8):
        story = Story(seed=seed).settle()
        story.goal, onset_s = 9.0, story.now_s
        story.run(30)
        of_one_leg = (story.spoken("borrowed")[0].t_capture_s - onset_s) / (2 * STEP_S)
        assert of_one_leg <= 8
        assert [cue.event for cue in story.cues[:2]] == ["tilt_out", "borrowed"]


@pytest.mark.parametrize("goal", [5.5, 9.0, 20.0])
def test_tones_belong_to_a_push_off_that_really_was_just_then(goal):
    story = Story(responds=True).settle()
    story.goal = goal
    story.run(60)
    tones = [cue for cue in story.cues if cue.kind is CueKind.TONE]
    assert [cue.event for cue in tones] == ["tilt_out", "tilt_back"]
    for cue in tones:
        assert cue.t_event_s in story.peaks
        assert cue.t_capture_s - cue.t_event_s < 0.2  # A step later it would be the next one's.


def test_without_the_tilt_at_push_off_tones_come_with_the_verdict():
    story = Story(sees_now=False, responds=True).settle()
    story.goal = 9.0
    story.run(60)
    decided = {s.t_decided_s for s in story.strides}
    for cue in story.cues:
        assert cue.t_capture_s in decided
        # It tells of the push-off of that stride.
        assert any(cue.t_event_s == pytest.approx(p) for p in story.peaks)
    assert [c.event for c in story.cues] == ["tilt_out", "borrowed", "tilt_back", "back"]


def test_words_keep_their_distance_however_bad_it_gets():
    counts = []
    for goal in (8.0, 20.0):
        story = Story().settle()
        story.goal = goal
        story.run(300)
        times = [cue.t_capture_s for cue in story.spoken()]
        gaps = [b - a for a, b in pairwise(times)]
        assert min(gaps) >= 8.0
        # As soon as the silence is over: with the stride that ends it.
        assert max(gaps) < 8.0 + 2 * STEP_S
        counts.append(len(times))
    assert abs(counts[0] - counts[1]) <= 1  # More out, no more often.


def test_leaving_again_at_once_does_not_chatter():
    story = Story().settle()
    for _ in range(12):
        story.goal = 9.0
        story.run(9)
        story.goal = 0.0
        story.run(9)
    faults = [c.t_capture_s for c in story.spoken("borrowed")]
    assert all(b - a >= 8.0 for a, b in pairwise(faults))
    tones = [c.t_capture_s for c in story.of("tilt_out")]
    assert all(b - a >= 2.0 for a, b in pairwise(tones))


def test_a_leg_that_borrows_alone_is_named():
    for side in Side:
        story = Story().settle()
        story.goal, story.only = 14.0, side
        story.run(60)
        told = story.of("tilt_out") + story.spoken("borrowed")
        assert told[-1].side is side
    both = Story().settle()
    both.goal = 12.0
    both.run(60)
    assert {cue.side for cue in both.cues} == {None}


def test_a_lower_back_that_arches_by_itself_is_told_about_the_back():
    story = Story().settle()
    story.goal, story.arching = 3.2, 12.0
    story.run(60)
    assert story.spoken("arching")
    assert not story.spoken("borrowed")
    borrowing = Story().settle()
    borrowing.goal = 10.0
    borrowing.run(60)
    assert borrowing.spoken("borrowed")
    assert not borrowing.spoken("arching")


def test_hip_extension_that_stays_short_is_said_once_and_not_praised():
    story = Story().settle()
    story.short_deg = 6.0
    story.run(120)
    assert [cue.event for cue in story.cues] == ["short_hip"]
    story.run(200)
    assert {cue.event for cue in story.cues} == {"short_hip"}


def test_one_short_stride_is_nothing():
    story = Story().settle()
    for _ in range(10):
        story.short_deg = 6.0
        story.run(4)
        story.short_deg = 0.0
        story.run(6)
    assert story.cues == []


def test_praise_is_rare():
    story = Story().settle().run(2000)  # Not quite twelve minutes.
    praise = [cue.t_capture_s for cue in story.spoken("good_stretch")]
    assert 2 <= len(praise) <= 3
    assert all(b - a >= 300.0 for a, b in pairwise(praise))


def test_the_coach_can_have_it_said_now():
    story = Story(FeedbackSettings(schedule="retention")).settle()
    story.ask(SayCueNow())
    (cue,) = story.cues
    assert cue.event == "borrowed"
    assert cue.kind is CueKind.SPEECH
    assert cue.text == "Push the belt back"
    # Words of the engine's own keep their distance from it.
    bandwidth = Story().settle()
    bandwidth.goal = 9.0
    bandwidth.run(2).ask(SayCueNow()).run(20)
    assert bandwidth.judge.bands() and bandwidth.state is RunnerState.COMPENSATING
    assert len(bandwidth.spoken()) == 1
    bandwidth.run(4)
    assert len(bandwidth.spoken()) == 2


def test_a_cue_is_worth_playing_only_for_a_while_and_words_outrank_tones():
    story = Story().settle()
    story.goal = 9.0
    story.run(30)
    for cue in story.cues:
        assert cue.expires_s == cue.t_capture_s + CUES[cue.event].hold_s
        assert cue.priority == CUES[cue.event].priority
    # A tone is stale before the same leg's next push-off.
    assert CUES["tilt_out"].hold_s <= 2 * STEP_S
    assert CUES["borrowed"].priority > CUES["tilt_out"].priority > CUES["good_stretch"].priority


def test_cues_are_numbered_from_one_without_gaps():
    story = Story(responds=True).settle()
    story.forgets_after = 6.0
    story.goal = 9.0
    story.run(400)
    assert [cue.number for cue in story.cues] == list(range(1, len(story.cues) + 1))
    assert len(story.cues) > 10


def test_the_same_run_gives_the_same_cues_bit_for_bit():
    def tell() -> tuple[list[Cue], list[object]]:
        story = Story(FeedbackSettings(focus="ab"), seed=5, responds=True).settle()
        story.goal, story.forgets_after = 9.0, 8.0
        story.run(500)
        return story.cues, list(story.responses)

    assert tell() == tell()


def test_settings_may_change_on_the_way():
    story = Story().settle()
    story.goal = 9.0
    story.run(30)
    assert story.cues
    before = len(story.cues)
    story.feedback.change_settings(FeedbackSettings(schedule="retention"))
    story.goal = 0.0
    story.run(30)
    story.goal = 9.0
    story.run(60)
    # The rising tone belongs to what was cued before; nothing new begins.
    assert {c.event for c in story.cues[before:]} <= {"tilt_back", "back"}


def test_every_fault_that_asks_is_known_to_the_simulated_runner_of_these_tests():
    asked = {row.event for row in CUES.values() if row.priority >= 20}
    assert asked == set(ASKING)
    assert PEAK_S < 2 * STEP_S


def test_a_tone_that_would_come_late_waits_for_the_next_push_off():
    """One leg borrows: its verdict comes with the next contact, long after its push-off."""
    for seed in range(10):
        story = Story(seed=seed).settle()
        story.only, story.goal = Side.L, 9.0
        story.run(20)
        tones = story.of("tilt_out")
        assert tones
        assert all(tone.t_capture_s - tone.t_event_s < 0.2 for tone in tones)
        assert story.spoken("borrowed")[0].t_capture_s >= tones[0].t_capture_s


def test_choosing_every_stride_in_mid_run_takes_effect_at_once():
    story = Story(seed=2).settle()
    story.goal = 9.0
    before = len(story.run(30).of("tilt_out"))
    story.feedback.change_settings(FeedbackSettings(schedule="every_stride"))
    assert len(story.run(30).of("tilt_out")) - before > 10 > before
    story.feedback.change_settings(FeedbackSettings(schedule="retention"))
    said = len(story.cues)
    assert len(story.run(60).cues) == said
