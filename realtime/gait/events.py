"""Contact, toe-off and peak thigh extension of one leg, between the frames and at once.

What is used, and why:

*Contact.* In late swing the heel slows down evenly until it moves with the belt; from
then on it moves exactly as the belt does. The path is a parabola that turns into a
straight line, and the instant at which it turns is found by fitting both together, so
single frames hardly matter. How long that is after the ankle's most forward point is
nearly the same in every stride, and that point is known to a few milliseconds even when
the leg is half hidden: so the usual delay, added to it, is steadier than each fit.

*Toe-off.* The knee is straightest at the end of push-off: within 5 ms of toe-off on
motion capture (Fellin 2010). Where markers show the toe sharply, the instant at which
it rises with a fifth of the belt speed is averaged in. In walking the knee bends long
before toe-off; there the toe's own departure from the belt decides.

*Peak extension.* The vertex of a parabola through the thigh angle around its peak.

All of it looks a fixed time ahead (`LOOK_AHEAD_S`), never further.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

from hipcue.realtime.gait.pose_buffer import (
    FloatArray,
    PoseBuffer,
    Stretch,
    frame_time_s,
    joint,
    line,
    median,
    parabola,
    slow_reach_s,
)
from hipcue.realtime.gait.swing_count import LEAST_SWING_DEG, swings_back
from hipcue.realtime.records import EventKind, GaitEvent, Side

# Seen after the event before it is decided.
LOOK_AHEAD_S = 0.045
_CONTACT_AHEAD_S = 0.032
_TOE_OFF_AHEAD_S = 0.033
# A turn is kept in mind from so much seen after it on; our choice: one frame at 60 fps.
_HALF_SEEN_S = 0.012
# A knee that has bent by this much since has left its straightest instant for certain.
_BENDS_AGAIN_DEG = 5.0
_CONTACT_BEFORE_S = 0.100
# Slow cameras: at least so many frames before the contact, one of which may be lost.
_FRAMES_BEFORE = 4.2
_VERTEX_S = 0.050

# From the ankle's most forward point to the turn of the heel: 40 to 54 ms in eight trials;
# counts until the runner's own is known.
_USUAL_DELAY_S = 0.044

# Instants by definition against instants by force plate, s. Markers: RBDS subject 1 at
# 2.5 and 3.5 m/s (Fukuchi 2017), 162 contacts: the foot comes to rest on the belt 17 ms
# after the plate feels 50 N, and the knee is straightest 13 ms after it feels less. Pictures:
# the same runner filmed by a renderer and two runners made from formulas, 60 fps.
_CONTACT_LAG_S = {"markers": 0.017, "picture": 0.0055}
# The faster the runner, the longer the knee goes on stretching after toe-off; contact time
# tells how fast: 7 ms with a contact of 0.28 s, 0.15 ms more for each ms less.
_KNEE_LAG_S, _LONG_CONTACT_S, _KNEE_LAG_PER_S = 0.007, 0.28, 0.15
_RISE_LEVEL = 0.2

# Standard uncertainty of one event, s: what was left in those trials, near and far leg.
_SIGMA_S = {"markers": 0.004, "near": 0.010, "far": 0.016}

# Where frames are lost an event is off by this share of the widest gap around it: what was
# left of four rendered films when frames were left out as on a busy machine, gaps of 20 to
# 120 ms. Frames since so long before the event have a part in it.
_GAP_SIGMA, _FIT_REACH_S = 0.25, 0.12

# A stride or a stance of less than this share of the usual one is a mistake; our choice.
_EARLIEST = 0.75
# Two peaks of a thigh are further apart than this; our choice.
_PEAKS_APART_S = 0.3
# At toe-off the ankle is behind the hip by more than this part of the body height.
_BEHIND = 0.08
# A foot lands ahead of the hip; this much behind it (part of the body height) is allowed for
# what the model gets wrong. Our choice.
_LANDS_BEHIND = 0.06
# A heel that was seen last so long before its turn still tells when it turned: it slows
# down evenly. Our choice: one and a half frames at 60 fps.
_BLIND_S = 0.025
# Seen less often than this from so long before its turn on, the heel tells nothing; our
# choices, tuned on the rendered runners with frames left out: a camera of 30 fps may lose one.
_WIDEST_GAP_S, _SLOWING_S = 0.09, 0.08
# Frames in which a foot goes back by this share of its fastest belong to stance; our choice.
_ON_BELT = 0.7
# Where the heel's turn is looked for, around where it is expected.
_STEPS_S = np.arange(-0.06, 0.061, 0.004)[:, None]
# Slower feet than this, in body heights per second, belong to somebody who stands.
_STANDING_SPEED = 0.22


class _Phase(Enum):
    SWING = "swing"
    STANCE = "stance"


@dataclass(slots=True)
class _Fit:
    t_s: float
    rms: float


class LegEvents:
    """Finds the events of one leg, frame by frame.

    Parameters
    ----------
    side : Side
        Which leg.
    markers : bool
        Whether the joints are markers (sharp) or landmarks of a pose model.
    """

    def __init__(self, side: Side, markers: bool = False) -> None:
        self.side = side
        self._kind = "markers" if markers else "picture"
        self._phase = _Phase.SWING
        self._since_s = -np.inf
        self._went_forward = False
        self._turn: _Fit | None = None
        self._contact_s: float | None = None
        self._last_peak_s = -np.inf
        self._stances: list[float] = []
        self._usual_stance: float | None = None
        self._periods: list[float] = []
        self._delays: list[float] = [_USUAL_DELAY_S] * 2
        self._durations: list[float] = []

    def reset(self) -> None:
        """Forget the stride that was under way; keep nothing across a gap."""
        self.__init__(self.side, self._kind == "markers")  # type: ignore[misc]

    @property
    def plateau_px_per_s(self) -> float | None:
        """Backward speed of the planted heel, median of the last stances; None before any."""
        return self._usual_stance

    @property
    def last_stance_px_per_s(self) -> float | None:
        """Backward speed of the planted heel in the newest stance; None before any."""
        return self._stances[-1] if self._stances else None

    def step(self, memory: PoseBuffer, body_px: float, near: bool) -> list[GaitEvent]:
        """Look at the newest frame of `memory`; return what became certain with it.

        `body_px` is the runner's height in the picture, in pixels.
        """
        now = memory.newest_s
        seen = memory.stretch(now - 1.6)
        t, xy = seen.t, seen.xy
        if len(t) < 8:
            return []
        heel = joint(xy, self.side, "heel")
        speed = _speed(t, heel[:, 0], 0.045)
        plateau = self._plateau(t, heel[:, 0], body_px)
        events: list[GaitEvent] = []
        if plateau is None or (np.isnan(speed) and self._phase is _Phase.STANCE):
            return self._peak(now, seen, near)
        if self._phase is _Phase.SWING:
            if speed > 0.1 * plateau:
                self._went_forward, self._turn = True, None
            # A heel that is hidden as it lands may have turned just before.
            if self._went_forward and not speed >= -0.55 * plateau:
                event = self._contact(now, seen, plateau, body_px, near)
                if event is not None:
                    events.append(event)
            elif now - self._since_s > 2.0:
                self._periods.clear()
        else:
            assert self._contact_s is not None
            if now - self._contact_s > 0.07:
                event = self._toe_off(now, seen, plateau, body_px, near)
                if event is not None:
                    events.append(event)
            # In push-off the heel may whip forward already: only a foot that is under the
            # body again, and goes forward, is in swing.
            reach = joint(xy, self.side, "ankle")[-1, 0] - joint(xy, self.side, "hip")[-1, 0]
            swings = speed > 0.5 * plateau and reach > -_BEHIND / 2 * body_px
            if self._phase is _Phase.STANCE and (now - self._contact_s > 1.6 or swings):
                # The foot swings forward again and toe-off was not seen: begin afresh.
                self._phase, self._since_s, self._went_forward = _Phase.SWING, now, True
        events.extend(self._peak(now, seen, near))
        return events

    def _plateau(self, t: FloatArray, heel_x: FloatArray, body_px: float) -> float | None:
        """Speed of the belt in the picture, px/s: the last stances, or the feet at large."""
        if len(self._stances) >= 3:
            known = self._usual_stance
        else:
            stride = max(1, round(0.05 / max(frame_time_s(t), 1e-3)))
            v = (heel_x[stride:] - heel_x[:-stride]) / np.maximum(t[stride:] - t[:-stride], 1e-6)
            v = v[~np.isnan(v)]
            known = None
            if len(v) >= 10:
                # Going backwards a foot is mostly on the belt, and that is its fastest way
                # back; who has stood until now has many slower frames besides.
                v = np.sort(v)
                few, part = divmod((len(v) - 1) / 20.0, 1.0)
                fastest = float(v[int(few)] + part * (v[int(few) + 1] - v[int(few)]))
                known = -median(v[v <= _ON_BELT * fastest].tolist()) if fastest < 0 else None
        if known is None or known < _STANDING_SPEED * body_px:
            return None
        return known

    def _contact(
        self,
        now: float,
        frames: Stretch,
        plateau: float,
        body_px: float,
        near: bool,
    ) -> GaitEvent | None:
        t, xy = frames.t, frames.xy
        ankle_x = joint(xy, self.side, "ankle")[:, 0]
        heel_x = joint(xy, self.side, "heel")[:, 0]
        newest = _turn_to_belt(t, heel_x, now - _CONTACT_AHEAD_S, plateau)
        seen = newest is not None and _seen_around(t[~np.isnan(heel_x)], newest.t_s)
        fit = self._best_turn(newest if seen else None, now)
        if fit is None:
            hidden = bool(np.isnan(heel_x[-3:]).any())
            if newest is None and not hidden and now - self._since_s > 2.0:
                self._went_forward = False
            return None
        # Nobody lands with the foot behind the hip: this is another slowing of the heel.
        behind = _reach(t, xy, self.side, fit.t_s) < -_LANDS_BEHIND * body_px
        if behind or now - fit.t_s > 0.2:  # The turn was missed; wait for the next one.
            self._went_forward, self._turn = False, None
            return None
        t_s = self._steadied(t, ankle_x, fit.t_s) - _CONTACT_LAG_S[self._kind]
        if self._contact_s is not None:
            period = t_s - self._contact_s
            usual = median(self._periods) if len(self._periods) >= 3 else None
            if period < (_EARLIEST * usual if usual else 0.35):
                self._went_forward = False
                return None
            if period < 2.0:
                # Two strides taken for one would pass for the usual ever after.
                if self._swings_since(self._contact_s, frames) == 1:
                    self._periods = [*self._periods[-7:], period]
            else:
                self._periods.clear()
                self._stances.clear()
                self._usual_stance = None
        self._contact_s = t_s
        self._phase, self._since_s, self._went_forward = _Phase.STANCE, now, False
        self._turn = None
        return self._event(EventKind.CONTACT, t_s, t, fit.rms / plateau, near)

    def _swings_since(self, t_s: float, frames: Stretch) -> int | None:
        """How often the thigh went back since an instant; None where it cannot be told."""
        if t_s < frames.t[0]:
            return None
        since = frames.t > t_s
        return swings_back(frames.t[since], frames.thigh_deg(self.side)[since])

    def _best_turn(self, fit: _Fit | None, now: float) -> _Fit | None:
        """Return the turn once enough was seen after it, or the best that was seen before.

        Where frames are lost just after the turn, the next fits run away from it or fail.
        """
        if fit is not None and now - fit.t_s >= _CONTACT_AHEAD_S - 1e-6:
            return fit
        before = self._turn
        if fit is not None and now - fit.t_s >= _HALF_SEEN_S:
            self._turn = fit
            return None
        if before is not None and now - before.t_s >= _CONTACT_AHEAD_S - 1e-6:
            return before
        return None

    def _steadied(self, t: FloatArray, ankle_x: FloatArray, fit_s: float) -> float:
        """The ankle's most forward point plus the usual delay; the fit where it was not seen."""
        if self._kind == "markers":  # Sharp enough as they are.
            return fit_s
        swing = (t > fit_s - 0.15) & (t < fit_s + 0.01)
        forward_s = _last_valley(t[swing], -ankle_x[swing], fit_s)
        if forward_s is None:
            return fit_s
        self._delays = [*self._delays[-10:], fit_s - forward_s]
        steady_s = forward_s + median(self._delays)
        return steady_s if abs(steady_s - fit_s) < 0.06 else fit_s

    def _toe_off(
        self,
        now: float,
        frames: Stretch,
        plateau: float,
        body_px: float,
        near: bool,
    ) -> GaitEvent | None:
        assert self._contact_s is not None
        t, xy = frames.t, frames.xy
        reach = joint(xy, self.side, "ankle")[:, 0] - joint(xy, self.side, "hip")[:, 0]
        stance = t > self._contact_s + 0.05
        behind = stance & (reach < -_BEHIND * body_px)
        if not behind.any():
            return None
        begin = int(np.argmax(behind))
        if len(t) - begin < 4:
            return None
        toe = joint(xy, self.side, "toe")
        toe_speed = _speed(t, toe[:, 0], 0.055)
        if not toe_speed > -0.9 * plateau:  # Still on the belt.
            return None
        knee = frames.knee_flexion_deg(self.side)
        vertex = _last_valley(t[begin:], knee[begin:], now)
        if vertex is None:  # Still straightening.
            return None
        if now - vertex < 0.16:
            bent_deg = knee[-1] - _at(t, knee, vertex)
            clear = bent_deg > _BENDS_AGAIN_DEG
            if now - vertex < (_TOE_OFF_AHEAD_S if clear else LOOK_AHEAD_S) - 1e-6:
                return None
            short_s = _LONG_CONTACT_S - (vertex - _KNEE_LAG_S - self._contact_s)
            t_s = vertex - _KNEE_LAG_S - float(np.clip(_KNEE_LAG_PER_S * short_s, -0.003, 0.015))
            if self._kind == "markers":
                rise = _rising(t, toe[:, 1], t_s, _RISE_LEVEL * plateau)
                t_s = t_s if rise is None else (t_s + rise) / 2
        else:
            left = _leaves_belt(t[begin:], toe[begin:, 0], plateau)
            if left is None:
                return None
            t_s = left
        lasted_s = t_s - self._contact_s
        usual_s = median(self._durations) if len(self._durations) >= 3 else 0.1
        if not _EARLIEST * usual_s < lasted_s < 1.4:
            return None
        self._durations = [*self._durations[-6:], lasted_s]
        self._learn_stance(t, xy, t_s)
        self._phase, self._since_s, self._went_forward = _Phase.SWING, now, False
        return self._event(EventKind.TOE_OFF, t_s, t, 0.0, near)

    def _learn_stance(self, t: FloatArray, xy: FloatArray, toe_off_s: float) -> None:
        """Remember how fast the planted heel went, between landing and heel-off."""
        assert self._contact_s is not None
        stance = toe_off_s - self._contact_s
        rest = self._contact_s + _CONTACT_LAG_S[self._kind]
        w = (t > rest + 0.01) & (t < rest + 0.01 + max(0.45 * stance, 0.07))
        x = joint(xy, self.side, "heel")[:, 0]
        w &= ~np.isnan(x)
        if w.sum() >= 3:
            slope, _ = line(t[w] - rest, x[w])
            if slope < 0:
                self._stances = [*self._stances[-6:], -slope]
                self._usual_stance = median(self._stances)

    def _peak(self, now: float, frames: Stretch, near: bool) -> list[GaitEvent]:
        """Peak thigh extension: backwards beyond the vertical, then forwards again."""
        if now < self._last_peak_s + _PEAKS_APART_S:
            return []
        t, angle = frames.t, frames.thigh_deg(self.side)
        # A stride begins anew when the thigh has been in the forward third of its swing.
        lowest, top = float(np.fmin.reduce(angle)), float(np.fmax.reduce(angle))
        if not top - lowest >= LEAST_SWING_DEG:  # Also where the thigh was never seen.
            return []
        forward = (angle < lowest + 0.35 * (top - lowest)).nonzero()[0]
        begin = int(forward[-1]) + 1
        if len(t) - begin < 4:
            return []
        valley = _last_valley(t[begin:], -angle[begin:], now)
        if (
            valley is None
            or valley < self._last_peak_s + _PEAKS_APART_S
            or now - valley < LOOK_AHEAD_S - 1e-6
            or _at(t, angle, valley) < top - 0.35 * (top - lowest)
        ):
            return []
        self._last_peak_s = valley
        return [self._event(EventKind.MAX_EXTENSION, valley, t, 0.0, near)]

    def _event(
        self, kind: EventKind, t_s: float, t: FloatArray, extra_s: float, near: bool
    ) -> GaitEvent:
        base_s = _SIGMA_S["markers" if self._kind == "markers" else "near" if near else "far"]
        before = max(int(np.searchsorted(t, t_s - _FIT_REACH_S, side="right")) - 1, 0)
        gap_s = float(np.max(np.diff(t[before:]), initial=0.0))
        sigma_s = math.hypot(base_s, extra_s, _GAP_SIGMA * gap_s)
        return GaitEvent(kind, self.side, t_s, sigma_s, float(t[-1]))


