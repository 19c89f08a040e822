"""The newest push-off of each leg, and whether it was told in or out of the band at once."""

from __future__ import annotations

from hipcue.realtime.records import GaitEvent, Side, Stride


class PushOffs:
    """Peak extensions as they happen, before the strides they belong to have a verdict.

    Attributes
    ----------
    newest_above_s : float or None
        The newest one that left the band; None before any.
    """

    def __init__(self) -> None:
        self.newest_above_s: float | None = None
        self._newest: dict[Side, tuple[float, bool]] = {}

    def clear(self) -> None:
        """Forget them."""
        self.newest_above_s = None
        self._newest.clear()

    def add(self, peak: GaitEvent, above: bool | None) -> None:
        """Take a peak extension; `above` is None where nobody could tell."""
        self._newest[peak.side] = (peak.t_s, above is not None)
        if above:
            self.newest_above_s = peak.t_s

    def peak_of(self, stride: Stride) -> tuple[float, bool]:
        """Peak extension of a stride, and whether it was told then; else the stride's end."""
        peak_s, told = self._newest.get(stride.side, (stride.end_s, False))
        if stride.contact_s <= peak_s <= stride.end_s:
            return peak_s, told
        return stride.end_s, False

    def told_lately(self, now_s: float, within_s: float) -> bool:
        """Whether a push-off was told when it happened, within so many seconds before now."""
        told = [peak_s for peak_s, told in self._newest.values() if told]
        return bool(told) and now_s - max(told) < within_s
