"""`hipcue run`: a runner measured live."""

from __future__ import annotations

import time
from pathlib import Path

from hipcue.config.settings import Settings
from hipcue.devices.camera import open_camera
from hipcue.devices.imu import open_imu
from hipcue.devices.treadmill import open_treadmill
from hipcue.realtime.commands.session_run import open_sound, run_session
from hipcue.realtime.run.device_set import DeviceSet
from hipcue.realtime.session import default_session_folder


def run_live(
    settings: Settings,
    *,
    camera: str,
    treadmill: str,
    headless: bool,
    seconds: float | None,
    out: Path | None,
) -> None:
    """Measure a runner live until the film ends, the time is up or somebody quits.

    Raises
    ------
    UserError
        When the camera or the treadmill cannot be opened, or the folder not be written.
    """
    clock = time.monotonic
    belt = open_treadmill(treadmill, settings.treadmill, clock)
    eye = open_camera(camera, settings.camera, clock, settings.files.slow_motion)
    pelvis = settings.pelvis
    imu = (
        None if pelvis.imu is None else open_imu(pelvis.imu, clock, latency_s=pelvis.imu_latency_s)
    )
    devices = DeviceSet(eye, belt, open_sound(settings, clock), imu)
    plugged = {"camera": camera, "belt": treadmill}
    if pelvis.imu is not None:
        plugged["pelvis"] = pelvis.imu
    run_session(
        settings,
        devices,
        plugged=plugged,
        headless=headless,
        seconds=seconds,
        folder=out or default_session_folder(settings),
    )
