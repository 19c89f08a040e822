"""The drawing on the printed sheet: a runner from the side, with both squares on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from fpdf import FPDF
from numpy.typing import NDArray

from hipcue.devices.simulated import Body, SimulatedRunner, shapes

# What is shown of the body: from above the knees to above the head, m.
_LOW_M, _HIGH_M = 0.50, 1.84
_SKIN, _SHIRT, _SHORTS, _HAIR, _INK = 225, 200, 150, 110, 60


@dataclass(frozen=True, slots=True)
class _Paper:
    """Where metres of the runner lie on the page."""

    pdf: FPDF
    x_mm: float
    y_mm: float
    mm_per_m: float

    def at(self, points: NDArray[np.float64]) -> list[tuple[float, float]]:
        x = self.x_mm + points[:, 0] * self.mm_per_m
        y = self.y_mm + (_HIGH_M - points[:, 1]) * self.mm_per_m
        return [(float(a), float(b)) for a, b in zip(x, y, strict=True)]

    def fill(self, outline: NDArray[np.float64], grey: int) -> None:
        self.pdf.set_fill_color(grey)
        self.pdf.set_draw_color(_INK)
        self.pdf.set_line_width(0.15)
        self.pdf.polygon(self.at(outline), style="DF")


def draw_runner(pdf: FPDF, x_mm: float, y_mm: float, height_mm: float, tag_size_m: float) -> None:
    """Draw a standing runner who wears the squares, facing right.

    Parameters
    ----------
    pdf : FPDF
        With a page open, in mm.
    x_mm, y_mm : float
        Upper left corner of the drawing.
    height_mm : float
        From above the knees to above the head.
    tag_size_m : float
        Side of the squares on the runner.
    """
    body = Body()
    runner = SimulatedRunner(body, "R")
    pose = runner.advance(0.01, 0.0)
    mm_per_m = height_mm / (_HIGH_M - _LOW_M)
    paper = _Paper(pdf, x_mm + 26.0 - pose.hip[0] * mm_per_m, y_mm, mm_per_m)
    with pdf.rect_clip(x_mm, y_mm, 75.0, height_mm):
        paper.fill(shapes.neck(body, pose), _SKIN)
        head = shapes.Head(body, pose)
        paper.fill(head.face, _SKIN)
        paper.fill(head.hair, _HAIR)
        paper.fill(shapes.trunk(body, pose), _SHIRT)
        near = pose.legs["R"]
        paper.fill(shapes.skin_leg(body, near)[0], _SKIN)
        paper.fill(shapes.shorts_leg(body, near), _SHORTS)
        paper.fill(shapes.pelvis(body, pose), _SHORTS)
        arm = pose.arms["R"]
        for part in shapes.skin_arm(body, arm):
            paper.fill(part, _SKIN)
        paper.fill(shapes.sleeve(body, arm), _SHIRT)
    pelvis, ribs = shapes.pelvis_tag_at(body, pose)[0], shapes.ribs_tag_at(body, pose)[0]
    _tag(paper, pelvis, tag_size_m, "PELVIS", ("waistband, over the", "iliac crest"), 0.0)
    _tag(paper, ribs, tag_size_m, "RIBS", ("lower ribs, clear of", "the swinging elbow"), -10.0)
    pdf.set_font("Helvetica", "", 8)
    pdf.set_xy(x_mm, y_mm + height_mm + 0.5)
    pdf.cell(52, 3.5, "side towards the camera", align="C")


def _tag(
    paper: _Paper,
    centre: tuple[float, float],
    size_m: float,
    name: str,
    where: tuple[str, str],
    rise_mm: float,
) -> None:
    half = size_m / 2
    corners = np.array([(-half, -half), (half, -half), (half, half), (-half, half)])
    square = corners + np.asarray(centre)
    paper.fill(np.asarray(centre) + 1.35 * corners, 255)
    paper.fill(square, 0)
    x, y = paper.at(np.array([centre]))[0]
    pdf = paper.pdf
    end_x, end_y = x + 28.0, y + rise_mm
    pdf.set_draw_color(0)
    pdf.set_line_width(0.3)
    pdf.line(x + 1.35 * half * paper.mm_per_m, y, end_x, end_y)
    pdf.set_font("Helvetica", "B", 9)
    pdf.set_xy(end_x + 0.5, end_y - 4.0)
    pdf.cell(30, 4, name)
    pdf.set_font("Helvetica", "", 8)
    for k, line in enumerate(where):
        pdf.set_xy(end_x + 0.5, end_y + 3.4 * k)
        pdf.cell(30, 3.4, line)
