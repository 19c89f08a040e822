"""Follows one person with the networks of the pose model.

    picture ─► where they will be (`track`) ─► landmarks in that square ─► where they are
                     └─ not known ─► people in the picture (`detector`) ─┘

No landmark is smoothed: that eats peaks and lags by tens of milliseconds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hipcue.config.settings import PoseSettings
from hipcue.realtime.vision.cores import threads
from hipcue.realtime.vision.landmark_models import LEAST_VISIBILITY, MARKS, Landmarks
from hipcue.realtime.vision.litert.detector import Detector, Person
from hipcue.realtime.vision.litert.landmarks import (
    CELLS,
    CENTRE,
    RIM,
    Body,
    LandmarkFile,
    LandmarkNetwork,
)
from hipcue.realtime.vision.litert.square import Square
from hipcue.realtime.vision.litert.track import Track
from hipcue.realtime.vision.model_files import ModelFiles

# Whoever is nearer to the runner's last place than this, in sides of their square, is taken
# for the runner: less than two people beside one another. Our choice.
_NEAR = 0.2


def open_litert(
    settings: PoseSettings, files: ModelFiles, count: int, want_mask: bool
) -> list[LiteRtModel]:
    """Return so many trackers, each for a thread of its own, which follow the same runner.

    Raises
    ------
    UserError
        When the files are damaged or of another model.
    """
    cores, least = threads(settings), settings.min_detection_confidence
    # Shared: it is only asked when the runner was lost, and takes memory.
    detector = Detector(files.detector, files.origin, cores, least)
    landmarks = LandmarkFile(files.landmarks, files.origin, cores, want_mask)
    track = Track()
    return [
        LiteRtModel(settings, detector, LandmarkNetwork(landmarks, (*MARKS, CENTRE, RIM)), track)
        for _ in range(count)
    ]


class LiteRtModel:
    """Finds the landmarks of the runner, picture by picture; for one thread.

    Parameters
    ----------
    settings : PoseSettings
        Least confidences.
    detector : Detector
        Finds people in a whole picture.
    network : LandmarkNetwork
        Finds landmarks: `MARKS`, and the two that say where to look next.
    track : Track
        Where the runner is, shared with the other trackers of the same camera.
    """

    def __init__(
        self, settings: PoseSettings, detector: Detector, network: LandmarkNetwork, track: Track
    ) -> None:
        self._detector, self._network = detector, network
        self._least_presence = settings.min_tracking_confidence
        self._track = track
        self._last_s = -np.inf
        black = np.zeros((CELLS, CELLS, 3), np.uint8)
        self._network.find(black, Square(CELLS / 2, CELLS / 2, CELLS))  # A first run is slower.

    def find(self, image_bgr: NDArray[np.uint8], t_s: float) -> Landmarks | None:
        """Return the runner's landmarks in a picture; None when nobody is in it."""
        height, width = image_bgr.shape[:2]
        size = (width, height)
        square = self._track.expect(self._last_s, size)
        body = None if square is None else self._look(image_bgr, square)
        if body is None:
            place = self._track.place(t_s, self._last_s, size)
            square = runner_among(self._detector.find(image_bgr), place)
            body = None if square is None else self._look(image_bgr, square)
        self._last_s = t_s
        if body is None or square is None:
            self._track.add(t_s, size, None)
            return None
        self._track.add(t_s, size, body.xy_px[len(MARKS) :])
        return Landmarks(
            body.xy_px[: len(MARKS)],
            body.visibility[: len(MARKS)],
            body.cells,
            square.to_picture(CELLS),
            square.inner_box(size),
        )

    def close(self) -> None:
        """Give the network back."""
        self._network.close()

    def _look(self, image_bgr: NDArray[np.uint8], square: Square) -> Body | None:
        """The body in a square; None when the network says that there is none."""
        body = self._network.find(image_bgr, square)
        seen = body.visibility[: len(MARKS)].max() >= LEAST_VISIBILITY
        return body if body.presence > self._least_presence and seen else None


def runner_among(people: list[Person], place: Square | None) -> Square | None:
    """Return the square of the runner: of whoever stands where they were.

    While that is remembered nobody else is: the runner may be hidden for a moment, and whoever
    stands beside the belt is not. Else of the surest.

    Parameters
    ----------
    people : list of Person
        The surest first.
    place : Square or None
        Where the runner was seen last, when that was lately.
    """
    if place is None:
        return people[0].square if people else None
    for person in people:
        away = np.hypot(person.square.x_px - place.x_px, person.square.y_px - place.y_px)
        if away < _NEAR * place.side_px:
            return person.square
    return None
