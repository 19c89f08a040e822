"""A slow wire is not a dead one."""

from __future__ import annotations

import pytest

from hipcue.devices.pace import Pace


def paced(*times_s: float) -> float:
    pace = Pace(1.5)
    for t_s in times_s:
        pace.add(t_s)
    return pace.stale_after_s


@pytest.mark.parametrize(("every_s", "stale_s"), [(0.1, 1.5), (0.5, 1.5), (2.0, 3.2), (3.0, 4.8)])
def test_a_slow_wire_has_time(every_s: float, stale_s: float) -> None:
    assert paced(*(every_s * n for n in range(6))) == pytest.approx(stale_s)


def test_silences_of_a_quick_wire_do_not_make_it_a_slow_one() -> None:
    assert paced(0.0, 0.5, 1.0, 3.0, 3.5, 4.0, 10.0, 10.5, 60.0) == 1.5


def test_what_is_not_known_yet_is_as_the_setting_says() -> None:
    assert paced(0.0, 2.0) == paced(0.0, 0.5, 2.5) == 1.5
