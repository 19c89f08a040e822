from __future__ import annotations

import re
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from hipcue.config.errors import UserError
from hipcue.realtime.vision.tag.reader import DICTIONARY
from hipcue.realtime.vision.tag.sheet import cells, write_tags_sheet

POINTS_PER_MM = 72 / 25.4


@pytest.mark.parametrize("number", [0, 1])
def test_the_cells_on_the_page_are_the_square_that_is_looked_for(number: int) -> None:
    picture = np.where(cells(number), 0, 255).astype(np.uint8)
    picture = cv2.resize(picture, (120, 120), interpolation=cv2.INTER_NEAREST)
    page = cv2.copyMakeBorder(picture, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=255)
    detector = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(DICTIONARY))
    _, ids, _ = detector.detectMarkers(page)
    assert ids is not None
    assert ids.flatten().tolist() == [number]


@pytest.mark.parametrize("size_m", [0.04, 0.06])
def test_the_squares_on_the_page_have_their_true_size(tmp_path: Path, size_m: float) -> None:
    data = write_tags_sheet(tmp_path / "tags.pdf", size_m).read_bytes()
    drawn = b"".join(
        zlib.decompress(stream)
        for stream in re.findall(rb"stream\n(.*?)\nendstream", data, re.DOTALL)
        if stream[:1] == b"x"
    ).decode("latin-1")
    filled = [
        [float(v) for v in found]
        for found in re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) (-?[\d.]+) re f\b", drawn)
    ]
    widest = max(width for _, _, width, _ in filled)
    assert widest == pytest.approx(1000 * size_m * POINTS_PER_MM, abs=0.02)


def test_a_square_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="fit side by side"):
        write_tags_sheet(tmp_path / "tags.pdf", 0.15)