def _speed(t: FloatArray, x: FloatArray, span_s: float) -> float:
    """Slope of the newest `span_s` of a path, per second; NaN with fewer than 3 frames seen."""
    first = int(t.searchsorted(t[-1] - span_s - 1e-6, side="right"))
    for since, least in ((first, 3), (-3, 2)):
        seen = x[since:] == x[since:]  # NaN is not equal to itself.
        if np.count_nonzero(seen) >= least:
            return line(t[since:][seen], x[since:][seen])[0]
    return float("nan")


def _seen_around(seen: FloatArray, turn_s: float) -> bool:
    """Whether a heel was seen well enough around an instant to tell when it turned."""
    if len(seen) == 0 or turn_s - seen[-1] > _BLIND_S:
        return False
    around = seen[(seen > turn_s - _SLOWING_S) & (seen < turn_s + _CONTACT_AHEAD_S)]
    return len(around) > 1 and float(np.max(np.diff(around))) < _WIDEST_GAP_S


def _reach(t: FloatArray, xy: FloatArray, side: Side, around_s: float) -> float:
    """How far a foot is ahead of the hips around an instant; endless where it was not seen."""
    near = np.abs(t - around_s) < _VERTEX_S
    hips = [joint(xy, s, "hip")[near, 0] for s in Side]
    foot = np.fmax(joint(xy, side, "ankle")[near, 0], joint(xy, side, "heel")[near, 0])
    ahead = foot - np.fmax(*hips)
    ahead = ahead[~np.isnan(ahead)]
    return float(np.median(ahead)) if len(ahead) else float("inf")


