"""Every room says what it is for and what it may import, and keeps to it."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]


def rooms_script():
    spec = importlib.util.spec_from_file_location("rooms", HOUSE / "docs" / "rooms.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ROOMS = rooms_script()
INSIDE = [room for room in ROOMS.rooms() if room not in ROOMS.BARE]


def test_the_house_is_seen():
    assert {"config", "devices.camera", "realtime.engine", "realtime.hud.draw"} <= set(INSIDE)
    assert ("realtime.engine", "realtime.gait") in ROOMS.arrows()


@pytest.mark.parametrize("room", INSIDE)
def test_a_room_says_in_a_few_lines_what_it_is_for_and_what_it_may_import(room):
    first = ROOMS.docstring(room).split("\n")[0]
    assert len(first.split()) >= 4, first
    named = ROOMS.may_import(room)
    assert named is not None, "its docstring has no line 'May import: ...'"
    assert [name for name in named if name not in ROOMS.rooms()] == []


@pytest.mark.parametrize("room", INSIDE)
def test_it_imports_what_it_says_and_nothing_else(room):
    wrong = [
        line
        for (importer, imported), lines in ROOMS.arrows().items()
        if importer == room and not ROOMS.allowed(room, imported)
        for line in lines
    ]
    assert wrong == []
    used = {imported for importer, imported in ROOMS.arrows() if importer == room}
    idle = [
        name for name in ROOMS.may_import(room) if not any(ROOMS.within(one, name) for one in used)
    ]
    assert idle == [], "it may import what it does not"


def test_no_file_is_in_a_circle_of_imports():
    """Neither at the top of a file nor inside of a function."""
    below = {name: ROOMS.imports_of(path) - {name} for name, path in ROOMS.modules().items()}
    while free := [name for name, imported in below.items() if not imported & below.keys()]:
        for name in free:
            del below[name]
    assert sorted(below) == []


def test_the_picture_of_the_rooms_is_that_of_the_code():
    kept = (HOUSE / "docs" / "rooms.svg").read_text(encoding="utf-8")
    assert kept == ROOMS.picture(), "run: python docs/rooms.py"
    assert re.findall(r"<text[^>]*>([^<]*)</text>", kept)
