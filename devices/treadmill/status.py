"""The belt's status for the screen: what the link knows, put into one state and its reason."""

from __future__ import annotations

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.reader import SILENT_S, LinkHealth
from hipcue.devices.readings import DeviceStatus, LinkState

# A machine may need this long for its first answer: adapters settle, boards restart.
PATIENCE_S = 3.0
# So long the screen says that the clock jumped.
JUMP_SHOWN_S = 5.0


def belt_status(
    health: LinkHealth,
    now_s: float,
    *,
    name: str,
    note: Reason | None,
    reason: Reason | None,
    where: str,
    spoken: Reason | str,
    stale_after_s: float,
    remedy: Reason,
) -> DeviceStatus:
    """Say how the belt is doing.

    Parameters
    ----------
    health : LinkHealth
        What the link knows.
    now_s : float
        The time.
    name : str
        The driver's.
    note : Reason or None
        The driver's.
    reason : Reason or None
        Why the newest sample had no speed; None when it had one.
    where : str
        The port.
    spoken : Reason or str
        What is spoken on it: the protocol and how, e.g. ``CSAFE at 9600 baud``.
    stale_after_s : float
        Readings older than this are not used.
    remedy : Reason
        What helps when the port is gone.
    """

    def within(stamp: float | None, seconds: float) -> bool:
        return stamp is not None and now_s - stamp <= seconds

    def say(state: LinkState, reason: Reason) -> DeviceStatus:
        return DeviceStatus("belt", state, reason)

    if health.stopped:
        return say(LinkState.OFF, Reason(ReasonCode.BELT, name=name))
    if health.lost is not None:
        why = health.attempt or health.lost
        lost = Reason(ReasonCode.BELT_LOST, where=where, why=why, remedy=remedy)
        return say(LinkState.LOST, lost)
    if within(health.value_s, stale_after_s):
        if within(health.jump_s, JUMP_SHOWN_S):
            note = Reason(ReasonCode.CLOCK_JUMPED)
        if note is not None:
            return say(LinkState.LIVE, Reason(ReasonCode.BELT_REMARK, name=name, why=note))
        return say(LinkState.LIVE, Reason(ReasonCode.BELT, name=name))
    if within(health.frame_s, stale_after_s):
        why = note or reason or Reason(ReasonCode.NO_SPEED)
        return say(LinkState.STALE, Reason(ReasonCode.BELT_NO_SPEED, name=name, why=why))
    if within(health.byte_s, stale_after_s):
        if not within(health.started_s, PATIENCE_S):
            garbage = Reason(ReasonCode.BELT_GARBAGE, where=where, spoken=spoken)
            return say(LinkState.STALE, garbage)
        return say(LinkState.WAITING, Reason(ReasonCode.BELT_WAITING))
    if health.returned and within(health.opened_s, PATIENCE_S):
        return say(LinkState.RECOVERING, Reason(ReasonCode.BELT_BACK))
    if health.frame_s is None and within(health.started_s, PATIENCE_S):
        return say(LinkState.WAITING, Reason(ReasonCode.BELT_WAITING))
    since = health.frame_s if health.frame_s is not None else health.started_s
    state = LinkState.STALE if within(since, SILENT_S) else LinkState.LOST
    return say(state, Reason(ReasonCode.BELT_NOT_HEARD, where=where, spoken=spoken))