def _turn_to_belt(t: FloatArray, x: FloatArray, around_s: float, plateau: float) -> _Fit | None:
    """Fit the instant at which a parabola turns into a line of slope -plateau."""
    best: _Fit | None = None
    frame_s = frame_time_s(t[-12:])
    before_s = max(_CONTACT_BEFORE_S, _FRAMES_BEFORE * frame_s)
    for _ in range(3):
        first = int(t.searchsorted(around_s - before_s, side="right"))
        last = int(t.searchsorted(around_s + LOOK_AHEAD_S + 0.012, side="left"))
        tt, xx = t[first:last], x[first:last]
        seen = xx == xx  # NaN is not equal to itself.
        tt, xx = tt[seen], xx[seen]
        if len(tt) < 4:
            return None
        candidates = around_s + _STEPS_S
        after = tt - candidates  # (candidates, frames)
        a = np.minimum(after, 0.0) ** 2
        a -= np.add.reduce(a, axis=1, keepdims=True) / len(tt)
        y = xx + plateau * after
        y -= np.add.reduce(y, axis=1, keepdims=True) / len(tt)
        aa, ay = _dot(a, a), _dot(a, y)
        # One frame before the turn fits any parabola, and tells nothing.
        usable = (np.add.reduce(after < 0.0, axis=1) >= 2) & (aa > 1e-12)
        gain = np.where(usable, ay, np.inf) / np.where(usable, aa, 1.0)
        # The heel slows down on its way: the parabola opens downwards.
        rest = y - np.minimum(gain, 0.0)[:, None] * a
        error = np.where(gain > 0.0, np.inf, _dot(rest, rest))
        k = int(error.argmin())
        errors = error[max(k - 1, 0) : k + 2].tolist()
        least = errors[min(k, 1)]
        if not math.isfinite(least):
            return None
        t_best = float(candidates[k, 0])
        if len(errors) == 3 and math.isfinite(sum(errors)):
            e0, e1, e2 = errors
            bend = e0 - 2 * e1 + e2
            if bend > 0:
                t_best += 0.004 * min(max(0.5 * (e0 - e2) / bend, -0.5), 0.5)
        best = _Fit(t_best, math.sqrt(least / len(tt)))
        if abs(t_best - around_s) < 0.004:
            break
        around_s = t_best
    return best


