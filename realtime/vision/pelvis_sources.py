"""The pelvis sources that look at pictures, behind one call."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hipcue.config.settings import PelvisSettings
from hipcue.realtime.records import PelvisReading, Pose
from hipcue.realtime.vision.back_outline.reader import BackOutlineReader
from hipcue.realtime.vision.mask import Silhouette
from hipcue.realtime.vision.tag.reader import TagReader


class PelvisSources:
    """Asks the sources that the settings name, frame by frame."""

    def __init__(self, settings: PelvisSettings) -> None:
        chosen = settings.source
        self._contour = BackOutlineReader() if chosen in ("auto", "contour") else None
        self._tag = TagReader(settings.tag_size_m) if chosen in ("auto", "tag") else None

    @property
    def wants_mask(self) -> bool:
        """Whether any of them needs the runner's silhouette."""
        return self._contour is not None

    def look_ahead(self, image_bgr: NDArray[np.uint8]) -> None:
        """Look for the squares, which needs no pose, while the model works on the picture."""
        if self._tag is not None:
            self._tag.look(image_bgr)

    def read(
        self,
        image_bgr: NDArray[np.uint8],
        silhouette: Silhouette | None,
        pose: Pose,
    ) -> tuple[PelvisReading, ...]:
        """Return what the sources saw in a frame; a source that saw nothing says why."""
        readings = self.read_squares(image_bgr, pose)
        if self._contour is None:
            return readings
        return (*readings, self._contour.read(image_bgr, silhouette, pose))

    def read_squares(self, image_bgr: NDArray[np.uint8], pose: Pose) -> tuple[PelvisReading, ...]:
        """Return what the printed squares say; the outline is left out."""
        seen = None if self._tag is None else self._tag.read(image_bgr, pose)
        return () if seen is None else (seen,)
