"""The rooms of the code and who imports whom, read from the code itself.

    python docs/rooms.py            writes docs/rooms.svg
    python docs/rooms.py --list     prints every arrow with the imports behind it

A room is a folder with a package docstring; `realtime/engine.py` and `realtime/records.py`
are rooms of their own. The docstring of a room ends with the line ``May import: a, b.``: the
rooms below it. `arrows` finds what a room really imports, wherever in a file the import
stands; `tests/test_house_rules.py` compares the two.
"""

from __future__ import annotations

import ast
import re
import sys
import textwrap
from collections import defaultdict
from functools import cache
from html import escape
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
PACKAGE = "hipcue"
FOLDERS = ("config", "devices", "realtime")
# Files that are rooms of their own: the pure step, and what goes in and out of it.
FILES = ("realtime.engine", "realtime.records")
# The folder of what `import hipcue` gives, and the one that only holds other rooms.
BARE = ("realtime.api", "realtime")


def module_name(path: Path) -> str:
    """Return the dotted name under the project's root, e.g. ``realtime.gait.events``."""
    parts = path.relative_to(HOUSE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    """Return every module of the rooms and its file."""
    files = (path for folder in FOLDERS for path in (HOUSE / folder).rglob("*.py"))
    return {module_name(path): path for path in sorted(files) if "__pycache__" not in path.parts}


@cache
def rooms() -> tuple[str, ...]:
    """Return the names of all rooms."""
    packages = (name for name, path in modules().items() if path.name == "__init__.py")
    return tuple(sorted({*packages, *FILES}))


def room_of(module: str) -> str:
    """Return the innermost room a module lies in."""
    while module not in rooms():
        module = module.rpartition(".")[0]
    return module


def within(name: str, room: str) -> bool:
    """Whether a module or room is a room or lies in it."""
    return f"{name}.".startswith(f"{room}.")


@cache
def imports_of(path: Path) -> frozenset[str]:
    """Return the modules of the house that a file imports, lazily too, by their names here."""
    named: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            named |= {f"{node.module}.{alias.name}" for alias in node.names}
    found = set()
    for name in named:
        own = name.removeprefix(f"{PACKAGE}.")
        if own == name or own.split(".")[0] not in FOLDERS:
            continue
        # `from hipcue.realtime.records import Pose` names the module, not the class.
        while own and own not in modules():
            own = own.rpartition(".")[0]
        found.add(own)
    return frozenset(found)


@cache
def arrows() -> dict[tuple[str, str], list[str]]:
    """Return which room imports which, and by which imports."""
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for name, path in modules().items():
        for imported in imports_of(path):
            pair = room_of(name), room_of(imported)
            if pair[0] != pair[1]:
                found[pair].append(f"{name} imports {imported}")
    return dict(found)


@cache
def docstring(room: str) -> str:
    """Return the docstring of a room."""
    return ast.get_docstring(ast.parse(modules()[room].read_text(encoding="utf-8"))) or ""


@cache
def may_import(room: str) -> tuple[str, ...] | None:
    """Return the rooms a room says it may import; None when it does not say."""
    found = re.search(r"^May import: (.+?)\.$", docstring(room), flags=re.M | re.S)
    if found is None:
        return None
    return tuple(name for name in re.split(r",\s*", found[1].strip()) if name != "nothing")


def allowed(room: str, imported: str) -> bool:
    """Whether a room may import another: it is named, or lies in one that is named."""
    return any(within(imported, named) for named in may_import(room) or ())


def top_of(room: str) -> str:
    """Return the room that is drawn as a box: config, devices, or a room in realtime."""
    parts = room.split(".")
    return parts[0] if parts[0] != "realtime" else ".".join(parts[:2])


@cache
def top_arrows() -> frozenset[tuple[str, str]]:
    """Return the arrows between the boxes."""
    pairs = {(top_of(a), top_of(b)) for a, b in arrows()}
    return frozenset((a, b) for a, b in pairs if a != b and not {a, b} & set(BARE))


def floors() -> list[list[str]]:
    """Return the boxes from the lowest floor up: each lies above all that it imports.

    Raises
    ------
    ValueError
        When rooms import each other in a circle: there is no up and down then.
    """
    boxes = sorted({top_of(room) for room in rooms()} - set(BARE))
    below = {box: {b for a, b in top_arrows() if a == box} for box in boxes}
    levels: list[list[str]] = []
    placed: set[str] = set()
    while len(placed) < len(boxes):
        level = [box for box in boxes if box not in placed and below[box] <= placed]
        if not level:
            raise ValueError(f"a circle among {sorted(set(boxes) - placed)}")
        levels.append(level)
        placed |= set(level)
    return levels


def direct_arrows() -> set[tuple[str, str]]:
    """Return the arrows that no longer way explains (the transitive reduction)."""
    below: defaultdict[str, set[str]] = defaultdict(set)
    for a, b in top_arrows():
        below[a].add(b)

    @cache
    def reach(box: str) -> frozenset[str]:
        return frozenset(below[box].union(*(reach(b) for b in below[box])))

    return {(a, b) for a, b in top_arrows() if not any(b in reach(c) for c in below[a] if c != b)}


# What is drawn: sizes in pixels, colours.
_WIDE, _BOX_H, _GAP_X, _GAP_Y, _EDGE = 1320, 92, 18, 46, 28
_INK, _SOFT, _FILL, _LINE, _FAINT = "#1d2733", "#5b6b7c", "#f2f5f8", "#3d6b99", "#d5dde6"


def picture() -> str:
    """Return the rooms as SVG: a box a room, floors top to bottom, arrows down."""
    levels = list(reversed(floors()))
    height = 2 * _EDGE + len(levels) * _BOX_H + (len(levels) - 1) * _GAP_Y
    place: dict[str, tuple[float, float, float]] = {}
    for depth, level in enumerate(levels):
        width = min((_WIDE - 2 * _EDGE - (len(level) - 1) * _GAP_X) / len(level), 520.0)
        left = (_WIDE - len(level) * width - (len(level) - 1) * _GAP_X) / 2
        for number, box in enumerate(level):
            top = _EDGE + depth * (_BOX_H + _GAP_Y)
            place[box] = (left + number * (width + _GAP_X), top, width)
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {height}" '
        f'width="{_WIDE}" height="{height}" font-family="Source Sans Pro, Arial, sans-serif">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        f'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="{_LINE}"/></marker></defs>',
        f'<rect width="{_WIDE}" height="{height}" fill="white"/>',
    ]
    direct = direct_arrows()
    for a, b in sorted(top_arrows(), key=lambda pair: (pair in direct, pair)):
        drawn.append(_arrow(place[a], place[b], (a, b) in direct))
    for box, (left, top, width) in place.items():
        drawn.append(_box(box, left, top, width))
    return "\n".join([*drawn, "</svg>", ""])


