"""The drawn back moves like a back: its outline tells the tilt that the runner has."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from hipcue.devices.simulated import Body, Figure, RunnerPose, SimulatedRunner
from hipcue.devices.simulated.truth import TrueStride
from hipcue.realtime.gait.facing import FacingTracker
from hipcue.realtime.gait.pelvis import PelvisGauge
from hipcue.realtime.gait.pelvis_stride import PelvisOverStride
from hipcue.realtime.records import JOINT_COUNT, Joint, PelvisReading, Pose, Side
from hipcue.realtime.vision.back_outline.reader import BackOutlineReader
from hipcue.realtime.vision.mask import Silhouette
from tests.devices.simulated.running import run
from tests.realtime.model_hips import slipped

SIZE_PX = (960, 540)
FPS = 30
_CELL = 3


def seen(body: RunnerPose, figure: Figure, index: int) -> Pose:
    """The joints as a pose model puts them into the drawn picture."""
    xy_m = np.full((JOINT_COUNT, 2), np.nan)
    for side in "LR":
        for name in ("hip", "knee", "ankle", "heel", "toe"):
            xy_m[Joint[f"{side}_{name.upper()}"]] = getattr(body.legs[side], name)
        for name, at in zip(("SHOULDER", "ELBOW", "WRIST"), body.arms[side], strict=True):
            xy_m[Joint[f"{side}_{name}"]] = at
    head_m = xy_m[Joint.L_SHOULDER, 1] + 0.2
    xy_m[Joint.NOSE] = (body.hip[0] + 0.14, head_m)
    xy_m[Joint.L_EAR] = xy_m[Joint.R_EAR] = (body.hip[0] + 0.02, head_m)
    xy_px = figure.to_px(slipped(xy_m, Side(body.near), body.run))
    return Pose(body.t_s, index, xy_px, np.ones(JOINT_COUNT), SIZE_PX)


def silhouette(image: np.ndarray, figure: Figure) -> Silhouette:
    """Whatever differs from the empty room, as coarse as the model's."""
    width, height = SIZE_PX
    empty = cv2.inRange(cv2.absdiff(image, figure.background), (0, 0, 0), (14, 14, 14))
    body = (empty == 0).astype(np.uint8)
    body = cv2.morphologyEx(body, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    cells = cv2.resize(
        body.astype(np.float32), (width // _CELL, height // _CELL), interpolation=cv2.INTER_AREA
    )
    soft = cv2.GaussianBlur(cells, (0, 0), 0.7)
    # The middle of a cell is the middle of three pixels.
    to_picture = np.array([[_CELL, 0.0, 1.0], [0.0, _CELL, 1.0]])
    return Silhouette(np.asarray(soft, dtype=np.float32), to_picture, (0, 0, width, height))


class Filmed:
    """A drawn runner whose back is read, and whose strides are measured by it alone."""

    def __init__(self, body: Body, near: str) -> None:
        self.runner = SimulatedRunner(body, "R" if near == "R" else "L", seed=3)
        self.figure = Figure(body, SIZE_PX, near=self.runner.near, noise=2.0)
        self.gauge = PelvisGauge()
        self._reader, self._facing, self._count = BackOutlineReader(), FacingTracker(), 0

    def film(self, seconds: float) -> Iterator[PelvisReading]:
        """Draw and read the next pictures."""
        for body in run(self.runner, seconds, fps=FPS):
            image, pose = self.figure.draw(body), seen(body, self.figure, self._count)
            self._count += 1
            outline = silhouette(image, self.figure)
            yield self._reader.read(image, outline, pose, self._facing.add_pose(pose))

    def stand(self) -> None:
        """Take the neutral from the first instants, before the belt moves."""
        self.gauge.add_readings(tuple(self.film(0.8)))
        self.gauge.take_neutral(0.0, 0.8)

    def strides(self, seconds: float) -> list[tuple[TrueStride, PelvisOverStride]]:
        """Film so long; return the strides that were measured, and what the back told."""
        from_s = self.runner.t_s
        self.gauge.add_readings(tuple(self.film(seconds)))
        filmed = [s for s in self.runner.truth.strides if s.contact_s > from_s]
        told = [(s, self.gauge.add_stride(s.contact_s, s.end_s, None)) for s in filmed]
        # The first may be missing: whether cloth flutters is not known yet.
        return [(true, pelvis) for true, pelvis in told if pelvis.mean_deg.value is not None]


@pytest.mark.parametrize(("body", "near"), [(Body(), "R"), (Body(1.62, 0.92), "L")])
def test_the_outline_of_the_drawn_back_tells_the_true_tilt(body: Body, near: str) -> None:
    filmed = Filmed(body, near)
    filmed.stand()
    run(filmed.runner, 4.0)  # Not drawn: up to speed.
    calm = filmed.strides(2.2)
    filmed.runner.compensate()
    run(filmed.runner, 5.0)
    borrowed = filmed.strides(2.2)
    for strides, tilt_deg in ((calm, 3.0), (borrowed, 13.0)):
        assert len(strides) >= 3
        true_deg = np.array([true.pelvic_tilt_mean_deg for true, _ in strides])
        assert true_deg == pytest.approx(np.full(len(strides), tilt_deg), abs=1.0)
        told = [pelvis.mean_deg for _, pelvis in strides]
        told_deg = np.array([tilt.value for tilt in told], dtype=float)
        off_deg = np.abs(told_deg - true_deg)
        assert np.mean(told_deg - true_deg) == pytest.approx(0.0, abs=2.0)
        assert np.all(off_deg < 2.0 * np.array([tilt.sigma for tilt in told], dtype=float))
