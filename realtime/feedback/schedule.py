"""How much is said: every stride, by band, fading out, or nothing at all.

The canonical programme is eight sessions in two weeks, 15 to 30 minutes, with all cues in
the first four and fewer and fewer in the last four (PMC7699362).
"""

from __future__ import annotations

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import FeedbackSettings

# Minutes of each of the eight sessions, and the share of cues at its start and end.
_MINUTES = (15, 18, 21, 24, 24, 27, 30, 30)
_SHARES = (
    (1.0, 1.0),
    (1.0, 1.0),
    (1.0, 1.0),
    (1.0, 1.0),
    (1.0, 0.75),
    (0.75, 0.5),
    (0.5, 0.25),
    (0.25, 0.0),
)
_PROGRAMME = {
    "retention": ReasonCode.PROGRAMME_RETENTION,
    "bandwidth": ReasonCode.PROGRAMME_BANDWIDTH,
    "every_stride": ReasonCode.PROGRAMME_EVERY_STRIDE,
}


def share_of_cues(settings: FeedbackSettings, elapsed_s: float) -> float:
    """Return the share of due cues that is given now, 0 to 1."""
    if settings.schedule == "retention":
        return 0.0
    if settings.schedule != "faded":
        return 1.0
    session = (settings.programme_session or 1) - 1
    start, end = _SHARES[session]
    passed = min(max(elapsed_s / (60.0 * _MINUTES[session]), 0.0), 1.0)
    return start + (end - start) * passed


def programme(settings: FeedbackSettings, elapsed_s: float) -> Reason:
    """Say how much is told at present, e.g. ``session 6 of 8 · faded 70 %``."""
    if settings.schedule == "faded":
        percent = round(100 * share_of_cues(settings, elapsed_s))
        session = settings.programme_session or 1
        return Reason(ReasonCode.PROGRAMME_FADED, session=session, percent=percent)
    return Reason(_PROGRAMME[settings.schedule])


class Dispenser:
    """Gives a share of the cues that are due, evenly: of ten at 30 % the 1st, 4th and 7th."""

    def __init__(self) -> None:
        self._due = 1.0

    def grants(self, share: float) -> bool:
        """Whether the cue that is due now is given."""
        if share <= 0.0:
            return False
        given = self._due >= 1.0 - 1e-9
        if given:
            self._due -= 1.0
        self._due += share
        return given
