"""What a snapshot says, worked out before anything is drawn: values, bands, trends, state.

Pure: a snapshot and the words in, small records out. Nothing here knows a pixel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from statistics import fmean, pstdev

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import DeviceStatus, LinkState
from hipcue.realtime.gait.strides import IDLE_S
from hipcue.realtime.hud.facts.texts import DASH, Texts, decimals_deserved
from hipcue.realtime.records import Band, RunnerState, Side, Stride
from hipcue.realtime.view.snapshot import Snapshot

# A picture older than this is a lost camera, whatever its light says.
_PICTURE_STALE_S = 2.0
# Strides out of the band before a tile takes colour: with a band of two standard
# deviations every twentieth stride is out by chance. Our choice.
_OUT_FOR_COLOUR = 3
# The trend compares the last strides with those before them; our choices.
_TREND_NEW, _TREND_OLD = 4, 8
_TREND_SHARE = 0.5


class Mood(Enum):
    """What a colour would say."""

    CALM = "calm"
    WATCH = "watch"
    ACT = "act"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Shown:
    """How a metric is written: its unit, scale from SI, decimals and sign.

    `decimals` None gives one where the uncertainty deserves it. `coloured` metrics take
    colour when they leave the band; `borrowing` ones the strongest while compensating.
    """

    unit: str
    scale: float = 1.0
    decimals: int | None = None
    signed: bool = False
    coloured: bool = False
    borrowing: bool = False


SHOWN: Mapping[str, Shown] = {
    "hip_extension_deg": Shown("°", coloured=True),
    "thigh_extension_deg": Shown("°"),
    "pelvic_tilt_deg": Shown("°", signed=True, coloured=True, borrowing=True),
    "lumbar_extension_deg": Shown("°", signed=True, coloured=True, borrowing=True),
    "trunk_lean_deg": Shown("°", signed=True),
    "stride_length_m": Shown("m", decimals=2),
    "cadence_spm": Shown("spm", decimals=0),
    "contact_time_s": Shown("ms", scale=1000.0, decimals=0),
    "vertical_oscillation_m": Shown("cm", scale=100.0),
}


# What the runner's own view can show, in the order of the keys.
RUNNER_METRICS = ("hip_extension_deg", "pelvic_tilt_deg", "stride_length_m", "cadence_spm")


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


def light(snapshot: Snapshot, name: str) -> DeviceStatus | None:
    """Return a device's light."""
    for device in snapshot.devices:
        if device.name == name:
            return device
    return None


def camera_lost(snapshot: Snapshot) -> bool:
    """Whether the pictures have stopped coming."""
    camera = light(snapshot, "camera")
    if camera is not None and camera.state in (LinkState.LOST, LinkState.STALE):
        return True
    if snapshot.frame is None or (camera is not None and camera.state is LinkState.OFF):
        return False
    return snapshot.t_s - snapshot.frame.t_capture_s > _PICTURE_STALE_S


def near_side(snapshot: Snapshot) -> Side:
    """Return the leg on the camera's side."""
    if snapshot.strides:
        newest = snapshot.strides[-1]
        return newest.side if newest.near else newest.side.other
    settled = snapshot.result.settled if snapshot.result is not None else None
    if settled is not None and settled.angles is not None:
        return settled.angles.near
    return Side.L


def runner_state(snapshot: Snapshot) -> RunnerState:
    """Return the state that is true now."""
    return snapshot.result.state if snapshot.result is not None else RunnerState.WAITING


def newest_stride(snapshot: Snapshot, side: Side) -> tuple[Stride | None, Reason | None]:
    """Return a leg's newest stride, or why there is none that may still be shown."""
    if camera_lost(snapshot):
        return None, Reason(ReasonCode.CAMERA_LOST)
    state = runner_state(snapshot)
    if state is RunnerState.WAITING:
        return None, Reason(ReasonCode.WAITING_FOR_STRIDES)
    if state is RunnerState.NEUTRAL:
        return None, Reason(ReasonCode.STANDING_STILL)
    stride = snapshot.last_stride.get(side)
    if stride is None:
        return None, Reason(ReasonCode.NO_STRIDE_YET)
    if snapshot.t_s - stride.end_s > IDLE_S:
        return None, Reason(ReasonCode.NO_STRIDE_LATELY)
    return stride, None


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


def lights_that_need_help(snapshot: Snapshot) -> list[DeviceStatus]:
    """Return the devices that are not as they should be and say what to do, worst first."""
    order = {LinkState.LOST: 0, LinkState.STALE: 1, LinkState.RECOVERING: 2}
    found = [device for device in snapshot.devices if device.state in order and device.advice]
    return sorted(found, key=lambda device: order[device.state])


def plain_tone(event: str) -> str:
    """Return an event's key in the table of words."""
    return re.sub(r"\W", "_", event)
