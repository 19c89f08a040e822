"""The coach's screen: picture, budget, the numbers that decide, then time."""

from __future__ import annotations

from devices.readings import LinkState
from realtime.hud import theme
from realtime.hud.bars import FOOT_HEIGHT, TOP_HEIGHT, draw_foot, draw_top
from realtime.hud.budget import draw_budget
from realtime.hud.charts import draw_chart
from realtime.hud.pen import Box, Pen
from realtime.hud.picture import Picture
from realtime.hud.texts import Texts
from realtime.hud.tiles import draw_row, draw_tile
from realtime.records import Cue, RunnerState, Snapshot

_SMALL_ROW = (
    "lumbar_extension_deg",
    "trunk_lean_deg",
    "contact_time_s",
    "vertical_oscillation_m",
    "knee_contact_deg",
)
# A cue stays on the picture this long.
_CUE_S = 12.0


class CoachScene:
    """Draws a snapshot for the coach; keeps nothing but scaled pictures."""

    def __init__(self) -> None:
        self._picture = Picture()

    def draw(self, pen: Pen, snapshot: Snapshot, texts: Texts) -> None:
        """Draw one frame."""
        draw_top(pen, snapshot, texts)
        draw_foot(pen, snapshot, texts)
        top = TOP_HEIGHT + theme.MARGIN
        charts_h = 0.225 * pen.height
        charts_y = pen.height - FOOT_HEIGHT - charts_h
        upper_h = charts_y - top - theme.GAP
        picture_w = self._picture_width(pen, snapshot, upper_h)
        picture = Box(theme.MARGIN, top, picture_w, upper_h)
        self._picture.draw(pen, picture, snapshot, texts, _camera_trouble(snapshot))
        self._over_picture(pen, picture, snapshot, texts)
        right = Box(
            picture.right + theme.MARGIN,
            top,
            pen.width - picture.right - 2 * theme.MARGIN,
            upper_h,
        )
        self._right(pen, right, snapshot, texts)
        self._charts(
            pen,
            Box(theme.MARGIN, charts_y, pen.width - 2 * theme.MARGIN, charts_h),
            snapshot,
            texts,
        )

    def _picture_width(self, pen: Pen, snapshot: Snapshot, height: float) -> float:
        """60 % of the width, less for a picture that is taller than wide."""
        most = 0.6 * pen.width
        if snapshot.frame is None:
            return most
        rows, columns = snapshot.frame.image_bgr.shape[:2]
        return most if columns >= rows else max(min(most, height * columns / rows), 0.3 * pen.width)

    def _right(self, pen: Pen, box: Box, snapshot: Snapshot, texts: Texts) -> None:
        small_h = 0.135 * box.h
        budget_h = 0.42 * box.h
        tile_h = (box.h - small_h - budget_h - 3 * theme.GAP) / 2
        draw_budget(pen, Box(box.x, box.y, box.w, budget_h), snapshot, texts)
        tile_w = (box.w - theme.GAP) / 2
        y = box.y + budget_h + theme.GAP
        for row in (
            ("hip_extension_deg", "pelvic_tilt_deg"),
            ("stride_length_m", "cadence_spm"),
        ):
            for k, name in enumerate(row):
                tile = Box(box.x + k * (tile_w + theme.GAP), y, tile_w, tile_h)
                draw_tile(pen, tile, name, snapshot, texts)
            y += tile_h + theme.GAP
        draw_row(pen, Box(box.x, y, box.w, small_h), _SMALL_ROW, snapshot, texts)

    def _charts(self, pen: Pen, box: Box, snapshot: Snapshot, texts: Texts) -> None:
        width = (box.w - 2 * theme.GAP) / 3
        speed = snapshot.result.belt_speed_mps.value if snapshot.result is not None else None
        at = "m" if speed is None else "m " + texts("at_speed", 3.6 * speed)
        charts = (
            ("hip_extension_deg", "° " + texts("leftright")),
            ("pelvic_tilt_deg", "° " + texts("from_neutral")),
            ("stride_length_m", at),
        )
        for k, (name, subtitle) in enumerate(charts):
            chart = Box(box.x + k * (width + theme.GAP), box.y, width, box.h)
            draw_chart(pen, chart, name, snapshot, texts, subtitle)

    def _over_picture(self, pen: Pen, box: Box, snapshot: Snapshot, texts: Texts) -> None:
        pen.within(box)
        y = box.y + theme.GAP
        for notice in snapshot.notices[:2]:
            y = _strip(pen, box, y, notice.text, notice.advice, theme.WATCH)
        result = snapshot.result
        state = result.state if result is not None else RunnerState.WAITING
        if state in (RunnerState.WAITING, RunnerState.NEUTRAL):
            progress = result.neutral_progress if result is not None else None
            reason = result.state_reason if result is not None else ""
            self._advice(pen, box, state, progress, reason, texts)
        elif state in (RunnerState.UNKNOWN, RunnerState.WARMING_UP) and result is not None:
            _strip(pen, box, y, texts(f"state_{state.value}"), result.state_reason, theme.GREY)
        cue = _last_cue(snapshot)
        if cue is not None:
            self._cue(pen, box, cue, snapshot, texts)

    def _advice(
        self,
        pen: Pen,
        box: Box,
        state: RunnerState,
        progress: float | None,
        reason: str,
        texts: Texts,
    ) -> None:
        """Say what to do before anything can be measured, with the countdown."""
        card = Box(box.x + theme.GAP, box.bottom - 116, box.w - 2 * theme.GAP, 100)
        pen.veil(card, 225)
        pen.within(card)
        x = card.x + theme.MARGIN
        key = "do_neutral" if state is RunnerState.NEUTRAL else "do_waiting"
        pen.text(
            texts(key),
            (x, card.y + 42),
            theme.ROW,
            weight=theme.SEMIBOLD,
            most=card.w - 2 * theme.MARGIN,
        )
        pen.text(reason, (x, card.y + 72), theme.SMALL, theme.GREY, most=card.w / 2)
        if progress is not None:
            bar = Box(x, card.bottom - 16, card.w - 2 * theme.MARGIN, 6)
            pen.fill(bar, theme.LINE, 3)
            pen.fill(Box(bar.x, bar.y, bar.w * progress, bar.h), theme.HIP, 3)

    def _cue(self, pen: Pen, box: Box, cue: Cue, snapshot: Snapshot, texts: Texts) -> None:
        words = f"“{cue.text}”"
        ago = sum(s.end_s > cue.t_capture_s for s in snapshot.strides)
        below = [texts("cue", n=cue.number), texts("strides_ago", ago)]
        latency = snapshot.cue_latency_ms.get(cue.number)
        if latency is not None:
            below.append(texts("latency", latency))
        response = snapshot.responses.get(cue.number)
        before = response.before.value if response is not None else None
        after = response.after.value if response is not None else None
        if before is not None and after is not None:
            below.append(texts("since", after - before))
        line = " · ".join(below)
        width = (
            max(pen.size(words, theme.ROW, theme.SEMIBOLD), pen.size(line, theme.SMALL))
            + 2 * theme.MARGIN
        )
        card = Box(box.x + theme.GAP, box.bottom - 108, min(width, box.w - 32), 92)
        pen.veil(card, 225)
        pen.fill(Box(card.x, card.y, 5, card.h), theme.WATCH, 2)
        pen.within(card)
        x = card.x + theme.MARGIN
        most = card.w - 2 * theme.MARGIN
        pen.text(words, (x, card.y + 42), theme.ROW, weight=theme.SEMIBOLD, most=most)
        pen.text(line, (x, card.y + 72), theme.SMALL, theme.GREY, most=most)


def _strip(pen: Pen, box: Box, y: float, text: str, advice: str, colour: theme.Colour) -> float:
    """Draw a line over the picture; return where the next one goes."""
    line = f"{text} · {advice}" if advice else text
    width = min(pen.size(line, theme.SMALL, theme.SEMIBOLD) + 56, box.w - 2 * theme.GAP)
    strip = Box(box.x + theme.GAP, y, width, 40)
    pen.veil(strip, 225)
    pen.fill(Box(strip.x, strip.y, 5, strip.h), colour, 2)
    pen.within(strip)
    pen.text(
        line,
        (strip.x + theme.MARGIN, y + 27),
        theme.SMALL,
        weight=theme.SEMIBOLD,
        most=width - 36,
    )
    return y + 48


def _last_cue(snapshot: Snapshot) -> Cue | None:
    spoken = [cue for cue in snapshot.cues if cue.text]
    if not spoken or snapshot.t_s - spoken[-1].t_capture_s > _CUE_S:
        return None
    return spoken[-1]


def _camera_trouble(snapshot: Snapshot) -> str:
    for status in snapshot.devices:
        if status.name == "camera" and status.state is LinkState.LOST:
            return status.advice or status.text
    return ""
