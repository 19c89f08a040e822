"""`hipcue models`: which pose models are here, and getting the one that is wanted."""

from __future__ import annotations

from collections.abc import Callable

from hipcue.config.errors import UserError
from hipcue.config.settings import Settings
from hipcue.realtime.vision.model_fetch import PACKAGE, fetch_model
from hipcue.realtime.vision.model_files import (
    KNOWN_SUMS,
    ModelFiles,
    checksum,
    fetched_files,
    find_model_files,
    packaged_files,
)


def list_models(settings: Settings) -> None:
    """Print the pose models that are here, with their checksums, and which one is used.

    Raises
    ------
    UserError
        When none can be used.
    """
    pose = settings.pose
    places: list[tuple[str, Callable[[], ModelFiles | None]]] = [
        ("fetched", lambda: fetched_files(pose.complexity)),
        ("installed with mediapipe", lambda: packaged_files(pose.complexity)),
    ]
    if pose.model_file is not None:
        places.insert(0, ("named by pose.model_file", lambda: find_model_files(pose)))
    for place, find in places:
        try:
            found = find()
        except UserError as error:
            print(f"{place}: cannot be used, {error.seen}")
        else:
            print(f"{place}: {'none' if found is None else found.origin}")
            if found is not None:
                _describe(found)
    print(f"used: {find_model_files(pose).origin}")


def fetch(settings: Settings) -> None:
    """Get the model once from its publisher, unless it is here."""
    print(f"Google's pose model, from {PACKAGE}, licence Apache-2.0")
    print(fetch_model())
    if settings.pose.model_file is not None:
        print(f"not used while pose.model_file = {settings.pose.model_file}")


def _describe(files: ModelFiles) -> None:
    for what, content in (("detector", files.detector), ("landmarks", files.landmarks)):
        found = checksum(content)
        known = f"that of {PACKAGE}" if found in KNOWN_SUMS.values() else "an unknown one"
        print(f"  {what}: {len(content)} bytes, SHA-256 {found}, {known}")
