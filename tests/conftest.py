"""What holds for every test."""

from __future__ import annotations

import os

from hypothesis import settings

# No test measures time: a busy machine is no fault of the code.
# Every run tries the same inputs, so that a red one is the change's; HIPCUE_FUZZ=1 looks for new
# ones.
settings.register_profile("untimed", deadline=None, derandomize=not os.environ.get("HIPCUE_FUZZ"))
settings.load_profile("untimed")
