"""What is plugged in for a run, and how each of it is doing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hipcue.devices.camera import Camera
from hipcue.devices.imu import Imu
from hipcue.devices.sound import Sound
from hipcue.devices.treadmill import Treadmill
from hipcue.realtime.gait.pelvis import imu_readings
from hipcue.realtime.records import Pose

# What a sensor said before the pictures began belongs to no stride.
_SENSOR_AGE_S = 1.0


@dataclass(frozen=True, slots=True)
class DeviceSet:
    """The devices of a run, opened."""

    camera: Camera
    treadmill: Treadmill
    sound: Sound
    imu: Imu | None = None

    def start_all_but_the_camera(self) -> None:
        """Start what says nothing before it is started; a camera waits for the pose model."""
        self.treadmill.start()
        self.sound.start()
        if self.imu is not None:
            self.imu.start()

    def with_sensor(self, pose: Pose) -> Pose:
        """Add to a pose what the sacral sensor said since the last one; not what is old."""
        if self.imu is None:
            return pose
        samples = [s for s in self.imu.drain() if pose.t_capture_s - s.t_s < _SENSOR_AGE_S]
        return replace(pose, pelvis=(*pose.pelvis, *imu_readings(samples)))

    def close(self) -> None:
        """Close every device; the sound last, so that the last cue is heard."""
        self.camera.close()
        self.treadmill.close()
        if self.imu is not None:
            self.imu.close()
        self.sound.close()
