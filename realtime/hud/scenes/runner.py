"""The runner's screen: one number, one colour, one word, and where it lies in the band.

Made to be read at four metres from the side of the eye. The colour is never alone: the
marker leaves the band, the word changes, and bars appear at the edges of the screen,
above while watching, above and below while compensating.
"""

from __future__ import annotations

import math

import pygame

from hipcue.realtime.hud.draw.cached_panel import CachedPanel
from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.theme import (
    ACT,
    BACKGROUND,
    FADE_S,
    GAP,
    HIP,
    LINE,
    MARGIN,
    SECONDARY,
    TEXT,
    WATCH,
    Colour,
    Type,
    Weight,
    mix,
)
from hipcue.realtime.hud.facts.belt import belt_runs
from hipcue.realtime.hud.facts.devices import camera_lost
from hipcue.realtime.hud.facts.guide import standing_progress
from hipcue.realtime.hud.facts.legs import near_side, runner_state
from hipcue.realtime.hud.facts.metric_style import RUNNER_METRICS
from hipcue.realtime.hud.facts.mood import Mood
from hipcue.realtime.hud.facts.readings import Reading, reading
from hipcue.realtime.hud.facts.texts import DASH, Texts
from hipcue.realtime.hud.widgets.cue_chip import last_cue
from hipcue.realtime.hud.widgets.footer import RUNNER_KEYS, draw_footer, footer_height
from hipcue.realtime.hud.widgets.ring import draw_ring
from hipcue.realtime.records import CueKind, RunnerState
from hipcue.realtime.view.snapshot import Snapshot

# How long a spoken cue stays the word, seconds.
_CUE_WORD_S = 5.0
# The hints of the keys go away after this.
_HINTS_S = 5.0
# The gauge shows this many half bands to either side of the band's middle.
_GAUGE_HALF_BANDS = 3.0
# The number stays in the middle; with its unit it reaches this share of the width from there.
_HALF = 0.46

_COLOURS: dict[RunnerState, Colour] = {
    RunnerState.OK: TEXT,
    RunnerState.WATCH: WATCH,
    RunnerState.COMPENSATING: ACT,
    RunnerState.RECOVERING: WATCH,
    RunnerState.WARMING_UP: TEXT,
}


