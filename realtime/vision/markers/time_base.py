"""Whom to believe about time: a file's rate, its Time column, or whoever says it.

A runner who has both feet off the ground falls, and how fast bodies fall is known: it tells
the frames per second of a file in metres. The hips of a runner fall with 10.1 to 11.5 m/s2 in
the twentieth of the frames in which they fall the fastest (six files of four laboratories,
2.5 to 4.5 m/s: the hips' own share of the legs' swing comes to gravity). Frames that are
counted at half their rate make a quarter of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.records import Joint, Side
from hipcue.realtime.vision.markers.marker_body import MarkerBody
from hipcue.realtime.vision.markers.marker_file import MarkerFile, Trajectory

# How fast a runner's hips fall in the fastest twentieth of the frames, m/s2 (see above).
_FALL_MPS2, _FASTEST = 10.9, 5.0
# A rate at which the fall is this near (a share in time) is the right one where the other one is
# off by so much more. Our choices; those six files are within 0.04.
_NEAR, _FURTHER = 0.12, 0.13
# What markers jitter by from frame to frame falls and rises too; with more of that the fastest
# twentieth is not the body's own. Our choice, a tenth of gravity.
_JITTERS_MPS2 = 1.0
# Nobody falls so many times faster than those six did; our choice.
_TOO_FAST = 1.25
# Half a window over which the fall is a parabola, s.
_HALF_S = 0.04
_FEET = ("ankle", "heel", "toe")


def at_rate(file: MarkerFile, rate_hz: float | None) -> MarkerFile:
    """Return a file at the rate that somebody says; as it is where nobody does."""
    if rate_hz is None or math.isclose(rate_hz, file.rate_hz, rel_tol=1e-6):
        return file if rate_hz is None else replace(file, stated_hz=None)
    given = Reason(ReasonCode.FILE_RATE_GIVEN, column=round(file.rate_hz, 2), fps=rate_hz)
    return replace(
        file,
        rate_hz=rate_hz,
        t_s=_retimed(file.t_s, file.rate_hz, rate_hz),
        remarks=(*file.remarks, given),
        stated_hz=None,
    )


def settled(body: MarkerBody, file: MarkerFile) -> MarkerBody:
    """Return a body with the times that it fell in, where its file contradicts itself.

    Raises
    ------
    UserError
        When the body does not tell which of the two rates is right.
    """
    if file.stated_hz is None:
        return _doubted(body, file.rate_hz)
    rates = (file.rate_hz, file.stated_hz)
    right = _by_fall(body, file.rate_hz, rates)
    column, stated = (round(rate, 2) for rate in rates)
    if right is None:
        raise UserError(
            f"cannot use markers {file.path}",
            f"DataRate ({stated:g}) and Time ({column:g} Hz) disagree",
            f"say the right one: --rate {stated:g} or --rate {column:g}",
        )
    remark = Reason(ReasonCode.FILE_RATE_BY_BODY, stated=stated, column=column, fps=round(right, 2))
    t_s = _retimed(body.t_s, file.rate_hz, right)
    return replace(body, t_s=t_s, remarks=(*body.remarks, remark))


def _doubted(body: MarkerBody, rate_hz: float) -> MarkerBody:
    """Return a body with a remark where it falls faster than bodies do.

    Slower is no sign: who walks hardly falls.
    """
    height_m = _height(body)
    fall = math.nan if height_m is None else _fall_mps2(height_m, body.t_s)
    times = math.sqrt(max(fall, 0.0) / _FALL_MPS2)
    if not times > _TOO_FAST:
        return body
    remark = Reason(
        ReasonCode.FILE_FALLS_TOO_FAST, times=round(times, 1), fps=round(rate_hz / times, -1)
    )
    return replace(body, remarks=(*body.remarks, remark))


def _retimed(t_s: NDArray[np.float64], from_hz: float, to_hz: float) -> NDArray[np.float64]:
    times: NDArray[np.float64] = t_s[0] + (t_s - t_s[0]) * (from_hz / to_hz)
    return times


def _by_fall(body: MarkerBody, counted_hz: float, rates_hz: tuple[float, float]) -> float | None:
    """Return the one rate at which the body falls as bodies do; None where none or both do."""
    height_m = _height(body)
    if height_m is None:
        return None
    off = {}
    for rate in rates_hz:
        fall = _fall_mps2(height_m, _retimed(body.t_s, counted_hz, rate))
        if math.isnan(fall):
            return None
        off[rate] = abs(0.5 * math.log(max(fall, 1e-6) / _FALL_MPS2))
    near, far = sorted(off, key=lambda rate: off[rate])
    return near if off[near] < _NEAR and off[far] - off[near] > _FURTHER else None


def _height(body: MarkerBody) -> NDArray[np.float64] | None:
    """Return how high the middle of the pelvis is, m; None where up cannot be told."""
    hips = [body.joints[j] for side in Side if (j := Joint.of(side, "hip")) in body.joints]
    pelvis = [way for way in (body.pelvis_front, body.pelvis_back) if way is not None]
    feet = [
        body.joints[joint]
        for side in Side
        for name in _FEET
        if (joint := Joint.of(side, name)) in body.joints
    ]
    middle = _middle(hips) if len(hips) == 2 else _middle(pelvis[:1])
    low = _middle(feet)
    if middle is None or low is None:
        return None
    rise_m = np.nanmean(middle - low, axis=0)
    axis = int(np.nanargmax(np.abs(rise_m)))
    height: NDArray[np.float64] = middle[:, axis] * np.sign(rise_m[axis])
    return height


def _middle(ways: Sequence[Trajectory]) -> Trajectory | None:
    if not ways:
        return None
    seen = np.isfinite(ways).all(axis=(0, 2))
    if seen.sum() < 10:
        return None
    return np.where(seen[:, None], np.mean(ways, axis=0), np.nan)


def _fall_mps2(height_m: NDArray[np.float64], t_s: NDArray[np.float64]) -> float:
    """Return how fast the body falls in the fastest twentieth of the frames, m/s2.

    NaN where the markers jitter too much for that.
    """
    step_s = float(np.median(np.diff(t_s)))
    half = max(round(_HALF_S / step_s), 2)
    k_s = np.arange(-half, half + 1) * step_s
    parabola = np.linalg.pinv(np.stack([np.ones_like(k_s), k_s, k_s * k_s / 2], axis=1))[2]
    if len(height_m) < 10 * len(k_s):
        return math.nan
    # A smooth way has next to no third difference; that of noise is 20 times its variance.
    third = np.abs(np.diff(height_m, 3))
    third = third[np.isfinite(third)]
    jitter_m = float(np.median(third)) / 0.6745 / math.sqrt(20.0) if len(third) else math.nan
    if not jitter_m * float(np.linalg.norm(parabola)) < _JITTERS_MPS2:
        return math.nan
    fall = -np.convolve(height_m, parabola[::-1], mode="valid")
    fall = fall[np.isfinite(fall)]
    return float(np.percentile(fall, 100.0 - _FASTEST)) if len(fall) else math.nan
