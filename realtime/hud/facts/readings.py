"""One metric of a leg's newest stride as a tile shows it: value, band, trend, colour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from statistics import fmean, pstdev

from hipcue.realtime.hud.facts.legs import newest_stride, runner_state
from hipcue.realtime.hud.facts.metric_style import SHOWN, Shown
from hipcue.realtime.hud.facts.mood import Mood
from hipcue.realtime.hud.facts.texts import DASH, Texts, decimals_deserved
from hipcue.realtime.records import Band, RunnerState, Side
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
    `number` and `band` are in shown units.
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


def band_of(snapshot: Snapshot, metric: str, side: Side, tilt_band_deg: float) -> Band | None:
    """Return the runner's own band; for the tilt the display band around neutral before."""
    bands = snapshot.result.bands if snapshot.result is not None else {}
    band = bands.get(f"{metric}:{side}") or bands.get(metric)
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
    measured = stride.measure(metric) if stride is not None else None
    if measured is None or measured.value is None:
        reason = texts.reason(measured.reason if measured is not None else why_not, short=True)
        return Reading(metric, DASH, unit, "", "", Mood.MISSING, None, reason, "", side)
    sigma = None if measured.sigma is None else measured.sigma * shown.scale
    value = measured.value * shown.scale
    decimals = decimals_deserved(sigma) if shown.decimals is None else shown.decimals
    band = band_of(snapshot, metric, side, tilt_band_deg)
    history = list(islice(_history(snapshot, metric, side), _TREND_NEW + _TREND_OLD))
    return Reading(
        metric,
        texts.number(value, decimals, sign=shown.signed),
        unit,
        "" if sigma is None else "±" + texts.number(sigma, max(decimals, _sigma_decimals(sigma))),
        _status(value, band, shown, decimals, texts),
        _mood(history, band, shown, runner_state(snapshot)),
        trend(history, band),
        "",
        _status(value, band, shown, decimals, texts, short=True),
        side,
        value,
        None if band is None else _scaled(band, shown.scale),
    )


def _scaled(band: Band, scale: float) -> Band:
    return Band(band.centre * scale, band.low * scale, band.high * scale)


def _sigma_decimals(sigma: float) -> int:
    return 0 if sigma >= 1.0 else 1 if sigma >= 0.095 else 2


def _history(snapshot: Snapshot, metric: str, side: Side) -> Iterator[float]:
    """A leg's values, newest first."""
    for stride in reversed(snapshot.strides):
        if stride.side is side:
            value = stride.measure(metric).value
            if value is not None:
                yield value


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


def _mood(newest_first: list[float], band: Band | None, shown: Shown, state: RunnerState) -> Mood:
    if band is None or not shown.coloured or len(newest_first) < _OUT_FOR_COLOUR:
        return Mood.CALM
    sides = {_outside(value, band) for value in newest_first[:_OUT_FOR_COLOUR]}
    if sides not in ({1}, {-1}):
        return Mood.CALM
    if state is RunnerState.COMPENSATING and shown.borrowing and sides == {1}:
        return Mood.ACT
    return Mood.WATCH


def _status(
    value: float,
    band: Band | None,
    shown: Shown,
    decimals: int,
    texts: Texts,
    *,
    short: bool = False,
) -> str:
    if band is None:
        return texts("status.no_band_short" if short else "status.no_band")
    low, high = band.low * shown.scale, band.high * shown.scale
    # A band is no sharper than its strides; metres need their centimetres.
    edge = min(decimals, 1) if shown.unit != "m" else 2
    between = band_words(low, high, edge, texts, signed=shown.signed)
    if short:
        way = "over" if value > high else "under" if value < low else "inside"
        return texts(f"status.{way}_short", band=between)
    if value > high:
        return texts("status.over", by=texts.number(value - high, decimals), band=between)
    if value < low:
        return texts("status.under", by=texts.number(low - value, decimals), band=between)
    return texts("status.inside", band=between)


def band_words(low: float, high: float, decimals: int, texts: Texts, *, signed: bool) -> str:
    """Write a band, e.g. ``+3…+7``."""
    return f"{texts.number(low, decimals, sign=signed)}…{texts.number(high, decimals, sign=signed)}"
