"""What the simulated runner really did: events, strides, and the angles of every frame."""

from __future__ import annotations

import csv
import json
from array import array
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hipcue.devices.simulated.pose import RunnerPose


@dataclass(frozen=True, slots=True)
class TrueStride:
    """One stride, contact to contact. Angles in degrees, signs as everywhere.

    `stride_length_m` is the distance on the belt between both footprints: the belt's movement
    plus how far forward of the first the second foot landed.
    """

    side: str
    contact_s: float
    toe_off_s: float
    end_s: float
    stride_time_s: float
    stride_length_m: float
    thigh_extension_deg: float
    hip_extension_deg: float
    pelvic_tilt_deg: float
    pelvic_tilt_mean_deg: float
    trunk_lean_deg: float


@dataclass(frozen=True, slots=True)
class TrueEvent:
    """Contact or toe-off of one side, in s from the start."""

    kind: str
    side: str
    t_s: float


@dataclass(slots=True)
class Episode:
    """One time of borrowed extension: begun, told, and over; ``None`` where it never came."""

    onset_s: float
    heard_s: float | None = None
    corrected_s: float | None = None


@dataclass(slots=True)
class _Open:
    contact_s: float
    belt_m: float
    foot_x: float
    toe_off_s: float | None = None


_COLUMNS = (
    "t_s",
    "belt_speed_mps",
    "thigh_extension_L_deg",
    "knee_flexion_L_deg",
    "thigh_extension_R_deg",
    "knee_flexion_R_deg",
    "pelvic_tilt_deg",
    "trunk_lean_deg",
    "lumbar_extension_deg",
)


class Truth:
    """Collects what happened.

    Attributes
    ----------
    near : str
        Side towards the camera.
    events : list of TrueEvent
    strides : list of TrueStride
        In the order in which they ended.
    episodes : list of Episode
    standing : list of (from_s, to_s)
        When the belt stood still.
    """

    def __init__(self, near: str) -> None:
        self.near = near
        self.events: list[TrueEvent] = []
        self.strides: list[TrueStride] = []
        self.episodes: list[Episode] = []
        self.standing: list[tuple[float, float]] = []
        self._open: dict[str, _Open] = {}
        self._samples: list[tuple[float, dict[str, float], float, float]] = []
        # Row after row: a demo of hours must not fill the memory.
        self._frames = array("d")

    def frame(self, pose: RunnerPose) -> None:
        """Note the angles of a frame."""
        legs = (
            angle[side]
            for side in "LR"
            for angle in (pose.thigh_extension_deg, pose.knee_flexion_deg)
        )
        trunk = (pose.tilt_deg, pose.lean_deg, pose.lumbar_extension_deg)
        self._frames.extend((pose.t_s, pose.belt_speed_mps, *legs, *trunk))

    def forget(self) -> None:
        """Forget what is over; what is under way goes on."""
        self.events.clear()
        self.strides.clear()
        del self._frames[:]

    def sample(self, pose: RunnerPose) -> None:
        """Note an instant between the frames, for the peaks and means of strides."""
        if pose.belt_speed_mps == 0.0 and pose.run == 0.0:
            if self.standing and pose.t_s - self.standing[-1][1] < 0.1:
                self.standing[-1] = (self.standing[-1][0], pose.t_s)
            else:
                self.standing.append((pose.t_s, pose.t_s))
        oldest = min((o.contact_s for o in self._open.values()), default=pose.t_s)
        if len(self._samples) > 2000:
            self._samples = [s for s in self._samples if s[0] >= oldest - 0.1]
        self._samples.append((pose.t_s, pose.thigh_extension_deg, pose.tilt_deg, pose.lean_deg))

    def contact(self, side: str, t_s: float, belt_m: float, foot_x: float) -> None:
        """Note a contact; it ends a stride and begins one."""
        self.events.append(TrueEvent("contact", side, t_s))
        begun = self._open.get(side)
        if begun is not None and begun.toe_off_s is not None:
            self.strides.append(self._stride(side, begun, begun.toe_off_s, t_s, belt_m, foot_x))
        self._open[side] = _Open(t_s, belt_m, foot_x)

    def toe_off(self, side: str, t_s: float) -> None:
        """Note a toe-off."""
        self.events.append(TrueEvent("toe_off", side, t_s))
        if side in self._open:
            self._open[side].toe_off_s = t_s

    def onset(self, t_s: float) -> None:
        """Note that the runner begins to borrow."""
        self.episodes.append(Episode(t_s))

    def add_cue(self, t_s: float) -> None:
        """Note that a cue was heard; the first one counts."""
        if self.episodes and self.episodes[-1].heard_s is None:
            self.episodes[-1].heard_s = t_s

    def corrected(self, t_s: float) -> None:
        """Note that the pelvis is back."""
        if self.episodes:
            self.episodes[-1].corrected_s = t_s

    def _stride(
        self, side: str, begun: _Open, toe_off_s: float, end_s: float, belt_m: float, foot_x: float
    ) -> TrueStride:
        inside = [s for s in self._samples if begun.contact_s <= s[0] <= end_s]
        k = max(range(len(inside)), key=lambda i: inside[i][1][side])
        peak, tilt = inside[k][1][side], inside[k][2]
        if 0 < k < len(inside) - 1:
            # The vertex of the parabola through the highest sample and its neighbours.
            before, after = inside[k - 1][1][side], inside[k + 1][1][side]
            bend = before - 2.0 * peak + after
            if bend < 0.0:
                peak -= (after - before) ** 2 / (8.0 * bend)
        return TrueStride(
            side,
            begun.contact_s,
            toe_off_s,
            end_s,
            end_s - begun.contact_s,
            (belt_m - begun.belt_m) + (foot_x - begun.foot_x),
            peak,
            peak - tilt,
            tilt,
            sum(s[2] for s in inside) / len(inside),
            sum(s[3] for s in inside) / len(inside),
        )

    def facts(self) -> dict[str, Any]:
        """Return what `write` puts into truth.json."""
        first = self.episodes[0] if self.episodes else None
        return {
            "near_side": self.near,
            "onset_s": first.onset_s if first else None,
            "heard_s": first.heard_s if first else None,
            "corrected_s": first.corrected_s if first else None,
            "episodes": [asdict(episode) for episode in self.episodes],
            "standing": self.standing,
            "events": [asdict(event) for event in self.events],
            "strides": [asdict(stride) for stride in self.strides],
        }

    def write(self, folder: Path) -> None:
        """Write truth.csv (a row per frame) and truth.json (everything else)."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "truth.json").write_text(
            json.dumps(self.facts(), indent=1) + "\n", encoding="utf-8"
        )
        with (folder / "truth.csv").open("w", newline="", encoding="utf-8") as file:
            if self._frames:
                writer = csv.writer(file)
                writer.writerow(_COLUMNS)
                for k in range(0, len(self._frames), len(_COLUMNS)):
                    row = self._frames[k : k + len(_COLUMNS)]
                    writer.writerow([f"{value:.5f}" for value in row])