def _dot(a: FloatArray, b: FloatArray) -> FloatArray:
    """Sum of the products along the rows."""
    return np.asarray(np.einsum("ij,ij->i", a, b))


def _last_valley(t: FloatArray, y: FloatArray, now: float) -> float | None:
    """Time of the newest minimum of `y` by a parabola through `_VERTEX_S` on either side."""
    ok = y == y  # NaN is not equal to itself.
    t, y = t[ok], y[ok]
    if len(t) < 5:
        return None
    centre = float(t[int(y.argmin())])
    for _ in range(3):
        near = _within(t, centre, _VERTEX_S + 0.002)
        count = near.stop - near.start
        if count <= 3:  # A slow camera: reach a little further.
            usual_s = 1.5 * _VERTEX_S
            reach_s = slow_reach_s(t, usual_s)
            # Below 30 pictures a second even two frames are no sign that some were lost.
            if count < (2 if reach_s > usual_s else 3):
                return None
            near = _within(t, centre, reach_s)
            if near.stop - near.start < 4:
                return None
        curve, slope, _ = parabola(t[near] - centre, y[near])
        if curve <= 0:
            return None
        shift = min(max(-slope / (2 * curve), -0.04), 0.04)
        centre += shift
        if abs(shift) < 0.002:
            break
    return centre if t[0] < centre < now else None


