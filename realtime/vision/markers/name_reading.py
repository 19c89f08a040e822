"""Takes a marker's name apart: whose point it is, and of which side.

``r.ASIS_study`` is (R, asis), ``knee_l`` (L, knee), ``Anna:LLMAL`` (L, lmal). A leading r or l may
be a side or a part of the word: what else the file holds decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from hipcue.config.errors import UserError
from hipcue.realtime.records import Side
from hipcue.realtime.vision.markers.name_table import plain

# What OpenCap and Pose2Sim add to the names of markers that a network made up.
GUESSED = re.compile(r"_(study|augmenter)$", re.IGNORECASE)
_LONG = {"left": Side.L, "right": Side.R}
_SHORT = {"l": Side.L, "r": Side.R}
_SIDES = _LONG | _SHORT
# A word that so many names begin with is whose they are, not what: our choice.
_SHARE, _FEWEST = 0.6, 4
# Markers of one name that two people of a file have at least; our choice.
_BOTH_HAVE = 3

Reading = tuple[Side | None, str]
"""A side, or None for the middle, and the name without it as `plain` writes it."""


def readings(names: Iterable[str], known: Collection[str], failed: str) -> dict[str, list[Reading]]:
    """Return what each name of a file may mean, likeliest first.

    Parameters
    ----------
    names : iterable of str
        As they stand in the file.
    known : collection of str
        Names without side that anybody gives to a point, as `plain` writes them.
    failed : str
        What fails if they cannot be told.

    Raises
    ------
    UserError
        Two people have markers in the file.
    """
    bare = _bare_names(list(names), known, failed)
    there = {plain(name) for name in bare.values()}
    return {name: _readings(rest, there, known) for name, rest in bare.items()}


def _bare_names(names: list[str], known: Collection[str], failed: str) -> dict[str, str]:
    """Take off what a name begins with to say whose it is: "Anna:RASI", "Anna_RASI"."""
    of: dict[str, dict[str, str]] = {}
    for name in names:
        whose, _, rest = GUESSED.sub("", name).rpartition(":")
        of.setdefault(whose, {})[name] = rest
    people = sorted(of, key=lambda whose: -len(of[whose]))
    for other in people[1:]:
        both = {plain(rest) for rest in of[people[0]].values()} & set(
            map(plain, of[other].values())
        )
        if len(both) >= _BOTH_HAVE:
            raise _two(people[0], other, failed)
    bare = {name: rest for some in of.values() for name, rest in some.items()}
    firsts = Counter(first.lower() for rest in bare.values() if (first := _first_word(rest)))
    if not firsts:
        return bare
    word, count = firsts.most_common(1)[0]
    _check_one_person(bare, firsts, known, failed)
    if word in _SIDES or count < max(_FEWEST, _SHARE * len(bare)):
        return bare
    return {
        name: rest[len(word) + 1 :] if (_first_word(rest) or "").lower() == word else rest
        for name, rest in bare.items()
    }


def _check_one_person(
    bare: Mapping[str, str], firsts: Mapping[str, int], known: Collection[str], failed: str
) -> None:
    """Make sure that no two first words stand before the same points: "A_RHip" and "B_RHip"."""
    points: dict[str, set[Reading]] = {}
    for rest in bare.values():
        first = (_first_word(rest) or "").lower()
        if first in _SIDES or firsts.get(first, 0) < _BOTH_HAVE:
            continue
        some = _readings(rest[len(first) + 1 :], set(), ())
        points.setdefault(first, set()).update(r for r in some if r[0] and r[1] in known)
    people = sorted(points, key=lambda whose: -len(points[whose]))
    for at, one in enumerate(people):
        for other in people[at + 1 :]:
            if len(points[one] & points[other]) >= _BOTH_HAVE:
                raise _two(one, other, failed)


def _two(one: str, other: str, failed: str) -> UserError:
    seen = f"it has markers of two people, {one or 'one'} and {other or 'one'}"
    return UserError(failed, seen, "a file of one runner")


def _first_word(name: str) -> str | None:
    """The word before a line, a dot or a blank; None where there is no such sign."""
    found = re.match(r"\s*([0-9a-zA-Z]+)[^0-9a-zA-Z]", name)
    return found[1] if found and found.start(1) == 0 else None


def _readings(name: str, there: set[str], known: Collection[str]) -> list[Reading]:
    words = [word for word in re.split(r"[^0-9a-zA-Z]+", name) if word]
    small = [word.lower() for word in words]
    whole = "".join(small)
    found: list[Reading] = []
    sides = [word for word in small if word in _SIDES]
    if len(sides) == 1 and len(small) > 1:
        rest = "".join(word for word in small if word not in _SIDES)
        found.append((_SIDES[sides[0]], rest))
    for long, side in _LONG.items():
        if whole.count(long) == 1 and whole != long:
            found.append((side, whole.replace(long, "")))
    head, tail = whole[:1], whole[1:]
    if head in _SHORT and tail and not _is_one_word(whole, there, known):
        found.append((_SHORT[head], tail))
    if words and re.search(r"[a-z0-9][LR]$", words[-1]):  # "KneeR", and never "heel".
        found.append((_SHORT[whole[-1]], whole[:-1]))
    found.append((None, whole))
    return found


def _is_one_word(whole: str, there: set[str], known: Collection[str]) -> bool:
    """Whether a leading r or l belongs to the word: "LMAL" beside "RLMAL" or "MMAL"."""
    if whole not in known:
        return False
    mirrored = {"l": "r", "r": "l"}[whole[0]] + whole[1:]
    if mirrored in there:
        return False
    return bool({f"r{whole}", f"l{whole}", f"m{whole[1:]}"} & there)
