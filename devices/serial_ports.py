"""Serial ports of this computer, and finding a device again under another name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from serial.tools import list_ports


@dataclass(frozen=True, slots=True)
class SerialPort:
    """A serial port.

    Attributes
    ----------
    device : str
        The name to open, e.g. ``/dev/ttyUSB0`` or ``COM3``.
    description : str
        The USB product and maker, or what the system calls it.
    usb_id : str
        ``vendor:product`` in hex, empty when it is not on USB.
    serial_number : str
        The USB serial number; empty when the adapter has none.
    place : str
        Where on the USB tree it is plugged in, with the interface.
    """

    device: str
    description: str = ""
    usb_id: str = ""
    serial_number: str = ""
    place: str = ""


def list_serial_ports() -> list[SerialPort]:
    """All serial ports with their USB names, in the order of their names."""
    found = []
    for port in list_ports.comports():
        usb = f"{port.vid:04x}:{port.pid:04x}" if port.vid is not None else ""
        words = [port.product, port.manufacturer] if usb else []
        description = ", ".join(w for w in words if w) or port.description or ""
        found.append(
            SerialPort(
                port.device,
                "" if description == "n/a" else description,
                usb,
                port.serial_number or "",
                port.location or "",
            )
        )
    return sorted(found, key=lambda port: port.device)


def port_named(device: str, ports: Iterable[SerialPort]) -> SerialPort | None:
    """Return the port of that name; ``None`` when the system does not list it."""
    return next((port for port in ports if port.device == device), None)


def same_adapter(wanted: SerialPort | None, ports: Iterable[SerialPort]) -> str | None:
    """Return the name that the same USB adapter has now.

    The USB serial number decides. Adapters with several sockets share one number: of
    those the one on the same interface is taken. An adapter without a serial number is
    never guessed at: another one of the same make may be somebody else's machine.
    """
    if wanted is None or not wanted.serial_number:
        return None
    twins = [
        port
        for port in ports
        if port.serial_number == wanted.serial_number and port.usb_id == wanted.usb_id
    ]
    if len(twins) == 1:
        return twins[0].device
    interface = wanted.place.rpartition(":")[2]
    twins = [port for port in twins if port.place.rpartition(":")[2] == interface]
    return twins[0].device if len(twins) == 1 else None
