"""How fast a film plays against the life that was filmed."""

from __future__ import annotations

from dataclasses import dataclass

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.camera.container import Container

# A camera that takes fewer pictures in the dark than its tag promises films no slow motion, and
# no phone slows down by less; our choice.
_LEAST = 1.5
# Rates are rounded in tags (120 for 119.88): so near to a whole factor it is one; our choice.
_WHOLE = 0.015


@dataclass(frozen=True, slots=True)
class Pace:
    """How many times slower than life a film plays, and what is to be said of it."""

    times: float = 1.0
    remark: Reason | None = None


def find_pace(container: Container, played_fps: float | None, told: float | None) -> Pace:
    """Return how slowly a film plays.

    Parameters
    ----------
    container : Container
        Whose tags are taken for true.
    played_fps : float or None
        Pictures a second, where the container does not say it more exactly.
    told : float or None
        What somebody says of it; counts more than any tag.
    """
    if told is not None:
        return (
            Pace() if told == 1.0 else Pace(told, Reason(ReasonCode.FILM_SLOWED_TOLD, times=told))
        )
    captured, played = container.capture_fps, container.played_fps or played_fps
    if captured is None or played is None:
        return Pace()
    times = captured / played
    if times >= 1.0 and abs(times - round(times)) < _WHOLE * times:
        times = float(round(times))
    if 1 / _LEAST < times < _LEAST:
        return Pace()
    shown, given = _short(captured), _short(played)
    if times > 1.0:
        by = round(times, 2)
        said = Reason(ReasonCode.FILM_SLOWED, times=by, captured=shown, played=given)
    else:
        by = round(1.0 / times, 2)
        said = Reason(ReasonCode.FILM_SPED_UP, times=by, captured=shown, played=given)
    return Pace(times, said)


def _short(fps: float) -> float:
    return round(fps, 2 if fps < 10 else 0)
