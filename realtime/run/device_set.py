"""What is plugged in for a run, and how each of it is doing."""

from __future__ import annotations

from dataclasses import dataclass

from hipcue.devices.camera import Camera
from hipcue.devices.imu import Imu
from hipcue.devices.sound import Sound
from hipcue.devices.treadmill import Treadmill
from hipcue.realtime.gait.pelvis import imu_readings
from hipcue.realtime.records import PelvisReading

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

    def sensor_readings(self, t_capture_s: float) -> tuple[PelvisReading, ...]:
        """Return what the sacral sensor sent since the last picture; not what is old."""
        if self.imu is None:
            return ()
        return imu_readings(s for s in self.imu.drain() if t_capture_s - s.t_s < _SENSOR_AGE_S)

    def close(self) -> None:
        """Close every device; the sound last, so that the last cue is heard."""
        self.camera.close()
        self.treadmill.close()
        if self.imu is not None:
            self.imu.close()
        self.sound.close()
