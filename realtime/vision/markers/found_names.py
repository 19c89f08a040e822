"""What a file's markers were taken for, in one line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.realtime.records import Side

_SIDES = {Side.L: "left", Side.R: "right"}
_PELVIS = ("asis", "psis", "sacrum")
_LEG = ("hip", "knee", "ankle", "heel", "toe")
# So many names make a line that can be read.
_SHOWN = 6


def why_not_found(found: str, names: Collection[str], remarks: Iterable[Reason]) -> str:
    """Say why no body was found: by `found_in_words`, and which names are there twice.

    Parameters
    ----------
    found : str
        What `found_in_words` says.
    names : collection of str
        All markers that have a name of their own.
    remarks : iterable of Reason
        Of the file.
    """
    twice = [
        str(dict(remark.values)["name"])
        for remark in remarks
        if remark.code is ReasonCode.MARKER_TWICE
    ]
    if not twice:
        return found
    some = ", ".join(twice[:_SHOWN]) + (" ..." if len(twice) > _SHOWN else "")
    why = "at different places: two people, or names without their side"
    if not names:
        return f"every name ({some}) is there twice, {why}"
    return f"{found}; {some} {'is' if len(twice) == 1 else 'are'} there twice, {why}"


def found_in_words(taken: Mapping[str, str], names: Sequence[str]) -> str:
    """Say which markers were taken for what, from the pelvis down, and what was not found.

    Parameters
    ----------
    taken : mapping of str to str
        Markers by point, as in ``R knee_lateral``.
    names : sequence of str
        All markers of the file.
    """
    points: dict[str, list[str]] = {}
    for point, marker in taken.items():
        side, _, what = point.rpartition(" ")
        part = "pelvis" if what in _PELVIS else what.split("_")[0]
        if part in ("pelvis", *_LEG):
            of = "" if part == "pelvis" else _SIDES[Side(side)] + " "
            points.setdefault(f"the {of}{part}", []).append(marker)
    if not points:
        some = ", ".join(names[:_SHOWN]) + (" ..." if len(names) > _SHOWN else "")
        return f"none of its {len(names)} markers ({some}) is known for a pelvis or a leg"
    took = ", ".join(f"{' and '.join(markers)} for {point}" for point, markers in points.items())
    missing = [part for part in ("pelvis", *_LEG) if not any(p.endswith(part) for p in points)]
    front, back = {"L asis", "R asis"} <= set(taken), {"L psis", "R psis", "sacrum"} & set(taken)
    if front and back and "hip" in missing:
        missing.remove("hip")  # The pelvis tells where they are.
    none = f"; found no {', '.join(missing)}" if missing else ""
    return f"took {took}{none} in {len(names)} markers"
