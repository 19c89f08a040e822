"""Strip charts of the last three minutes."""

from __future__ import annotations

from realtime.hud import theme
from realtime.hud.pen import Box, Pen
from realtime.hud.texts import Texts
from realtime.records import Side, Snapshot, Stride

_SECONDS = 180.0
# Least height of a chart in its unit, so that noise does not fill it; our choices.
_LEAST = {"hip_extension_deg": 10.0, "pelvic_tilt_deg": 14.0, "stride_length_m": 0.3}
_DECIMALS = {"hip_extension_deg": 0, "pelvic_tilt_deg": 0, "stride_length_m": 2}


def draw_chart(
    pen: Pen, box: Box, name: str, snapshot: Snapshot, texts: Texts, subtitle: str
) -> None:
    """Draw one metric against time: band, curve(s), cues and speed changes."""
    pen.panel(box)
    x = box.x + theme.MARGIN
    width = pen.text(texts(name), (x, box.y + 34), theme.SMALL + 1, weight=theme.SEMIBOLD)
    pen.text(subtitle, (x + width + 16, box.y + 34), theme.AXIS, theme.GREY, most=box.w / 2)
    plot = Box(x, box.y + 56, box.w - 2 * theme.MARGIN - 52, box.h - 56 - 38)
    pen.text(texts("ago"), (plot.x, box.bottom - 14), theme.AXIS, theme.GREY)
    pen.text(texts("now"), (plot.right, box.bottom - 14), theme.AXIS, theme.GREY, align="right")
    low, high = _range(snapshot, name)
    for level, y in ((high, plot.y), ((low + high) / 2, plot.y + plot.h / 2), (low, plot.bottom)):
        pen.line((plot.x, y), (plot.right, y), theme.LINE, 1)
        if not snapshot.strides:
            continue
        pen.text(
            f"{level:.{_DECIMALS[name]}f}",
            (box.right - theme.MARGIN, y + 6),
            theme.AXIS,
            theme.GREY,
            align="right",
        )

    def place(t_s: float, value: float) -> tuple[float, float]:
        right = 1.0 - (snapshot.t_s - t_s) / _SECONDS
        up = (min(max(value, low), high) - low) / (high - low)
        return plot.x + right * plot.w, plot.bottom - up * plot.h

    bands = snapshot.result.bands if snapshot.result is not None else {}
    band = bands.get(name)
    if band is not None:
        top, bottom = place(0, band.high)[1], place(0, band.low)[1]
        pen.fill(Box(plot.x, top, plot.w, max(bottom - top, 2)), theme.BAND)
    for t_s in snapshot.speed_changes_s:
        at = place(t_s, low)[0]
        if plot.x <= at <= plot.right:
            pen.line((at, plot.y), (at, plot.bottom), theme.LINE, 2)
    for cue in snapshot.cues:
        at = place(cue.t_capture_s, low)[0]
        if cue.text and plot.x <= at <= plot.right:
            pen.dotted((at, plot.y), (at, plot.bottom), theme.WATCH)
            pen.shape([(at - 6, plot.y - 8), (at + 6, plot.y - 8), (at, plot.y)], theme.WATCH)
    for side, colour in _series(name):
        _curve(
            pen,
            [s for s in snapshot.strides if side in (None, s.side)],
            name,
            place,
            colour,
            plot.x,
        )


def _series(name: str) -> tuple[tuple[Side | None, theme.Colour], ...]:
    if name == "hip_extension_deg":
        return ((Side.R, theme.OTHER), (Side.L, theme.HIP))
    if name == "pelvic_tilt_deg":
        return ((None, theme.PELVIS),)
    return ((None, theme.OTHER),)


def _curve(
    pen: Pen,
    strides: list[Stride],
    name: str,
    place: object,
    colour: theme.Colour,
    left: float,
) -> None:
    """Draw a curve; a gap in the values is a gap in the line."""
    assert callable(place)
    part: list[tuple[float, float]] = []
    last_s = None
    for stride in strides:
        value = stride.measure(name).value
        gap = last_s is not None and stride.end_s - last_s > 4.0
        if value is None or gap:
            pen.path(part, colour, 2.4)
            part = []
        if value is not None:
            at = place(stride.end_s, value)
            if at[0] >= left:
                part.append(at)
        last_s = stride.end_s
    pen.path(part, colour, 2.4)
    if part:
        pen.dot(part[-1], 5, colour)


def _range(snapshot: Snapshot, name: str) -> tuple[float, float]:
    values = [v for s in snapshot.strides if (v := s.measure(name).value) is not None]
    bands = snapshot.result.bands if snapshot.result is not None else {}
    if name in bands:
        values += [bands[name].low, bands[name].high]
    if not values:
        return (0.0, _LEAST[name])
    low, high = min(values), max(values)
    spare = max(_LEAST[name] - (high - low), 0.1 * (high - low)) / 2
    low, high = low - spare, high + spare
    if name == "stride_length_m":
        return low, high
    return float(int(low - 1)), float(int(high + 1))
