"""How a machine sees most: the real model on a drawn runner."""

from __future__ import annotations

import re

from hipcue.config.settings import Settings
from hipcue.realtime.run.tracker_benchmark import Found, choose, tune
from tests.pose_model import needs_pose_model


@needs_pose_model
def test_the_line_names_settings_that_can_be_used_and_whether_they_suffice() -> None:
    small = Settings.model_validate({"camera": {"width": 320, "height": 240, "fps": 15}})
    line = tune(small)
    found = re.match(
        r"set pose\.trackers = (\d), pose\.threads = (\d); of 15 pictures a second (\d+) are "
        r"looked at and (\d+) followed, known within (\d+) ms: (.*)$",
        line,
    )
    assert found is not None, line
    trackers, threads, looked_at, followed, wait_ms = (int(found[k]) for k in range(1, 6))
    Settings.model_validate({"pose": {"trackers": trackers, "threads": threads}})
    assert looked_at + followed <= 16
    assert wait_ms > 0
    assert found[6] in ("enough for camera.fps = 15", "too few, try a lower camera.fps than 15")


def test_of_what_sees_enough_the_quickest_is_chosen() -> None:
    one = Found(trackers=1, threads=1, looked_at=0.5, followed=0.49, wait_s=0.032)
    two = Found(trackers=2, threads=1, looked_at=0.99, followed=0.0, wait_s=0.041)
    both = Found(trackers=1, threads=2, looked_at=0.9, followed=0.1, wait_s=0.025)
    assert choose([one, two, both]) is both
    assert choose([one, two]) is one


def test_where_nothing_sees_enough_that_is_chosen_which_sees_most() -> None:
    """Pictures that are followed count, unless they are most of them."""
    one = Found(trackers=1, threads=1, looked_at=0.2, followed=0.8, wait_s=0.02)
    two = Found(trackers=2, threads=1, looked_at=0.4, followed=0.5, wait_s=0.09)
    assert choose([one, two]) is two
