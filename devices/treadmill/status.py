"""The belt's light on the screen: what the link knows, put into one state and one advice."""

from __future__ import annotations

from dataclasses import dataclass

from hipcue.config.reason_words import in_words
from hipcue.config.reasons import Reason
from hipcue.devices.readings import DeviceStatus, LinkState

# A machine may need this long for its first answer: adapters settle, boards restart.
PATIENCE_S = 3.0
# Silence longer than this is a lost belt, and the port is opened anew. Our choice.
SILENT_S = 5.0
# So long the screen says that the clock jumped.
JUMP_SHOWN_S = 5.0


@dataclass(slots=True)
class LinkHealth:
    """When the link last heard what, on its clock; ``None`` for never.

    `gone` says why the port is not there, `attempt` why it could not be opened again.
    """

    started_s: float
    opened_s: float | None = None
    byte_s: float | None = None
    frame_s: float | None = None
    speed_s: float | None = None
    jump_s: float | None = None
    gone: str = ""
    attempt: str = ""
    returned: bool = False
    stopped: bool = False
    reason: Reason | None = None


def light(
    heard: LinkHealth,
    now_s: float,
    *,
    name: str,
    note: Reason | None,
    where: str,
    line: str,
    stale_after_s: float,
    remedy: str = "check the cable",
) -> DeviceStatus:
    """Say how the belt is doing.

    Parameters
    ----------
    heard : LinkHealth
        What the link knows.
    now_s : float
        The time.
    name, note : str
        The driver's.
    where, line : str
        The port, and how it is set up, e.g. ``"9600 baud"``; empty on the air.
    stale_after_s : float
        Readings older than this are not used.
    remedy : str
        What helps when the port is gone.
    """

    def within(stamp: float | None, seconds: float) -> bool:
        return stamp is not None and now_s - stamp <= seconds

    def say(state: LinkState, text: str, advice: str = "") -> DeviceStatus:
        return DeviceStatus("belt", state, f"belt {text}", advice)

    spoken = f"{name} at {line}" if line else name
    probe = "hipcue devices --probe finds the protocol"
    if heard.stopped:
        return say(LinkState.OFF, name)
    if heard.gone:
        why = heard.attempt or heard.gone
        return say(LinkState.LOST, "lost", f"{where}: {why}; {remedy}; it goes on by itself")
    if within(heard.speed_s, stale_after_s):
        jumped = "the clock jumped; readings around it were dropped"
        if within(heard.jump_s, JUMP_SHOWN_S):
            return say(LinkState.LIVE, name, jumped)
        return say(LinkState.LIVE, name, "" if note is None else in_words(note))
    if within(heard.frame_s, stale_after_s):
        unknown = note or heard.reason
        advice = "" if unknown is None else f"{name}: {in_words(unknown)}"
        return say(LinkState.STALE, "no speed", advice)
    if within(heard.byte_s, stale_after_s):
        if not within(heard.started_s, PATIENCE_S):
            advice = f"bytes on {where}, but no {spoken}: wrong protocol or baud; {probe}"
            return say(LinkState.STALE, "garbage", advice)
        return say(LinkState.WAITING, "waiting")
    if heard.returned and within(heard.opened_s, PATIENCE_S):
        return say(LinkState.RECOVERING, "back")
    if heard.frame_s is None and within(heard.started_s, PATIENCE_S):
        return say(LinkState.WAITING, "waiting")
    advice = f"nothing on {where} in {spoken}: check cable, power and protocol; {probe}"
    since = heard.frame_s if heard.frame_s is not None else heard.started_s
    state = LinkState.STALE if within(since, SILENT_S) else LinkState.LOST
    return say(state, "silent", advice)
