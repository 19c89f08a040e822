"""From pictures to poses with the pelvis in them: everything that needs pixels.

    source ─┬► tracker 1 ──┐
            ├► tracker 2 ──┼─► in order ─► outline, squares ─► pose
            └► optical flow┘

The pose model works in threads of its own, so that the outline and the squares of one picture
are read, and the engine steps, while it looks at the next one. Live, pictures for which it has
no time are followed from those before (`realtime.vision.live_pool`); of a film that is not
played at its pace every one is looked at (`realtime.vision.film_pool`). Outline and squares
remember what they saw: they are read here, in order.
"""

from __future__ import annotations

from dataclasses import replace

import cv2

from hipcue.config.settings import Settings
from hipcue.devices.readings import Frame
from hipcue.realtime.records import PelvisReading, Pose
from hipcue.realtime.vision.film_pool import FilmPool, Source
from hipcue.realtime.vision.flow.follower import FlowFollower
from hipcue.realtime.vision.live_pool import LivePool
from hipcue.realtime.vision.pelvis_sources import PelvisSources
from hipcue.realtime.vision.pose import Detection, open_pose_models


class VisionPipeline:
    """Looks at the pictures of a source with `pose.trackers` models.

    Use: ``start()``, then ``next()`` until `over`, then ``close()``; one thread only.

    Parameters
    ----------
    settings : Settings
        Pose model and pelvis sources are taken from it.
    source : Source
        A camera, already started when `start` is called.
    reproducible : bool
        Every picture is looked at, workers take turns (`FilmPool`) and nothing is
        done ahead, so that the same film gives the same poses every time.

    Attributes
    ----------
    outline_every : int
        The outline of the back is read in every so many pictures; 1 reads it in all.

    Raises
    ------
    UserError
        When the model file cannot be used.
    """

    def __init__(self, settings: Settings, source: Source, *, reproducible: bool = False) -> None:
        self.outline_every = 1
        self._count = 0
        self._opencv_threads = cv2.getNumThreads()
        self._pelvis = PelvisSources(settings.pelvis)
        self._models = open_pose_models(
            settings.pose, self._pelvis.wants_mask, settings.pose.trackers
        )
        workers = [model.detect for model in self._models]
        self._pool: FilmPool[Detection] | LivePool[Detection]
        if reproducible:
            self._pool = FilmPool(workers, source)
        else:
            follower = FlowFollower() if settings.pose.follow else None
            self._pool = LivePool(workers, source, follower)

    def start(self) -> None:
        """Begin to look."""
        # OpenCV's helpers would keep a core busy with waiting for work: all pictures that
        # are read here are small.
        cv2.setNumThreads(1)
        self._pool.start()

    def next(self, timeout_s: float) -> tuple[Frame, Pose] | None:
        """Return the next picture and its pose; None when there was none in time.

        An error of a model, or of the source, is raised here.
        """
        found = self.wait(timeout_s)
        return None if found is None else (found[0], self.read(*found))

    def wait(self, timeout_s: float) -> tuple[Frame, Detection] | None:
        """Return the next picture and what the model saw in it; `read` does the rest.

        While the model is still looking at a picture, what needs no pose is done with it.
        """
        while isinstance(self._pool, LivePool):
            frame = self._pool.preview(timeout_s)
            if frame is None:
                break
            self._pelvis.search_ahead(frame.image_bgr)
        return self._pool.next(timeout_s)

    def read(
        self, frame: Frame, detection: Detection, others: tuple[PelvisReading, ...] = ()
    ) -> Pose:
        """Return the pose with what squares and outline say of the pelvis.

        To be called once for every picture, in order.

        Parameters
        ----------
        frame, detection
            From `wait`.
        others : tuple of PelvisReading
            What a source that needs no pictures says; it comes last.
        """
        return replace(detection.pose, pelvis=(*self._read_pelvis(frame, detection), *others))

    def _read_pelvis(self, frame: Frame, detection: Detection) -> tuple[PelvisReading, ...]:
        pose = detection.pose
        if not pose.seen:
            return ()
        # There is no silhouette where the model did not look.
        self._count += not pose.followed
        outline = not pose.followed and self._count % self.outline_every == 0
        return self._pelvis.read(frame.image_bgr, detection.silhouette, pose, outline=outline)

    @property
    def over(self) -> bool:
        """Whether the source has ended and every picture was handed out."""
        return self._pool.over

    def close(self) -> None:
        """Stop looking and give the models back."""
        self._pool.close()
        for model in self._models:
            model.close()
        cv2.setNumThreads(self._opencv_threads)
