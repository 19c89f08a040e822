"""Pictures of a live camera become poses: the real model, in threads."""

from __future__ import annotations

import numpy as np

from hipcue.config.settings import CameraSettings, Settings
from hipcue.devices.camera import Mailbox
from hipcue.devices.readings import Frame
from hipcue.devices.simulated import Scenario, SimulatedCamera
from hipcue.realtime.records import Pose
from hipcue.realtime.vision.pipeline import VisionPipeline


def pictures(width: int, height: int, count: int, fps: float = 30.0) -> list[Frame]:
    """A runner who stands, at the camera's size."""
    camera = CameraSettings(width=width, height=height, fps=fps)
    scenario = Scenario(count / fps, belt=((0.0, 0.0),))
    return list(SimulatedCamera(scenario, camera).frames())


class Changing(Mailbox):
    """A camera that comes back in another mode; each picture waits for the last to be taken."""

    def __init__(self, frames: list[Frame]) -> None:
        super().__init__()
        self._frames = iter(frames)
        self._step()

    def _step(self) -> None:
        frame = next(self._frames, None)
        if frame is None:
            self.close()
        else:
            self.put(frame)

    def latest(self, timeout_s: float) -> Frame | None:
        frame = self.take(timeout_s)
        if frame is not None:
            self._step()
        return frame


def seen(frames: list[Frame]) -> list[Pose]:
    pipeline = VisionPipeline(Settings(), Changing(frames))
    found = []
    pipeline.start()
    try:
        while not pipeline.over:
            one = pipeline.next(5.0)
            if one is not None:
                found.append(one[1])
    finally:
        pipeline.close()
    return found


def test_a_camera_that_changes_its_size_and_rate_goes_on_being_seen() -> None:
    first = pictures(640, 480, 12)
    second = [
        Frame(1.0 + frame.t_capture_s, len(first) + frame.index, frame.image_bgr)
        for frame in pictures(960, 540, 24, fps=60.0)
    ]
    poses = seen([*first, *second])
    stamps = [pose.t_capture_s for pose in poses]
    assert stamps == sorted(stamps)
    before = [pose for pose in poses if pose.size_px == (640, 480) and pose.seen]
    after = [pose for pose in poses if pose.size_px == (960, 540) and pose.seen]
    assert before
    assert after
    # Nothing is followed from a picture of another size, and everybody is where they stand.
    assert not next(pose for pose in poses if pose.size_px == (960, 540)).followed
    for pose in (*before, *after):
        assert (np.nanmin(pose.xy_px, axis=0) > 0).all()
        assert (np.nanmax(pose.xy_px, axis=0) < pose.size_px).all()
