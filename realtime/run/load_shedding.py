"""What gives way on a machine that is too slow for its camera, in which order, and back.

Strides come first: before pictures of the runner go unseen for long, the screen is drawn
less often, then the film is left out, then the outline of the back is read in every second
picture. Pictures that are followed between two looks of the pose model count as seen, unless
they are most of them. Pure: it knows the pictures' own stamps and counts, no clock.
"""

from __future__ import annotations

from enum import IntEnum

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import Frame

# Our choices: a share of unseen pictures that costs strides (a camera loses some by itself),
# and one that does not; how long is looked before anything gives way, and how long all must
# be well before the last thing comes back.
_TOO_MANY, _FEW = 0.05, 0.01
_LOOK_S, _WELL_S = 3.0, 20.0
# Of the pictures so many may be followed rather than looked at; our choice: with every second
# one strides are as good as with none (SD of the stride time 1.3 to 1.9 ms, none missed, three
# rendered films of 60 fps), with two of three some are missed and others off by 10 ms.
_MOST_FOLLOWED = 0.6
# What had to give way again soon after it came back stays away this many times longer,
# half an hour at most: no see-saw.
_LONGER, _LONGEST_S = 2.0, 1800.0
# The screen's rate on a slow machine, share of the usual one.
_SCREEN_SHARE = 1.0 / 3.0
_OUTLINE_EVERY = 2


class Relief(IntEnum):
    """What has given way so far; each includes the ones before."""

    NONE = 0
    SCREEN = 1
    FILM = 2
    OUTLINE = 3


_GIVEN_UP = {
    Relief.SCREEN: ReasonCode.SCREEN_DRAWN_LESS,
    Relief.FILM: ReasonCode.FILM_LEFT_OUT,
    Relief.OUTLINE: ReasonCode.OUTLINE_READ_LESS,
}


def counted(looked_at: float, followed: float) -> float:
    """Return what share of the pictures counts as seen: most must not only be followed."""
    return looked_at + min(followed, _MOST_FOLLOWED)


class LoadShedder:
    """Watches how many pictures went unseen, and says what gives way.

    Parameters
    ----------
    filming : bool
        Whether a film is kept; where none is, there is none to leave out.
    """

    def __init__(self, *, filming: bool = False) -> None:
        self.relief = Relief.NONE
        self._filming = filming
        self._first: tuple[float, int] | None = None
        self._last: tuple[float, int] | None = None
        self._seen = self._followed = 0
        self._well_s = 0.0
        self._patience_s = _WELL_S
        self._back_s: float | None = None
        self._unseen = 0.0
        self._rate = 0.0

    def step(self, frame: Frame, *, followed: bool = False) -> bool:
        """Take the next picture; True when what gives way has changed.

        `followed` is one that the pose model did not look at itself.
        """
        t_s, dropped = frame.t_capture_s, frame.dropped
        if self._first is None or self._last is None or self._is_new(t_s, dropped):
            self._begin(t_s, dropped)
            return False
        self._last = (t_s, dropped)
        self._seen += 1
        self._followed += followed
        took_s = t_s - self._first[0]
        if took_s < _LOOK_S:
            return False
        given = dropped - self._first[1] + self._seen
        seen = counted((self._seen - self._followed) / given, self._followed / given)
        self._unseen = 1.0 - seen
        self._rate = seen * given / took_s
        self._begin(t_s, dropped)
        return self._judge(took_s)

    @property
    def screen_share(self) -> float:
        """How often the screen is drawn, share of its usual rate."""
        return _SCREEN_SHARE if self.relief >= Relief.SCREEN else 1.0

    @property
    def films(self) -> bool:
        """Whether pictures go to the film."""
        return self.relief < Relief.FILM

    @property
    def outline_every(self) -> int:
        """The outline of the back is read in every so many pictures."""
        return _OUTLINE_EVERY if self.relief >= Relief.OUTLINE else 1

    @property
    def notice(self) -> Reason | None:
        """What gives way, for the screen and the record; None when nothing gives way."""
        if self.relief is Relief.NONE:
            return None
        given_up = [
            Reason(code)
            for step, code in _GIVEN_UP.items()
            if step <= self.relief and (step is not Relief.FILM or self._filming)
        ]
        wanted = self._rate / (1.0 - self._unseen)
        return Reason(
            ReasonCode.TOO_SLOW,
            seen=round(self._rate),
            wanted=round(wanted),
            given_up=Reason.all_of(given_up),
        )

    def _is_new(self, t_s: float, dropped: int) -> bool:
        """Whether the camera began again, or was away: what came before tells nothing."""
        assert self._last is not None
        return t_s - self._last[0] > _LOOK_S or t_s < self._last[0] or dropped < self._last[1]

    def _begin(self, t_s: float, dropped: int) -> None:
        self._first = self._last = (t_s, dropped)
        self._seen = self._followed = 0

    def _judge(self, took_s: float) -> bool:
        if self._back_s is not None:
            self._back_s += took_s
        if self._unseen > _TOO_MANY:
            if self._back_s is not None and self._back_s < _WELL_S:
                self._patience_s = min(_LONGER * self._patience_s, _LONGEST_S)
            self._well_s, self._back_s = 0.0, None
            return self._go(+1)
        self._well_s = self._well_s + took_s if self._unseen < _FEW else 0.0
        if self._well_s < self._patience_s or self.relief is Relief.NONE:
            return False
        self._well_s = self._back_s = 0.0
        return self._go(-1)

    def _go(self, way: int) -> bool:
        before = self.relief
        relief = Relief(min(max(before + way, Relief.NONE), Relief.OUTLINE))
        if relief is Relief.FILM and not self._filming:
            relief = Relief(relief + way)
        self.relief = relief
        return relief is not before
