"""Where the runner stands: in the band or out of it, in what way, and on which leg.

A stride is out when its verdict is watch or compensating. What cannot be told clears the
memory: no cue rests on strides with a gap between them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from statistics import median

from hipcue.realtime.gait.compensation import LUMBAR_EXTRA_DEG
from hipcue.realtime.records import Band, Side, Stride, Verdict

OUT = (Verdict.WATCH, Verdict.COMPENSATING)
# Strides (both legs) that say which leg and which fault it is; our choice: four each.
_LOOK_BACK = 8
# A leg is meant when most of its strides are out and most of the other's are not.
_MOST, _FEW = 0.75, 0.25


class BandMonitor:
    """The last strides with a verdict, newest last."""

    def __init__(self, of_strides: int) -> None:
        self._outs: deque[bool] = deque(maxlen=of_strides)
        self._strides: deque[Stride] = deque(maxlen=_LOOK_BACK)
        self.good = 0
        self.short = 0

    def resize(self, of_strides: int) -> None:
        """Look further back, or less far."""
        self._outs = deque(self._outs, maxlen=of_strides)

    def clear(self) -> None:
        """Begin anew."""
        self._outs.clear()
        self._strides.clear()
        self.good = self.short = 0

    def add_stride(self, stride: Stride, bands: Mapping[str, Band]) -> None:
        """Take a stride whose verdict is known."""
        out = stride.verdict in OUT
        self._outs.append(out)
        self._strides.append(stride)
        self.good = 0 if out else self.good + 1
        hip = stride.measure("hip_extension_deg").value
        band = _band(bands, "hip_extension_deg", stride.side)
        below = not out and hip is not None and band is not None and hip < band.low
        self.short = self.short + 1 if below else 0

    @property
    def knows(self) -> bool:
        """Whether the newest stride has a verdict."""
        return bool(self._outs)

    @property
    def newest_out(self) -> bool:
        """Whether the newest stride is out."""
        return bool(self._outs) and self._outs[-1]

    def outs(self) -> int:
        """How many of the last strides were out."""
        return sum(self._outs)

    def outs_before_this(self) -> int:
        """How many were out, with the last place kept free for the stride under way."""
        room = (self._outs.maxlen or 1) - 1
        return sum(list(self._outs)[-room:]) if room else 0

    def arches(self, bands: Mapping[str, Band]) -> bool:
        """Whether the lower back arches by more than the pelvis tips."""
        tilt = self._rise("pelvic_tilt_deg", bands)
        arch = self._rise("lumbar_extension_deg", bands)
        return tilt is not None and arch is not None and arch > tilt + LUMBAR_EXTRA_DEG

    def side(self, bands: Mapping[str, Band]) -> Side | None:
        """Return the leg whose strides are out while the other's are not; None for both."""
        shares: dict[Side, float] = {}
        for side in Side:
            outs = [
                any(_above(stride, name, bands) for name in _FAULTY)
                for stride in self._strides
                if stride.side is side and stride.measure("pelvic_tilt_deg").known
            ]
            if len(outs) >= 2:
                shares[side] = sum(outs) / len(outs)
        if len(shares) < 2:
            return None
        return next(
            (s for s in Side if shares[s] >= _MOST and shares[s.other] <= _FEW),
            None,
        )

    def _rise(self, name: str, bands: Mapping[str, Band]) -> float | None:
        """Median rise over the runner's usual in the last four strides."""
        rises = []
        for stride in list(self._strides)[-4:]:
            value, band = stride.measure(name).value, _band(bands, name, stride.side)
            if value is not None and band is not None:
                rises.append(value - band.centre)
        return median(rises) if rises else None


_FAULTY = ("pelvic_tilt_deg", "lumbar_extension_deg")


def above_band(tilt_deg: float, side: Side, bands: Mapping[str, Band]) -> bool | None:
    """Whether a tilt lies above the runner's own band of that leg; None without a band."""
    band = _band(bands, "pelvic_tilt_deg", side)
    return None if band is None else tilt_deg > band.high


def _above(stride: Stride, name: str, bands: Mapping[str, Band]) -> bool:
    value, band = stride.measure(name).value, _band(bands, name, stride.side)
    return value is not None and band is not None and value > band.high


def _band(bands: Mapping[str, Band], name: str, side: Side) -> Band | None:
    """The leg's own band, or that of both legs."""
    return bands.get(f"{name}:{side}", bands.get(name))
