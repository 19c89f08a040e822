"""How many trackers a machine wants: the real model on a drawn runner."""

from __future__ import annotations

import re

from hipcue.config.settings import Settings
from hipcue.realtime.run.tracker_benchmark import tune


def test_the_line_names_a_setting_that_can_be_used_and_whether_it_suffices() -> None:
    small = Settings.model_validate({"camera": {"width": 320, "height": 240, "fps": 15}})
    line = tune(small)
    found = re.match(r"set pose\.trackers = (\d) \(pictures a second: (.*)\), (.*)$", line)
    assert found is not None, line
    Settings.model_validate({"pose": {"trackers": int(found[1])}})
    rates = {int(n): int(rate) for rate, n in re.findall(r"(\d+) with (\d)", found[2])}
    assert rates[int(found[1])] == max(rates.values())
    # With a fifth of room for screen and store.
    if max(rates.values()) > 19:
        assert found[3].startswith("enough for camera.fps = 15")
    elif max(rates.values()) < 17:
        assert found[3].startswith("too few for camera.fps = 15")
    # No more are tried than it takes.
    assert all(rate < 19 for n, rate in rates.items() if n < max(rates))