def _within(t: FloatArray, centre_s: float, reach_s: float) -> slice:
    """Where times in order are nearer than `reach_s` to an instant."""
    return slice(
        int(t.searchsorted(centre_s - reach_s, side="right")),
        int(t.searchsorted(centre_s + reach_s, side="left")),
    )


def _rising(t: FloatArray, y: FloatArray, around_s: float, level: float) -> float | None:
    """When a joint rises with `level` per second, by a parabola around `around_s`."""
    for _ in range(2):
        w = (np.abs(t - around_s) < _VERTEX_S) & ~np.isnan(y)
        if w.sum() < 4:
            return None
        curve, slope, _ = parabola(t[w] - around_s, y[w])
        if curve <= 0:
            return None
        shift = (level - slope) / (2 * curve)
        if abs(shift) > 0.05:
            return None
        around_s += shift
    return around_s


def _leaves_belt(t: FloatArray, x: FloatArray, plateau: float) -> float | None:
    """When the toe has slowed to three quarters of the belt (its speed at toe-off, RBDS)."""
    ok = ~np.isnan(x)
    t, x = t[ok], x[ok]
    w = t > t[-1] - 0.12 if len(t) else np.zeros(0, dtype=bool)
    if w.sum() < 4:
        return None
    t0 = float(t[w].mean())
    curve, slope, _ = parabola(t[w] - t0, x[w])
    if curve <= 0:
        return None
    left = t0 + (-0.75 * plateau - slope) / (2 * curve)
    return left if left <= t[-1] - 0.02 else None


def _at(t: FloatArray, y: FloatArray, t_s: float) -> float:
    ok = ~np.isnan(y)
    return float(np.interp(t_s, t[ok], y[ok]))
