"""Whether angles of a file are a human's: their unit, whole turns in them, and what no joint does.

A header may say radians over degrees, and programs that take angles out of rotations may add
whole turns. What is no human's after that was never measured, whatever the file says.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.gait.human_range import HUMAN_RANGE_DEG

Floats = NDArray[np.float64]

PER_RADIAN = float(np.degrees(1.0))

_RANGE_DEG: Mapping[str, tuple[float, float]] = {
    **HUMAN_RANGE_DEG,
    # No joint goes further than a right angle aside; our choice.
    "hip_adduction_deg": (-90.0, 90.0),
    "hip_internal_rotation_deg": (-90.0, 90.0),
    "pelvic_drop_right_deg": (-90.0, 90.0),
}

# An angle that no joint takes in more of the rows is not a few damaged ones; our choice.
_DAMAGED = 0.1
# Who stands sways by less, degrees; thighs of walkers swing by 35. Our choice.
_STANDS_DEG = 10.0


def without_turns(name: str, deg: Floats) -> tuple[Floats, bool]:
    """Take whole turns off an angle where that makes it a human's, and say whether it did.

    An angle that crosses from one turn to the next has two; more are no joint's. Models differ
    in a knee's sign, so either is taken for one.
    """
    turns = np.floor((deg + 180.0) / 360.0)
    known = turns[np.isfinite(turns)]
    if not known.any() or np.ptp(known) > 1.0:
        return deg, False

    def human(values: Floats) -> bool:
        return min(_share_off(name, sign * values) for sign in (1.0, -1.0)) <= _DAMAGED

    within = deg - 360.0 * turns
    return (within, True) if human(within) and not human(deg) else (deg, False)


def are_human(deg: Mapping[str, Floats]) -> bool:
    """Whether nearly all of each angle is one that its joint can take; by hipcue's names."""
    return all(
        _share_off(name, without_turns(name, values)[0]) <= _DAMAGED for name, values in deg.items()
    )


def only_human(
    deg: Mapping[str, Floats], theirs: Mapping[str, str], needed: tuple[str, ...], failed: str
) -> tuple[dict[str, Floats], tuple[Reason, ...]]:
    """Return angles without what no joint does.

    Parameters
    ----------
    deg : mapping of str to ndarray
        By hipcue's names, with ``.L`` or ``.R``.
    theirs : mapping of str to str
        What the file calls them.
    needed : tuple of str
        Without these there is nothing to measure.
    failed : str
        What failed then.

    Raises
    ------
    UserError
        When one that is needed is no human's.
    """
    found: dict[str, Floats] = {}
    remarks: list[Reason] = []
    for name, values in deg.items():
        share = _share_off(name, values)
        called, known = theirs.get(name, name), values[np.isfinite(values)]
        if share > _DAMAGED:
            if name in needed:
                # Pelvis and hips count the other way in files.
                low, high = -float(known.max()), -float(known.min())
                seen = f"{called} goes from {low:.0f} to {high:.0f} degrees, beyond a human's joint"
                raise UserError(failed, seen, "look at its unit (inDegrees), and whose angle it is")
            remarks.append(Reason(ReasonCode.ANGLE_LEFT_OUT, name=called[:40]))
            continue
        found[name] = only_possible(name, values)
        if share > 0.0:
            rows = len(known) - int(np.isfinite(found[name]).sum())
            remarks.append(Reason(ReasonCode.ANGLE_ROWS_LEFT_OUT, name=called[:40], count=rows))
    return found, tuple(remarks)


def check_stands(thighs_deg: list[Floats], failed: str) -> None:
    """Make sure that somebody stands.

    Raises
    ------
    UserError
        When the thighs swing.
    """
    swing = max(float(np.ptp(np.nanpercentile(way, [5, 95]))) for way in thighs_deg)
    if swing > _STANDS_DEG:
        seen = f"nobody stands still in it: the thighs move by {swing:.0f} degrees"
        raise UserError(failed, seen, "the file of a standing trial")


def only_possible(name: str, deg: Floats) -> Floats:
    """Return an angle with NaN where no joint can be; by hipcue's name."""
    low, high = _RANGE_DEG.get(name.split(".")[0], (-np.inf, np.inf))
    return np.where((deg >= low) & (deg <= high), deg, np.nan)


def _share_off(name: str, deg: Floats) -> float:
    """Return the part of the known rows in which no joint is so."""
    known = deg[np.isfinite(deg)]
    return float(np.isnan(only_possible(name, known)).mean()) if len(known) else 0.0
