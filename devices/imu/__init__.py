"""A sacral inertial sensor: the pelvis measured without a camera.

Verbs
-----
open_imu
    From an address (``witmotion:/dev/ttyUSB1``) to a sensor that is listened to.

The sensor sits on the sacrum under the waistband, its face to the back. The driver is
pure: `feed` takes bytes however they were cut and gives tilt samples. The link thread
(`hipcue.devices.link_thread`) stamps them and goes on after an unplugging. The zero of a
tilt is arbitrary: standing takes it off.

May import: devices, config.
"""

from hipcue.devices.imu.opening import Imu, open_imu
from hipcue.devices.imu.witmotion import Mounting, WitMotion

__all__ = ["Imu", "Mounting", "WitMotion", "open_imu"]
