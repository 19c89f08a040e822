"""What else tells when a foot landed: signs that are nearly alike in every body.

When the heel comes to move with the belt (`hipcue.realtime.gait.contact`) is known to a few
milliseconds in every stride, but how long that is after a force plate feels the foot differs
by 40 ms between runners, marker sets and pictures. These signs scatter more from stride to
stride and hardly from body to body:

- the toe's way down is stopped: its vertical acceleration is at its highest;
- the knee is straightest just before landing, and bends fastest just after;
- the foot points up most just before landing, and comes down fastest just after;
- the body falls no more: the hips' vertical acceleration has risen above that of free fall.

Each has a usual delay after contact and a spread between bodies; `event_offset` weighs them.
"""

from __future__ import annotations

import numpy as np

from hipcue.realtime.gait.event_offset import Sign
from hipcue.realtime.gait.local_fits import local_parabolas
from hipcue.realtime.gait.pose_buffer import Stretch
from hipcue.realtime.gait.segment_angles import FIRST_SEGMENT
from hipcue.realtime.gait.sign_search import Signal, event_by_sign, reach_s
from hipcue.realtime.records import Side

# Standard uncertainty of the heel's turn against the plate from body to body, s: -21 to +26 ms
# over five rendered runners and two laboratories' markers.
TURN_BETWEEN_S = 0.014
# Frames from so long before a contact to so long after it are looked at.
LOOKS_S = 0.16
# Frames to either side of each that tell how the hips accelerate: our choice, three at 60 fps.
_HIPS_REACH_S = 0.050
# A sign is looked for so far to either side of its usual instant: our choice, twice what
# bodies differ by.
_AROUND_S = 0.065
_FALLS_S = -0.10
# A sign must rise by so much there, or it is noise: degrees, degrees/s, and for the toe body
# heights/s2. Our choices, a quarter of what the flattest of the rendered runners shows.
_BY_DEG, _BY_DEG_PER_S, _BY_TOE = 1.5, 40.0, 4.0
# The hips carry weight when their acceleration is this much above free fall, m/s2: our choice.
_GRAVITY, _CARRIES = 9.81, 6.0


# Pictures: near and far legs of five rendered runners, of which two legs each at 2.5 and 3.5
# m/s are moved by a laboratory runner with a force plate (RBDS subject 1), 60 and 30 fps. The
# far knee is hidden by the near one at landing.
_PICTURE = {
    "toe_stopped": Sign(0.0255, 0.004),
    "knee_straight": Sign(-0.0315, 0.005),
    "knee_bends": Sign(0.019, 0.005),
    "foot_up": Sign(-0.034, 0.008),
    "foot_down": Sign(0.008, 0.009),
}
_FAR = {name: _PICTURE[name] for name in ("toe_stopped", "foot_up", "foot_down")}
# Markers: both legs of RBDS subject 1 at 2.5 and 3.5 m/s, and for the hips those of another
# laboratory (Hamner and Delp 2013, 3 m/s).
_MARKERS = {
    "knee_straight": Sign(-0.023, 0.006),
    "knee_bends": Sign(0.031, 0.006),
    "foot_up": Sign(-0.031, 0.008),
    "hips_carry": Sign(0.025, 0.006),
}


def signs(markers: bool, near: bool) -> dict[str, Sign]:
    """Return what is looked for in a leg."""
    return _MARKERS if markers else _PICTURE if near else _FAR


def landing_cues(
    frames: Stretch,
    side: Side,
    around_s: float,
    markers: bool,
    near: bool,
    body_px: float,
    px_per_m: float | None,
) -> dict[str, float]:
    """Find the contact as each sign has it, its usual delay taken off.

    Parameters
    ----------
    frames : Stretch
        Frames around the landing; those within `LOOKS_S` are used.
    side : Side
        Whose foot.
    around_s : float
        When it landed, about.
    markers, near : bool
        Whether joints are markers; whether the leg is the one on the camera's side.
    body_px : float
        Height of the body in the picture.
    px_per_m : float or None
        Scale, for the fall of the body; without it that is not looked for.

    Returns
    -------
    dict of str to float
        Instant of contact by sign; a sign that was not seen is left out.
    """
    first, last = frames.t.searchsorted((around_s - LOOKS_S, around_s + LOOKS_S))
    t = frames.t[first:last]
    foot_reach_s = reach_s(t)
    segments = frames.segments_deg[first:last, FIRST_SEGMENT[side] :]
    wanted = signs(markers, near)
    foot_deg, knee_deg = segments[:, 2], segments[:, 1] - segments[:, 0]
    toe_px = frames.path(side, "toe")[first:last, 1]
    foot, knee, toe = local_parabolas(t, foot_deg, knee_deg, toe_px, reach_s=foot_reach_s)
    signals = {
        "toe_stopped": Signal(toe.curve, _BY_TOE * body_px),
        "knee_straight": Signal(-knee.level, _BY_DEG),
        "knee_bends": Signal(knee.slope, _BY_DEG_PER_S),
        "foot_up": Signal(foot.level, _BY_DEG),
        "foot_down": Signal(-foot.slope, _BY_DEG_PER_S),
    }
    found = event_by_sign(t, signals, wanted, around_s, _AROUND_S)
    if "hips_carry" in wanted and px_per_m is not None:
        carries_s = _hips_carry_s(frames, first, last, around_s, px_per_m)
        if carries_s is not None:
            found["hips_carry"] = carries_s - wanted["hips_carry"].delay_s
    return found


def _hips_carry_s(
    frames: Stretch, first: int, last: int, around_s: float, px_per_m: float
) -> float | None:
    """When the mean of both hips accelerates upwards more than in free fall."""
    t = frames.t[first:last]
    left, right = (frames.path(side, "hip")[first:last, 1] for side in Side)
    height_m = (left + right) / (2.0 * px_per_m)
    [hips] = local_parabolas(t, height_m, reach_s=reach_s(t, _HIPS_REACH_S))
    above = hips.curve + _GRAVITY - _CARRIES
    begin = int(t.searchsorted(around_s + _FALLS_S))
    rises = np.flatnonzero((above[begin:-1] < 0.0) & (above[begin + 1 :] >= 0.0))
    if len(rises) == 0:
        return None
    k = begin + int(rises[0])
    before, after = above[k : k + 2].tolist()
    return float(t[k] - before / (after - before) * (t[k + 1] - t[k]))
