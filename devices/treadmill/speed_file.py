"""Belt speed over time from a table with columns of time and speed."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path

from hipcue.config.errors import UserError
from hipcue.devices.readings import BeltSample, BeltSource
from hipcue.devices.treadmill.speed_table import columns_of, read_table
from hipcue.devices.treadmill.speed_table import number as cell_number
from hipcue.devices.treadmill.treadmill import MAX_SPEED_MPS

# Between rows the speed runs straight; readers that hold the last value need it this fine.
_STEP_S = 0.1
# No recording is longer; a row beyond is a slip of the pen, and would be millions of samples.
_LONGEST_S = 48 * 3600.0


class SpeedCurve:
    """Speed over time: straight lines between rows, a step where two rows share a time.

    Before the first row and after the last the speed is that row's.
    """

    def __init__(self, rows: Sequence[tuple[float, float]]) -> None:
        self.rows = tuple(rows)
        self._times_s = [t_s for t_s, _ in self.rows]

    @property
    def end_s(self) -> float:
        """Time of the last row."""
        return self._times_s[-1]

    def speed_at(self, t_s: float) -> float:
        """Speed in m/s at a time counted as the rows count it."""
        after = bisect_right(self._times_s, t_s)
        if after == 0:
            return self.rows[0][1]
        if after == len(self.rows):
            return self.rows[-1][1]
        (t0, v0), (t1, v1) = self.rows[after - 1], self.rows[after]
        return v0 + (v1 - v0) * (t_s - t0) / (t1 - t0)


def read_speed_curve(path: Path) -> SpeedCurve:
    """Read a speed file.

    Raises
    ------
    UserError
        When it cannot be read, lacks the columns or rows, times run backwards or go beyond
        48 hours, or a speed lies outside 0 to 15 m/s.
    """

    def wrong(
        seen: str, try_this: str = "two columns, t_s and speed_mps, with a header"
    ) -> UserError:
        return UserError(f"cannot read belt speeds from {path}", seen, try_this)

    header, lines, mark = read_table(path, wrong)
    (time, s_per_unit), (speed_at, mps_per_unit) = columns_of(header, wrong)
    rows: list[tuple[float, float]] = []
    for number, line in enumerate(lines, start=2):
        if mark == "," and len(line) > len(header) and any(line[len(header) :]):
            seen = f"row {number} has {len(line)} cells for {len(header)} columns"
            raise wrong(seen, "semicolons or tabs between cells with decimal commas")
        try:
            t_s = s_per_unit * cell_number(line[time], mark)
            speed = mps_per_unit * cell_number(line[speed_at], mark)
        except (ValueError, IndexError):
            raise wrong(f"row {number}: {mark.join(line)[:60]!r}") from None
        if not math.isfinite(t_s) or not 0.0 <= speed <= MAX_SPEED_MPS:
            raise wrong(f"row {number}: {speed:g} m/s at {t_s:g} s", "speeds from 0 to 15 m/s")
        if abs(t_s) > _LONGEST_S:
            raise wrong(f"row {number}: {t_s:g} s", "seconds from the start, 48 hours at most")
        if rows and t_s < rows[-1][0]:
            raise wrong(f"row {number}: time runs backwards", "rows in the order of time")
        rows.append((t_s, speed))
    if not rows:
        raise wrong("no rows")
    return SpeedCurve(rows)


def read_speed_csv(path: Path) -> tuple[BeltSample, ...]:
    """Read a speed file as belt samples, fine enough to hold each until the next.

    Times are the recording's own: of a film from its start, of markers as their file has them.

    Raises
    ------
    UserError
        As `read_speed_curve`.
    """
    curve = read_speed_curve(path)
    samples: list[BeltSample] = []
    previous: tuple[float, float] | None = None
    for t_s, speed in curve.rows:
        if previous is not None:
            t0, v0 = previous
            pieces = max(1, math.ceil((t_s - t0) / _STEP_S - 1e-9))
            for piece in range(1, pieces):
                part = piece / pieces
                samples.append(_sample(t0 + part * (t_s - t0), v0 + part * (speed - v0)))
        samples.append(_sample(t_s, speed))
        previous = (t_s, speed)
    return tuple(samples)


def _sample(t_s: float, speed_mps: float) -> BeltSample:
    return BeltSample(t_s, speed_mps, source=BeltSource.FILE)
