"""What a stride looked like: stick figures of every stride, pictures where there is a film."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.records import JOINT_COUNT, Joint, Side, Stride
from hipcue.realtime.session.reader import SessionReader
from hipcue.realtime.session.stride_table import StrideTable
from hipcue.realtime.session.video_file import Picture, VideoFile

# Four instants of a stride: contact, middle of stance, toe-off, middle of swing.
INSTANTS = ("contact", "mid-stance", "toe-off", "swing")
# Without a toe-off the stance is taken as this share of the stride (running: about a
# third; only for the picture).
_STANCE = 0.36
MISSING = -32768

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


def figures(session: SessionReader, table: StrideTable) -> Figures | None:
    """Return the stick figures of all strides, ``None`` when no frame was kept."""
    wanted = np.array([instants_of(s) for s in table.strides]).reshape(-1)
    if not len(wanted):
        return None
    order = np.argsort(wanted)
    in_time = wanted[order]
    xy = np.full((len(wanted), JOINT_COUNT, 2), np.nan)
    nearest = np.full(len(wanted), np.inf)
    for chunk in session.chunks():
        p = chunk.poses
        if not len(p.t_s):
            continue
        # Half a frame of a slow camera to either side, so that chunk borders leave no gap.
        first, last = np.searchsorted(in_time, (p.t_s[0] - 0.05, p.t_s[-1] + 0.05))
        rows = order[first:last]
        if not len(rows):
            continue
        gap = np.abs(p.t_s[None, :] - wanted[rows][:, None])
        best = gap.argmin(axis=1)
        closer = gap[np.arange(len(rows)), best] < np.minimum(nearest[rows], 0.05)
        rows, best = rows[closer], best[closer]
        xy[rows] = p.xy_px[best]
        nearest[rows] = np.abs(p.t_s[best] - wanted[rows])
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


def figure_svg(found: Figures, row: int, instant: int) -> str:
    """Return one stick figure; the script draws the same for other strides."""
    x, y, width, height = found.box
    lines = []
    joints = found.xy[row, instant]
    for part, a, b in BONES:
        if MISSING not in (*joints[a], *joints[b]):
            (x1, y1), (x2, y2) = joints[a].tolist(), joints[b].tolist()
            lines.append(f'<line class="bone {part}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>')
    nose, ear = joints[Joint.NOSE], joints[Joint.L_EAR]
    if MISSING not in (*nose, *ear):
        cx, cy = ((nose + ear) // 2).tolist()
        lines.append(f'<circle class="bone m" cx="{cx}" cy="{cy}" r="{height * 0.055:.0f}"/>')
    return (
        f'<svg class="figure" viewBox="{x} {y} {width} {height}" role="img" '
        f'aria-label="Runner at {INSTANTS[instant]}">{"".join(lines)}</svg>'
    )


def still(video: VideoFile, t_s: float, height: int = 200) -> str | None:
    """Return the picture of one instant as a data address, ``None`` without one."""
    picture = video.at(t_s)
    return None if picture is None else data_url(picture, height)


def data_url(picture: Picture, height: int) -> str | None:
    """Return a picture, scaled to a height, as JPEG in a data address."""
    scale = height / picture.shape[0]
    if scale < 1:
        width = max(round(picture.shape[1] * scale), 1)
        picture = np.asarray(
            cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8
        )
    ok, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 72])
    if not ok:
        return None
    return "data:image/jpeg;base64," + base64.b64encode(jpeg.tobytes()).decode("ascii")


def best_and_worst(table: StrideTable, count: int = 3) -> tuple[list[int], list[int]]:
    """Return the rows of the strides with the least and the most borrowed extension.

    Judged by the share of the thigh's extension that the pelvis lent, among near-leg
    strides of good confidence; neighbours within 5 s count once. None when there are too
    few strides for a best and a worst to differ.
    """
    thigh, tilt = table.value("thigh_extension_deg"), table.value("pelvic_tilt_deg")
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(thigh > 5, tilt / thigh, np.nan)
    usable = np.isfinite(share) & (table.confidence >= 0.5)
    if (usable & table.near).sum() >= 2 * count:
        usable &= table.near
    rows = np.flatnonzero(usable)
    if len(rows) < 2 * count:
        return [], []
    order = rows[np.argsort(share[rows])]
    best = _apart(table, order.tolist(), count)
    worst = _apart(table, order[::-1].tolist(), count)
    return best, [row for row in worst if row not in best]


def _apart(table: StrideTable, rows: Sequence[int], count: int) -> list[int]:
    chosen: list[int] = []
    for row in rows:
        t = table.contact_s[row]
        if all(abs(t - table.contact_s[other]) > 5 for other in chosen):
            chosen.append(row)
        if len(chosen) == count:
            break
    return chosen
