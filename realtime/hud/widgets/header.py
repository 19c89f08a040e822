"""The line at the top: who runs, what the belt does, how the devices are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hipcue.devices.readings import DeviceStatus, LinkState
from hipcue.realtime.hud.draw.canvas import Canvas
from hipcue.realtime.hud.draw.text_fit import shorten
from hipcue.realtime.hud.draw.theme import (
    ACT,
    HIP,
    MARGIN,
    SECONDARY,
    SURFACE,
    TEXT,
    WATCH,
    Colour,
    Type,
    Weight,
)
from hipcue.realtime.hud.facts.belt import belt_kmh, belt_speed
from hipcue.realtime.hud.facts.devices import camera_lost
from hipcue.realtime.hud.facts.texts import DASH, Texts, clock
from hipcue.realtime.records import StepResult
from hipcue.realtime.view.snapshot import Snapshot

HEIGHT = 64
# A lost device blinks: half a second on, half a second dim.
_BLINK_S = 1.0

# A status's shape says what its colour says.
STATUS_ICONS: dict[LinkState, tuple[str, Colour]] = {
    LinkState.LIVE: ("dot", HIP),
    LinkState.OFF: ("ring", SECONDARY),
    LinkState.WAITING: ("ring", SECONDARY),
    LinkState.RECOVERING: ("diamond", WATCH),
    LinkState.STALE: ("triangle_up", WATCH),
    LinkState.LOST: ("cross", ACT),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A run of words in the line; `icon` stands before it."""

    words: str
    kind: Type = Type.SMALL
    colour: Colour = SECONDARY
    weight: Weight = Weight.REGULAR
    icon: str = ""
    icon_colour: Colour = SECONDARY
    gap: int = 24


def header_height(canvas: Canvas) -> int:
    """Return the height of the line, pixels."""
    return max(canvas.theme.px(HEIGHT), 2 * canvas.theme.type_px(Type.TITLE) + 4)


def belt_parts(snapshot: Snapshot, texts: Texts) -> list[Part]:
    """Return speed, grade, time and distance; a dash and the reason for a missing speed.

    What the belt does is worked out with every picture: without pictures all but the time
    would be of the moment when they stopped.
    """
    result = None if camera_lost(snapshot) else snapshot.result
    parts: list[Part] = []
    kmh = belt_kmh(snapshot)
    if kmh is not None:
        parts += [_value(texts.number(kmh, 1)), _unit(texts("unit.kmh"))]
    else:
        why = texts.reason(belt_speed(snapshot).reason, short=True)
        parts += [_value(DASH), _unit(why)]
    grade = result.grade_percent.value if result is not None else None
    if grade is not None:
        parts += [_value(texts.number(grade, 1)), _unit(texts("unit.grade"))]
    parts += [_value(clock(snapshot.elapsed_s)), _unit(texts("unit.minutes"))]
    if result is not None:
        parts += [_value(texts.number(result.distance_m / 1000.0, 2)), _unit(texts("unit.km"))]
    return parts


def _value(words: str) -> Part:
    return Part(words, Type.ROW, TEXT, Weight.SEMIBOLD)


def _unit(words: str) -> Part:
    return Part(words, gap=8)


def status_part(device: DeviceStatus, snapshot: Snapshot, texts: Texts) -> Part:
    """Return a device's status: shape, colour and short text."""
    icon, colour = STATUS_ICONS[device.state]
    words = texts.reason(device.reason)
    text_colour = SECONDARY
    if device.name == "sound" and snapshot.muted:
        return Part(texts("device.muted"), colour=WATCH, icon="ring", icon_colour=WATCH)
    if device.state is LinkState.LOST:
        text_colour = ACT
    elif device.state in (LinkState.STALE, LinkState.RECOVERING):
        text_colour = WATCH
    return Part(words, colour=text_colour, icon=icon, icon_colour=colour)


def device_parts(snapshot: Snapshot, texts: Texts, statuses: bool = True) -> list[Part]:
    """Return the devices' statuses, and whether the session is recorded."""
    devices = snapshot.devices if statuses else ()
    parts = [status_part(device, snapshot, texts) for device in devices]
    if snapshot.replay is not None:
        word = texts("device.replay")
        parts.append(Part(word, colour=TEXT, weight=Weight.SEMIBOLD, icon="play"))
    elif snapshot.recording:
        word = texts("device.recording")
        parts.append(Part(word, colour=TEXT, weight=Weight.SEMIBOLD, icon="dot", icon_colour=ACT))
    else:
        parts.append(Part(texts("device.not_kept"), icon="ring"))
    return parts


