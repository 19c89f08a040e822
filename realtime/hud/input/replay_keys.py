"""Keys and mouse of a replay: they move through time, and ask nobody for anything else.

What would only make sense in a live run (mute, neutral, marks, cues, the runner's name,
set-up) is not here, so it can be neither pressed nor clicked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pygame

from hipcue.realtime.hud.draw.draw_log import Target
from hipcue.realtime.hud.input.actions import ActionKind, UserAction
from hipcue.realtime.hud.scenes.runner import METRICS
from hipcue.realtime.view.snapshot import Snapshot, Timeline

# The time bar's name among the targets.
TRACK = "replay:track"
_SKIP_S, _SKIP_FAR_S = 1.0, 10.0

# By what they do; a name that stands for a pair of keys does the forward one when clicked.
_WISHES: dict[str, tuple[ActionKind, float]] = {
    "pause": (ActionKind.PAUSE, 0.0),
    "back": (ActionKind.SKIP, -_SKIP_S),
    "seconds": (ActionKind.SKIP, _SKIP_S),
    "back_far": (ActionKind.SKIP, -_SKIP_FAR_S),
    "seconds_far": (ActionKind.SKIP, _SKIP_FAR_S),
    "stride_before": (ActionKind.STRIDE, -1.0),
    "strides": (ActionKind.STRIDE, 1.0),
    "picture_before": (ActionKind.PICTURE, -1.0),
    "pictures": (ActionKind.PICTURE, 1.0),
    "slower": (ActionKind.SPEED, -1.0),
    "speed": (ActionKind.SPEED, 1.0),
    "peak": (ActionKind.PEAK, 0.0),
}
_KEYS = {
    pygame.K_SPACE: "pause",
    pygame.K_LEFT: "back",
    pygame.K_RIGHT: "seconds",
    pygame.K_DOWN: "stride_before",
    pygame.K_UP: "strides",
    pygame.K_KP_MINUS: "slower",
    pygame.K_KP_PLUS: "speed",
    pygame.K_p: "peak",
    pygame.K_l: "latency",
    pygame.K_HOME: "begin",
    pygame.K_END: "end",
    pygame.K_F1: "help",
    pygame.K_h: "help",
    pygame.K_q: "leave",
    pygame.K_ESCAPE: "leave",
    pygame.K_F2: "view",
    pygame.K_F4: "second",
    pygame.K_F11: "full",
    **{getattr(pygame, f"K_{number + 1}"): metric for number, metric in enumerate(METRICS)},
}
# Signs lie on other keys in every country: what was typed counts.
_LETTERS = {
    "?": "help",
    ",": "picture_before",
    ".": "pictures",
    "-": "slower",
    "−": "slower",
    "+": "speed",
    "=": "speed",
}
_FAR = {"back": "back_far", "seconds": "seconds_far"}
# What a replay shares with a live run.
_SHARED = frozenset({"help", "latency", "view", "second", "full", "number", *METRICS})


def replay_key(key: int, letter: str, mod: int) -> str:
    """Return the name of what a key does in a replay; empty where it does nothing."""
    name = _LETTERS.get(letter) or _KEYS.get(key, "")
    return _FAR.get(name, name) if mod & pygame.KMOD_SHIFT else name


def replay_wish(name: str, timeline: Timeline) -> tuple[UserAction, ...] | None:
    """Return what leaves the screen; None where the screen does it by itself."""
    if name in _WISHES:
        kind, number = _WISHES[name]
        return (UserAction(kind, number=number),)
    if name in ("begin", "end"):
        t_s = timeline.start_s if name == "begin" else timeline.end_s
        return (UserAction(ActionKind.SEEK, number=t_s),)
    if name in ("leave", "quit"):
        # Nothing is lost by leaving, so nobody asks.
        return (UserAction(ActionKind.QUIT),)
    return None if name in _SHARED else ()


class Scrub:
    """The mouse on the time bar.

    Attributes
    ----------
    hover_s : float or None
        The moment under the mouse, on the session's clock.
    """

    def __init__(self) -> None:
        self.hover_s: float | None = None
        self._held = False

    def take(
        self,
        event: pygame.event.Event,
        to_surface: Callable[[tuple[int, int]], tuple[int, int]],
        snapshot: Snapshot,
        targets: Sequence[Target],
    ) -> tuple[UserAction, ...] | None:
        """Take a mouse event; None where it is not the time bar's."""
        track = next((target.box for target in targets if target.name == TRACK), None)
        if track is None or snapshot.replay is None or not hasattr(event, "pos"):
            return None
        at = to_surface(event.pos)
        inside = pygame.Rect(track).collidepoint(at)
        t_s = _moment(at[0], track, snapshot.replay.timeline)
        if event.type == pygame.MOUSEMOTION:
            # Let go outside of the window: nobody told.
            self._held = self._held and bool(event.buttons[0])
            self.hover_s = t_s if inside or self._held else None
            return (_seek(t_s, held=True),) if self._held else ()
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and inside:
            self._held, self.hover_s = True, t_s
            return (_seek(t_s, held=True),)
        if event.type == pygame.MOUSEBUTTONUP and event.button == 1 and self._held:
            self._held = False
            self.hover_s = t_s if inside else None
            return (_seek(t_s, held=False),)
        return None


def _seek(t_s: float, *, held: bool) -> UserAction:
    return UserAction(ActionKind.SEEK, "held" if held else "", number=t_s)


def _moment(x: int, track: tuple[int, int, int, int], timeline: Timeline) -> float:
    share = min(max((x - track[0]) / max(track[2] - 1, 1), 0.0), 1.0)
    return timeline.start_s + share * (timeline.end_s - timeline.start_s)
