"""Picture strips of the best and worst strides, from the film or as stick figures."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from hipcue.realtime.review.charts.stick_figures import (
    INSTANTS,
    Figures,
    figure_svg,
    instants_of,
    still,
)
from hipcue.realtime.review.labels import clock, shown
from hipcue.realtime.session.reader import SessionReader
from hipcue.realtime.session.stride_table import StrideTable
from hipcue.realtime.session.video_file import VideoFile

# Strides across the session whose picture goes into the file, beside best and worst:
# about 1.5 MB and two seconds of reading the film.
_SAMPLED = 100
_KEY_LEGS = (
    '<ul class="key"><li class="k-left"><i></i><span>left</span></li>'
    '<li class="k-right"><i></i><span>right</span></li></ul>'
)


def strips(
    session: SessionReader,
    table: StrideTable,
    drawn: Figures | None,
    best: Sequence[int],
    worst: Sequence[int],
) -> tuple[str, list[tuple[int, list[str]]]]:
    """Return the strips as HTML, and pictures of strides as data addresses by row.

    Without a film the strips are stick figures, and there are no pictures.
    """
    video = VideoFile(session.folder)
    pictures: dict[int, list[str]] = {}
    try:
        if video.ok and len(table):
            pictures = _from_film(video, table, [*best, *worst])
    finally:
        video.close()
    groups = (("Least borrowed", best), ("Most borrowed", worst))
    head = "".join(f"<span>{name}</span>" for name in INSTANTS)
    parts = []
    for title, rows in groups:
        cells = [_strip(table, drawn, row, pictures.get(row)) for row in rows]
        cells = [c for c in cells if c]
        if cells:
            named = f'<div class="instants" aria-hidden="true">{head}</div>'
            parts.append(f"<div><h3>{title}</h3>{named}{''.join(cells)}</div>")
    key = "" if pictures else _KEY_LEGS
    html = f'{key}<div class="grid top">{"".join(parts)}</div>' if parts else ""
    return html, sorted(pictures.items())


def _from_film(video: VideoFile, table: StrideTable, chosen: Sequence[int]) -> dict[int, list[str]]:
    count = min(_SAMPLED, len(table))
    sampled = np.unique(np.linspace(0, len(table) - 1, count).round().astype(int)).tolist()
    found: dict[int, list[str]] = {}
    for row in sorted({*sampled, *chosen}):
        instants = instants_of(table.strides[row])
        wanted = instants if row in chosen else instants[2:3]
        urls = [still(video, t) for t in wanted]
        if all(urls):
            found[row] = [url for url in urls if url]
    return found


def _strip(
    table: StrideTable, drawn: Figures | None, row: int, pictures: Sequence[str] | None
) -> str:
    if pictures:
        cells = "".join(f'<img src="{url}" alt="">' for url in pictures)
    elif drawn is not None:
        cells = "".join(figure_svg(drawn, row, k) for k in range(4))
    else:
        return ""
    hip = shown("hip_extension_deg", float(table.value("hip_extension_deg")[row]))
    tilt = shown("pelvic_tilt_deg", float(table.value("pelvic_tilt_deg")[row]))
    leg = "left" if table.left[row] else "right"
    words = f"{clock(table.contact_s[row])}, {leg}: hip {hip}, pelvis {tilt}"
    return f'<button class="strip" data-stride="{row}">{cells}<span>{escape(words)}</span></button>'
