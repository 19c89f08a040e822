"""The top of the report: the summary in plain words, and six numbers."""

from __future__ import annotations

from dataclasses import dataclass

from hipcue.realtime.records import Side
from hipcue.realtime.review.labels import name_of, shown, shown_parts
from hipcue.realtime.review.summary_facts import Facts
from hipcue.realtime.review.summary_text import summary_sentences
from hipcue.realtime.review.texts import DASH, Texts
from hipcue.realtime.session.stride_table import StrideTable, median

# Less running than this says nothing about cues per minute; our choice.
_LEAST_MINUTES = 0.2


@dataclass(frozen=True, slots=True)
class Tile:
    """A number at the top of the report, with what it is about and what it rests on."""

    name: str
    amount: str
    unit: str
    note: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The paragraph, whether it has an uncertainty to explain, and the numbers under it.

    Without strides there are no numbers.
    """

    words: str
    uncertain: bool
    tiles: tuple[Tile, ...]


def summary_of(runner: str, table: StrideTable, facts: Facts, texts: Texts) -> Summary:
    """Return the summary of a session; an empty `runner` is somebody without a name."""
    words = " ".join(summary_sentences(runner, facts, texts))
    # Numbers of no stride would be six dashes.
    tiles = tuple(_tiles(table, facts, texts)) if len(table) else ()
    return Summary(words, "±" in words, tiles)


def _tiles(table: StrideTable, f: Facts, texts: Texts) -> list[Tile]:
    length, cadence = median(table.value("stride_length_m")), median(table.value("cadence_spm"))
    why = table.missing.get("stride_length_m")
    no_length = texts.reason(why.most_common(1)[0][0]) if why and length is None else ""
    share = (texts.number(100 * f.compensating / f.judged), "%") if f.judged else (DASH, "")
    per_minute = texts.number(f.cues / f.minutes, 1) if f.minutes > _LEAST_MINUTES else DASH
    heard = "tile.cues_in_all" if f.heard or not f.cues else "tile.cues_unheard"
    hip, tilt = "hip_extension_deg", "pelvic_tilt_deg"
    return [
        Tile(name_of(hip, texts), shown(hip, f.hip_deg, texts), "", _about_hip(f, texts)),
        Tile(texts("tile.pelvic_tilt"), shown(tilt, f.tilt_deg, texts), "", _about_tilt(f, texts)),
        Tile(texts("tile.borrowed"), *share, texts("tile.of_judged", n=f.judged)),
        _measured("stride_length_m", length, no_length, texts),
        _measured("cadence_spm", cadence, "", texts),
        Tile(texts("tile.cues_per_minute"), per_minute, "", texts(heard, n=f.cues)),
    ]


def _measured(metric: str, value: float | None, note: str, texts: Texts) -> Tile:
    return Tile(name_of(metric, texts), *shown_parts(metric, value, texts), note)


def _about_hip(f: Facts, texts: Texts) -> str:
    if f.hip_deg is None:
        return _too_few(f, texts)
    letters = {Side.L: texts("side.left_letter"), Side.R: texts("side.right_letter")}
    parts = [
        f"{letters[side]} {shown('hip_extension_deg', level, texts)}"
        for side, (level, _) in f.by_side.items()
    ]
    if f.hip_sigma_deg is not None:
        parts.insert(0, f"± {shown('hip_extension_deg', f.hip_sigma_deg, texts)}")
    return " · ".join(parts)


def _about_tilt(f: Facts, texts: Texts) -> str:
    if f.tilt_deg is None:
        return _too_few(f, texts)
    at_push_off = texts("tile.at_push_off")
    if f.tilt_sigma_deg is None:
        return at_push_off
    return f"± {shown('pelvic_tilt_deg', f.tilt_sigma_deg, texts)}, {at_push_off}"


def _too_few(f: Facts, texts: Texts) -> str:
    if f.hip_known == 0:
        return texts("tile.not_measured")
    return texts.count("tile.few", f.hip_known)
