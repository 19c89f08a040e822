"""Files that somebody brings: a film or markers, each as poses for the engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, Protocol

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason
from hipcue.config.settings import Settings, changed
from hipcue.devices.readings import BeltSample
from hipcue.realtime.gait.standing_zero import StandingZero
from hipcue.realtime.records import Pose
from hipcue.realtime.run.file_kinds import FileKind, kind_of
from hipcue.realtime.run.film_source import FilmSource
from hipcue.realtime.run.standing_angles import known_of
from hipcue.realtime.vision.keypoints.keypoint_poses import poses as keypoint_poses
from hipcue.realtime.vision.keypoints.movement_file import Keypoints, Software, read_keypoints
from hipcue.realtime.vision.markers.course import find_course
from hipcue.realtime.vision.markers.lab_tables import read_lab_table
from hipcue.realtime.vision.markers.marker_body import find_body
from hipcue.realtime.vision.markers.marker_file import MarkerFile
from hipcue.realtime.vision.markers.marker_poses import poses
from hipcue.realtime.vision.markers.name_table import NameTable, name_table
from hipcue.realtime.vision.markers.points_csv import read_points
from hipcue.realtime.vision.markers.standing import Standing, find_standing
from hipcue.realtime.vision.markers.time_base import at_rate, settled
from hipcue.realtime.vision.markers.trc_file import read_trc


class FileSource(Protocol):
    """A file's poses, and what it tells beside them.

    Attributes
    ----------
    kind : str
        Films are seen by the pose model; markers are in metres.
    belt : sequence of BeltSample
        The speed where the file itself tells it; empty where it does not.
    settings : Settings
        As they were given, with what a standing trial tells where they do not say it.
    standing : StandingZero or None
        What is known of markers beside where they are: the zero of a standing trial.
    """

    kind: Literal["film", "markers"]
    belt: tuple[BeltSample, ...]
    settings: Settings
    standing: StandingZero | None

    def poses(self) -> Iterator[tuple[Pose, int | None]]:
        """Yield the pose of every frame, with the number of frames in all where it is known."""

    def remarks(self) -> tuple[Reason, ...]:
        """Return what is the matter with the file, as far as it was read."""


def open_source(path: Path, settings: Settings) -> FileSource:
    """Return the source of a file.

    Raises
    ------
    UserError
        At once, when the file cannot be opened.
    """
    kind, rate_hz = kind_of(path), settings.files.rate_hz
    match kind:
        case FileKind.TRC | FileKind.LAB_TABLE | FileKind.POINTS:
            return MarkerSource(_read_markers(path, kind, rate_hz), settings)
        case FileKind.DEEPLABCUT | FileKind.SLEAP:
            points = read_keypoints(path, Software(kind.value), rate_hz)
            return KeypointSource(points, settings)
    return FilmSource(path, settings)


class KeypointSource:
    """Keypoints that another program found in a film: a film as far as the engine is told."""

    kind: Literal["film", "markers"] = "film"

    def __init__(self, points: Keypoints, settings: Settings) -> None:
        self.belt: tuple[BeltSample, ...] = ()
        self.settings = settings
        self.standing: StandingZero | None = None
        self._frames = len(next(iter(points.confidence.values())))
        self._poses = keypoint_poses(points, name_table(settings.files.names_file))

    def poses(self) -> Iterator[tuple[Pose, int | None]]:
        """Yield the pose of every frame."""
        for pose in self._poses:
            yield pose, self._frames

    def remarks(self) -> tuple[Reason, ...]:
        """Return nothing: what is seen is in the poses."""
        return ()


class MarkerSource:
    """A file of markers."""

    kind: Literal["film", "markers"] = "markers"

    def __init__(self, file: MarkerFile, settings: Settings) -> None:
        file = at_rate(file, settings.files.rate_hz)
        table = name_table(settings.files.names_file)
        standing = _standing(settings, table)
        self._body = settled(find_body(file, table, standing), file)
        zero = standing if self._body.standing_is_zero else None
        self.settings = _with_tilt(settings, zero)
        self.standing = known_of(zero, self._body)
        self._course = find_course(self._body)
        self.belt = self._course.belt
        self._poses = poses(self._body, self._course)

    def poses(self) -> Iterator[tuple[Pose, int | None]]:
        """Yield the pose of every frame."""
        for pose in self._poses:
            yield pose, len(self._body.t_s)

    def remarks(self) -> tuple[Reason, ...]:
        """Return what is the matter with the markers."""
        return self._body.remarks + self._course.remarks


def _read_markers(path: Path, kind: FileKind, rate_hz: float | None) -> MarkerFile:
    match kind:
        case FileKind.POINTS:
            return read_points(path, rate_hz)
        case FileKind.LAB_TABLE:
            return read_lab_table(path, rate_hz)
    return read_trc(path, rate_hz)


def _standing(settings: Settings, table: NameTable) -> Standing | None:
    """Read the standing trial, where there is one."""
    path = settings.files.static_file
    if path is None:
        return None
    return find_standing(_read_markers(path, kind_of(path), settings.files.rate_hz), table)


def _with_tilt(settings: Settings, standing: Standing | None) -> Settings:
    """Take the tilt of the standing trial for the neutral, unless one was given."""
    if standing is None or standing.tilt_deg is None:
        return settings
    if settings.pelvis.standing_tilt_deg is not None:
        return settings
    try:
        return changed(settings, "pelvis.standing_tilt_deg", standing.tilt_deg)
    except UserError:  # No pelvis stands like that: its markers are somewhere else.
        return settings
