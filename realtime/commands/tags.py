"""`hipcue tags`: the sheet with the printed squares."""

from __future__ import annotations

from pathlib import Path

from hipcue.config.settings import Settings
from hipcue.realtime.vision.tag.sheet import write_tags_sheet


def write_tags(out: Path, size_m: float | None, settings: Settings) -> None:
    """Write the sheet, true to scale; without a size as large as the settings say."""
    print(f"print at 100 %: {write_tags_sheet(out, size_m or settings.pelvis.tag_size_m)}")
