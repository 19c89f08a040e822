"""The sheet with the squares to print: true to scale, with a ruler to check the printer."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.realtime.vision.tag.drawing import draw_runner
from hipcue.realtime.vision.tag.reader import DICTIONARY, PELVIS_ID, RIBS_ID

# A marker of 4x4 bits has a black border of one bit around it.
_CELLS = 6
# White around the square that the detector needs, in cells.
_QUIET_CELLS = 1.0
_RULER_MM = 100
_LARGEST_M = 0.065
_PAGE_MM = (210.0, 297.0)
_MARGIN_MM = 16.0
_GREY = (120, 120, 120)
_DRAWING_MM = 90.0

_STEPS = (
    "Cut along the grey lines. The white border belongs to the square: without it the camera "
    "does not find it.",
    "Stick each on stiff matt card. A bent square reads wrong, a shiny one is not seen under "
    "a lamp.",
    "Put the pelvis square on the waistband, over the near iliac crest, the ribs square "
    "straight above it on the lower ribs. They must turn with the bone: on tight cloth, with "
    "tape or a safety pin at each corner, not on a loose shirt.",
    "Stand still side-on for three seconds: that is the zero. Crooked is no matter, slipping "
    "later is.",
)


def cells(number: int) -> NDArray[np.bool_]:
    """Return the black cells of a square, shape (6, 6), upper row first."""
    dictionary = cv2.aruco.getPredefinedDictionary(DICTIONARY)
    picture = cv2.aruco.generateImageMarker(dictionary, number, _CELLS)
    return np.asarray(picture < 128)


def write_tags_sheet(path: Path, tag_size_m: float = 0.06) -> Path:
    """Write an A4 page with both squares and return its path.

    Parameters
    ----------
    path : Path
        PDF file to write.
    tag_size_m : float
        Side of the black square, 0.02 to 0.065 m; the same as ``pelvis.tag_size_m``.

    Raises
    ------
    UserError
        A size that does not fit on the page, or a file that cannot be written.
    """
    if not 0.02 <= tag_size_m <= _LARGEST_M:
        raise UserError(
            f"cannot print squares of {1000 * tag_size_m:.0f} mm",
            "two of them must fit side by side on A4",
            f"a size from 0.02 to {_LARGEST_M} m; 0.06 is usual",
        )
    page = FPDF(unit="mm", format=_PAGE_MM)
    page.set_auto_page_break(False)
    page.add_page()
    _heading(page, tag_size_m)
    size_mm = 1000.0 * tag_size_m
    quiet_mm = _QUIET_CELLS * size_mm / _CELLS
    left = _MARGIN_MM + quiet_mm
    right = _PAGE_MM[0] - _MARGIN_MM - quiet_mm - size_mm
    _square(page, PELVIS_ID, "pelvis", left, 74.0, size_mm)
    _square(page, RIBS_ID, "lower ribs", right, 74.0, size_mm)
    _ruler(page, 168.0)
    _steps(page, 184.0)
    draw_runner(page, 122.0, 178.0, _DRAWING_MM, tag_size_m)
    try:
        page.output(str(path))
    except OSError as error:
        raise UserError(
            f"cannot write {path}", error.strerror or str(error), "another --out"
        ) from error
    return path


def _heading(page: FPDF, tag_size_m: float) -> None:
    page.set_font("helvetica", "B", 20)
    page.text(_MARGIN_MM, 28, "hipcue: tags for the waistband and the ribs")
    page.set_font("helvetica", "", 11)
    for k, line in enumerate(
        (
            "Print at 100 %, without fitting to the page. Measure the ruler below: if it is not",
            f"100 mm long, print again. The black squares are then {1000 * tag_size_m:.0f} mm;",
            f"the setting pelvis.tag_size_m must say {tag_size_m:g}.",
        )
    ):
        page.text(_MARGIN_MM, 40 + 6 * k, line)


def _square(page: FPDF, number: int, name: str, x: float, y: float, size_mm: float) -> None:
    cell = size_mm / _CELLS
    quiet = _QUIET_CELLS * cell
    page.set_draw_color(*_GREY)
    page.set_line_width(0.2)
    page.rect(x - quiet, y - quiet, size_mm + 2 * quiet, size_mm + 2 * quiet)
    page.set_fill_color(0, 0, 0)
    black = cells(number)
    for row in range(_CELLS):
        column = 0
        while column < _CELLS:
            run = column
            while run < _CELLS and black[row, run]:
                run += 1
            if run > column:
                # A hair of overlap, so that no printer leaves a white line between rows.
                height = cell + (0.02 if row + 1 < _CELLS else 0.0)
                page.rect(x + column * cell, y + row * cell, (run - column) * cell, height, "F")
            column = max(run, column + 1)
    page.set_font("helvetica", "B", 12)
    page.text(x - quiet, y + size_mm + quiet + 6, f"{name} ({number}), this way up")


def _ruler(page: FPDF, y: float) -> None:
    x = (_PAGE_MM[0] - _RULER_MM) / 2
    page.set_draw_color(0, 0, 0)
    page.set_line_width(0.3)
    page.line(x, y, x + _RULER_MM, y)
    page.set_font("helvetica", "", 9)
    for mm in range(_RULER_MM + 1):
        tick = 5.0 if mm % 10 == 0 else 3.5 if mm % 5 == 0 else 2.0
        page.line(x + mm, y, x + mm, y - tick)
        if mm % 10 == 0:
            page.text(x + mm - 1.5, y + 4.5, str(mm))
    page.text(x + _RULER_MM + 3, y + 0.5, "mm")


def _steps(page: FPDF, y: float) -> None:
    page.set_y(y)
    for number, text in enumerate(_STEPS, start=1):
        y = page.get_y()
        page.set_font("helvetica", "B", 10)
        page.set_xy(_MARGIN_MM, y)
        page.cell(7, 4.8, f"{number}.")
        page.set_font("helvetica", "", 10)
        page.set_xy(_MARGIN_MM + 7, y)
        page.multi_cell(95, 4.8, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        page.set_y(page.get_y() + 2.0)
