"""What the tests of the tracker share."""

from __future__ import annotations

import pytest

from hipcue.config.errors import UserError
from hipcue.config.settings import PoseSettings
from hipcue.realtime.vision.model_files import ModelFiles, find_model_files


@pytest.fixture(scope="package")
def files() -> ModelFiles:
    try:
        return find_model_files(PoseSettings())
    except UserError as error:
        pytest.skip(f"no pose model on this machine: {error}")