class RunnerScene:
    """Draws snapshots for the runner. `metric` is what the coach chose to show.

    While it is `covered` by a dialog below, nothing is drawn there; a dialog at the side
    takes `side_px` from the width.

    Parameters
    ----------
    tilt_band_deg : float
        Display band of the pelvic tilt before there is a baseline.
    """

    def __init__(self, tilt_band_deg: float) -> None:
        self._tilt_band_deg = tilt_band_deg
        self.metric = RUNNER_METRICS[0]
        self._colour: Colour | None = None
        self._from: Colour = TEXT
        self._since_s = -math.inf
        self._opened_s: float | None = None
        self._keys = CachedPanel(BACKGROUND)
        self.covered = False
        self.side_px = 0

    def opened(self) -> None:
        """Show the keys for a moment, because the view was just chosen."""
        self._opened_s = None

    def low_box(self, canvas: Canvas) -> pygame.Rect:
        """Where a dialog may lie."""
        top = round(0.76 * canvas.rect.h)
        margin = canvas.theme.px(MARGIN)
        foot = canvas.rect.h - _edge(canvas) - canvas.theme.px(GAP)
        return pygame.Rect(margin, top, canvas.rect.w - 2 * margin, foot - top)

    def draw(self, canvas: Canvas, snapshot: Snapshot, texts: Texts) -> None:
        """Draw one frame."""
        canvas.surface.fill(BACKGROUND)
        area = canvas.rect.copy()
        area.width -= self.side_px
        if self._opened_s is None or snapshot.t_s < self._opened_s:
            self._opened_s = snapshot.t_s
        shown = reading(snapshot, self.metric, near_side(snapshot), texts, self._tilt_band_deg)
        colour = self._fade(_colour(snapshot, shown), snapshot.t_s)
        if not camera_lost(snapshot):
            _edges(canvas, runner_state(snapshot), colour)
        progress = standing_progress(snapshot)
        runs = camera_lost(snapshot) or _runs(snapshot)
        if not runs and progress is not None:
            _countdown(canvas, area, progress)
        elif runs:
            self._title(canvas, area, texts)
            _number(canvas, area, shown, colour)
        self._word(canvas, area, snapshot, shown, texts)
        if not self.covered:
            _gauge(canvas, area, shown, texts)
        if not self.covered and not self.side_px and snapshot.t_s - self._opened_s < _HINTS_S:
            self._hints(canvas, snapshot, texts)

    def _fade(self, wanted: Colour, now_s: float) -> Colour:
        if self._colour is None:
            self._colour = wanted
        if wanted != self._colour:
            self._from, self._colour, self._since_s = self._colour, wanted, now_s
        share = (now_s - self._since_s) / FADE_S
        return mix(self._from, wanted, share) if 0.0 <= share < 1.0 else wanted

    def _title(self, canvas: Canvas, area: pygame.Rect, texts: Texts) -> None:
        size = 0.058 * area.h
        # Hair spaces set capitals apart, as capitals want it.
        words = "\u200a".join(texts(f"metric.{self.metric}").upper())
        base = round(0.19 * area.h)
        canvas.text(words, area.centerx, base, size, SECONDARY, Weight.SEMIBOLD, align="center")

    def _word(
        self,
        canvas: Canvas,
        area: pygame.Rect,
        snapshot: Snapshot,
        shown: Reading,
        texts: Texts,
    ) -> None:
        state = runner_state(snapshot)
        words = texts(f"runner.{_to_do(snapshot, state)}")
        cue = last_cue(snapshot)
        running = _runs(snapshot)
        alone = not running and state is RunnerState.WAITING and not camera_lost(snapshot)
        if camera_lost(snapshot):
            words = texts("state.camera_lost")
        elif running and cue is not None and _fresh(snapshot, cue.t_capture_s):
            words = cue.text if cue.kind is CueKind.SPEECH and cue.text else words
        elif running and shown.reason:
            words = shown.reason
        # Before the run the next thing to do is all there is to see.
        size = (0.13 if alone else 0.085) * area.h
        most = 0.9 * area.w
        while canvas.width(words, size, Weight.SEMIBOLD) > most and size > 16:
            size *= 0.94
        base = round((0.52 if alone else 0.725 + _comma(shown)) * area.h)
        missing = shown.mood is Mood.MISSING and running
        canvas.text(
            words,
            area.centerx,
            base,
            size,
            SECONDARY if missing else TEXT,
            Weight.SEMIBOLD,
            align="center",
        )

    def _hints(self, canvas: Canvas, snapshot: Snapshot, texts: Texts) -> None:
        height = footer_height(canvas)
        box = pygame.Rect(0, canvas.rect.h - height - _edge(canvas), canvas.rect.w, height)
        self._keys.show(
            canvas,
            box,
            None,
            None,
            snapshot.t_s,
            lambda panel: draw_footer(panel, RUNNER_KEYS, None, texts),
        )


def _runs(snapshot: Snapshot) -> bool:
    return runner_state(snapshot) not in (RunnerState.WAITING, RunnerState.NEUTRAL)


def _to_do(snapshot: Snapshot, state: RunnerState) -> str:
    """Return the word of a state; before the run it is the next thing to do."""
    result = snapshot.result
    if result is None or not result.preview_pose.seen:
        return state.name.lower()
    if state is RunnerState.WAITING and not result.neutral_measured:
        return "stand"
    if not _runs(snapshot) and standing_progress(snapshot) is None:
        return "warming_up" if belt_runs(snapshot) else "start"
    return state.name.lower()


def _fresh(snapshot: Snapshot, cue_s: float) -> bool:
    return 0.0 <= snapshot.t_s - cue_s < _CUE_WORD_S


def _colour(snapshot: Snapshot, shown: Reading) -> Colour:
    if shown.mood is Mood.MISSING or camera_lost(snapshot):
        return SECONDARY
    return _COLOURS.get(runner_state(snapshot), SECONDARY)


def _edge(canvas: Canvas) -> int:
    return canvas.theme.px(28)


