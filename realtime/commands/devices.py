"""`hipcue devices`: what is plugged in, in words."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from hipcue.config.errors import UserError
from hipcue.config.settings import Settings
from hipcue.devices.camera import list_cameras
from hipcue.devices.sound import list_outputs, measure_sound_latency
from hipcue.devices.treadmill import list_serial_ports, probe
from hipcue.realtime.commands.kept_sessions import find_session
from hipcue.realtime.engine import Engine
from hipcue.realtime.run.belt_delay import measure_offset
from hipcue.realtime.run.replay_check import given
from hipcue.realtime.run.tracker_benchmark import tune
from hipcue.realtime.session import SessionReader


def list_devices(*, probing: bool, port: str | None) -> None:
    """Print cameras, serial ports and sound outputs; with `probing`, who answers on the ports."""
    console = Console()
    console.print(_cameras())
    console.print(_ports())
    console.print(_outputs())
    if probing:
        ports = [port] if port is not None else [found.device for found in list_serial_ports()]
        for one in ports:
            console.print(_probed(one))


def measure_sound(settings: Settings) -> None:
    """Say how long a sound takes to the ear, heard by a microphone beside the loudspeaker.

    Raises
    ------
    UserError
        Without a loudspeaker or a microphone, or when nothing was heard.
    """
    found = measure_sound_latency(settings.sound)
    print(
        f"{found.output} to {found.microphone}: {found.median_ms:.0f} ms from the request to the "
        f"microphone, {found.worst_ms:.0f} at most ({found.found} of {found.played} heard); "
        "what the screen shows ends at the mixer; loudspeakers on a wire are the quickest"
    )


def measure_sync(settings: Settings, session: str) -> None:
    """Say how late the wire is against the camera, from a session with a change of speed."""
    with SessionReader(find_session(session, settings)) as reader:
        used = Settings.model_validate(reader.header.settings)
        found = measure_offset(
            Engine(used), ((step.pose, step.belt_samples) for step in given(reader))
        )
    total = used.treadmill.latency_s + found.delay_s
    print(
        f"the wire is {1000 * found.delay_s:.0f} +- {1000 * found.sigma_s:.0f} ms behind the "
        f"camera ({found.stances} steps); set treadmill.latency_s = {max(total, 0.0):.2f}"
    )


def measure_trackers(settings: Settings) -> None:
    """Say how many trackers follow the camera on this machine."""
    print(tune(settings))


def _cameras() -> Table:
    table = _table("Cameras", "address", "name", "modes")
    for camera in list_cameras(probe=True):
        modes = (
            ", ".join(f"{m.width}x{m.height} at {m.fps:.0f}" for m in camera.modes)
            or camera.trouble
        )
        table.add_row(str(camera.index), camera.name, modes)
    return _or_none(table)


def _ports() -> Table:
    table = _table("Serial ports", "port", "device", "treadmill address")
    for port in list_serial_ports():
        table.add_row(port.device, port.description, f"csafe:{port.device}")
    return _or_none(table)


def _outputs() -> Table:
    table = _table("Sound outputs", "name")
    for name in list_outputs():
        table.add_row(name)
    return _or_none(table)


def _probed(port: str) -> Table:
    table = _table(f"Who answers on {port}", "protocol", "answer", "address")
    try:
        for found in probe(port):
            table.add_row(found.protocol, found.detail, found.address if found.answered else "")
    except UserError as error:
        table.add_row("", str(error), "")
    return _or_none(table)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(column)
    return table


def _or_none(table: Table) -> Table:
    if not table.row_count:
        table.add_row("none found", *[""] * (len(table.columns) - 1))
    return table
