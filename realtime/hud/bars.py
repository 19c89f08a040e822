"""The lines along the top and the bottom of the coach's screen."""

from __future__ import annotations

from devices.readings import DeviceStatus, LinkState
from realtime.hud import theme
from realtime.hud.pen import Box, Pen
from realtime.hud.texts import Texts
from realtime.records import RunnerState, Snapshot

TOP_HEIGHT = 64.0
FOOT_HEIGHT = 56.0

STATE_COLOURS = {
    RunnerState.COMPENSATING: theme.ACT,
    RunnerState.WATCH: theme.WATCH,
    RunnerState.RECOVERING: theme.WATCH,
    RunnerState.OK: theme.HIP,
}
_LIGHTS = {
    LinkState.LIVE: theme.HIP,
    LinkState.STALE: theme.WATCH,
    LinkState.RECOVERING: theme.WATCH,
    LinkState.LOST: theme.ACT,
    LinkState.WAITING: theme.GREY,
    LinkState.OFF: theme.LINE,
}


def draw_top(pen: Pen, snapshot: Snapshot, texts: Texts) -> None:
    """Draw who runs, how fast, how long, how far, and the lights."""
    box = Box(0, 0, pen.width, TOP_HEIGHT)
    pen.fill(box, theme.SURFACE)
    pen.within(box)
    base = 42.0
    width = pen.text(
        snapshot.runner, (theme.MARGIN, base), theme.NAME + 4, weight=theme.SEMIBOLD, most=220
    )
    left = theme.MARGIN + width + 24
    right = _lights(pen, snapshot, texts, base)
    readings = _readings(snapshot, texts)
    needed = sum(
        pen.size(number, theme.ROW, theme.SEMIBOLD) + pen.size(unit, theme.SMALL) + 52
        for number, unit in readings
    )
    x = max(left, (left + right - needed) / 2)
    free = x - left - 16
    if free > 80:
        pen.text(snapshot.programme, (left, base), theme.SMALL, theme.GREY, most=free)
    for number, unit in readings:
        if x + pen.size(number, theme.ROW, theme.SEMIBOLD) + 60 > right:
            break
        x += pen.text(number, (x, base), theme.ROW, weight=theme.SEMIBOLD) + 10
        x += pen.text(unit, (x, base), theme.SMALL, theme.GREY) + 42


def _readings(snapshot: Snapshot, texts: Texts) -> list[tuple[str, str]]:
    result = snapshot.result
    speed = result.belt_speed_mps.value if result is not None else None
    grade = result.grade_percent.value if result is not None else None
    minutes, seconds = divmod(int(max(snapshot.elapsed_s, 0)), 60)
    mark = "≈" if result is not None and result.belt_source.value == "camera" else ""
    found = [("–" if speed is None else f"{mark}{3.6 * speed:.1f}", "km/h")]
    if grade is not None:
        found.append((f"{grade:.1f}", "%"))
    found.append((f"{minutes:d}:{seconds:02d}", texts("min")))
    if result is not None:
        found.append((f"{result.distance_m / 1000:.2f}", "km"))
    return found


def _lights(pen: Pen, snapshot: Snapshot, texts: Texts, base: float) -> float:
    """Draw from the right; return where the free room ends."""
    x = pen.width - theme.MARGIN
    word = texts("rec") if snapshot.recording else texts("off_rec")
    colour = theme.TEXT if snapshot.recording else theme.ACT
    x -= pen.size(word, theme.SMALL, theme.SEMIBOLD)
    pen.text(word, (x, base), theme.SMALL, colour, weight=theme.SEMIBOLD)
    x -= 18
    pen.dot((x, base - 7), 8, theme.ACT if snapshot.recording else theme.LINE)
    x -= 28
    if snapshot.latency.p50_ms is not None:
        text = texts("latency", snapshot.latency.p50_ms)
        x -= pen.size(text, theme.SMALL)
        pen.text(text, (x, base), theme.SMALL, theme.GREY)
        x -= 28
    for status in reversed(snapshot.devices):
        text = _device_text(status, snapshot)
        x -= pen.size(text, theme.SMALL)
        bad = status.state in (LinkState.LOST, LinkState.STALE)
        pen.text(text, (x, base), theme.SMALL, theme.TEXT if bad else theme.GREY)
        x -= 16
        pen.dot((x, base - 7), 6, _LIGHTS[status.state])
        x -= 28
    return x


def _device_text(status: DeviceStatus, snapshot: Snapshot) -> str:
    if status.name == "camera" and snapshot.camera_fps and status.state is LinkState.LIVE:
        return f"{snapshot.camera_fps:.0f} fps"
    return status.text


def draw_foot(pen: Pen, snapshot: Snapshot, texts: Texts) -> None:
    """Draw the keys, and the state in words."""
    box = Box(0, pen.height - FOOT_HEIGHT, pen.width, FOOT_HEIGHT)
    pen.within(box)
    base = box.y + 36
    state = snapshot.result.state if snapshot.result is not None else RunnerState.WAITING
    words = texts(f"state_{state.value}")
    result = snapshot.result
    if result is not None and result.strides_in_state > 1 and state in STATE_COLOURS:
        words += " " + texts("for_strides", result.strides_in_state)
    if snapshot.muted:
        words = f"{texts('muted')} · {words}"
    colour = STATE_COLOURS.get(state, theme.GREY)
    width = pen.size(words, theme.NAME, theme.SEMIBOLD)
    pen.text(
        words,
        (pen.width - theme.MARGIN, base),
        theme.NAME,
        colour,
        weight=theme.SEMIBOLD,
        align="right",
    )
    pen.text(
        texts("keys"),
        (theme.MARGIN, base),
        theme.SMALL,
        theme.GREY,
        most=pen.width - width - 3 * theme.MARGIN,
    )
