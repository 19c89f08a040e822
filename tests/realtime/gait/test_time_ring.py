"""The ring of rows by their times: in order, as long as it should, and thinned where it is fast."""

from __future__ import annotations

import numpy as np
import pytest

from hipcue.realtime.gait.time_ring import FPS_AT_MOST, TimeRing


def filled(times_s: list[float], seconds: float = 1.0) -> TimeRing:
    ring = TimeRing(seconds, ((2,), np.float64), ((), np.complex128))
    for t_s in times_s:
        ring.add(t_s, (t_s, -t_s), complex(t_s, 1.0))
    return ring


def test_all_arrays_hold_the_rows_of_a_stretch_in_order() -> None:
    ring = filled([k / 60 for k in range(1000)])
    where = ring.between(15.0, 15.5)
    t = ring.times(where)
    assert t.tolist() == [k / 60 for k in range(900, 931)]
    assert ring.rows(where).tolist() == [[at, -at] for at in t]
    assert ring.rows(where, 1).tolist() == [complex(at, 1.0) for at in t]
    assert ring.newest_s == 999 / 60


def test_nothing_is_in_an_empty_ring_nor_outside_of_what_was_kept() -> None:
    ring = filled([])
    assert len(ring.times(ring.between(-np.inf))) == 0
    ring = filled([k / 60 for k in range(60)])
    assert len(ring.times(ring.between(5.0))) == len(ring.times(ring.between(-2.0, -1.0))) == 0
    assert len(ring.times(ring.between(0.9, 0.1))) == 0
    ring.clear()
    assert len(ring.times(ring.between(-np.inf))) == 0 and ring.newest_s == -np.inf


@pytest.mark.parametrize("fps", [25.0, 240.0, FPS_AT_MOST])
def test_every_frame_of_a_camera_is_kept(fps: float) -> None:
    ring = filled([k / fps for k in range(round(fps))])
    assert len(ring.times(ring.between(-np.inf))) == round(fps)


@pytest.mark.parametrize("fps", [500.0, 1000.0, 2000.0])
def test_a_source_that_is_faster_than_anything_needs_is_thinned_and_reaches_as_far(
    fps: float,
) -> None:
    ring = filled([k / fps for k in range(round(3 * fps))])
    t = ring.times(ring.between(-np.inf))
    assert t[-1] - t[0] > 0.99
    gaps_s = np.diff(t)
    assert gaps_s.min() > 0.98 / FPS_AT_MOST and gaps_s.max() < 2.0 / FPS_AT_MOST


def test_pictures_that_were_stamped_at_once_are_no_fast_source() -> None:
    t_s = [k / 60 for k in range(60)] + [1.0 + k / 2000 for k in range(4)]
    ring = filled(t_s)
    assert ring.times(ring.between(-np.inf)).tolist() == t_s
