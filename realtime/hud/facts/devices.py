"""What the devices say of themselves."""

from __future__ import annotations

from hipcue.config.reason_words import advice_on
from hipcue.devices.readings import DeviceStatus, LinkState
from hipcue.realtime.view.snapshot import Snapshot

# A picture older than this is a lost camera, whatever its status says.
_PICTURE_STALE_S = 2.0


def device_status(snapshot: Snapshot, name: str) -> DeviceStatus | None:
    """Return a device's status."""
    for device in snapshot.devices:
        if device.name == name:
            return device
    return None


def camera_lost(snapshot: Snapshot) -> bool:
    """Return whether the pictures have stopped coming."""
    camera = device_status(snapshot, "camera")
    if camera is not None and camera.state in (LinkState.LOST, LinkState.STALE):
        return True
    if snapshot.frame is None or (camera is not None and camera.state is LinkState.OFF):
        return False
    return snapshot.t_s - snapshot.frame.t_capture_s > _PICTURE_STALE_S


def devices_that_need_help(snapshot: Snapshot) -> list[DeviceStatus]:
    """Return the devices that are not as they should be and say what to do, worst first."""
    order = {LinkState.LOST: 0, LinkState.STALE: 1, LinkState.RECOVERING: 2}
    found = [
        device for device in snapshot.devices if device.state in order and advice_on(device.reason)
    ]
    return sorted(found, key=lambda device: order[device.state])
