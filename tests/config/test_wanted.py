"""What is wrong with a value is said in our own words, with its range."""

from __future__ import annotations

import pytest

from hipcue.config.errors import UserError
from hipcue.config.settings import Settings, changed, load_settings


@pytest.mark.parametrize(
    ("key", "value", "seen"),
    [
        ("screen.fps", 3, "3, not from 10 to 240"),
        ("screen.fps", 1000, "1000, not from 10 to 240"),
        ("pelvis.standing_tilt_deg", 90, "90, not from -30 to 45"),
        ("runner.height_m", "tall", "'tall', not a number from 0.9 to 2.5"),
        ("pose.threads", 2.5, "2.5, not a whole number from 0 to 4"),
        ("sound.speech", "maybe", "'maybe', not true or false"),
        ("feedback.language", "fr", "'fr', not one of 'en' or 'de'"),
        ("camera.fsp", 30, "no such key"),
    ],
)
def test_a_wrong_setting_is_told_with_what_it_should_be(key: str, value: object, seen: str) -> None:
    with pytest.raises(UserError) as caught:
        load_settings(None, {key: value})
    assert caught.value.failed == f"wrong setting {key} in the command line"
    assert caught.value.seen == seen


def test_so_is_one_that_is_changed_later() -> None:
    with pytest.raises(UserError, match="3, not from 10 to 240"):
        changed(Settings(), "screen.fps", 3)


def test_two_settings_that_contradict_each_other_say_how() -> None:
    with pytest.raises(UserError, match="out_strides 9 of of_strides 5 never happens"):
        load_settings(None, {"feedback.out_strides": 9})
