"""Finds people in a whole picture: only asked when the runner was lost."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.vision.litert.network import Network
from hipcue.realtime.vision.litert.square import Square, around_body

FloatArray = NDArray[np.float64]

# What the network takes and gives. The picture lies in the middle of a square of this size,
# black beside it. A box is x, y, width, height and four points (x, y) in cells of that
# square, counted from its anchor; the first point lies between the hips, the second on the
# circle around the body.
_CELLS = 224
_BOXES, _VALUES = 2254, 12
# Anchors lie in the middle of the cells of three grids, so many in each cell: MediaPipe's
# pose_detection (strides 8, 16, 32, 32, 32; two aspect ratios for each).
_GRIDS = ((28, 2), (14, 2), (7, 6))
# Boxes that share more than this (intersection over union) are of the same person: the
# threshold of MediaPipe's pose_detection.
_SAME = 0.3


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a picture: how sure that is, 0 to 1, and the square around them."""

    score: float
    square: Square


class Detector:
    """Finds people in a picture; for any thread, one after the other.

    Parameters
    ----------
    content : bytes
        The network's file.
    origin : str
        Where it is from.
    threads : int
        How many cores share a picture.
    least_score : float
        Whoever is less sure than that is nobody.
    """

    def __init__(self, content: bytes, origin: str, threads: int, least_score: float) -> None:
        results = ((1, _BOXES, _VALUES), (1, _BOXES, 1))
        self._network = Network(content, origin, ((1, _CELLS, _CELLS, 3),), results, threads)
        self._lock = threading.Lock()
        self._anchors = _anchors()
        self._least = least_score

    def find(self, image_bgr: NDArray[np.uint8]) -> list[Person]:
        """Return the people in a picture, the surest first."""
        height, width = image_bgr.shape[:2]
        whole = Square(width / 2, height / 2, float(max(width, height)))
        cut = whole.cut(image_bgr, _CELLS, cv2.BORDER_CONSTANT)
        entry = (cut.astype(np.float32) / np.float32(127.5) - np.float32(1.0))[None]
        with self._lock:
            boxes, logits = self._network.run(entry)
        scores = 1.0 / (1.0 + np.exp(-np.clip(logits[0, :, 0].astype(float), -100.0, 100.0)))
        sure = scores >= self._least
        centres, sizes, points = _decoded(boxes[0, sure].astype(float), self._anchors[sure])
        to_picture = whole.to_picture(_CELLS)
        return [
            Person(score, around_body(*(to_picture[:, :2] @ pair.T + to_picture[:, 2:]).T))
            for score, pair in _people(scores[sure], centres, sizes, points)
        ]


def _anchors() -> FloatArray:
    """The middles of the cells of the grids, in cells of the network; shape (boxes, 2)."""
    found = []
    for count, times in _GRIDS:
        middle = (np.arange(count) + 0.5) * _CELLS / count
        x, y = np.meshgrid(middle, middle)
        found.append(np.repeat(np.column_stack([x.ravel(), y.ravel()]), times, axis=0))
    return np.concatenate(found)


def _decoded(boxes: FloatArray, anchors: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Middles and sizes of the boxes, shape (n, 2), and their two first points, (n, 2, 2)."""
    points = boxes[:, 4:8].reshape(-1, 2, 2) + anchors[:, None]
    return boxes[:, :2] + anchors, boxes[:, 2:4], points


def _people(
    scores: FloatArray, centres: FloatArray, sizes: FloatArray, points: FloatArray
) -> list[tuple[float, FloatArray]]:
    """Merge boxes of the same person, by their scores; the surest comes first."""
    low, high = centres - sizes / 2, centres + sizes / 2
    area = sizes.prod(axis=1)
    left = np.argsort(-scores, kind="stable")
    people = []
    while len(left):
        best = left[0]
        common = np.minimum(high[left], high[best]) - np.maximum(low[left], low[best])
        shared = np.clip(common, 0.0, None).prod(axis=1)
        same = shared > _SAME * (area[left] + area[best] - shared)
        same[0] = True
        mine = left[same]
        people.append((float(scores[best]), np.average(points[mine], axis=0, weights=scores[mine])))
        left = left[~same]
    return people
