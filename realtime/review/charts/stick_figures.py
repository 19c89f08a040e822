"""What a stride looked like: stick figures at four instants of every stride."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from hipcue.realtime.records import JOINT_COUNT, Joint, Side, Stride
from hipcue.realtime.review.charts import svg
from hipcue.realtime.review.frame_table import FrameTable, nearest_frames
from hipcue.realtime.session.stride_table import StrideTable

# Four instants of a stride: contact, middle of stance, toe-off, middle of swing. Their words
# are in config/report_texts.toml, `[strips]`.
INSTANTS = ("contact", "mid_stance", "toe_off", "swing")
# Without a toe-off the stance is taken as this share of the stride (running: about a
# third; only for the picture).
_STANCE = 0.36
# A frame this near shows an instant: one and a half pictures of a slow camera; our choice.
_NEAREST_S = 0.05
MISSING = -32768
# Radius of the head as a share of the picture's height; only for the picture.
HEAD_SHARE = 0.055

# Lines of the stick figure: (part, from, to); part is l, r or m for the style.
BONES = tuple(
    (side.value.lower(), Joint.of(side, a), Joint.of(side, b))
    for side in Side
    for a, b in (
        ("shoulder", "elbow"),
        ("elbow", "wrist"),
        ("shoulder", "hip"),
        ("hip", "knee"),
        ("knee", "ankle"),
        ("ankle", "heel"),
        ("heel", "toe"),
        ("ankle", "toe"),
    )
)


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """Joint positions in pixels at four instants of every stride.

    `xy` is (strides, 4, JOINT_COUNT, 2) int16 with `MISSING`; `box` is the part of the
    picture, x, y, width, height, that holds nearly all of them.
    """

    xy: NDArray[np.int16]
    box: tuple[int, int, int, int]

    def packed(self) -> str:
        """Return the positions as base64 of little-endian int16."""
        return base64.b64encode(self.xy.astype("<i2").tobytes()).decode("ascii")


def instants_of(stride: Stride) -> tuple[float, float, float, float]:
    """Return the four instants of a stride on the session's clock."""
    toe_off = stride.toe_off_s
    if toe_off is None:
        toe_off = stride.contact_s + _STANCE * (stride.end_s - stride.contact_s)
    middle, swing = (stride.contact_s + toe_off) / 2, (toe_off + stride.end_s) / 2
    return stride.contact_s, middle, toe_off, swing


def figures_of(frames: FrameTable, table: StrideTable) -> Figures | None:
    """Return the stick figures of all strides, ``None`` when no frame was kept."""
    wanted = np.array([instants_of(s) for s in table.strides]).reshape(-1)
    found = nearest_frames(frames, wanted, _NEAREST_S)
    xy = np.full((len(wanted), JOINT_COUNT, 2), np.nan, np.float32)
    xy[found >= 0] = frames.xy_px[found[found >= 0]]
    known = xy[np.isfinite(xy).all(axis=2)]
    if not len(known):
        return None
    low, high = np.percentile(known, 0.5, axis=0) - 12, np.percentile(known, 99.5, axis=0) + 12
    x, y = (int(v) for v in np.floor(low))
    width, height = (max(int(v), 10) for v in np.ceil(high - low))
    # The head reaches above its points.
    y, height = y - height // 12, height + height // 12
    whole = np.where(np.isfinite(xy), np.clip(xy, -32000, 32000), MISSING)
    return Figures(
        whole.round().astype(np.int16).reshape(-1, len(INSTANTS), JOINT_COUNT, 2),
        (x, y, width, height),
    )


def figure_svg(found: Figures, row: int, instant: int, label: str) -> Markup:
    """Return one stick figure; the page's script draws the same for other strides."""
    parts = []
    joints = found.xy[row, instant].tolist()
    for part, a, b in BONES:
        (x1, y1), (x2, y2) = joints[a], joints[b]
        if MISSING not in (x1, y1, x2, y2):
            ends = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
            parts.append(svg.element("line", class_=f"bone {part}", **ends))
    (x1, y1), (x2, y2) = joints[Joint.NOSE], joints[Joint.L_EAR]
    if MISSING not in (x1, y1, x2, y2):
        place = {"cx": (x1 + x2) // 2, "cy": (y1 + y2) // 2}
        radius = f"{found.box[3] * HEAD_SHARE:.0f}"
        parts.append(svg.element("circle", class_="bone m", **place, r=radius))
    return svg.picture(found.box, parts, label, class_="figure")
