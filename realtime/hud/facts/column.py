"""All numbers of the coach's right column, worked out together, so that they tell one moment."""

from __future__ import annotations

from dataclasses import dataclass

from hipcue.realtime.hud.facts.budget import LegBudget, budget
from hipcue.realtime.hud.facts.legs import near_side, newest_stride, runner_state
from hipcue.realtime.hud.facts.readings import Reading, reading
from hipcue.realtime.hud.facts.texts import Texts
from hipcue.realtime.records import RunnerState, Side, Stride
from hipcue.realtime.view.snapshot import Snapshot

# What the tiles and the row below them show, in reading order.
_TILES = ("hip_extension_deg", "pelvic_tilt_deg", "stride_length_m", "cadence_spm")
_LESSER = ("lumbar_extension_deg", "trunk_lean_deg", "contact_time_s", "vertical_oscillation_m")


@dataclass(frozen=True, slots=True)
class Tile:
    """A metric of the near leg; `other` is the far leg's where both are shown."""

    main: Reading
    other: Reading | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """The extension budget of the left and the right leg, the tiles, and the lesser metrics."""

    legs: tuple[LegBudget, LegBudget]
    tiles: tuple[Tile, ...]
    lesser: tuple[Reading, ...]


class ColumnFacts:
    """Works a column out, again only when something that it rests on has changed.

    Parameters
    ----------
    tilt_band_deg : float
        Display band of the pelvic tilt before there is a baseline.
    """

    def __init__(self, tilt_band_deg: float) -> None:
        self._tilt_band_deg = tilt_band_deg
        self._strides: list[Stride | None] = []
        self._rests_on: tuple[object, ...] = ()
        self._column: Column | None = None

    def column(self, snapshot: Snapshot, texts: Texts) -> Column:
        """Return what the column tells of a snapshot."""
        newest = [newest_stride(snapshot, side) for side in Side]
        strides = [stride for stride, _ in newest]
        rests_on = (
            *(why_not for _, why_not in newest),
            near_side(snapshot),
            runner_state(snapshot),
            snapshot.result.bands if snapshot.result is not None else {},
            snapshot.choices,
            texts.language,
        )
        # The very same strides, not some that are like them: their history belongs to them.
        same = len(strides) == len(self._strides) and all(
            now is before for now, before in zip(strides, self._strides, strict=True)
        )
        if self._column is None or not same or rests_on != self._rests_on:
            self._column = self._work_out(snapshot, texts)
            self._strides, self._rests_on = strides, rests_on
        return self._column

    def _work_out(self, snapshot: Snapshot, texts: Texts) -> Column:
        near = near_side(snapshot)

        def read(metric: str, side: Side) -> Reading:
            return reading(snapshot, metric, side, texts, self._tilt_band_deg)

        hip = Tile(read(_TILES[0], near), read(_TILES[0], near.other))
        standing = runner_state(snapshot) in (RunnerState.WAITING, RunnerState.NEUTRAL)
        if standing or (hip.main.reason and hip.other is not None and hip.other.reason):
            hip = Tile(hip.main)
        return Column(
            (budget(snapshot, Side.L, texts), budget(snapshot, Side.R, texts)),
            (hip, *(Tile(read(metric, near)) for metric in _TILES[1:])),
            tuple(read(metric, near) for metric in _LESSER),
        )
