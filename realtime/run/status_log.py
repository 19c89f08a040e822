"""How each device is doing, and since when: changes are recorded with the session."""

from __future__ import annotations

from collections.abc import Callable

from hipcue.config.reason_words import advice_on, in_words
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.readings import DeviceStatus, LinkState
from hipcue.realtime.records import BodyAngles, PelvisSource, StepResult
from hipcue.realtime.run.device_set import DeviceSet
from hipcue.realtime.session import SessionWriter
from hipcue.realtime.view.history import HISTORY_S

# Changes are looked for this often; our choice: what lasted shorter nobody saw.
_LOOK_EVERY_S = 0.1
# The pelvis counts as read while one of so many newest strides has its tilt.
_STRIDES = 4
_MEASURED_BY = {
    PelvisSource.MARKERS: ReasonCode.PELVIS_MARKERS,
    PelvisSource.TAG: ReasonCode.PELVIS_TAG,
    PelvisSource.IMU: ReasonCode.PELVIS_IMU,
    PelvisSource.CONTOUR: ReasonCode.PELVIS_CONTOUR,
    PelvisSource.NONE: ReasonCode.PELVIS,
}
# Without pictures nobody knows what would measure the pelvis in them.
_NO_PICTURES = (LinkState.LOST, LinkState.STALE, LinkState.RECOVERING)


class StatusLog:
    """Tells how each device is doing, and records it when it changes.

    `statuses` only reads and may be called from any thread; the rest belongs to the thread of
    the engine, and after its end to whoever closes the session.

    Parameters
    ----------
    devices : DeviceSet
        What is plugged in.
    writer : SessionWriter or None
        Where changes are recorded; None records nothing.
    clock : callable
        The session's.
    """

    def __init__(
        self, devices: DeviceSet, writer: SessionWriter | None, clock: Callable[[], float]
    ) -> None:
        self._devices = devices
        self._writer = writer
        self._clock = clock
        self._pelvis = PelvisStatus()
        self._recorded: dict[str, tuple[LinkState, ReasonCode]] = {}
        self._looked_s: float | None = None

    def statuses(self) -> tuple[DeviceStatus, ...]:
        """The status of every device just now, the camera's first."""
        devices = self._devices
        camera = devices.camera.status()
        imu = devices.imu
        pelvis = self._pelvis.status(camera) if imu is None else imu.status()
        return (camera, devices.treadmill.status(), pelvis, devices.sound.status())

    def add_step(self, result: StepResult) -> None:
        """Take what a step found out: the pictures measure the pelvis where no sensor does."""
        self._pelvis.add_step(result)

    def look(self) -> None:
        """Record what has changed, if it is time to look."""
        now_s = self._clock()
        if self._looked_s is None or now_s - self._looked_s >= _LOOK_EVERY_S:
            self._looked_s = now_s
            self.record_changes()

    def record_changes(self) -> None:
        """Record every status that is not as it was last recorded."""
        if self._writer is None:
            return
        for status in self.statuses():
            state = (status.state, status.reason.code)
            if self._recorded.get(status.name) != state:
                self._recorded[status.name] = state
                self._writer.device(self._clock(), status)

    def record(self, status: DeviceStatus) -> None:
        """Record a status that no device tells of itself."""
        if self._writer is not None:
            self._writer.device(self._clock(), status)

    def troubles(self) -> list[str]:
        """Return a line for each device that is not as it should be."""
        return [
            f"{in_words(status.reason)}: {advice}"
            for status in self.statuses()
            if status.name != "pelvis" and status.state is not LinkState.OFF
            if (advice := advice_on(status.reason))
        ]


class PelvisStatus:
    """Whether the pelvis is read from the pictures, and by what.

    One thread adds steps; any thread may ask.
    """

    def __init__(self) -> None:
        # The newest angles and their step's time; what any thread reads is never changed.
        self._newest: tuple[BodyAngles, float] | None = None
        # When each of the newest strides ended, and whether its tilt is known.
        self._strides: tuple[tuple[float, bool], ...] = ()
        # What measured it last: not every picture is asked.
        self._source = PelvisSource.NONE

    def add_step(self, result: StepResult) -> None:
        """Take what a step found out."""
        for stride in result.strides:
            known = stride.measure("pelvic_tilt_deg").known
            self._strides = (*self._strides, (stride.end_s, known))[-_STRIDES:]
        angles = None if result.settled is None else result.settled.angles
        if angles is not None and angles.pelvis_source is not PelvisSource.NONE:
            self._source = angles.pelvis_source
        self._newest = None if angles is None else (angles, result.t_s)

    def status(self, camera: DeviceStatus) -> DeviceStatus:
        """Return it, given how the camera is doing."""
        newest = self._newest
        if newest is None:
            return _waiting(ReasonCode.PELVIS_NO_RUNNER)
        if camera.state in _NO_PICTURES:
            return _waiting(ReasonCode.PELVIS_NO_PICTURE)
        angles, t_s = newest
        why, since_s = angles.pelvic_tilt_deg.reason, t_s - HISTORY_S
        if why is None or any(known and end_s >= since_s for end_s, known in self._strides):
            measured = Reason(_MEASURED_BY[self._source])
            return DeviceStatus("pelvis", LinkState.LIVE, measured)
        return DeviceStatus("pelvis", LinkState.STALE, Reason(ReasonCode.PELVIS_UNKNOWN, why=why))


def _waiting(code: ReasonCode) -> DeviceStatus:
    return DeviceStatus("pelvis", LinkState.WAITING, Reason(code))
