"""What a metric is: a definition in words, a unit, a sign, a source, and how to measure it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hipcue.config.reasons import ReasonCode
from hipcue.realtime.gait.human_range import is_possible
from hipcue.realtime.metrics.stride_data import StrideData
from hipcue.realtime.records import Measurement

_NOT_TOLD = {"knee": ReasonCode.KNEE_NOT_TOLD, "ankle": ReasonCode.ANKLE_NOT_TOLD}


@dataclass(frozen=True, slots=True)
class Metric:
    """One number of a stride.

    Attributes
    ----------
    name : str
        Key in `Stride.values` and column of strides.csv; ends in its unit.
    unit : str
        For eyes; SI or degrees.
    meaning : str
        One sentence without its full stop and without the sign.
    reference : str
        Typical range with its source, or why there is none.
    measure : callable
        From a stride to a measurement, missing with a reason where it can't be made.
    decimals : int
        For screens and reports, where the uncertainty deserves them.
    positive : str
        Which direction is positive, in one word; empty where a value has no direction. Every
        sentence about the sign is made of this word, so that none contradicts the value.
    needs : tuple of str
        Joints of the leg without which there is none: a file of markers may have no knee.
    """

    name: str
    unit: str
    meaning: str
    reference: str
    measure: Callable[[StrideData], Measurement]
    decimals: int = 1
    positive: str = ""
    needs: tuple[str, ...] = ()

    @property
    def definition(self) -> str:
        """The meaning and the sign in one sentence."""
        sign = f"; {self.positive} positive" if self.positive else ""
        return f"{self.meaning}{sign}."

    def of(self, stride: StrideData) -> Measurement:
        """Measure one stride; missing where no joint can be as it was measured."""
        return stride.once(self.name, self._possible)

    def _possible(self, stride: StrideData) -> Measurement:
        for joint in self.needs:
            if not stride.has(joint):
                return Measurement.missing(_NOT_TOLD[joint])
        found = self.measure(stride)
        if found.value is not None and not is_possible(self.name, found.value):
            return Measurement.missing(ReasonCode.ANGLE_IMPOSSIBLE)
        return found
