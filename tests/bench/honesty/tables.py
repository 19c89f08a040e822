"""What the comparison says: shares within the stated ±, counts far beyond it, lost strides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from tests.bench.honesty.faults import CALM, Source
from tests.bench.honesty.judging import Judged, Said

# Of errors that are as large as said, 90 % lie within this many standard uncertainties.
WITHIN = 1.65
FAR = 4.0
# A share outside of these is a ± that is too narrow or too wide; fewer values prove nothing.
LEAST_SHARE, MOST_SHARE = 0.85, 0.99
# The sizes of normal errors, root mean square, at which these shares come about. What differs
# from body to body is the same in all strides of one: with few bodies a share jumps from 80 to
# 100 % with a single one of them, and only a size that is off as well proves anything.
_NARROW_SIZE, _WIDE_SIZE = 1.15, 0.64
MOST_FAR = 1 / 500
FEWEST = 40
# A body of which fewer values were told counts for less.
_FEWEST_OF_BODY = 10


@dataclass(frozen=True)
class Share:
    """How a group of values compares with what was said of them.

    `within` is the share of errors within `WITHIN` standard uncertainties, each body counting
    the same however many strides there are of it, `far` the count beyond `FAR`, `size` the
    root mean square of the errors in standard uncertainties, where those far out count as
    `FAR`.
    """

    count: int
    within: float
    far: int
    size: float = 1.0
    exact: bool = False
    missing: int = 0

    @property
    def trouble(self) -> str:
        """What is dishonest about it; empty where nothing is."""
        if self.count < FEWEST:
            return ""
        found = []
        if self.within < LEAST_SHARE and self.size > _NARROW_SIZE:
            found.append("too narrow")
        if self.within > MOST_SHARE and self.size < _WIDE_SIZE and not self.exact:
            found.append("too wide")
        if self.far > MOST_FAR * self.count:
            found.append("far out")
        return ", ".join(found)

    def __str__(self) -> str:
        if not self.count:
            return f"{'-':>6}{'':23}{self.missing or '':>6}"
        percent = f"{100 * self.within:7.1f} %"
        return f"{self.count:6}{percent}{self.size:5.2f}{self.far:5}    {self.missing or '':>6}"


def share(said: Iterable[Said], missing: int = 0) -> Share:
    """Sum up a group of values."""
    mine = list(said)
    if not mine:
        return Share(0, 1.0, 0, missing=missing)
    strides = Counter((one.body, one.metric) for one in mine)
    score = np.array([one.score for one in mine])
    weight = np.array([1.0 / max(strides[one.body, one.metric], _FEWEST_OF_BODY) for one in mine])
    return Share(
        len(mine),
        float(np.average(score <= WITHIN, weights=weight)),
        int(np.count_nonzero(score > FAR)),
        float(np.average(np.minimum(score, FAR) ** 2, weights=weight)) ** 0.5,
        all(one.exact for one in mine),
        missing,
    )


@dataclass(frozen=True)
class MetricRow:
    """A metric on one kind of sample, calm and under all faults."""

    metric: str
    source: Source
    calm: Share
    faulty: Share


@dataclass(frozen=True)
class FaultRow:
    """A fault: all metrics together, its strides, and the worst value."""

    fault: str
    all: Share
    taken: int
    kept: int
    explained: int
    lost: int
    invented: int
    worst: Said | None


def by_metric(runs: list[Judged]) -> list[MetricRow]:
    """Return a row for each metric and kind of sample."""
    names = list(dict.fromkeys(one.metric for run in runs for one in run.said))
    rows = [
        MetricRow(name, kind, _metric(runs, name, kind, True), _metric(runs, name, kind, False))
        for name in names
        for kind in Source
    ]
    return [row for row in rows if row.calm.count or row.faulty.count]


def _metric(runs: list[Judged], name: str, source: Source, calm: bool) -> Share:
    mine = [r for r in runs if r.source is source and (r.fault == CALM) is calm]
    missing = sum(n for run in mine for (metric, _), n in run.missing.items() if metric == name)
    return share((one for run in mine for one in run.said if one.metric == name), missing)


def by_fault(runs: list[Judged]) -> list[FaultRow]:
    """Return a row for each fault."""
    rows = []
    for name in dict.fromkeys(run.fault for run in runs):
        mine = [run for run in runs if run.fault == name]
        said = [one for run in mine for one in run.said]
        rows.append(
            FaultRow(
                name,
                share(said, sum(sum(run.missing.values()) for run in mine)),
                sum(run.taken for run in mine),
                sum(run.kept for run in mine),
                sum(run.explained for run in mine),
                sum(run.lost for run in mine),
                sum(run.invented for run in mine),
                max(said, key=lambda one: one.score, default=None),
            )
        )
    return rows


def troubles(metrics: list[MetricRow], faults: list[FaultRow]) -> list[str]:
    """Return everything that is dishonest, in words."""
    found = []
    for row in metrics:
        for name, part in (("calm", row.calm), ("faulty", row.faulty)):
            if part.trouble:
                found.append(f"{row.metric}, {row.source}, {name}: {part.trouble}")
    found += [f"{row.fault}: {row.all.trouble}" for row in faults if row.all.trouble]
    found += [f"{row.fault}: {row.invented} strides invented" for row in faults if row.invented]
    return found


def lines(metrics: list[MetricRow], faults: list[FaultRow]) -> Iterator[str]:
    """Write both tables for a terminal."""
    head = f"{'n':>6}{'within':>9}{'size':>5}{'far':>5}    {'missing':>7}"
    yield f"{'metric':24}{'sample':11}| calm {head} | faulty {head}"
    for row in metrics:
        marks = f"{row.calm.trouble or '-'} | {row.faulty.trouble or '-'}"
        yield f"{row.metric:24}{row.source:11}|      {row.calm} |        {row.faulty}  {marks}"
    yield ""
    strides = "taken  kept  said  lost  invented"
    yield f"{'fault':22}{head}  {strides}  trouble, worst"
    for one in faults:
        counts = f"{one.taken:5}{one.kept:6}{one.explained:6}{one.lost:6}{one.invented:10}"
        yield f"{one.fault:22}{one.all}  {counts}  {one.all.trouble or '-'}; {told(one.worst)}"


def told(worst: Said | None) -> str:
    """Put the worst value into words."""
    if worst is None:
        return "nothing said"
    return (
        f"{worst.metric} {worst.value:.3f} ± {worst.sigma:.3f} for {worst.true:.3f} "
        f"({worst.score:.1f} sigma, {worst.body} {worst.side} {worst.contact_s:.2f} s)"
    )


def markdown(metrics: list[MetricRow], faults: list[FaultRow]) -> Iterator[str]:
    """Write what the README shows."""
    yield "| within 1.65 of the stated ± (beyond 4) | film, calm | film, faulty | markers, calm |"
    yield "|---|---|---|---|"
    cells = {(row.metric, row.source): row for row in metrics}
    for name in dict.fromkeys(row.metric for row in metrics):
        film, markers = (cells.get((name, s)) for s in (Source.FILM, Source.MARKERS))
        parts = [
            _cell(film.calm if film else None),
            _cell(film.faulty if film else None),
            _cell(markers.calm if markers else None),
        ]
        yield f"| `{name}` | {' | '.join(parts)} |"
    taken, kept, explained, lost, invented = (
        sum(getattr(row, name) for row in faults)
        for name in ("taken", "kept", "explained", "lost", "invented")
    )
    said, silent = (f"{100 * n / max(taken, 1):.1f} %" for n in (explained, lost))
    yield ""
    yield (
        f"Of {taken} strides, calm and under {len(faults) - 1} faults, "
        f"{100 * kept / max(taken, 1):.1f} % were told, {said} left out with a word about it, "
        f"{silent} without one; {invented} were told that nobody took."
    )


def _cell(part: Share | None) -> str:
    if part is None or not part.count:
        return "-"
    return f"{100 * part.within:.0f} % ({part.far} of {part.count})"
