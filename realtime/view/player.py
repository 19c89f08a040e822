"""Where a replay is, how fast it goes, and where its steps lead.

Steps go to the moment in which a stride was *decided on*, not to its peak extension: the
numbers, the colours, the state and the cue on the screen are then those of this very
stride, while at the peak they would still be those of the one before it. `show_peak` goes
back from there to the picture of the peak, and forth again.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace

from hipcue.realtime.view.recorded_view import RecordedView
from hipcue.realtime.view.snapshot import Replay, Snapshot

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
# Moments closer together than this are one.
_SAME_S = 1e-6


class Player:
    """Moves through a recorded session. Time passes only through `tick`.

    Parameters
    ----------
    view : RecordedView
        The session.
    speed : float
        Times real time; the steps of `faster` and `slower` are `SPEEDS`.

    Attributes
    ----------
    position_s : float
        Where it is, on the session's clock; never outside the session.
    playing : bool
        Whether time passes; it begins so and ends at the session's end.
    held : bool
        Whether somebody holds the playhead: no time passes meanwhile.
    """

    def __init__(self, view: RecordedView, speed: float = 1.0) -> None:
        self._view = view
        self.position_s = view.start_s
        self.playing = True
        self.held = False
        self.speed = speed
        self._peak_of: int | None = None

    def snapshot(self) -> Snapshot:
        """Return what the screen shows: what was known at this moment."""
        replay = Replay(
            self._view.timeline,
            self.playing,
            self.speed,
            bisect_right(self._view.decided_s, self.position_s),
            self._peak_of is not None,
        )
        return replace(self._view.at(self.position_s), replay=replay)

    def tick(self, seconds: float) -> None:
        """Let time pass; at the end it stops."""
        if self.playing and not self.held and seconds > 0.0:
            self._go(self.position_s + seconds * self.speed)
            if self.position_s >= self._view.end_s:
                self.playing = False

    def toggle(self) -> None:
        """Pause, or go on; from the end it goes on at the beginning."""
        if not self.playing and self.position_s >= self._view.end_s:
            self._go(self._view.start_s)
        self.playing = not self.playing
        self._peak_of = None

    def seek(self, t_s: float) -> None:
        """Go to a moment on the session's clock, playing or not."""
        self._go(t_s)

    def skip(self, seconds: float) -> None:
        """Go forwards, or with a negative number back."""
        self._go(self.position_s + seconds)

    def faster(self, steps: int = 1) -> None:
        """Take the next speed up, or with a negative number down, as far as there is one."""
        for _ in range(abs(steps)):
            beyond = [s for s in SPEEDS if (s > self.speed if steps > 0 else s < self.speed)]
            if beyond:
                self.speed = min(beyond) if steps > 0 else max(beyond)

    def step_stride(self, steps: int) -> None:
        """Pause where the next stride was decided on, of either leg, or the one before."""
        if self._peak_of is not None:
            self.show_peak()  # From the stride whose peak is shown, not from its peak.
        self._step(self._view.decided_s, steps)

    def step_picture(self, steps: int) -> None:
        """Pause at the next picture, or with a negative number at the one before."""
        self._step(self._view.times_s, steps)

    def show_peak(self) -> None:
        """Pause where the thigh of the newest stride was furthest back; again: go forth again."""
        decided_s = self._view.decided_s
        if self._peak_of is not None:
            self._go(decided_s[self._peak_of])
            return
        number = bisect_right(decided_s, self.position_s) - 1
        self.playing = False
        peak_s = self._view.peak_of(number) if number >= 0 else None
        if peak_s is not None:
            # The picture of the peak is the one nearest to it.
            self._go(self._nearest_picture(peak_s))
            self._peak_of = number

    def _nearest_picture(self, t_s: float) -> float:
        times_s = self._view.times_s
        at = bisect_left(times_s, t_s)
        near = times_s[max(at - 1, 0) : at + 1]
        return min(near, key=lambda s: abs(s - t_s))

    def _step(self, moments_s: list[float], steps: int) -> None:
        self.playing = False
        for _ in range(abs(steps)):
            if steps > 0:
                k = bisect_right(moments_s, self.position_s + _SAME_S)
            else:
                k = bisect_left(moments_s, self.position_s - _SAME_S) - 1
            if 0 <= k < len(moments_s):
                self._go(moments_s[k])

    def _go(self, t_s: float) -> None:
        self._peak_of = None
        self.position_s = min(max(t_s, self._view.start_s), self._view.end_s)
