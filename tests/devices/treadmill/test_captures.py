"""Real recordings from real treadmills; skipped where the recordings are not at hand."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from hipcue.devices.readings import BeltSample
from hipcue.devices.treadmill.protocols.lifespan import LifespanDriver
from hipcue.devices.treadmill.protocols.precor import PrecorDriver
from hipcue.devices.treadmill.spike_filter import SpikeFilter
from tests.devices.treadmill.uart import listen

MPH = 0.44704
CAPTURES = Path(__file__).resolve().parents[4] / "shared" / "captures"
pytestmark = pytest.mark.skipif(not CAPTURES.exists(), reason="no recordings beside the project")


def lifespan_lines() -> list[tuple[int, bytes]]:
    """(second of the day, bytes) of every line of traffic; the logger's own words left out."""
    lines = []
    with gzip.open(CAPTURES / "lifespan_tr1200b_modbus.txt.gz", "rt") as file:
        for line in file:
            stamp, _, rest = line.partition(" ")
            kind, _, numbers = rest.partition(":")
            values = numbers.split()
            if kind.strip() in ("REQ", "RESP") and all(v.isdigit() for v in values):
                hours, minutes, seconds = (int(part) for part in stamp.split(":"))
                lines.append((3600 * hours + 60 * minutes + seconds, bytes(map(int, values))))
    return lines


def changes(samples: list[BeltSample]) -> list[tuple[float, float]]:
    """(time, mph) wherever the speed is another than before."""
    found: list[tuple[float, float]] = []
    for sample in samples:
        if sample.speed_mps is None:
            continue
        mph = sample.speed_mps / MPH
        if not found or abs(mph - found[-1][1]) > 0.02:
            found.append((sample.t_s, mph))
    return found


class TestLifespan:
    def replay(self) -> tuple[LifespanDriver, list[BeltSample]]:
        driver = LifespanDriver()
        samples = []
        for second, data in lifespan_lines():
            samples += driver.feed(data, float(second))
        return driver, samples

    def test_the_speed_changes_when_it_was_noted_by_hand(self) -> None:
        _, samples = self.replay()
        noted = [
            ("20:29:11", 0.4),
            ("20:29:35", 0.5),
            ("20:29:40", 0.6),
            ("20:29:59", 0.5),
            ("20:30:25", 1.2),
            ("20:30:40", 2.0),
            ("20:31:45", 0.0),
        ]
        first, *seen = changes(samples)
        assert first[1] == 0.0
        assert len(seen) == len(noted)
        for (t_s, mph), (clock, noted_mph) in zip(seen, noted, strict=True):
            hours, minutes, seconds = (int(part) for part in clock.split(":"))
            # Notes and stamps are whole seconds.
            assert t_s == pytest.approx(3600 * hours + 60 * minutes + seconds, abs=1.0)
            assert mph == pytest.approx(noted_mph, abs=0.005)

    def test_all_eight_damaged_lines_are_survived(self) -> None:
        driver, samples = self.replay()
        # Four of the eight are two whole frames in one line, read all the same; the other
        # four are one answer and one question torn to pieces.
        lines = lifespan_lines()
        speeds = [data for _, data in lines if data[:4] == bytes([1, 6, 0, 10])]
        assert len(samples) == len(speeds)
        assert driver.frames == len(lines) + 4 - 4
        torn = bytes([1, 3, 2]), bytes([1]), bytes([0, 23, 248, 74]), bytes([3, 209, 10, 0])
        assert 0 < driver.junk <= sum(map(len, torn)) + 4

    def test_the_guard_lets_every_change_through(self) -> None:
        _, samples = self.replay()
        guard = SpikeFilter()
        believed = [passed for sample in samples for passed in guard.add_sample(sample)]
        assert changes(believed) == changes(samples)


def precor_edges(name: str, channel: int) -> list[tuple[float, int]]:
    """Edges of one channel of the logic analyser, turned over: idle is high."""
    edges: list[tuple[float, int]] = []
    with gzip.open(CAPTURES / name, "rt") as file:
        next(file)
        for row in file:
            cells = row.split(",")
            level = 1 - int(cells[1 + channel])
            if not edges or edges[-1][1] != level:
                edges.append((float(cells[0]), level))
    return edges


def replay(driver: PrecorDriver, received: list[tuple[float, int]]) -> list[BeltSample]:
    return [sample for t_s, byte in received for sample in driver.feed(bytes([byte]), t_s)]


NOTED_RAMP = (
    "0.28 1.4, 0.96 1.3, 1.70 1.2, 2.06 1.1, 2.42 1.0, 9.37 0.9, 10.09 0.8, 10.45 0.7, "
    "10.80 0.6, 11.52 0.7, 11.88 0.8, 12.60 0.9, 12.96 1.0, 13.32 1.1, 13.69 1.2, 14.05 1.3, "
    "14.41 1.4, 15.13 1.5, 15.49 1.6, 15.85 1.7, 18.07 0.0"
)


class TestPrecor:
    def test_the_noted_ramp(self) -> None:
        received = listen(precor_edges("precor_9.3x_try3.csv.gz", 5), 9600)
        seen = changes(replay(PrecorDriver(), received))
        noted = [tuple(map(float, each.split())) for each in NOTED_RAMP.split(",")]
        assert len(seen) == len(noted)
        for (t_s, mph), (noted_s, noted_mph) in zip(seen, noted, strict=True):
            assert t_s == pytest.approx(noted_s, abs=0.2)
            assert mph == pytest.approx(noted_mph, abs=0.05)

    def test_the_guard_lets_the_whole_ramp_through_with_its_own_times(self) -> None:
        received = listen(precor_edges("precor_9.3x_try3.csv.gz", 5), 9600)
        samples = replay(PrecorDriver(), received)
        guard = SpikeFilter()
        believed = [passed for sample in samples for passed in guard.add_sample(sample)]
        assert changes(believed) == changes(samples)

    def test_the_motors_line_tells_the_belt_that_follows_the_console(self) -> None:
        received = listen(precor_edges("precor_9.3x_try3.csv.gz", 2), 9600)
        samples = replay(PrecorDriver(), received)
        top = max(sample.speed_mps or 0.0 for sample in samples) / MPH
        assert top == pytest.approx(1.71)
        # The console asked for 1.0 from 2.42 s on; the belt came down to it in 0.8 s.
        at_three = min(samples, key=lambda sample: abs(sample.t_s - 3.2))
        assert at_three.speed_mps == pytest.approx(1.0 * MPH, abs=0.01)

    def test_the_second_recording_starts_at_a_stand_and_reaches_1_8(self) -> None:
        received = listen(precor_edges("precor_9.3x_try7.csv.gz", 5), 9600)
        seen = changes(replay(PrecorDriver(), received))
        assert [round(mph, 2) for _, mph in seen] == [0, 1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 0]

    def test_an_adapter_of_the_wrong_polarity_is_read_with_invert(self) -> None:
        upside_down = [(t, 1 - level) for t, level in precor_edges("precor_9.3x_try3.csv.gz", 5)]
        received = listen(upside_down, 9600, broken_too=True)
        assert replay(PrecorDriver(), received) == []
        right = changes(
            replay(PrecorDriver(), listen(precor_edges("precor_9.3x_try3.csv.gz", 5), 9600))
        )
        seen = changes(replay(PrecorDriver(invert=True), received))
        assert [round(mph, 2) for _, mph in seen] == [round(mph, 2) for _, mph in right]
