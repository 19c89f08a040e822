"""A film as poses for the engine; one in which the runner lies is turned first."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from itertools import chain
from pathlib import Path
from typing import Literal

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings
from hipcue.devices.camera import Film, RepeatDetector, film_frames
from hipcue.devices.readings import BeltSample, Frame
from hipcue.realtime.gait.seen_body import SeenBody
from hipcue.realtime.gait.seen_from import SeenFrom
from hipcue.realtime.gait.standing_zero import StandingZero
from hipcue.realtime.records import Pose
from hipcue.realtime.vision.film_watch import FilmWatch
from hipcue.realtime.vision.pipeline import VisionPipeline
from hipcue.realtime.vision.pose import open_pose_models

# How long a frame is waited for before it is asked again whether there is one.
_LOOK_S = 1.0
# So many poses of somebody, from the first on, tell whether a film may lie on its side; then so
# many pictures from all over it must agree. Nobody is waited for longer than this. Our choices.
_FIRST_POSES, _PICTURES, _WAIT_S = 20, 9, 10.0
# A tag of slow motion is judged by so many strides, looked for every so many poses, in so many at
# the most; people who run or walk take one in this time. Our choices.
_STRIDES, _JUDGED_EVERY, _JUDGED, _STRIDE_S = 4.0, 60, 3000, (0.42, 1.4)
_TURNED = {
    1: Reason(ReasonCode.FILM_TURNED_LEFT),
    2: Reason(ReasonCode.FILM_UPSIDE_DOWN),
    3: Reason(ReasonCode.FILM_TURNED_RIGHT),
}


class FilmSource:
    """A film, seen by the pose model; pictures that repeat the one before are left out.

    The pose model finds people however they lie, and says how; everything behind it wants them
    upright. A film whose runner lies in the first pictures and in most others is turned.
    """

    kind: Literal["film", "markers"] = "film"

    def __init__(self, path: Path, settings: Settings) -> None:
        self.belt: tuple[BeltSample, ...] = ()
        self._path, self.settings = path, settings
        self.standing: StandingZero | None = None
        self._film = Film(path, settings.files.slow_motion)
        self._repeats = RepeatDetector()
        self._seen_from = SeenFrom()
        self._watch = FilmWatch()
        self._tag_refuted = False

    def poses(self) -> Iterator[tuple[Pose, int | None]]:
        """Yield the pose of every picture."""
        looked = self._look()
        begin = []
        first = SeenFrom(every=1)
        seen = 0
        for pose in looked:
            begin.append(pose)
            first.add(pose)
            seen += pose.seen
            if seen == _FIRST_POSES or pose.t_capture_s > _WAIT_S:
                break
        turned = self._turns_to_stand() if first.lies else 0
        if turned:
            begin, looked = [], self._look_again(looked, turned)
        if self._film.tagged_times != 1.0 and self._is_no_slow_motion(begin, looked):
            self._tag_refuted = True
            begin, looked = [], self._look_again(looked, turned, slow_motion=1.0)
        for pose in chain(begin, looked):
            self._seen_from.add(pose)
            yield pose, self._film.frames

    def _look(self) -> Generator[Pose, None, None]:
        with self._film as film:
            pipeline = VisionPipeline(
                self.settings, _Unhurried(film, self._repeats), reproducible=True
            )
            try:
                pipeline.start()
                yield from self._watch.watched(_all_of(pipeline))
            finally:
                pipeline.close()

    def _look_again(
        self, looked: Generator[Pose, None, None], turned: int, slow_motion: float | None = None
    ) -> Generator[Pose, None, None]:
        """Begin the film anew, with what is known of it by now."""
        looked.close()
        self._film = Film(self._path, slow_motion or self.settings.files.slow_motion)
        self._film.turned = turned
        self._repeats, self._watch = RepeatDetector(), FilmWatch()
        return self._look()

    def _is_no_slow_motion(self, begin: list[Pose], looked: Iterator[Pose]) -> bool:
        """Whether the tag of a film is wrong: only as it plays, the steps are those of people.

        A phone in the dark takes fewer pictures than its tag says. `begin` grows by the poses
        that this takes.
        """
        for pose in looked:
            begin.append(pose)
            if len(begin) % _JUDGED_EVERY:
                continue
            seen = [pose for pose in begin if pose.seen]
            body = SeenBody.of(seen) if seen else None
            if body is not None and body.stride_s and body.moved_s > _STRIDES * body.stride_s:
                played_s = body.stride_s * self._film.tagged_times
                return not _is_human(body.stride_s) and _is_human(played_s)
            if len(begin) >= _JUDGED:
                break
        return False

    def _turns_to_stand(self) -> int:
        """By how many quarter turns to the left runners stand, in pictures from all of the film."""
        found = SeenFrom(every=1)
        (model,) = open_pose_models(self.settings.pose, want_mask=False)
        try:
            with Film(self._path) as film:
                for number, image in enumerate(film.pictures_across(_PICTURES)):
                    # Twice: the first look may still be for whom the last picture showed.
                    model.detect(Frame(2.0 * number, 2 * number, image))
                    found.add(model.detect(Frame(2.0 * number + 1, 2 * number + 1, image)).pose)
        finally:
            model.close()
        return found.turns_to_stand

    def remarks(self) -> tuple[Reason, ...]:
        """Return what is the matter with the film."""
        said = [
            *self._film.remarks(),
            Reason(ReasonCode.FILM_TAG_REFUTED) if self._tag_refuted else None,
            _TURNED.get(self._film.turned),
            Reason(ReasonCode.PICTURE_TURNED) if self._seen_from.obliquely else None,
            self._repeats.remark(),
            *self._watch.remarks(),
        ]
        return tuple(reason for reason in said if reason is not None)


def _is_human(stride_s: float) -> bool:
    return _STRIDE_S[0] < stride_s < _STRIDE_S[1]


def _all_of(pipeline: VisionPipeline) -> Iterator[tuple[Frame, Pose]]:
    while not pipeline.over:
        seen = pipeline.next(_LOOK_S)
        if seen is not None:
            yield seen


class _Unhurried:
    """A film that waits for whoever looks at it, so that no frame is left out but repeated ones."""

    def __init__(self, film: Film, repeats: RepeatDetector) -> None:
        self._frames = film_frames(film)
        self._repeats = repeats
        self.ended = False

    def latest(self, timeout_s: float) -> Frame | None:
        """Return the next frame; None after the last one."""
        frame = next(self._frames, None)
        while frame is not None and self._repeats.repeats(frame.image_bgr, frame.t_capture_s):
            frame = next(self._frames, None)
        self.ended = frame is None
        return frame