def _width(canvas: Canvas, parts: Sequence[Part]) -> int:
    total = 0
    for number, part in enumerate(parts):
        total += canvas.theme.px(part.gap) if number else 0
        total += canvas.width(part.words, part.kind, part.weight)
        if part.icon:
            total += canvas.theme.type_px(Type.LABEL)
    return total


def _write(canvas: Canvas, parts: Sequence[Part], x: int, dim: Callable[[Part], bool]) -> None:
    middle = canvas.rect.centery
    baseline = middle + canvas.theme.cap_px(Type.ROW) / 2
    level = middle + canvas.theme.cap_px(Type.SMALL) / 2
    big = any(part.kind is Type.ROW for part in parts)
    for number, part in enumerate(parts):
        x += canvas.theme.px(part.gap) if number else 0
        if part.icon:
            size = 0.62 * canvas.theme.type_px(Type.LABEL)
            step = canvas.theme.type_px(Type.LABEL)
            if not dim(part):
                canvas.icon(part.icon, x + size / 2, middle, size, part.icon_colour, weight=0.2)
            x += step
        at = baseline if big else level
        canvas.text(part.words, x, at, part.kind, part.colour, part.weight)
        x += canvas.width(part.words, part.kind, part.weight)


def draw_header(
    canvas: Canvas, snapshot: Snapshot, texts: Texts, blink: bool, *, statuses: bool = True
) -> None:
    """Draw the line; what matters least is left out first where it is too narrow.

    `blink` leaves out the sign of a lost device; without `statuses` there are none.
    """
    theme = canvas.theme
    canvas.surface.fill(SURFACE)
    canvas.ground = SURFACE
    margin, gap = theme.px(MARGIN), theme.px(MARGIN)
    belt = belt_parts(snapshot, texts)
    right = device_parts(snapshot, texts, statuses)
    name_width = canvas.width(snapshot.runner, Type.TITLE, Weight.SEMIBOLD)
    programme = texts.reason(snapshot.programme)
    room = canvas.rect.w - 2 * margin - 2 * gap
    for step in range(3):
        needed = name_width + _width(canvas, belt) + _width(canvas, right)
        needed += canvas.width(programme, Type.SMALL) + gap if programme else 0
        if needed <= room:
            break
        if step == 0:
            programme = ""
        elif step == 1:
            belt = [part for part in belt if part.words != texts("unit.minutes")]
    name_most = room - _width(canvas, belt) - _width(canvas, right)
    middle = canvas.rect.centery
    name = shorten(canvas, snapshot.runner, max(name_most, 1), Type.TITLE, Weight.SEMIBOLD)
    box = canvas.text(
        name,
        margin,
        middle + theme.cap_px(Type.TITLE) / 2,
        Type.TITLE,
        TEXT,
        Weight.SEMIBOLD,
    )
    left_end = box.right
    if programme:
        level = middle + theme.cap_px(Type.SMALL) / 2
        left_end = canvas.text(programme, box.right + gap, level, Type.SMALL, SECONDARY).right
    right_start = canvas.rect.w - margin - _width(canvas, right)
    _write(canvas, right, right_start, lambda part: blink and part.icon == "cross")
    # The belt in the middle of the window, or of what is left between the others.
    belt_width = _width(canvas, belt)
    low, high = left_end + gap, right_start - gap - belt_width
    start = min(max((canvas.rect.w - belt_width) // 2, low), max(high, low))
    _write(canvas, belt, start, lambda part: False)


def header_key(snapshot: Snapshot, texts: Texts, blink: bool) -> tuple[object, ...]:
    """Return everything that the line shows, rounded as it is written: no words are made."""
    lost = camera_lost(snapshot)
    result = None if lost else snapshot.result
    return (
        snapshot.runner,
        snapshot.programme,
        texts.language,
        lost,
        None if result is None else _as_written(snapshot, result),
        clock(snapshot.elapsed_s),
        tuple((device.name, device.state, device.reason) for device in snapshot.devices),
        snapshot.muted,
        snapshot.replay is not None,
        snapshot.recording,
        blink,
    )


def _as_written(snapshot: Snapshot, result: StepResult) -> tuple[object, ...]:
    """Return what the line shows of the belt, with the decimals that it has there."""
    kmh, grade = belt_kmh(snapshot), result.grade_percent.value
    return (
        belt_speed(snapshot).reason if kmh is None else kmh,
        None if grade is None else round(grade, 1),
        round(result.distance_m / 1000.0, 2),
    )


def blink_now(snapshot: Snapshot) -> bool:
    """Return whether a lost device's sign is in its dark half second."""
    if snapshot.replay is not None and not snapshot.replay.playing:
        return False  # Nothing blinks in a picture that stands still.
    lost = any(device.state is LinkState.LOST for device in snapshot.devices)
    return lost and (snapshot.t_s % _BLINK_S) > _BLINK_S / 2
