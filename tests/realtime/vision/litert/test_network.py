"""A file of another network is refused in one line that says what was seen."""

from __future__ import annotations

import pytest

from hipcue.config.errors import UserError
from hipcue.realtime.vision.litert.detector import Detector
from hipcue.realtime.vision.litert.landmarks import LandmarkFile
from hipcue.realtime.vision.model_files import ModelFiles


def test_a_detector_in_the_place_of_a_landmark_model_is_named(files: ModelFiles) -> None:
    seen = r"takes 1x224x224x3, gives 1x2254x12 \+ 1x2254x1 instead of 1x256x256x3, 1x195 "
    with pytest.raises(UserError, match=rf"cannot use pose model here.task: .*{seen}"):
        LandmarkFile(files.detector, "here.task", 1, want_mask=True)


def test_a_landmark_model_in_the_place_of_a_detector_is_named(files: ModelFiles) -> None:
    with pytest.raises(UserError, match="instead of 1x224x224x3, 1x2254x12"):
        Detector(files.landmarks, "here.task", 1, least_score=0.5)


@pytest.mark.parametrize("keep", [8, 100_000])
def test_a_file_that_breaks_off_is_one_line(files: ModelFiles, keep: int) -> None:
    with pytest.raises(UserError, match=r"^cannot use pose model here.task: [^\n]+$"):
        LandmarkFile(files.landmarks[:keep], "here.task", 1, want_mask=True)
