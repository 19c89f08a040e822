"""A first-time user at the set-up: one thing to do after the other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hipcue.config.reason_words import advice_on, in_words
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.hud import View
from hipcue.realtime.hud.facts.guide import Step, framing, guide
from hipcue.realtime.hud.facts.texts import Texts, sentence
from hipcue.realtime.records import Joint, RunnerState, StepResult
from hipcue.realtime.view.snapshot import Snapshot
from tests.realtime.hud.opened import opened, words_on
from tests.realtime.hud.sample_snapshots import pose, snapshot
from tests.realtime.hud.setup_stories import stories

ENGLISH = Texts("en")


def result_of(shown: Snapshot) -> StepResult:
    assert shown.result is not None
    return shown.result


def test_without_a_picture_the_camera_comes_first() -> None:
    now = guide(replace(snapshot("waiting"), frame=None), ENGLISH)
    assert now.step is Step.SEEN
    assert now.title == "No picture yet"


def test_an_empty_treadmill_asks_for_somebody() -> None:
    shown = snapshot("waiting")
    empty = replace(
        result_of(shown),
        preview_pose=pose((1280, 720), reason=Reason(ReasonCode.NOBODY_IN_PICTURE)),
    )
    now = guide(replace(shown, result=empty), ENGLISH)
    assert (now.step, now.title) == (Step.SEEN, "Step onto the treadmill")


def test_feet_outside_of_the_picture_are_mended_before_the_neutral() -> None:
    shown = snapshot("waiting")
    cut = pose((1280, 720), standing=True)
    xy = cut.xy_px.copy()
    xy[[Joint.L_TOE, Joint.R_TOE], 1] = 730.0
    now = replace(shown, result=replace(result_of(shown), preview_pose=replace(cut, xy_px=xy)))
    assert guide(now, ENGLISH).advice == "Move the camera back."
    assert [check.done for check in framing(now, ENGLISH)] == [False, True, True, True]


@pytest.mark.parametrize(
    ("wrong", "check"),
    [
        (Reason(ReasonCode.FEET_OUT_OF_PICTURE), "whole"),
        (Reason(ReasonCode.HEAD_OUT_OF_PICTURE), "whole"),
        (Reason(ReasonCode.PICTURE_SMALL, px=200), "whole"),
        (Reason(ReasonCode.PICTURE_TURNED), "side_on"),
        (Reason(ReasonCode.PICTURE_TILTED, deg=5), "level"),
        (Reason(ReasonCode.PICTURE_DARK), "light"),
        (Reason(ReasonCode.PICTURE_BLURRED), "light"),
    ],
)
def test_what_is_wrong_with_the_picture_is_said_at_its_point(wrong: Reason, check: str) -> None:
    shown = replace(snapshot("waiting"), notices=(wrong,))
    failed = [c for c in framing(shown, ENGLISH) if c.done is False]
    assert [(c.name, c.advice) for c in failed] == [(check, advice_on(wrong))]
    now = guide(shown, ENGLISH)
    assert now.title == sentence(in_words(wrong), "")
    assert now.advice == sentence(advice_on(wrong))


def test_nothing_is_ticked_while_nobody_is_there() -> None:
    shown = snapshot("waiting")
    empty = replace(
        result_of(shown),
        preview_pose=pose((1280, 720), reason=Reason(ReasonCode.NOBODY_IN_PICTURE)),
    )
    assert {c.done for c in framing(replace(shown, result=empty), ENGLISH)} == {None}


@pytest.mark.parametrize(("progress", "left_s"), [(0.0, 2), (0.49, 2), (0.5, 1), (0.99, 1)])
def test_the_countdown_of_the_neutral(progress: float, left_s: int) -> None:
    shown = snapshot("neutral")
    standing = replace(result_of(shown), neutral_progress=progress)
    now = guide(replace(shown, result=standing), ENGLISH)
    assert (now.step, now.countdown_s, now.progress) == (Step.NEUTRAL, left_s, progress)


def test_with_the_neutral_taken_it_is_time_to_run() -> None:
    shown = snapshot("waiting")
    ready = replace(result_of(shown), neutral_measured=True)
    assert guide(replace(shown, result=ready), ENGLISH).step is Step.RUN
    done = replace(ready, state=RunnerState.NEUTRAL, neutral_progress=1.0)
    assert guide(replace(shown, result=done), ENGLISH).step is Step.RUN


def test_a_taken_neutral_is_not_spoilt_by_a_dark_picture() -> None:
    shown = snapshot("waiting")
    ready = replace(result_of(shown), neutral_measured=True)
    dark = (Reason(ReasonCode.PICTURE_DARK),)
    assert guide(replace(shown, result=ready, notices=dark), ENGLISH).step is Step.RUN


def test_the_time_being_over_is_not_yet_a_neutral() -> None:
    shown = snapshot("neutral")
    done = replace(result_of(shown), neutral_progress=1.0)
    now = guide(replace(shown, result=done), ENGLISH)
    assert (now.step, now.countdown_s) == (Step.NEUTRAL, 1)


def test_a_neutral_that_is_taken_again_counts_down_again() -> None:
    shown = snapshot("neutral")
    again = replace(result_of(shown), neutral_progress=0.2, neutral_measured=True)
    assert guide(replace(shown, result=again), ENGLISH).countdown_s == 2


def test_a_moving_belt_is_stopped_before_the_neutral() -> None:
    shown = stories()["belt runs"]
    assert guide(shown, ENGLISH).title == "Stop the belt, then stand still"
    measured = replace(result_of(shown), neutral_measured=True)
    assert guide(replace(shown, result=measured), ENGLISH).title == "Keep running"


def test_whoever_runs_without_a_neutral_is_told_what_it_costs() -> None:
    now = guide(stories()["runs too early"], ENGLISH)
    assert (now.step, now.title) == (Step.NEUTRAL, "Stop the belt, then stand still")
    assert "pelvis" in now.advice


def test_everything_that_keeps_somebody_from_a_neutral_has_its_advice() -> None:
    troubles = (
        ReasonCode.SEEN_TOO_BRIEFLY,
        ReasonCode.LEGS_NOT_SEEN,
        ReasonCode.MOVING,
        ReasonCode.STANDS_NOT_SIDE_ON,
        ReasonCode.LEGS_NOT_STRAIGHT,
        ReasonCode.ARMS_BEFORE_BACK,
    )
    told = {guide(waiting_for(Reason(code)), ENGLISH).advice for code in troubles}
    assert len(told) == 6
    assert ENGLISH("setup.still_advice") not in told


def waiting_for(trouble: Reason) -> Snapshot:
    shown = snapshot("waiting")
    return replace(shown, result=replace(result_of(shown), state_reason=trouble))


def test_the_way_to_running_in_its_order() -> None:
    told = stories()
    way = [guide(told[name], ENGLISH) for name in ("no picture", "nobody", "feet out", "moves")]
    way += [guide(told[name], ENGLISH) for name in ("stands", "ready", "runs")]
    assert [now.step for now in way] == sorted(now.step for now in way)
    assert [now.title for now in way] == [
        "No picture yet",
        "Step onto the treadmill",
        "The feet leave the picture",
        "Stand still, arms crossed on the chest",
        "Stand still, arms crossed on the chest",
        "Start the belt and run",
        "Keep running",
    ]


def test_what_a_device_needs_stands_at_its_status() -> None:
    with opened((1920, 1080), view=View.SETUP) as screen:
        screen.show(stories()["ready, no belt"])
        words = " ".join(words_on(screen))
        assert "check cable, power and protocol; hipcue devices --probe finds the protocol" in words
        assert "plug in a loudspeaker, the run goes on" in words


def test_a_narrow_screen_says_what_to_do_first() -> None:
    with opened((1024, 600), "de", view=View.SETUP) as screen:
        screen.show(stories()["ready, no belt"])
        assert "Kabel, Strom und Protokoll prüfen" in " ".join(words_on(screen))


@pytest.mark.parametrize(
    ("moment", "word"),
    [
        ("nobody", "step on"),
        ("moves", "stand still, belt off"),
        ("stands", "stand still"),
        ("ready", "start the belt"),
        ("runs", "good"),
    ],
)
def test_the_runner_reads_what_is_next(moment: str, word: str) -> None:
    with opened(view=View.RUNNER) as screen:
        screen.show(stories()[moment])
        words = words_on(screen)
        assert word in words
        assert ("–" in words) is False


def test_whoever_runs_is_told_to_go_on() -> None:
    assert guide(snapshot("good"), ENGLISH).step is Step.RUNNING


def test_a_hidden_toe_is_not_a_whole_body() -> None:
    shown = snapshot("waiting")
    xy = result_of(shown).preview_pose.xy_px.copy()
    xy[Joint.R_TOE] = np.nan
    hidden = replace(result_of(shown).preview_pose, xy_px=xy)
    now = replace(shown, result=replace(result_of(shown), preview_pose=hidden))
    assert framing(now, ENGLISH)[0].done is False
