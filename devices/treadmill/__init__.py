"""Treadmills: one file per wire protocol, one link thread for all.

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
`poll` gives the next question. The link asks, stamps, holds back spikes and goes on
after an unplugging. Nothing in here can start, stop or set a belt.
"""

from devices.treadmill.opening import open_treadmill
from devices.treadmill.ports import SerialPort, list_serial_ports
from devices.treadmill.probing import ProbeResult, probe
from devices.treadmill.protocols import PROTOCOLS
from devices.treadmill.speed_file import SpeedCurve, read_speed_csv, read_speed_curve
from devices.treadmill.treadmill import Clock, Driver, Line, Treadmill

__all__ = [
    "PROTOCOLS",
    "Clock",
    "Driver",
    "Line",
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
