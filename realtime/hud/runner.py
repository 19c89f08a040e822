"""The runner's screen: one number, one colour, one word, seen from the side of the eye."""

from __future__ import annotations

from realtime.hud import theme
from realtime.hud.bars import STATE_COLOURS
from realtime.hud.numbers import shown
from realtime.hud.pen import Box, Pen
from realtime.hud.texts import Texts
from realtime.records import RunnerState, Snapshot

_METRIC = "hip_extension_deg"
_WORDS = {
    RunnerState.OK: "say_ok",
    RunnerState.WATCH: "say_watch",
    RunnerState.COMPENSATING: "say_compensating",
    RunnerState.RECOVERING: "say_recovering",
    RunnerState.NEUTRAL: "runner_wait",
    RunnerState.WAITING: "runner_wait",
}


class RunnerScene:
    """Draws a snapshot for the runner."""

    def draw(self, pen: Pen, snapshot: Snapshot, texts: Texts) -> None:
        """Draw one frame."""
        w, h = pen.width, pen.height
        pen.within(Box(0, 0, w, h))
        state = snapshot.result.state if snapshot.result is not None else RunnerState.WAITING
        colour = STATE_COLOURS.get(state, theme.TEXT)
        near = [s for s in snapshot.last_stride.values() if s.near]
        value = shown(_METRIC, near[0].measure(_METRIC)) if near else None
        pen.text(
            texts("hip_caps"),
            (w / 2, 0.21 * h),
            52,
            theme.GREY,
            weight=theme.SEMIBOLD,
            align="centre",
        )
        number = "–" if value is None or value.reason else f"{float(value.number):.0f}"
        size = 0.42 * h
        pen.text(number, (w / 2, 0.59 * h), size, colour, weight="Black", align="centre")
        if number != "–":
            width = pen.size(number, size, "Black")
            pen.text("°", (w / 2 + width / 2 + 12, 0.45 * h), size / 2, colour)
        reason = value.reason if value is not None and value.reason else None
        if reason and state not in _WORDS:
            pen.text(reason, (w / 2, 0.73 * h), 48, theme.GREY, align="centre", most=w - 96)
        else:
            pen.text(
                texts(_WORDS.get(state, "say_wait")),
                (w / 2, 0.73 * h),
                84,
                weight=theme.SEMIBOLD,
                align="centre",
                most=w - 96,
            )
        self._band(pen, snapshot, texts, number)

    def _band(self, pen: Pen, snapshot: Snapshot, texts: Texts, number: str) -> None:
        near = [s for s in snapshot.last_stride.values() if s.near]
        if snapshot.result is None or not near:
            return
        band = snapshot.result.bands.get(f"{_METRIC}:{near[0].side.value}")
        value = near[0].measure(_METRIC).value
        if band is None:
            return
        w, h = pen.width, pen.height
        bar = Box(0.14 * w, 0.835 * h, 0.72 * w, 24)
        low, high = band.centre - 12.0, band.centre + 12.0
        pen.fill(bar, theme.LINE, 12)
        left = bar.x + (band.low - low) / (high - low) * bar.w
        right = bar.x + (band.high - low) / (high - low) * bar.w
        pen.fill(Box(left, bar.y, right - left, bar.h), theme.HIP, 12)
        pen.text(
            texts("your_band"),
            ((left + right) / 2, bar.bottom + 52),
            32,
            theme.GREY,
            align="centre",
        )
        if value is not None:
            x = bar.x + min(max((value - low) / (high - low), 0.0), 1.0) * bar.w
            pen.shape([(x - 16, bar.y - 40), (x + 16, bar.y - 40), (x, bar.y - 12)], theme.TEXT)
