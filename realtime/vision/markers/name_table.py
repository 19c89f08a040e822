"""The table of marker names: hipcue's own, and a laboratory's laid on top of it.

Both are TOML of one form; `marker_names.toml` explains it, docs/marker-names.md for users.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from hipcue.config.errors import UserError
from hipcue.realtime.records import Side

Names = tuple[str, ...]

SIDED = (
    *("hip_centre", "hip_lateral", "knee_centre", "knee_lateral", "knee_medial"),
    *("ankle_centre", "ankle_lateral", "ankle_medial", "heel", "toe", "shoulder"),
    *("elbow_centre", "elbow_lateral", "elbow_medial"),
    *("wrist_centre", "wrist_lateral", "wrist_medial", "ear", "asis", "psis"),
    *("pelvis", "thigh", "shank"),
)
"""Points that the body has twice; the last three are markers that only go along."""
MIDDLE = ("sacrum", "nose", "neck", "pelvis")
_SECTIONS = {"both_sides": SIDED, "left": SIDED, "right": SIDED, "middle": MIDDLE}
_TRY = 'write it as docs/marker-names.md shows, e.g. knee_lateral = "KneeOut" under [both_sides]'


@dataclass(frozen=True, slots=True)
class NameTable:
    """Names by point, best first, as `plain` writes them; a star at the end is any ending.

    Attributes
    ----------
    both : mapping of str to tuple of str
        Names without their side.
    of_side : mapping of Side to mapping of str to tuple of str
        Whole names of one side's points.
    middle : mapping of str to tuple of str
        Names of the points that the body has once.
    """

    both: Mapping[str, Names]
    of_side: Mapping[Side, Mapping[str, Names]]
    middle: Mapping[str, Names]

    def on_top_of(self, below: NameTable) -> NameTable:
        """Return both, these names first; where a name is here, it means nothing else any more."""
        taken = {
            name
            for names in (self.both, self.middle, *self.of_side.values())
            for some in names.values()
            for name in some
        }
        return NameTable(
            _laid(self.both, below.both, taken),
            {side: _laid(self.of_side[side], below.of_side[side], taken) for side in Side},
            _laid(self.middle, below.middle, taken),
        )


def _laid(
    top: Mapping[str, Names], below: Mapping[str, Names], taken: set[str]
) -> dict[str, Names]:
    points = {*top, *below}
    return {
        point: (*top.get(point, ()), *(n for n in below.get(point, ()) if n not in taken))
        for point in sorted(points)
    }


def plain(name: str) -> str:
    """Write a name in small letters and digits, without signs and blanks."""
    return re.sub(r"[^0-9a-z]+", "", name.lower())


@cache
def built_in() -> NameTable:
    """Return the names that hipcue knows."""
    package = resources.files("hipcue.realtime.vision.markers")
    return _parsed(package.joinpath("marker_names.toml").read_text(encoding="utf-8"), "hipcue")


def name_table(path: Path | None) -> NameTable:
    """Return the names that hipcue knows, below those of a laboratory's own file if there is one.

    Raises
    ------
    UserError
        No such file, no TOML, a point that there is not; the line or the key is named.
    """
    if path is None:
        return built_in()
    failed = f"cannot use the names in {path}"
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        seen = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise UserError(failed, seen, "check the path") from error
    return _parsed(text, failed).on_top_of(built_in())


def _parsed(text: str, failed: str) -> NameTable:
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(failed, str(error), _TRY) from error
    sections: dict[str, dict[str, Names]] = {section: {} for section in _SECTIONS}
    for section, points in content.items():
        if section not in _SECTIONS or not isinstance(points, dict):
            known = ", ".join(f"[{name}]" for name in _SECTIONS)
            raise UserError(failed, f"{section!r} is none of its parts {known}", _TRY)
        for point, names in points.items():
            sections[section][point] = _names_of(section, point, names, failed)
    if not any(sections.values()):
        raise UserError(failed, "there is no name in it", _TRY)
    left_right = {Side.L: sections["left"], Side.R: sections["right"]}
    return NameTable(sections["both_sides"], left_right, sections["middle"])


def _names_of(section: str, point: str, names: object, failed: str) -> Names:
    if point not in _SECTIONS[section]:
        known = ", ".join(_SECTIONS[section])
        raise UserError(failed, f"[{section}] {point}: no such point; there are {known}", _TRY)
    some = [names] if isinstance(names, str) else names
    if not isinstance(some, list) or not all(
        isinstance(name, str) and plain(name) for name in some
    ):
        raise UserError(failed, f"[{section}] {point} = {names!r} is no name, nor a list", _TRY)
    return tuple(plain(name) + ("*" if name.endswith("*") else "") for name in some)
