"""The strides with the least and the most borrowed extension, as pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from hipcue.realtime.review.charts.stick_figures import INSTANTS, Figures, figure_svg
from hipcue.realtime.review.labels import shown
from hipcue.realtime.review.texts import Texts, clock
from hipcue.realtime.session.stride_table import StrideTable

# Least and most borrowed strides that are shown; strides nearer to each other than this count
# once, so that one stretch does not fill the list. Our choices.
_COUNT, _APART_S = 3, 5.0
# A thigh that hardly gets behind the vertical borrows nothing, and a far or blurred leg is
# not shown when there is better; our choices.
_LEAST_THIGH_DEG, _LEAST_CONFIDENCE = 5.0, 0.5


@dataclass(frozen=True, slots=True)
class Strip:
    """A stride at four instants: addresses of pictures, or stick figures where there is no film."""

    row: int
    caption: str
    pictures: tuple[str, ...]
    figures: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class Strips:
    """Strips by title, the names of the four instants, and whether they are stick figures."""

    groups: tuple[tuple[str, tuple[Strip, ...]], ...]
    instants: tuple[str, ...]
    drawn: bool


def strips_of(
    table: StrideTable,
    figures: Figures | None,
    pictures: Mapping[int, Sequence[str]],
    rows: tuple[Sequence[int], Sequence[int]],
    texts: Texts,
) -> Strips | None:
    """Return the strips of the least and the most borrowed strides; ``None`` without any.

    `rows` are those of `least_and_most_borrowed`, `pictures` those of `stills_by_row`.
    """
    instants = tuple(texts(f"strips.{name}") for name in INSTANTS)
    groups = []
    for title, chosen in zip(("strips.least", "strips.most"), rows, strict=True):
        strips = [_strip(table, figures, row, pictures.get(row, ()), texts) for row in chosen]
        seen = tuple(strip for strip in strips if strip.pictures or strip.figures)
        if seen:
            groups.append((texts(title), seen))
    return Strips(tuple(groups), instants, drawn=not pictures) if groups else None


def _strip(
    table: StrideTable, figures: Figures | None, row: int, pictures: Sequence[str], texts: Texts
) -> Strip:
    drawn: tuple[Markup, ...] = ()
    if figures is not None and not pictures:
        drawn = tuple(
            figure_svg(figures, row, k, texts("strips.figure", instant=texts(f"strips.{name}")))
            for k, name in enumerate(INSTANTS)
        )
    caption = texts(
        "strips.caption",
        time=clock(table.contact_s[row]),
        leg=texts("side.left" if table.left[row] else "side.right"),
        hip=_value(table, "hip_extension_deg", row, texts),
        tilt=_value(table, "pelvic_tilt_deg", row, texts),
    )
    return Strip(row, caption, tuple(pictures), drawn)


def _value(table: StrideTable, metric: str, row: int, texts: Texts) -> str:
    return shown(metric, float(table.value(metric)[row]), texts)


def least_and_most_borrowed(table: StrideTable, count: int = _COUNT) -> tuple[list[int], list[int]]:
    """Return the rows of the strides with the least and the most borrowed extension.

    Judged by the share of the thigh's extension that the pelvis lent, among near-leg
    strides of good confidence; neighbours within 5 s count once. None when there are too
    few strides for the two to differ.
    """
    thigh, tilt = table.value("thigh_extension_deg"), table.value("pelvic_tilt_deg")
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(thigh > _LEAST_THIGH_DEG, tilt / thigh, np.nan)
    usable = np.isfinite(share) & (table.confidence >= _LEAST_CONFIDENCE)
    if (usable & table.near).sum() >= 2 * count:
        usable &= table.near
    rows = np.flatnonzero(usable)
    if len(rows) < 2 * count:
        return [], []
    order = rows[np.argsort(share[rows])]
    least = _apart(table, order.tolist(), count)
    most = _apart(table, order[::-1].tolist(), count)
    return least, [row for row in most if row not in least]


def _apart(table: StrideTable, rows: Sequence[int], count: int) -> list[int]:
    chosen: list[int] = []
    for row in rows:
        t = table.contact_s[row]
        if all(abs(t - table.contact_s[other]) > _APART_S for other in chosen):
            chosen.append(row)
        if len(chosen) == count:
            break
    return chosen
