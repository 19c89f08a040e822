"""One metric of a leg's newest stride as a tile shows it: value, band, trend, colour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from statistics import fmean, pstdev

from hipcue.realtime.hud.facts.legs import newest_stride, runner_state
from hipcue.realtime.hud.facts.metric_style import SHOWN, Shown
from hipcue.realtime.hud.facts.mood import Mood
from hipcue.realtime.hud.facts.rounding import Rounded, rounded
from hipcue.realtime.hud.facts.texts import DASH, Texts
from hipcue.realtime.records import Band, RunnerState, Side, Stride
from hipcue.realtime.view.snapshot import Snapshot

# Strides out of the band before a tile takes colour: with a band of two standard
# deviations every twentieth stride is out by chance. Our choice.
_OUT_FOR_COLOUR = 3
# The trend compares the last strides with those before them; our choices.
_TREND_NEW, _TREND_OLD = 4, 8
_TREND_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Reading:
    """One metric as a tile shows it.

    `value` is a dash where `reason` says why. `status` tells it against the band, `sigma`
    the standard uncertainty, `trend` is -1, 0, 1 or None where nothing can be said.
    `number` and `band` are in shown units, rounded as they are written.
    """

    metric: str
    value: str
    unit: str
    sigma: str
    status: str
    mood: Mood
    trend: int | None
    reason: str = ""
    status_short: str = ""
    side: Side | None = None
    number: float | None = None
    band: Band | None = None


def own_band(snapshot: Snapshot, metric: str, side: Side) -> Band | None:
    """Return the runner's own band of a leg, or of both; None before there is a baseline."""
    bands = snapshot.result.bands if snapshot.result is not None else {}
    return bands.get(f"{metric}:{side}") or bands.get(metric)


def band_of(snapshot: Snapshot, metric: str, side: Side, tilt_band_deg: float) -> Band | None:
    """Return the runner's own band; for the tilt the display band around neutral before."""
    band = own_band(snapshot, metric, side)
    if band is None and metric == "pelvic_tilt_deg":
        return Band(0.0, -tilt_band_deg, tilt_band_deg)
    return band


def reading(
    snapshot: Snapshot, metric: str, side: Side, texts: Texts, tilt_band_deg: float
) -> Reading:
    """Work out what a tile shows of a leg's newest stride."""
    shown = SHOWN[metric]
    unit = texts(f"unit.{shown.unit}")
    stride, why_not = newest_stride(snapshot, side)
    number = None if stride is None else rounded(stride, metric)
    if stride is None or number is None:
        reason = why_not if stride is None else stride.measure(metric).reason
        words = texts.reason(reason, short=True)
        return Reading(metric, DASH, unit, "", "", Mood.MISSING, None, words, "", side)
    sigma = stride.measure(metric).sigma
    sigma = None if sigma is None else sigma * shown.scale
    sigma_decimals = 0 if sigma is None else max(number.decimals, _sigma_decimals(sigma))
    band = band_of(snapshot, metric, side, tilt_band_deg)
    # A band is no sharper than its strides.
    edges = None if band is None else _scaled(band, shown.scale, number.decimals)
    newest = list(islice(_strides(snapshot, metric, side), _TREND_NEW + _TREND_OLD))
    return Reading(
        metric,
        number.words(texts, sign=shown.signed),
        unit,
        "" if sigma is None else "±" + texts.number(sigma, sigma_decimals),
        _status(number, edges, shown, texts),
        _mood(newest, metric, edges, shown, runner_state(snapshot)),
        trend([v for s in newest if (v := s.measure(metric).value) is not None], band),
        "",
        _status(number, edges, shown, texts, short=True),
        side,
        number.value,
        edges,
    )


def _scaled(band: Band, scale: float, decimals: int) -> Band:
    """Return a band in shown units, its edges as they are written."""
    low, high = (round(edge * scale, decimals) for edge in (band.low, band.high))
    return Band(band.centre * scale, low, high)


def _sigma_decimals(sigma: float) -> int:
    return 0 if sigma >= 1.0 else 1 if sigma >= 0.095 else 2


def _strides(snapshot: Snapshot, metric: str, side: Side) -> Iterator[Stride]:
    """Return a leg's strides in which a metric is known, newest first."""
    for stride in reversed(snapshot.strides):
        if stride.side is side and stride.measure(metric).known:
            yield stride


def trend(newest_first: list[float], band: Band | None) -> int | None:
    """Tell whether values rise (1), fall (-1) or stay (0); None where they are too few.

    The mean of the last four strides against the eight before them has to differ by half
    of the band's half width, or without a band by one standard deviation.
    """
    if len(newest_first) < _TREND_NEW + _TREND_OLD // 2:
        return None
    new = newest_first[:_TREND_NEW]
    old = newest_first[_TREND_NEW : _TREND_NEW + _TREND_OLD]
    change = fmean(new) - fmean(old)
    half = (band.high - band.low) / 2 if band is not None else None
    limit = pstdev(old) if half is None else _TREND_SHARE * half
    if abs(change) <= max(limit, 1e-9):
        return 0
    return 1 if change > 0 else -1


def _outside(value: float, band: Band) -> int:
    return 1 if value > band.high else -1 if value < band.low else 0


def _mood(
    newest_first: list[Stride], metric: str, band: Band | None, shown: Shown, state: RunnerState
) -> Mood:
    if band is None or not shown.coloured or len(newest_first) < _OUT_FOR_COLOUR:
        return Mood.CALM
    numbers = [rounded(stride, metric) for stride in newest_first[:_OUT_FOR_COLOUR]]
    sides = {_outside(number.value, band) for number in numbers if number is not None}
    if sides not in ({1}, {-1}):
        return Mood.CALM
    if state is RunnerState.COMPENSATING and shown.borrowing and sides == {1}:
        return Mood.ACT
    return Mood.WATCH


def _status(
    number: Rounded, band: Band | None, shown: Shown, texts: Texts, *, short: bool = False
) -> str:
    """Tell a number against its band, both as they are written."""
    if band is None:
        return texts("status.no_band_short" if short else "status.no_band")
    value, decimals = number.value, number.decimals
    between = band_words(band.low, band.high, decimals, texts, signed=shown.signed)
    if short:
        way = "over" if value > band.high else "under" if value < band.low else "inside"
        return texts(f"status.{way}_short", band=between)
    if value > band.high:
        return texts("status.over", by=texts.number(value - band.high, decimals), band=between)
    if value < band.low:
        return texts("status.under", by=texts.number(band.low - value, decimals), band=between)
    return texts("status.inside", band=between)


def band_words(low: float, high: float, decimals: int, texts: Texts, *, signed: bool) -> str:
    """Write a band, e.g. ``+3…+7``."""
    return f"{texts.number(low, decimals, sign=signed)}…{texts.number(high, decimals, sign=signed)}"
