"""From a picture to a pose with the pelvis in it: everything that needs pixels."""

from __future__ import annotations

from dataclasses import replace

from config.settings import Settings
from devices.readings import Frame
from realtime.records import Pose
from realtime.vision.pelvis_sources import PelvisSources
from realtime.vision.pose import PoseModel


class Perceiver:
    """Looks at frames, one after the other; not for several threads at once.

    Parameters
    ----------
    settings : Settings
        Pose model and pelvis sources are taken from it.
    """

    def __init__(self, settings: Settings) -> None:
        self._pelvis = PelvisSources(settings.pelvis)
        self._model = PoseModel(settings.pose, want_mask=self._pelvis.wants_mask)

    def see(self, frame: Frame) -> Pose:
        """Return the pose of a frame, with what the pelvis sources saw in it."""
        sight = self._model.see(frame)
        if not sight.pose.seen:
            return sight.pose
        seen = self._pelvis.read(frame.image_bgr, sight.mask, sight.mask_at, sight.pose)
        return replace(sight.pose, pelvis=seen)

    def close(self) -> None:
        """Give the model back."""
        self._model.close()
