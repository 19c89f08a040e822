"""The pelvis sources that look at pictures, behind one call."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hipcue.config.settings import PelvisSettings
from hipcue.realtime.gait.facing import Facing, FacingTracker
from hipcue.realtime.records import PelvisReading, Pose
from hipcue.realtime.vision.back_outline.reader import BackOutlineReader
from hipcue.realtime.vision.mask import Silhouette
from hipcue.realtime.vision.tag.reader import TagReader


class PelvisSources:
    """Asks the sources that the settings name, frame by frame.

    Attributes
    ----------
    facing : Facing or None
        Which way the runner faced in the newest frame; None before that is known.
    """

    def __init__(self, settings: PelvisSettings) -> None:
        chosen = settings.source
        # The engine has one of its own, which gets the same poses: they always agree.
        self._tracker = FacingTracker()
        self.facing: Facing | None = None
        self._contour = BackOutlineReader() if chosen in ("auto", "contour") else None
        self._tag = TagReader(settings.tag_size_m) if chosen in ("auto", "tag") else None

    @property
    def wants_mask(self) -> bool:
        """Whether any of them needs the runner's silhouette."""
        return self._contour is not None

    def search_ahead(self, image_bgr: NDArray[np.uint8]) -> None:
        """Look for the squares, which needs no pose, while the model works on the picture."""
        if self._tag is not None:
            self._tag.search_ahead(image_bgr)

    def read(
        self,
        image_bgr: NDArray[np.uint8],
        silhouette: Silhouette | None,
        pose: Pose,
        *,
        outline: bool = True,
    ) -> tuple[PelvisReading, ...]:
        """Return what the sources saw in a frame; a source that saw nothing says why.

        To be called for every frame with a runner in it, in order. Without `outline` only the
        printed squares are read.
        """
        self.facing = self._tracker.add_pose(pose)
        readings = []
        if self._tag is not None:
            square = self._tag.read(image_bgr, pose, self.facing)
            if square is not None:
                readings.append(square)
        if self._contour is not None and outline:
            readings.append(self._contour.read(image_bgr, silhouette, pose, self.facing))
        return tuple(readings)
