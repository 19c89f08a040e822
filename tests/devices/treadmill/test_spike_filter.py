"""The spike guard: spikes go, real changes pass one sample late at most, with their own times."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hipcue.devices.readings import BeltSample
from hipcue.devices.treadmill.spike_filter import TOLERANCE_MPS, SpikeFilter


def feed(speeds: list[float | None]) -> list[tuple[int, float, float | None]]:
    """(when it came out, its own time, speed) of everything that passed."""
    guard = SpikeFilter()
    out = []
    for number, speed in enumerate(speeds):
        for passed in guard.add_sample(
            BeltSample(float(number), speed, reason=None if speed else "?")
        ):
            out.append((number, passed.t_s, passed.speed_mps))
    return out


def speeds(out: list[tuple[int, float, float | None]]) -> list[float | None]:
    return [speed for _, _, speed in out]


def test_one_wild_reading_is_dropped_and_nothing_else() -> None:
    assert speeds(feed([3.0, 3.0, 9.0, 3.0, 3.0])) == [3.0, 3.0, 3.0, 3.0]


def test_a_dropout_to_zero_for_one_reading_is_dropped() -> None:
    assert speeds(feed([3.0, 3.0, 0.0, 3.0])) == [3.0, 3.0, 3.0]


def test_a_new_speed_passes_with_its_own_time_as_soon_as_it_is_said_twice() -> None:
    out = feed([3.0, 3.0, 4.0, 4.0, 4.0])
    assert out[2:] == [(3, 2.0, 4.0), (3, 3.0, 4.0), (4, 4.0, 4.0)]


def test_an_emergency_stop_passes_one_reading_late() -> None:
    assert feed([3.0, 3.0, 0.0, 0.0])[-2:] == [(3, 2.0, 0.0), (3, 3.0, 0.0)]


def test_a_steep_ramp_passes_whole() -> None:
    assert speeds(feed([0.0, 0.0, 0.5, 1.0, 1.5, 2.0, 2.0])) == [0.0, 0.0, 0.5, 1.0, 1.5, 2.0, 2.0]


def test_small_steps_pass_at_once() -> None:
    out = feed([3.0, 3.0, 3.08, 3.16, 3.1])
    assert [came - own for came, own, _ in out[2:]] == [0, 0, 0]


def test_a_wild_first_reading_is_not_believed() -> None:
    assert speeds(feed([9.0, 3.0, 3.0, 3.0])) == [3.0, 3.0, 3.0]


def test_a_real_change_behind_a_spike_is_still_only_one_late() -> None:
    out = feed([3.0, 3.0, 9.0, 5.0, 5.0])
    assert out[2:] == [(4, 3.0, 5.0), (4, 4.0, 5.0)]


def test_a_reading_without_speed_passes_and_ends_the_waiting() -> None:
    assert speeds(feed([3.0, 3.0, 9.0, None, 3.0])) == [3.0, 3.0, None, 3.0]


_SPEED = st.floats(0.0, 15.0)


@given(st.lists(_SPEED, min_size=3, max_size=40))
def test_a_belt_that_only_gains_speed_loses_no_reading_but_the_first(values: list[float]) -> None:
    values.sort()
    out = feed([*values])
    own = [int(t) for _, t, _ in out]
    assert own in (list(range(len(own))), list(range(1, len(own) + 1)))
    assert len(values) - len(out) <= 2  # the first, and the last, which still waits
    assert all(came - t <= 1 for came, t, _ in out)


@given(st.lists(st.tuples(_SPEED, st.integers(2, 5)), min_size=1, max_size=12))
def test_every_speed_said_twice_comes_out_one_reading_late_at_most(
    plateaus: list[tuple[float, int]],
) -> None:
    values = [speed for speed, times in plateaus for _ in range(times)]
    out = feed([*values])
    assert [t for _, t, _ in out] == [float(number) for number in range(len(values))]
    assert all(came - t <= 1 for came, t, _ in out)


@given(_SPEED, st.lists(_SPEED, min_size=1, max_size=8), st.integers(2, 4))
def test_single_spikes_never_pass(steady: float, spikes: list[float], between: int) -> None:
    values = [steady, steady]
    for spike in spikes:
        values += [spike, *[steady] * between]
    far = [speed for speed in speeds(feed([*values])) if speed is not None]
    assert all(abs(speed - steady) <= TOLERANCE_MPS for speed in far)


@given(st.lists(st.one_of(st.none(), _SPEED), max_size=60))
def test_what_passes_is_never_altered_doubled_or_out_of_order(values: list[float | None]) -> None:
    out = feed(values)
    own = [t for _, t, _ in out]
    assert own == sorted(set(own))
    assert all(values[int(t)] == speed for _, t, speed in out)
