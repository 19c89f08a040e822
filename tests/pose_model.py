"""Which tests can run here: from Python 3.13 on MediaPipe is missing, and its model with it."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from hipcue.config.errors import UserError
from hipcue.config.settings import PoseSettings
from hipcue.realtime.vision.model_files import find_model_files


def _is_here() -> bool:
    try:
        find_model_files(PoseSettings())
    except UserError:
        return False
    return True


needs_mediapipe = pytest.mark.skipif(
    find_spec("mediapipe") is None, reason="MediaPipe is not installed"
)
needs_pose_model = pytest.mark.skipif(
    not _is_here(), reason="no pose model is here; 'hipcue models fetch' gets it"
)
