"""Treadmills: one file per protocol, one link thread for all.

Verbs
-----
open_treadmill
    From an address (``csafe:/dev/ttyUSB0``, ``fixed:3.0``, ...) to a `Treadmill`.
read_speed_csv
    A file of speeds as belt samples, for recordings.
list_serial_ports
    Which serial ports there are, with their USB names.
probe
    What speaks on a port, asking only what is harmless to any machine.

Each driver is pure: `feed` takes bytes however they were cut and gives belt samples,
`poll` gives the next question. The link thread (`hipcue.devices.link_thread`) asks, stamps
and goes on after an unplugging; `belt_reader` holds back spikes. Nothing in here can start,
stop or set a belt.

May import: devices, config.
"""

from hipcue.devices.serial_ports import SerialPort, list_serial_ports
from hipcue.devices.treadmill.autodetect import ProbeResult, probe
from hipcue.devices.treadmill.opening import open_treadmill
from hipcue.devices.treadmill.protocols.registry import PROTOCOLS
from hipcue.devices.treadmill.speed_file import SpeedCurve, read_speed_csv, read_speed_curve
from hipcue.devices.treadmill.treadmill import Driver, Treadmill

__all__ = [
    "PROTOCOLS",
    "Driver",
    "ProbeResult",
    "SerialPort",
    "SpeedCurve",
    "Treadmill",
    "list_serial_ports",
    "open_treadmill",
    "probe",
    "read_speed_csv",
    "read_speed_curve",
]
