"""The pelvis sources that look at pictures, behind one call."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from config.settings import PelvisSettings
from realtime.records import PelvisReading, Pose
from realtime.vision.contour import ContourReader


class PelvisSources:
    """Asks the sources that the settings name, frame by frame."""

    def __init__(self, settings: PelvisSettings) -> None:
        self._contour = ContourReader() if settings.source in ("auto", "contour") else None

    @property
    def wants_mask(self) -> bool:
        """Whether any of them needs the runner's silhouette."""
        return self._contour is not None

    def read(
        self,
        image_bgr: NDArray[np.uint8],
        mask: NDArray[np.float32] | None,
        mask_at: tuple[int, int],
        pose: Pose,
    ) -> tuple[PelvisReading, ...]:
        """Return what the sources saw in a frame; a source that saw nothing says why."""
        if self._contour is None:
            return ()
        return (self._contour.read(mask, mask_at, pose),)
