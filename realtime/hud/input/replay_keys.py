"""Keys and mouse of a replay: they move through time, and ask nobody for anything else.

What would only make sense in a live run (mute, neutral, marks, cues, the runner's name,
set-up) is not here, so it can be neither pressed nor clicked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pygame

from hipcue.realtime.hud.draw.target import Target
from hipcue.realtime.hud.facts.metric_style import RUNNER_METRICS
from hipcue.realtime.hud.input.live_keys import METRIC_KEYS, VIEW_COMMANDS
from hipcue.realtime.hud.input.view_commands import ViewCommand
from hipcue.realtime.view.commands import (
    ChangeSpeed,
    Quit,
    ReplayCommand,
    Seek,
    ShowPeak,
    Skip,
    StepPicture,
    StepStride,
    TogglePlaying,
)
from hipcue.realtime.view.snapshot import Snapshot, Timeline

# The time bar's name among the targets.
TRACK = "replay:track"
_SKIP_S, _SKIP_FAR_S = 1.0, 10.0

# By what they do; a name that stands for a pair of keys does the forward one when clicked.
_COMMANDS: dict[str, ReplayCommand] = {
    "pause": TogglePlaying(),
    "back": Skip(-_SKIP_S),
    "seconds": Skip(_SKIP_S),
    "back_far": Skip(-_SKIP_FAR_S),
    "seconds_far": Skip(_SKIP_FAR_S),
    "stride_before": StepStride(-1),
    "strides": StepStride(1),
    "picture_before": StepPicture(-1),
    "pictures": StepPicture(1),
    "slower": ChangeSpeed(-1),
    "speed": ChangeSpeed(1),
    "peak": ShowPeak(),
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
    pygame.K_F4: "runner_window",
    pygame.K_F11: "full",
    **METRIC_KEYS,
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
_SHARED = ("help", "latency", "view", "runner_window", "full", "number", *RUNNER_METRICS)


def replay_key(key: int, letter: str, mod: int) -> str:
    """Return the name of what a key does in a replay; empty where it does nothing."""
    name = _LETTERS.get(letter) or _KEYS.get(key, "")
    return _FAR.get(name, name) if mod & pygame.KMOD_SHIFT else name


def replay_command(name: str, timeline: Timeline) -> ReplayCommand | Quit | ViewCommand | None:
    """Return the command that a key or a hint stands for; None where there is none."""
    if name in ("begin", "end"):
        return Seek(timeline.start_s if name == "begin" else timeline.end_s)
    if name in ("leave", "quit"):
        return Quit()  # Nothing is lost by leaving, so nobody asks.
    return VIEW_COMMANDS[name] if name in _SHARED else _COMMANDS.get(name)


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
    ) -> tuple[Seek, ...] | None:
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
            return (Seek(t_s, held=True),) if self._held else ()
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and inside:
            self._held, self.hover_s = True, t_s
            return (Seek(t_s, held=True),)
        if event.type == pygame.MOUSEBUTTONUP and event.button == 1 and self._held:
            self._held = False
            self.hover_s = t_s if inside else None
            return (Seek(t_s),)
        return None


def _moment(x: int, track: tuple[int, int, int, int], timeline: Timeline) -> float:
    share = min(max((x - track[0]) / max(track[2] - 1, 1), 0.0), 1.0)
    return timeline.start_s + share * (timeline.end_s - timeline.start_s)
