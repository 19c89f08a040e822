"""What else tells when a foot left the belt: where the ankle stretches fastest.

The knee is straightest some 10 ms after toe-off, up to 15 ms earlier or later from body to
body. In push-off the foot is thrown down against the shank; that is fastest shortly before
toe-off, and how long differs as much between bodies, but not with the knee: the mean of both is
nearer to the force plate than either.
"""

from __future__ import annotations

from hipcue.realtime.gait.event_offset import Sign
from hipcue.realtime.gait.local_fits import local_parabolas
from hipcue.realtime.gait.pose_buffer import Stretch
from hipcue.realtime.gait.segment_angles import FIRST_SEGMENT
from hipcue.realtime.gait.sign_search import Signal, event_by_sign, reach_s
from hipcue.realtime.records import Side

# Standard uncertainty, from body to body, of toe-off as the knee has it, s: -15 to +11 ms over
# the near legs of six rendered films.
KNEE_BETWEEN_S = 0.009
# Near legs in pictures only, in the same films: 13 ms early to 9 late against the mean. The far
# foot is hidden, and markers show the toe itself.
PUSH_OFF_SIGNS = {"ankle_fastest": Sign(-0.024, 0.007)}
# Our choices, as for `landing_cues`: frames that are looked at, how far to either side, and what
# is noise (degrees/s).
_LOOKS_S, _AROUND_S, _BY_DEG_PER_S = 0.14, 0.060, 80.0


def push_off_cues(frames: Stretch, side: Side, around_s: float) -> dict[str, float]:
    """Find the toe-off as the ankle has it.

    Parameters
    ----------
    frames : Stretch
        Frames around the push-off, the newest at least 40 ms after it.
    side : Side
        Whose foot.
    around_s : float
        When it left the belt, about.

    Returns
    -------
    dict of str to float
        Instant of toe-off by sign; empty where the foot was not seen.
    """
    first, last = frames.t.searchsorted((around_s - _LOOKS_S, around_s + _LOOKS_S))
    t = frames.t[first:last]
    segments = frames.segments_deg[first:last, FIRST_SEGMENT[side] :]
    [ankle] = local_parabolas(t, segments[:, 1] + segments[:, 2], reach_s=reach_s(t))
    signals = {"ankle_fastest": Signal(-ankle.slope, _BY_DEG_PER_S)}
    return event_by_sign(t, signals, PUSH_OFF_SIGNS, around_s, _AROUND_S)
