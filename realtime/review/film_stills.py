"""Pictures out of a session's film, as data addresses that a page carries in itself."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import cv2
import numpy as np

from hipcue.realtime.review.charts.stick_figures import instants_of
from hipcue.realtime.session.reader import SessionReader
from hipcue.realtime.session.stride_table import StrideTable
from hipcue.realtime.session.video_file import Picture, VideoFile

# Strides across the session whose picture goes into the file, beside the chosen ones:
# about 1.5 MB and two seconds of reading the film.
_SAMPLED = 100
_HEIGHT_PX, _JPEG_QUALITY = 200, 72


def stills_by_row(
    session: SessionReader, table: StrideTable, chosen: Sequence[int]
) -> dict[int, list[str]]:
    """Return pictures of strides by row; nothing without a film.

    The `chosen` rows have one of each of the four instants, others across the session have
    one of toe-off. A stride whose pictures are not all there is left out.
    """
    film = VideoFile(session.folder)
    found: dict[int, list[str]] = {}
    try:
        if not film.ok or not len(table):
            return found
        count = min(_SAMPLED, len(table))
        sampled = np.unique(np.linspace(0, len(table) - 1, count).round().astype(int)).tolist()
        for row in sorted({*sampled, *chosen}):
            instants = instants_of(table.strides[row])
            wanted = instants if row in chosen else instants[2:3]
            addresses = [_still(film, t_s) for t_s in wanted]
            if all(addresses):
                found[row] = [address for address in addresses if address]
    finally:
        film.close()
    return found


def _still(film: VideoFile, t_s: float) -> str | None:
    picture = film.at(t_s)
    return None if picture is None else data_address(picture)


def data_address(picture: Picture, height_px: int = _HEIGHT_PX) -> str | None:
    """Return a picture, at most `height_px` high, as JPEG in a data address."""
    scale = height_px / picture.shape[0]
    if scale < 1:
        width = max(round(picture.shape[1] * scale), 1)
        picture = np.asarray(
            cv2.resize(picture, (width, height_px), interpolation=cv2.INTER_AREA), np.uint8
        )
    ok, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    if not ok:
        return None
    return "data:image/jpeg;base64," + base64.b64encode(jpeg.tobytes()).decode("ascii")
