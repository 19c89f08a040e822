"""The belt's status for the screen: what the link knows, put into one state and one advice."""

from __future__ import annotations

from hipcue.config.reason_words import in_words
from hipcue.config.reasons import Reason
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
    spoken: str,
    stale_after_s: float,
    remedy: str,
) -> DeviceStatus:
    """Say how the belt is doing.

    Parameters
    ----------
    health : LinkHealth
        What the link knows.
    now_s : float
        The time.
    name, note : str
        The driver's.
    reason : str
        Why the newest sample had no speed; empty when it had one.
    where, spoken : str
        The port, and what is spoken on it, e.g. ``"CSAFE at 9600 baud"``.
    stale_after_s : float
        Readings older than this are not used.
    remedy : str
        What helps when the port is gone.
    """

    def within(stamp: float | None, seconds: float) -> bool:
        return stamp is not None and now_s - stamp <= seconds

    def say(state: LinkState, text: str, advice: str = "") -> DeviceStatus:
        return DeviceStatus("belt", state, f"belt {text}", advice)

    probe = "hipcue devices --probe finds the protocol"
    if health.stopped:
        return say(LinkState.OFF, name)
    if health.lost:
        why = health.attempt or health.lost
        return say(LinkState.LOST, "lost", f"{where}: {why}; {remedy}; it goes on by itself")
    if within(health.value_s, stale_after_s):
        jumped = "the clock jumped; readings around it were dropped"
        if within(health.jump_s, JUMP_SHOWN_S):
            return say(LinkState.LIVE, name, jumped)
        return say(LinkState.LIVE, name, "" if note is None else in_words(note))
    if within(health.frame_s, stale_after_s):
        unknown = note or reason
        advice = "" if unknown is None else f"{name}: {in_words(unknown)}"
        return say(LinkState.STALE, "no speed", advice)
    if within(health.byte_s, stale_after_s):
        if not within(health.started_s, PATIENCE_S):
            advice = f"bytes on {where}, but no {spoken}: wrong protocol or baud; {probe}"
            return say(LinkState.STALE, "garbage", advice)
        return say(LinkState.WAITING, "waiting")
    if health.returned and within(health.opened_s, PATIENCE_S):
        return say(LinkState.RECOVERING, "back")
    if health.frame_s is None and within(health.started_s, PATIENCE_S):
        return say(LinkState.WAITING, "waiting")
    advice = f"nothing on {where} in {spoken}: check cable, power and protocol; {probe}"
    since = health.frame_s if health.frame_s is not None else health.started_s
    state = LinkState.STALE if within(since, SILENT_S) else LinkState.LOST
    return say(state, "silent", advice)
