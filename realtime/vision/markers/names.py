"""From the marker names of laboratories and pose programs to joints."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from hipcue.realtime.records import Joint, Side
from hipcue.realtime.vision.markers.marker_file import Trajectory

Alias = str | tuple[str, str]

# Names without side, in small letters, signs left out, best first. A pair of names is the
# middle of two markers (lateral and medial). Sources: HALPE_26 and BODY_25 (Pose2Sim,
# Sports2D, OpenPose), BlazePose, OpenCap's "study" markers, Vicon Plug-in Gait, OpenSim's
# gait models, the Human Body Model, and the marker set of the Istituto Rizzoli.
_JOINTS: Mapping[str, tuple[Alias, ...]] = {
    "hip": ("hjc", "hipjointcenter", "hipcenter", "hip"),
    "knee": (
        *("kjc", "kneejointcenter", "kneecenter", ("knee", "mknee"), ("kneelat", "kneemed")),
        *(("kneelateral", "kneemedial"), ("knee", "kneemedial"), ("fle", "fme"), ("lek", "mek")),
        *(("kne", "knem"), ("kne", "mkne"), "knee", "kne", "kneelat", "kneelateral", "fle", "lek"),
    ),
    "ankle": (
        *("ajc", "anklejointcenter", "anklecenter", ("ankle", "mankle"), ("anklelat", "anklemed")),
        *(("anklelateral", "anklemedial"), ("ankle", "anklemedial"), ("fal", "tam"), ("lm", "mm")),
        *(("ank", "ankm"), ("ank", "mank"), "ankle", "ank", "anklelat", "anklelateral", "fal"),
        *("lm", "lateralmalleolus"),
    ),
    "heel": ("heel", "hee", "calc", "calcaneus", "heelbottom", "fcc"),
    "toe": (
        *("bigtoe", "toe", "hallux", "footindex", "toetip", "toemed", "mt1", "mth1", "fm1"),
        *("1meta", "smalltoe", "toelat", "mt5", "mth5", "fm5", "5meta"),
    ),
    "shoulder": ("sjc", "shoulder", "sho", "acromion", "acromium", "acr", "sae"),
    "elbow": ("ejc", ("lelbow", "melbow"), "elbow", "elb", "lelbow"),
    "wrist": ("wjc", ("lwrist", "mwrist"), "wrist", "wra", "lwrist"),
    "ear": ("ear",),
}
_ASIS = ("asis", "asi", "ias")
_PSIS = ("psis", "psi", "ips")
_SACRUM = ("vsacral", "sacr", "sacrum", "sacral")
# The bone that can be felt outside of the hip; seen from the side it is close to the centre.
_TROCHANTER = ("gtr", "gtro", "ftc", "trochanter", "greatertrochanter")
# What OpenCap and Pose2Sim add to the names of markers that a network made up.
_GUESSED = re.compile(r"_(study|augmenter)$", re.IGNORECASE)


class MarkerNames:
    """Finds the trajectories of joints in a marker file.

    Parameters
    ----------
    xyz_m : mapping of str to ndarray, shape (frames, 3)
        As `hipcue.realtime.vision.markers.marker_file.MarkerFile` has them.
    """

    def __init__(self, xyz_m: Mapping[str, Trajectory]) -> None:
        self._named: dict[tuple[Side | None, str], Trajectory] = {}
        self.guessed = any(_GUESSED.search(name) for name in xyz_m)
        # A file may hold keypoints and markers made from them; those belong together.
        for name in sorted(xyz_m, key=lambda name: _GUESSED.search(name) is None):
            for key in _keys(name):
                if np.isfinite(xyz_m[name]).any():
                    self._named.setdefault(key, xyz_m[name])

    def joints(self) -> dict[Joint, Trajectory]:
        """Return every joint that has a marker."""
        joints: dict[Joint, Trajectory] = {}
        for side in Side:
            for joint, aliases in _JOINTS.items():
                trajectory = self._first(side, aliases)
                if trajectory is not None:
                    joints[Joint.of(side, joint)] = trajectory
        nose, neck = self._midline(("nose",)), self._midline(("neck",))
        if nose is not None:
            joints[Joint.NOSE] = nose
        centres = self._hip_centres()
        for side in Side:
            hip = centres.get(side)
            if hip is None:
                hip = self._first(side, _TROCHANTER)
            if hip is not None:
                joints.setdefault(Joint.of(side, "hip"), hip)
            # OpenPose and HALPE put the neck in the middle between the shoulders.
            if neck is not None:
                joints.setdefault(Joint.of(side, "shoulder"), neck)
        return joints

    def pelvis_front(self) -> Trajectory | None:
        """Return the middle between the anterior superior iliac spines."""
        return self._middle(_ASIS)

    def pelvis_back(self) -> Trajectory | None:
        """Return the middle between the posterior superior iliac spines, or the sacrum."""
        back = self._middle(_PSIS)
        return back if back is not None else self._midline(_SACRUM)

    def _hip_centres(self) -> dict[Side, Trajectory]:
        """Return hip joint centres from the four pelvis markers.

        Regression on pelvis width and depth: Harrington 2007, J Biomech 40:595
        (adults and children together).
        """
        left, right = self._first(Side.L, _ASIS), self._first(Side.R, _ASIS)
        back = self.pelvis_back()
        if left is None or right is None or back is None:
            return {}
        front = (left + right) / 2
        width = np.linalg.norm(right - left, axis=1, keepdims=True)
        depth = np.linalg.norm(front - back, axis=1, keepdims=True)
        rightward = (right - left) / width
        level = front - back
        level = level - (level * rightward).sum(axis=1, keepdims=True) * rightward
        forward = level / np.linalg.norm(level, axis=1, keepdims=True)
        upward = np.cross(rightward, forward)
        centre = front + forward * (-0.24 * depth - 0.0099) + upward * (-0.30 * width - 0.0109)
        outward = rightward * (0.33 * width + 0.0073)
        return {Side.R: centre + outward, Side.L: centre - outward}

    def _first(self, side: Side, aliases: tuple[Alias, ...]) -> Trajectory | None:
        """Return the trajectory of the best alias that the file has."""
        for alias in aliases:
            parts = (alias,) if isinstance(alias, str) else alias
            found = [self._named[side, part] for part in parts if (side, part) in self._named]
            if len(found) == len(parts):
                return _mean(found)
        return None

    def _middle(self, aliases: tuple[str, ...]) -> Trajectory | None:
        """Return the middle of the left and the right marker, in every frame of the same.

        With one side hidden most of the time the other stands for both: a middle that
        changes its meaning from frame to frame would jump.
        """
        found = [
            trajectory for side in Side if (trajectory := self._first(side, aliases)) is not None
        ]
        if not found:
            return None
        seen = [int(np.isfinite(trajectory).all(axis=1).sum()) for trajectory in found]
        best = found[seen.index(max(seen))]
        middle = _mean(found)
        enough = int(np.isfinite(middle).all(axis=1).sum()) >= 0.5 * max(seen)
        return middle if enough else best

    def _midline(self, names: tuple[str, ...]) -> Trajectory | None:
        """Return a marker that has no side."""
        return next((self._named[None, n] for n in names if (None, n) in self._named), None)


def _mean(trajectories: list[Trajectory]) -> Trajectory:
    middle: Trajectory = np.mean(trajectories, axis=0)
    return middle


def _keys(name: str) -> list[tuple[Side | None, str]]:
    """Take a marker's name apart: ``r.ASIS_study`` is (R, asis), ``knee_l`` is (L, knee).

    A leading r or l may be a side or a part of the word; every reading is returned.
    """
    bare = _GUESSED.sub("", name.split(":")[-1])  # Vicon writes "Subject:RASI"
    words = [word.lower() for word in re.split(r"[^0-9a-zA-Z]+", bare) if word]
    plain = "".join(words)
    keys: list[tuple[Side | None, str]] = [(None, plain)]
    for side, long in ((Side.R, "right"), (Side.L, "left")):
        short = side.value.lower()
        for prefix in (long, short):
            if plain.startswith(prefix) and len(plain) > len(prefix):
                keys.append((side, plain.removeprefix(prefix)))
        if len(words) > 1 and words[-1] in (long, short):
            keys.append((side, "".join(words[:-1])))
    return keys
