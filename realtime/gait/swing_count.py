"""How often a thigh has swung back: what tells one stride from two when frames are lost.

The instants of a stride need many frames close together; to count the swings of a thigh a
few in every stride are enough. So the count stands where an event was not seen, and a
stride that rests on contacts alone is checked by it.
"""

from __future__ import annotations

import numpy as np

from hipcue.realtime.gait.fits import FloatArray

# Over a longer gap nobody can say whether the thigh went forth and back, nor, once the legs
# may have been mixed up, whose it was. Our choice: a third of a stride.
WIDEST_GAP_S = 0.25
# A thigh that swings less than this does not walk.
LEAST_SWING_DEG = 15.0
# Behind, and in front again, is where the angle is in these shares of its range. Our choices:
# at a contact, where a pose model takes one leg for the other, the thigh reads 9 degrees
# behind in a range of 47 (rendered laboratory runner, 2.5 m/s), which is not behind.
_BEHIND, IN_FRONT = 0.25, 0.35
# Between two swings back the thigh is in front for longer than this; our choice: in the
# fastest runners it is a quarter of a second, a leg that is mixed up in a frame is shorter.
_IN_FRONT_S = 0.12


def swings_back(t: FloatArray, angle_deg: FloatArray) -> int | None:
    """Count how often a thigh went behind.

    Parameters
    ----------
    t : ndarray of float, shape (n,)
        Times of the frames, s.
    angle_deg : ndarray of float, shape (n,)
        Thigh behind the vertical, degrees, backwards positive; NaN where not seen.

    Returns
    -------
    int or None
        None where the thigh was out of sight for so long that it cannot be told.
    """
    seen = ~np.isnan(angle_deg)
    if not seen.any():
        return None
    times, angle = t[seen], angle_deg[seen]
    edges = np.concatenate((t[:1], times, t[-1:]))
    if float(np.max(np.diff(edges))) > WIDEST_GAP_S:
        return None
    low, top = float(angle.min()), float(angle.max())
    if top - low < LEAST_SWING_DEG:
        return 0
    behind = angle > top - _BEHIND * (top - low)
    in_front = angle < low + IN_FRONT * (top - low)
    count, front_s, was_behind = 0, -np.inf, False
    for now, back, front in zip(times.tolist(), behind.tolist(), in_front.tolist(), strict=True):
        if back:
            if not was_behind and (count == 0 or now - front_s > _IN_FRONT_S):
                count += 1
            was_behind = True
        elif front:
            if was_behind:
                front_s = now
            was_behind = False
    return count
