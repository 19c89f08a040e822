"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# No test measures time: a busy machine is no fault of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
