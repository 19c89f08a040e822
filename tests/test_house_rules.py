"""The rules of the house, proven: which room may know which, and what never comes in."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
ROOMS = ("config", "devices", "realtime")
TOP_LEVEL = {
    *(*ROOMS, "tests", "docs", ".ci", ".gitignore", "pyproject.toml", "constraints.txt"),
    *("README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md"),
}
# What is installed is the package `hipcue`; `realtime/gait/x.py` is `hipcue.realtime.gait.x`.
PACKAGE = "hipcue"
# Between the pose and the cue nothing sees, hears, waits or opens anything.
PURE = tuple(f"hipcue.realtime.{room}" for room in ("gait", "metrics", "feedback", "engine"))
BARRED_FROM_PURE = ("cv2", "mediapipe", "serial", "pygame", "threading")
# The floors of the house, top to bottom: a room may import rooms on floors below its own,
# and no others on its own floor. Wherever in a file an import stands, it counts.
FLOORS = (
    ("realtime.commands",),
    ("realtime.run",),
    ("realtime.library",),
    ("realtime.review", "realtime.hud"),
    ("realtime.view",),
    ("realtime.session",),
    ("realtime.engine", "realtime.vision"),
    ("realtime.metrics", "realtime.feedback"),
    ("realtime.gait",),
    ("realtime.records",),
    ("devices",),
    ("config",),
    ("realtime.api",),
)
# The floors inside the HUD, below its own modules: screen, windows, controls.
HUD = f"{PACKAGE}.realtime.hud"
HUD_FLOORS = (("scenes", "dialogs"), ("widgets",), ("input",), ("facts", "draw"))


@cache
def house_files() -> tuple[Path, ...]:
    """Every file that belongs to the project, as git sees it; without git, by the folders."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached"], cwd=HOUSE, capture_output=True, check=True
        ).stdout.decode()
        found = [HOUSE / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        found = [p for top in TOP_LEVEL for p in (HOUSE / top, *(HOUSE / top).rglob("*"))]
        found = [p for p in found if "__pycache__" not in p.parts and ".egg-info" not in str(p)]
    return tuple(sorted(path for path in found if path.is_file()))


def module_name(path: Path) -> str:
    parts = (PACKAGE, *path.relative_to(HOUSE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    """Every module of the three rooms and its file."""
    return {
        module_name(path): path
        for path in house_files()
        if path.suffix == ".py" and path.relative_to(HOUSE).parts[0] in ROOMS
    }


@cache
def imports_of(path: Path) -> frozenset[str]:
    """Every module that a file names in an import, wherever in the file it stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
            # `from realtime import engine` names a module too.
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def belongs_to(module: str, room: str) -> bool:
    """Whether a module is a room or lies in it; a room ending in a dot means only inside."""
    return module.startswith(room) if room.endswith(".") else f"{module}.".startswith(f"{room}.")


def test_the_house_is_seen():
    assert {"hipcue.config.settings", "hipcue.devices.readings", "hipcue.realtime.records"} <= set(
        modules()
    )


def floor_of(module: str) -> int | None:
    """How far down the house a module lies; None outside of every room."""
    for depth, rooms in enumerate(FLOORS):
        if any(belongs_to(module, f"{PACKAGE}.{room}") for room in rooms):
            return depth
    return None


def room_of(module: str) -> str:
    return next(
        room for rooms in FLOORS for room in rooms if belongs_to(module, f"{PACKAGE}.{room}")
    )


def test_every_module_lies_on_a_floor():
    bare = {PACKAGE, f"{PACKAGE}.realtime"}
    assert [name for name in modules() if floor_of(name) is None and name not in bare] == []


@pytest.mark.parametrize("room", [room for rooms in FLOORS for room in rooms])
def test_imports_point_down_and_never_back(room):
    wrong = []
    for name, path in modules().items():
        if not belongs_to(name, f"{PACKAGE}.{room}"):
            continue
        for imported in sorted(imports_of(path)):
            to = floor_of(imported)
            if to is None or room_of(imported) == room:
                continue
            if to <= floor_of(name):
                wrong.append(f"{name} imports {imported}")
    assert wrong == []


def test_inside_the_hud_too():
    floors = {f"{HUD}.{room}": depth for depth, rooms in enumerate(HUD_FLOORS) for room in rooms}
    rooms_of = {
        name: next((room for room in floors if belongs_to(name, room)), HUD)
        for name in modules()
        if belongs_to(name, HUD)
    }
    assert set(rooms_of.values()) == {HUD, *floors}
    wrong = [
        f"{name} imports {imported}"
        for name, room in rooms_of.items()
        for imported in imports_of(modules()[name]) & rooms_of.keys()
        if rooms_of[imported] != room and floors.get(rooms_of[imported], -1) <= floors.get(room, -1)
    ]
    assert wrong == []


def test_facts_know_no_pixel_and_drawing_no_snapshot():
    barred = {f"{HUD}.facts": ("pygame", "cv2"), f"{HUD}.draw": (f"{PACKAGE}.realtime.view",)}
    wrong = [
        f"{name} imports {imported}"
        for room, foreign in barred.items()
        for name, path in modules().items()
        if belongs_to(name, room)
        for imported in imports_of(path)
        if any(belongs_to(imported, one) for one in foreign)
    ]
    assert wrong == []


def test_nothing_is_imported_by_the_name_of_its_folder():
    """`import realtime` works only from the project's own folder, and not in a notebook.

    The text counts, not the syntax: some tests hand a program to another interpreter.
    """
    names = "(?:realtime|devices|config)"
    old_name = re.compile(rf"\bfrom {names}[\w.]* import\b|\bimport {names}(?:\.|$)")
    wrong = [
        f"{path.relative_to(HOUSE)}:{number}: {found[0]}"
        for path in house_files()
        if path.suffix == ".py" and path != Path(__file__)
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if (found := old_name.search(line))
    ]
    assert wrong == []


def test_what_is_installed_is_every_folder_of_the_rooms():
    declared = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "setuptools"
    ]["packages"]
    packages = {name for name, path in modules().items() if path.name == "__init__.py"}
    assert set(declared) == (packages | {PACKAGE}) - {f"{PACKAGE}.realtime.api"}


def test_type_checkers_see_the_package_as_it_is_installed():
    links = HOUSE / ".ci" / "links" / PACKAGE
    if not links.joinpath("realtime").is_dir():
        pytest.skip("no symbolic links in this checkout (Windows without developer mode)")
    assert (links / "__init__.py").resolve() == HOUSE / "realtime" / "api" / "__init__.py"
    assert all((links / room).resolve() == HOUSE / room for room in ROOMS)


@pytest.mark.parametrize("room", PURE)
def test_the_pure_rooms_import_nothing_that_sees_hears_or_waits(room):
    inside = {name: path for name, path in modules().items() if belongs_to(name, room)}
    assert inside, f"{room} is not there"
    wrong = [
        f"{name} imports {imported}"
        for name, path in inside.items()
        for imported in imports_of(path)
        if imported.split(".")[0] in BARRED_FROM_PURE
    ]
    assert wrong == []


# Run alone, so that nothing another test imported can hide or fake anything. NumPy itself
# imports threading; that our own modules do not is proven from their text.
_WHAT_COMES_ALONG = """
import importlib, sys
importlib.import_module(sys.argv[1])
print("\\n".join(sorted(sys.modules)))
"""


@pytest.mark.parametrize("room", PURE)
def test_nor_does_anything_that_comes_along_with_them(room):
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", _WHAT_COMES_ALONG, room],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    loaded = run.stdout.split()
    assert room in loaded
    foreign = [name for name in BARRED_FROM_PURE if name != "threading"]
    assert [name for name in loaded if name.split(".")[0] in foreign] == []
    own = [name for name in loaded if name in modules()]
    assert [name for name in own if "threading" in imports_of(modules()[name])] == []


def test_every_package_says_what_it_is_for():
    silent = [
        name
        for name, path in modules().items()
        if path.name == "__init__.py"
        and len((ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split()) < 4
    ]
    assert silent == []


def test_nothing_is_left_to_be_done_in_the_rooms():
    mark = "TO" + "DO"
    assert [
        name for name, path in modules().items() if mark in path.read_text(encoding="utf-8")
    ] == []


def test_the_top_level_stays_the_folders_of_the_plan():
    assert {path.relative_to(HOUSE).parts[0] for path in house_files()} <= TOP_LEVEL


def test_no_file_is_larger_than_a_megabyte():
    large = [str(path) for path in house_files() if path.stat().st_size > 1_000_000]
    assert large == []


# Put together from pieces, so that this file may be searched too.
_MACHINE = [
    *(f"/{top}/" for top in ("wo" + "rk", "ro" + "ot", "tm" + "p")),
    *("/ho" + r"me/\w", r"[A-Z]:\\+Us" + "ers", "/Us" + r"ers/\w", "/op" + "t/py" + "pi"),
]
_INDEX = [
    *("index" + r"[-_]url", "find" + "-links", "trusted" + "-host", "--ext" + "ra-index"),
    *(r"https?://[^\s\"']*/sim" + r"ple\b", "files.python" + "hosted"),
]


@pytest.mark.parametrize("pattern", [*_MACHINE, *_INDEX])
def test_no_path_of_a_machine_and_no_package_index_comes_in(pattern):
    wrong = [
        f"{path.relative_to(HOUSE)}:{number}: {line.strip()[:80]}"
        for path in house_files()
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if re.search(pattern, line)
    ]
    assert wrong == []


def text_of(path: Path) -> str:
    """The text of a file; empty for pictures and the like."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def project() -> dict:
    return tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]


# Where mediapipe is a dependency, and where it is not.
PYTHONS = ("3.12", "3.13")


def for_python(version: str, lines) -> list[str]:
    """The requirement lines that count on that Python, on Linux, without their markers."""
    counting = []
    for line in lines:
        wanted, _, marker = line.partition(";")
        if re.match(r"\s*sys_platform == 'linux'|\s*sys_platform != 'darwin'", marker):
            marker = ""
        match = re.fullmatch(r"\s*python_version (<|>=) '3\.(\d+)'\s*", marker)
        if match is None and marker:
            assert "sys_platform" in marker, f"do not know how to read {line}"
            continue
        if match is None or (int(version[2:]) < int(match[2])) == (match[1] == "<"):
            counting.append(wanted.strip())
    return counting


def pins(lines) -> dict[str, str]:
    """Exact versions by distribution, from requirement lines."""
    found = (re.match(r"([\w.-]+)==(\S+)", line) for line in lines)
    return {name_of(match[1]): match[2] for match in found if match}


def name_of(distribution: str) -> str:
    """Its name as pip compares it."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def pinned_on(version: str) -> dict[str, str]:
    lines = (HOUSE / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = for_python(version, [line for line in lines if not line.startswith("#")])
    assert len(pins(pinned)) == len(pinned), "two pins for one distribution"
    return pins(pinned)


def test_both_opencvs_are_the_same_version_everywhere():
    declared = pins(for_python("3.12", project()["dependencies"]))
    assert declared["opencv-python"] == declared["opencv-contrib-python"]
    tested = pinned_on("3.12")
    assert tested["opencv-python"] == tested["opencv-contrib-python"] == declared["opencv-python"]
    assert tested["mediapipe"] == declared["mediapipe"]
    assert "opencv-contrib-python" not in pinned_on("3.13")


def declared_distributions(version: str | None = None) -> set[str]:
    """What is declared at all, or what is installed on that Python on Linux."""
    extras = project()["optional-dependencies"]
    lines = project()["dependencies"] + [line for extra in extras.values() for line in extra]
    if version is not None:
        lines = for_python(version, lines)
    names = (re.match(r"[\w.-]+", line) for line in lines)
    return {name_of(match[0]) for match in names if match}


def test_everything_that_is_imported_is_declared():
    """What only comes along with something else may be gone tomorrow."""
    brought_by = packages_distributions()
    wrong = []
    for name, path in modules().items():
        for top in {imported.split(".")[0] for imported in imports_of(path)}:
            if top in sys.stdlib_module_names or top in (PACKAGE, "tests"):
                continue
            brings = {name_of(d) for d in brought_by.get(top, [top])}
            if not brings & declared_distributions():
                wrong.append(f"{name} imports {top} ({', '.join(sorted(brings))})")
    assert wrong == []


@pytest.mark.parametrize("version", PYTHONS)
def test_everything_that_is_tested_is_pinned(version):
    # Radio is tested by a stand-in; movement brings a gigabyte: its tests skip without it.
    optional = {"bleak", "movement", "tables"}
    assert declared_distributions(version) - optional <= set(pinned_on(version))


def test_files_beside_the_code_are_packed_with_it():
    """A style sheet or a table that is not declared is missing from a built package."""
    packed = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "setuptools"
    ]["package-data"]
    wrong = []
    for path in house_files():
        place = path.relative_to(HOUSE)
        if place.parts[0] not in ROOMS or path.suffix == ".py":
            continue
        # The rules of a package reach into its folders that are no packages.
        declared = packed.get("*", []) + [
            f"{'/'.join(folder.parts)}/{rule}"
            for folder in place.parents
            for rule in packed.get(".".join((PACKAGE, *folder.parts)), [])
        ]
        if not any(place.match(rule) for rule in declared):
            wrong.append(str(place))
    assert wrong == []