def _arrow(a: tuple[float, float, float], b: tuple[float, float, float], direct: bool) -> str:
    # Spread over the edges of both boxes towards each other, so that arrows do not coincide.
    ax, bx = a[0] + a[2] / 2, b[0] + b[2] / 2
    ax += max(min((bx - ax) * 0.25, a[2] * 0.4), -a[2] * 0.4)
    bx += max(min((ax - bx) * 0.25, b[2] * 0.4), -b[2] * 0.4)
    ay, by = a[1] + _BOX_H, b[1]
    style = f'stroke="{_LINE}" stroke-width="1.6" marker-end="url(#tip)"'
    if not direct:
        style = f'stroke="{_FAINT}" stroke-width="1"'
    bend = (by - ay) * 0.45
    way = f"M{ax:.0f} {ay:.0f}C{ax:.0f} {ay + bend:.0f} {bx:.0f} {by - bend:.0f} {bx:.0f} {by:.0f}"
    return f'<path d="{way}" fill="none" {style}/>'


def _box(box: str, left: float, top: float, width: float) -> str:
    inner = [room.removeprefix(f"{box}.") for room in rooms() if room != box and within(room, box)]
    fit = int(width / 6.1)
    says = docstring(box).split("\n")[0].rstrip(".").replace("`", "")
    lines = [*textwrap.wrap(says, fit), "", ""][:2]
    # Rooms inside of rooms inside are named by their own folder only where there is space.
    holds = "  ".join(name for name in inner if "." not in name or len("  ".join(inner)) <= fit)
    x = left + 12
    return "".join(
        (
            f'<rect x="{left:.0f}" y="{top:.0f}" width="{width:.0f}" height="{_BOX_H}" rx="8" '
            f'fill="{_FILL}" stroke="{_INK}" stroke-width="1"/>',
            f'<text x="{x:.0f}" y="{top + 24:.0f}" font-size="17" font-weight="600" '
            f'fill="{_INK}">{escape(box.removeprefix("realtime."))}</text>',
            f'<text x="{x:.0f}" y="{top + 44:.0f}" font-size="12" fill="{_SOFT}">'
            f"{escape(lines[0])}</text>",
            f'<text x="{x:.0f}" y="{top + 60:.0f}" font-size="12" fill="{_SOFT}">'
            f"{escape(lines[1])}</text>",
            f'<text x="{x:.0f}" y="{top + 80:.0f}" font-size="12" fill="{_LINE}">'
            f"{escape(holds)}</text>",
        )
    )


def main() -> None:
    """Write the picture, or print the arrows."""
    if "--list" in sys.argv[1:]:
        for (a, b), imports in sorted(arrows().items()):
            print(f"{a} -> {b}  ({len(imports)})")
            for line in sorted(imports):
                print(f"    {line}")
        return
    target = Path(__file__).with_name("rooms.svg")
    target.write_text(picture(), encoding="utf-8")
    print(f"wrote {target.name}: {len(top_arrows())} arrows on {len(floors())} floors")


if __name__ == "__main__":
    main()
