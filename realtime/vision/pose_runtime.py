"""Which program runs the pose model: LiteRT with a tracker of our own, or MediaPipe."""

from __future__ import annotations

import importlib.util

from hipcue.config.errors import UserError
from hipcue.config.settings import PoseSettings
from hipcue.realtime.vision.landmark_models import LandmarkModel
from hipcue.realtime.vision.litert.tracker import open_litert
from hipcue.realtime.vision.mediapipe_model import MediaPipeModel
from hipcue.realtime.vision.model_files import find_model_files


def open_landmark_models(
    settings: PoseSettings, want_mask: bool, count: int
) -> list[LandmarkModel]:
    """Return models for so many threads, which follow the same runner.

    Raises
    ------
    UserError
        When the model file cannot be used, or the program that is named is not there.
    """
    if not _takes_litert(settings):
        return [MediaPipeModel(settings, want_mask) for _ in range(count)]
    return [*open_litert(settings, find_model_files(settings), count, want_mask)]


def _takes_litert(settings: PoseSettings) -> bool:
    """LiteRT where it is installed: faster, and about as right (the README says where not)."""
    if settings.runtime == "mediapipe":
        if not _is_installed("mediapipe"):
            raise UserError(
                "cannot use pose.runtime = mediapipe",
                "the Python package 'mediapipe' is not installed",
                "pose.runtime = auto; mediapipe 0.10.21 is there for Python 3.11 and 3.12",
            )
        return False
    if _is_installed("ai_edge_litert"):
        return True
    # Of the files that can be named, MediaPipe takes its own packing only.
    mediapipes = settings.model_file is None or settings.model_file.suffix == ".task"
    if settings.runtime == "auto" and mediapipes and _is_installed("mediapipe"):
        return False
    raise UserError(
        f"cannot use pose.runtime = {settings.runtime}",
        "the Python package 'ai_edge_litert' is not installed",
        "python -m pip install ai-edge-litert, or Python 3.11 or 3.12 with mediapipe",
    )


def _is_installed(package: str) -> bool:
    try:
        return importlib.util.find_spec(package) is not None
    except ValueError:  # Something without a spec has been put in its place.
        return False
