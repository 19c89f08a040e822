"""A sacral inertial sensor: the pelvis measured without a camera.

Verbs
-----
open_imu
    From an address (``witmotion:/dev/ttyUSB1``) to a sensor that is listened to.

The sensor sits on the sacrum under the waistband, its face to the back. The driver is
pure: `feed` takes bytes however they were cut and gives tilt samples; the link stamps
them, takes the sensor's lag off, and goes on after an unplugging. The zero of a tilt is
arbitrary: standing takes it off.
"""

from hipcue.devices.imu.link import ImuLink
from hipcue.devices.imu.opening import open_imu
from hipcue.devices.imu.witmotion import Mounting, WitMotion

__all__ = ["ImuLink", "Mounting", "WitMotion", "open_imu"]
