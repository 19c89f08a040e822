"""Belt speed over time from a CSV file with the columns t_s and speed_mps."""

from __future__ import annotations

import csv
import math
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path

from hipcue.config.errors import UserError
from hipcue.devices.readings import BeltSample, BeltSource
from hipcue.devices.treadmill.treadmill import MAX_SPEED_MPS

# Between rows the speed runs straight; readers that hold the last value need it this fine.
_STEP_S = 0.1
_HEADER = ("t_s", "speed_mps")
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

    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = [row for row in csv.reader(file) if any(cell.strip() for cell in row)]
    except OSError as error:
        raise wrong(error.strerror or str(error), "check the path") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise wrong("not a text file with commas") from error
    header = [cell.strip().lower() for cell in lines[0]] if lines else []
    if not all(name in header for name in _HEADER):
        raise wrong(f"columns: {', '.join(header) or 'none'}")
    columns = [header.index(name) for name in _HEADER]
    rows: list[tuple[float, float]] = []
    for number, line in enumerate(lines[1:], start=2):
        try:
            t_s, speed = (float(line[column]) for column in columns)
        except (ValueError, IndexError):
            raise wrong(f"row {number}: {','.join(line)[:60]!r}") from None
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

    Times are the file's own; they count from the start of the recording.

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
