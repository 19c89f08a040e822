"""Finds the landmarks of the body, and its silhouette, in a square around it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from hipcue.realtime.vision.litert.network import Network, Shape, Tensor, opened
from hipcue.realtime.vision.litert.pieces import cut, only
from hipcue.realtime.vision.litert.square import Square
from hipcue.realtime.vision.mask import FloatArray, Mask

CELLS = 256
# 33 landmarks of the body and 6 of the network's own; the first two of these say where to
# look next: between the hips, and on the circle around the body.
_MARKS = 39
CENTRE, RIM = 33, 34
# A landmark is x, y, z in cells, and how visible and how present it is (before the sigmoid).
_VALUES = 5
# Each has a map of how likely it is where. A landmark is moved to the middle of its map
# within this many of its cells, where the map is sure enough: the size and the threshold of
# MediaPipe (its graph file says kernel_size 7, but what it runs is its default, 9 cells).
_MAP = 64
_REACH = 4
_SURE = 0.5


# What the network takes; what it gives: landmarks, whether a body is there, maps; silhouette.
_ENTRY: Shape = (1, CELLS, CELLS, 3)
_TRUNK: tuple[Shape, ...] = ((1, _MARKS * _VALUES), (1, 1), (1, _MAP, _MAP, _MARKS))
_SILHOUETTE: Shape = (1, CELLS, CELLS, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """What the network sees in a square.

    Attributes
    ----------
    presence : float
        How sure it is that a body is in the square, 0 to 1.
    xy_px : ndarray, shape (marks, 2)
        Places in the picture of the landmarks that were asked for.
    visibility : ndarray, shape (marks,)
        0 to 1.
    cells : callable or None
        Works out the silhouette, float32, 0 to 1, shape (256, 256); None when it is not wanted.
    """

    presence: float
    xy_px: FloatArray
    visibility: FloatArray
    cells: Callable[[], Mask] | None


class LandmarkFile:
    """The landmark network, ready to be run in several threads.

    Parameters
    ----------
    content : bytes
        Its file.
    origin : str
        Where that is from.
    threads : int
        How many cores share a picture.
    want_mask : bool
        Whether the silhouette is wanted.

    Raises
    ------
    UserError
        When the file is damaged, or of another network.
    """

    def __init__(self, content: bytes, origin: str, threads: int, want_mask: bool) -> None:
        opened(content, origin, (_ENTRY,), (*_TRUNK, _SILHOUETTE))
        pieces = cut(content, _TRUNK, _SILHOUETTE)
        self._origin, self._threads = origin, threads
        self.mask_of: Callable[[list[Tensor]], Mask] | None
        if not want_mask or pieces is None:
            results = (*_TRUNK, _SILHOUETTE) if want_mask else _TRUNK
            self._content, self._results = only(content, results), results
            self.mask_of = _mask_of_result if want_mask else None
        else:
            self._content, self._results = pieces.trunk, (*_TRUNK, *pieces.between)
            branch = Network(pieces.branch, origin, pieces.between, (_SILHOUETTE,), threads)
            self.mask_of = _Branch(branch)

    def trunk(self) -> Network:
        """Return a network for one thread that gives the trunk's results, and what is for masks."""
        return Network(self._content, self._origin, (_ENTRY,), self._results, self._threads)


class _Branch:
    """The silhouette's piece of the network, for any thread."""

    def __init__(self, network: Network) -> None:
        self._lock = threading.Lock()
        self._network = network

    def __call__(self, between: list[Tensor]) -> Mask:
        with self._lock:
            return _mask_of_result(self._network.run(*between))


def _mask_of_result(results: list[Tensor]) -> Mask:
    return sigmoid(results[0][0, :, :, 0])


class LandmarkNetwork:
    """Finds landmarks in squares of pictures; for one thread.

    Parameters
    ----------
    model : LandmarkFile
        May be shared with others.
    marks : tuple of int
        Which landmarks are wanted, by their numbers.
    """

    def __init__(self, model: LandmarkFile, marks: tuple[int, ...]) -> None:
        self._trunk, self._mask_of = model.trunk(), model.mask_of
        self._marks = np.array(marks)

    def find(self, image_bgr: NDArray[np.uint8], square: Square) -> Body:
        """Look at a square of a picture."""
        part = square.smooth_cut(image_bgr, CELLS)
        entry = np.multiply(part, np.float32(1 / 255), dtype=np.float32)[None]
        values, presence, maps, *rest = self._trunk.run(entry)
        marks = values.reshape(_MARKS, _VALUES)[self._marks]
        xy = refined(marks[:, :2] / np.float32(CELLS), maps[0], self._marks)
        to_picture = square.to_picture(1)
        return Body(
            float(presence[0, 0]),
            xy @ to_picture[:, :2].T + to_picture[:, 2],
            sigmoid(marks[:, 3]).astype(float),
            None if self._mask_of is None else partial(self._mask_of, rest),
        )

    def close(self) -> None:
        """Give its memory back."""
        self._trunk.close()


def sigmoid(logits: Tensor) -> Tensor:
    """Return 0 to 1 for any number."""
    with np.errstate(over="ignore"):
        shares: Tensor = np.reciprocal(np.float32(1.0) + np.exp(-logits))
    return shares


def refined(xy: Tensor, maps: Tensor, marks: NDArray[np.intp]) -> FloatArray:
    """Move landmarks to the middle of what their maps show around them.

    Parameters
    ----------
    xy : ndarray, shape (n, 2)
        Landmarks as shares of the square.
    maps : ndarray, shape (rows, columns, all marks)
        How likely each is where, before the sigmoid.
    marks : ndarray, shape (n,)
        Which they are.

    Returns
    -------
    ndarray, shape (n, 2)
        Shares of the square; as they were where a map is not sure, or does not reach.
    """
    size = maps.shape[0]
    centre = (xy * size).astype(int)  # Towards zero, as the network's makers do.
    near = np.arange(-_REACH, _REACH + 1)
    columns, rows = centre[:, 0, None] + near, centre[:, 1, None] + near
    likely = sigmoid(
        maps[
            np.clip(rows, 0, size - 1)[:, :, None],
            np.clip(columns, 0, size - 1)[:, None, :],
            marks[:, None, None],
        ]
    ).astype(float)
    likely *= ((rows >= 0) & (rows < size))[:, :, None]
    likely *= ((columns >= 0) & (columns < size))[:, None, :]
    in_map = ((centre >= 0) & (centre < size)).all(axis=1)
    sure = in_map & (likely.max(axis=(1, 2)) >= _SURE)
    found = xy.astype(float)
    weight = likely[sure]
    total = weight.sum(axis=(1, 2)) * size
    found[sure, 0] = (weight.sum(axis=1) * columns[sure]).sum(axis=1) / total
    found[sure, 1] = (weight.sum(axis=2) * rows[sure]).sum(axis=1) / total
    return found