def _edges(canvas: Canvas, state: RunnerState, colour: Colour) -> None:
    """Draw bars at the edges, which are seen from the corner of the eye."""
    thick = _edge(canvas)
    if state in (RunnerState.WATCH, RunnerState.RECOVERING, RunnerState.COMPENSATING):
        canvas.surface.fill(colour, (0, 0, canvas.rect.w, thick))
    if state is RunnerState.COMPENSATING:
        canvas.surface.fill(colour, (0, canvas.rect.h - thick, canvas.rect.w, thick))


def _number(canvas: Canvas, area: pygame.Rect, shown: Reading, colour: Colour) -> None:
    """Draw the number, a third of the screen's height."""
    height, width = area.h, area.w
    words = DASH if shown.mood is Mood.MISSING else _plain(shown)
    unit = "" if shown.mood is Mood.MISSING else shown.unit
    size = height / 3 / 0.66
    while _half_width(canvas, words, unit, size) > _HALF * width:
        size *= 0.95
    unit_size = _unit_share(unit) * size
    base = round((0.59 - _comma(shown)) * height)
    left = area.left + (width - canvas.width(words, size, Weight.BOLD)) / 2
    right = canvas.text(words, left, base, size, colour, Weight.BOLD).right
    if unit == "°":
        top = base - 0.66 * size
        canvas.text(unit, right + 0.02 * size, top + 0.62 * unit_size, unit_size, colour)
    elif unit:
        canvas.text(unit, right + 0.06 * size, base, unit_size, SECONDARY, Weight.SEMIBOLD)


def _unit_share(unit: str) -> float:
    """Return the size of a unit as a share of its number's."""
    return 0.36 if unit == "°" else 0.2


def _half_width(canvas: Canvas, words: str, unit: str, size: float) -> float:
    """Return how far a centred number reaches to the right with its unit, pixels."""
    beside = canvas.width(unit, _unit_share(unit) * size, Weight.SEMIBOLD) if unit else 0
    return canvas.width(words, size, Weight.BOLD) / 2 + 0.06 * size + beside


def _comma(shown: Reading) -> float:
    """Return the share of the height that a comma below the line takes."""
    return 0.016 if "," in shown.value else 0.0


def _plain(shown: Reading) -> str:
    """Return the number in whole degrees: a runner reads no decimals."""
    if shown.unit != "°" or shown.number is None:
        return shown.value
    rounded = round(shown.number)
    sign = "−" if rounded < 0 else "+" if shown.value.startswith("+") and rounded else ""
    return f"{sign}{abs(rounded)}"


def _countdown(canvas: Canvas, area: pygame.Rect, progress: float) -> None:
    """Draw the ring that closes, with the seconds that are left."""
    size = round(0.5 * area.h)
    box = pygame.Rect(0, 0, size, size)
    box.center = (area.centerx, round(0.36 * area.h))
    draw_ring(canvas, box, progress, weight=0.025)


def _gauge(canvas: Canvas, area: pygame.Rect, shown: Reading, texts: Texts) -> None:
    """Draw the band as a part of a bar, and a marker where the value is."""
    if shown.band is None or shown.number is None:
        return
    theme = canvas.theme
    low, high = shown.band.low, shown.band.high
    width, height = area.w, area.h
    bar = pygame.Rect(
        area.left + round(0.135 * width), round(0.825 * height), round(0.73 * width), 0
    )
    bar.height = max(round(0.026 * height), 8)
    middle, half = (low + high) / 2, max((high - low) / 2, 1e-6)
    first, last = middle - _GAUGE_HALF_BANDS * half, middle + _GAUGE_HALF_BANDS * half

    def x(value: float) -> int:
        share = (value - first) / (last - first)
        return round(bar.left + min(max(share, 0.0), 1.0) * bar.w)

    canvas.panel(bar, LINE, radius=bar.h / 2)
    band = pygame.Rect(x(low), bar.top, x(high) - x(low), bar.h)
    canvas.panel(band, mix(BACKGROUND, HIP, 0.65), radius=bar.h / 2)
    size = 0.036 * height
    canvas.icon("triangle_down", x(shown.number), bar.top - 0.75 * size, size, TEXT)
    words = texts("runner.band")
    kind = max(0.032 * height, theme.type_px(Type.SMALL))
    base = bar.bottom + round(1.45 * kind)
    canvas.text(words, band.centerx, base, kind, SECONDARY, align="center")
