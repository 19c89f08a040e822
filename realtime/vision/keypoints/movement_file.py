"""Reads keypoints in pixels of DeepLabCut and SLEAP, through the library `movement`.

`movement` (pip install "hipcue[keypoints]") knows both programs' files in all their versions.
Neither file tells the frames per second, and both may hold several individuals.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hipcue.config.errors import UserError
from hipcue.realtime.vision.markers.text_file import MOST_BYTES

# A second individual that is there in a smaller share of the frames is a passer-by; our choice.
_PASSES_BY = 0.2
# DeepLabCut's own cut: a point that is less likely is not seen ("pcutoff" of its config.yaml).
_LIKELY = 0.6

Floats = NDArray[np.float64]


class Software(StrEnum):
    """Who wrote a file."""

    DEEPLABCUT = "DeepLabCut"
    SLEAP = "SLEAP"


@dataclass(frozen=True, slots=True, eq=False)
class Keypoints:
    """One runner's points in a film.

    Attributes
    ----------
    path : Path
        Where they were read.
    rate_hz : float
        Frames per second of the film.
    xy_px : mapping of str to ndarray, shape (frames, 2)
        Pixels, x right and y down; NaN where a point was not seen.
    confidence : mapping of str to ndarray, shape (frames,)
        0 to 1.
    """

    path: Path
    rate_hz: float
    xy_px: Mapping[str, Floats]
    confidence: Mapping[str, Floats]


def read_keypoints(path: Path, software: Software, rate_hz: float | None) -> Keypoints:
    """Read a file.

    Raises
    ------
    UserError
        Without `movement` or a rate, when the file cannot be read, or shows two runners.
    """
    failed = f"cannot read keypoints {path}"
    if rate_hz is None:
        advice = "--rate with the film's frames per second"
        raise UserError(failed, f"keypoints of {software.value} carry no times", advice)
    if path.stat().st_size > MOST_BYTES:
        seen = f"it has {path.stat().st_size / 1e6:.0f} MB, {MOST_BYTES / 1e6:.0f} are the most"
        raise UserError(failed, seen, "a part of the film")
    data = _loaded(path, software, rate_hz, failed)
    position, dims = _ordered(data, "position", ("time", "space", "keypoint", "individual"))
    confidence, _ = _ordered(data, "confidence", ("time", "keypoint", "individual"))
    if position.shape[1] != 2 or not len(position):
        seen = f"{position.shape[1]} coordinates of {len(position)} frames"
        raise UserError(failed, seen, "points in pixels; points in space as FreeMoCap writes them")
    names = [str(name) for name in data.coords[dims[2]].values]
    individuals = [str(name) for name in data.coords[dims[3]].values]
    one = _runner(position, individuals, failed)
    xy_px, sure = position[:, :, :, one].astype(float), confidence[:, :, one].astype(float)
    if software is Software.DEEPLABCUT:
        xy_px = np.where((sure < _LIKELY)[:, None, :], np.nan, xy_px)
    seen_there = np.isfinite(xy_px).all(axis=1)
    sure = np.where(seen_there, np.clip(np.nan_to_num(sure, nan=1.0), 0.0, 1.0), 0.0)
    return Keypoints(
        path,
        rate_hz,
        {name: xy_px[:, :, k] for k, name in enumerate(names)},
        {name: sure[:, k] for k, name in enumerate(names)},
    )


def _loaded(path: Path, software: Software, rate_hz: float, failed: str) -> Any:
    """Return movement's data set of a file."""
    try:
        load = importlib.import_module("movement.io.load_poses")
    except ImportError as error:
        raise UserError(
            failed,
            f"the library that reads {software.value} is not installed ({error.name})",
            'pip install "hipcue[keypoints]"',
        ) from error
    reader = load.from_dlc_file if software is Software.DEEPLABCUT else load.from_sleap_file
    # It tells its errors to the screen as well.
    loggers = importlib.import_module("movement.utils.logging").logger
    try:
        getattr(loggers, "remove", lambda: None)()
        logging.getLogger("movement").setLevel(logging.CRITICAL)
        return reader(path, rate_hz)
    except Exception as error:
        said = " ".join(str(error).split())[:120] or type(error).__name__
        seen = f"movement does not read it as {software.value}: {said}"
        raise UserError(failed, seen, f"export it again from {software.value}") from error


def _ordered(data: Any, name: str, order: tuple[str, ...]) -> tuple[Floats, list[str]]:
    """Return an array with its axes in an order; they are singular or plural by version."""
    array = data[name]
    dims = [next(dim for dim in array.dims if str(dim).startswith(wanted)) for wanted in order]
    return np.asarray(array.transpose(*dims).values), [str(dim) for dim in dims]


def _runner(position: Floats, individuals: list[str], failed: str) -> int:
    """Return the number of the one individual that runs."""
    seen = np.isfinite(position).all(axis=1).any(axis=1).sum(axis=0)
    order = np.argsort(seen)[::-1]
    if not seen[order[0]]:
        raise UserError(failed, "no point was seen in any frame", "a film of a runner")
    if len(order) > 1 and seen[order[1]] > _PASSES_BY * seen[order[0]]:
        two = " and ".join(f"{individuals[k]} ({seen[k]} frames)" for k in order[:2])
        raise UserError(failed, f"it holds {two}", "a file of one runner")
    return int(order[0])
