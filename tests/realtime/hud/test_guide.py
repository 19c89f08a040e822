"""A first-time user at the set-up: one thing to do after the other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from realtime.hud.guide import Step, framing, guide
from realtime.hud.texts import Texts
from realtime.records import Joint, Notice, RunnerState, Snapshot, StepResult
from tests.realtime.hud.sample_snapshots import pose, snapshot

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
    empty = replace(result_of(shown), pose=pose((1280, 720), reason="nobody in the picture"))
    now = guide(replace(shown, result=empty), ENGLISH)
    assert (now.step, now.title) == (Step.SEEN, "Step onto the treadmill")


def test_feet_outside_of_the_picture_are_mended_before_the_neutral() -> None:
    shown = snapshot("waiting")
    cut = pose((1280, 720), standing=True)
    xy = cut.xy_px.copy()
    xy[[Joint.L_TOE, Joint.R_TOE], 1] = 730.0
    now = replace(shown, result=replace(result_of(shown), pose=replace(cut, xy_px=xy)))
    assert guide(now, ENGLISH).advice == "Move the camera back."
    assert [check.done for check in framing(now, ENGLISH)] == [False, True, True, True]


@pytest.mark.parametrize(
    ("key", "check"),
    [
        ("picture_cropped", "whole"),
        ("picture_turned", "side_on"),
        ("picture_tilted", "level"),
        ("picture_dark", "light"),
        ("picture_blurred", "light"),
    ],
)
def test_what_is_wrong_with_the_picture_is_said_at_its_point(key: str, check: str) -> None:
    shown = replace(snapshot("waiting"), notices=(Notice(key, "it is so", "do this"),))
    failed = [c for c in framing(shown, ENGLISH) if c.done is False]
    assert [(c.name, c.advice) for c in failed] == [(check, "do this")]
    assert (guide(shown, ENGLISH).title, guide(shown, ENGLISH).advice) == ("It is so", "Do this.")


def test_nothing_is_ticked_while_nobody_is_there() -> None:
    shown = snapshot("waiting")
    empty = replace(result_of(shown), pose=pose((1280, 720), reason="nobody in the picture"))
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
    dark = (Notice("picture_dark", "the picture is dark", "more light"),)
    assert guide(replace(shown, result=ready, notices=dark), ENGLISH).step is Step.RUN


def test_whoever_runs_is_told_to_go_on() -> None:
    assert guide(snapshot("good"), ENGLISH).step is Step.RUNNING


def test_a_hidden_toe_is_not_a_whole_body() -> None:
    shown = snapshot("waiting")
    xy = result_of(shown).pose.xy_px.copy()
    xy[Joint.R_TOE] = np.nan
    hidden = replace(result_of(shown).pose, xy_px=xy)
    now = replace(shown, result=replace(result_of(shown), pose=hidden))
    assert framing(now, ENGLISH)[0].done is False
