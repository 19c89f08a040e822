"""From the marker names of laboratories and pose programs to joints."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hipcue.realtime.records import Joint, Side
from hipcue.realtime.vision.markers.found_names import found_in_words
from hipcue.realtime.vision.markers.hip_regression import hip_centres
from hipcue.realtime.vision.markers.marker_file import Trajectory
from hipcue.realtime.vision.markers.name_reading import GUESSED, Reading, readings
from hipcue.realtime.vision.markers.name_table import NameTable, built_in, plain

_JOINTS = ("hip", "knee", "ankle", "heel", "toe", "shoulder", "elbow", "wrist", "ear")
_CLUSTERS = ("pelvis", "thigh", "shank")


class MarkerNames:
    """Finds the trajectories of points of the body in a marker file.

    Parameters
    ----------
    xyz_m : mapping of str to ndarray, shape (frames, 3)
        As `hipcue.realtime.vision.markers.marker_file.MarkerFile` has them.
    table : NameTable, optional
        Which names are understood; hipcue's own unless given.
    failed : str
        What fails if they cannot be told.

    Attributes
    ----------
    guessed : bool
        Whether a network made the markers up from films.
    mirrored : bool
        Whether left and right look exchanged, by the pelvis; `joints` finds out.
    taken : dict of str to str
        Markers by what they were taken for, as `joints` and the pelvis found them.
    """

    def __init__(
        self,
        xyz_m: Mapping[str, Trajectory],
        table: NameTable | None = None,
        failed: str = "cannot use markers",
    ) -> None:
        self._xyz_m = {name: way for name, way in xyz_m.items() if np.isfinite(way).any()}
        self._table = built_in() if table is None else table
        self.guessed = any(GUESSED.search(name) for name in xyz_m)
        self.taken: dict[str, str] = {}
        self.mirrored = False
        known = {name for names in self._table.both.values() for name in names}
        self._readings = readings(self._xyz_m, known, failed)
        self._named: dict[Reading, str] = {}
        self._whole: dict[str, str] = {}
        # A file may hold keypoints and markers made from them; those belong together.
        for name in sorted(self._readings, key=lambda name: GUESSED.search(name) is None):
            for reading in self._readings[name]:
                self._named.setdefault(reading, name)
            self._whole.setdefault(plain(name), name)

    def marker(self, side: Side | None, point: str) -> str | None:
        """Return the marker that a point has, by its name in the file; None where it has none."""
        table = self._table
        whole = table.middle if side is None else table.of_side[side]
        for name in whole.get(point, ()):
            found = self._named.get((None, name)) or self._whole.get(name)
            if found is not None:
                return found
        names = () if side is None else table.both.get(point, ())
        return next((self._named[side, n] for n in names if (side, n) in self._named), None)

    def point(self, side: Side | None, point: str) -> Trajectory | None:
        """Return the trajectory of a point's marker."""
        name = self.marker(side, point)
        if name is None:
            return None
        self._take(side, point, name)
        return self._xyz_m[name]

    def cluster(self, side: Side, part: str) -> list[str]:
        """Return the markers that by their names only go along with a thigh or a shank."""
        return [
            name
            for name, some in self._readings.items()
            if any(of is side and self._goes_along(word, part) for of, word in some)
            and name not in self.taken.values()
        ]

    def by_word(self) -> dict[str, Trajectory]:
        """Return every marker that is seen by its `word`."""
        return {self.word(name): way for name, way in self._xyz_m.items()}

    def joints(self) -> dict[Joint, Trajectory]:
        """Return every joint that has a marker."""
        joints: dict[Joint, Trajectory] = {}
        for side in Side:
            for joint in _JOINTS:
                trajectory = self._joint(side, joint)
                if trajectory is not None:
                    joints[Joint.of(side, joint)] = trajectory
        nose, neck = self.point(None, "nose"), self.point(None, "neck")
        if nose is not None:
            joints[Joint.NOSE] = nose
        centres = self._hip_centres()
        for side in Side:
            hip = centres.get(side)
            if hip is None:
                hip = self.point(side, "hip_lateral")
            if hip is not None:
                joints.setdefault(Joint.of(side, "hip"), hip)
            # OpenPose and HALPE put the neck in the middle between the shoulders.
            if neck is not None:
                joints.setdefault(Joint.of(side, "shoulder"), neck)
        return joints

    def pelvis_front(self) -> Trajectory | None:
        """Return the middle between the anterior superior iliac spines."""
        return self._middle("asis")

    def pelvis_back(self) -> Trajectory | None:
        """Return the middle between the posterior superior iliac spines, or the sacrum."""
        back = self._middle("psis")
        return back if back is not None else self.point(None, "sacrum")

    def lateral_only(self, side: Side, joint: str) -> bool:
        """Whether a joint has a marker on its outside and none else."""
        outside, inside = (f"{side.value} {joint}_{where}" for where in ("lateral", "medial"))
        return outside in self.taken and inside not in self.taken

    def tells_centre(self, joint: Joint) -> bool:
        """Whether the file itself has a joint's centre, by a name that means nothing else."""
        side, _, name = joint.name.partition("_")
        taken = self.taken.get(f"{side} {name.lower()}_centre")
        return taken is not None and taken != self.marker(Side(side), f"{name.lower()}_lateral")

    def word(self, name: str) -> str:
        """Return a marker's name with its side and without what says whose it is."""
        return self._readings[name][-1][1]

    def found(self) -> str:
        """Say which markers were taken for what below the trunk, and what was not found."""
        return found_in_words(self.taken, list(self._xyz_m))

    def _joint(self, side: Side, joint: str) -> Trajectory | None:
        """A joint's centre: by its own name, else between outside and inside, else outside."""
        if joint not in ("knee", "ankle", "elbow", "wrist"):
            return self.point(side, "hip_centre" if joint == "hip" else joint)
        centre, outside, inside = (
            self.marker(side, f"{joint}_{where}") for where in ("centre", "lateral", "medial")
        )
        if centre is not None and (centre != outside or inside is None):
            return self.point(side, f"{joint}_centre")
        one = self.point(side, f"{joint}_lateral")
        two = self.point(side, f"{joint}_medial")
        return one if one is None or two is None else _mean([one, two])

    def _hip_centres(self) -> dict[Side, Trajectory]:
        """Hip joint centres from the pelvis's markers, where it has enough of them."""
        left, right = self.point(Side.L, "asis"), self.point(Side.R, "asis")
        back = self.pelvis_back()
        if left is None or right is None or back is None:
            return {}
        low = ("heel", "ankle_lateral", "ankle_centre", "toe", "knee_lateral", "knee_centre")
        feet = (self.marker(side, point) for point in low for side in Side)
        foot = next((name for name in feet if name is not None), None)
        below = None if foot is None else self._xyz_m[foot]
        centres, self.mirrored = hip_centres(left, right, back, below)
        return centres

    def _middle(self, point: str) -> Trajectory | None:
        """Return the middle of the left and the right marker, in every frame of the same.

        With one side hidden most of the time the other stands for both: a middle that
        changes its meaning from frame to frame would jump.
        """
        found = [way for side in Side if (way := self.point(side, point)) is not None]
        if not found:
            return None
        seen = [int(np.isfinite(trajectory).all(axis=1).sum()) for trajectory in found]
        best = found[seen.index(max(seen))]
        middle = _mean(found)
        enough = int(np.isfinite(middle).all(axis=1).sum()) >= 0.5 * max(seen)
        return middle if enough else best

    def _goes_along(self, word: str, part: str) -> bool:
        return any(
            word.startswith(name[:-1]) if name.endswith("*") else word == name
            for name in self._table.both.get(part, ())
        ) and not any(
            word in names for point, names in self._table.both.items() if point not in _CLUSTERS
        )

    def _take(self, side: Side | None, point: str, name: str) -> None:
        self.taken[f"{side.value} {point}" if side else point] = name


def _mean(trajectories: list[Trajectory]) -> Trajectory:
    middle: Trajectory = np.mean(trajectories, axis=0)
    return middle
