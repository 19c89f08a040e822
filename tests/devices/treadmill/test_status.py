"""The belt's status: what the runner's screen says, and what to do."""

from __future__ import annotations

import pytest

from hipcue.config.reason_words import advice_on, in_words
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.reader import LinkHealth
from hipcue.devices.readings import LinkState
from hipcue.devices.treadmill.status import belt_status

UNPLUGGED = Reason(ReasonCode.OTHER, text="device disconnected")
CASES = [
    ("just opened", LinkHealth(0.0, 0.0), 1.0, LinkState.WAITING, "belt waiting", ""),
    (
        "nothing ever came",
        LinkHealth(0.0, 0.0),
        6.0,
        LinkState.LOST,
        "belt silent",
        "check cable, power and protocol",
    ),
    (
        "all is well",
        LinkHealth(0.0, 0.0, byte_s=9.9, frame_s=9.9, value_s=9.9),
        10.0,
        LinkState.LIVE,
        "belt CSAFE",
        "",
    ),
    (
        "silent for two seconds",
        LinkHealth(0.0, 0.0, byte_s=8.0, frame_s=8.0, value_s=8.0),
        10.0,
        LinkState.STALE,
        "belt silent",
        "nothing on COM3 in CSAFE at 9600 baud",
    ),
    (
        "silent for ten",
        LinkHealth(0.0, 0.0, byte_s=8.0, frame_s=8.0, value_s=8.0),
        18.0,
        LinkState.LOST,
        "belt silent",
        "nothing on COM3",
    ),
    (
        "answers, but no speed",
        LinkHealth(0.0, 0.0, byte_s=9.9, frame_s=9.9),
        10.0,
        LinkState.STALE,
        "belt no speed",
        "CSAFE: answers in rev/min, not speed",
    ),
    (
        "another protocol",
        LinkHealth(0.0, 0.0, byte_s=9.9),
        10.0,
        LinkState.STALE,
        "belt garbage",
        "wrong protocol or baud",
    ),
    (
        "the cable is out",
        LinkHealth(0.0, 0.0, byte_s=9.0, frame_s=9.0, value_s=9.9, lost=UNPLUGGED),
        10.0,
        LinkState.LOST,
        "belt lost",
        "COM3: device disconnected; check the cable; it goes on by itself",
    ),
    (
        "the cable is back",
        LinkHealth(0.0, 9.0, byte_s=2.0, frame_s=2.0, value_s=2.0, returned=True),
        10.0,
        LinkState.RECOVERING,
        "belt back",
        "",
    ),
    (
        "the clock jumped",
        LinkHealth(0.0, 0.0, byte_s=9.9, frame_s=9.9, value_s=9.9, jump_s=9.0),
        10.0,
        LinkState.LIVE,
        "belt CSAFE",
        "the clock jumped",
    ),
    (
        "closed",
        LinkHealth(0.0, 0.0, value_s=9.9, stopped=True),
        10.0,
        LinkState.OFF,
        "belt CSAFE",
        "",
    ),
]


@pytest.mark.parametrize(
    ("health", "now_s", "state", "text", "advice"),
    [c[1:] for c in CASES],
    ids=[c[0] for c in CASES],
)
def test_the_status(
    health: LinkHealth, now_s: float, state: LinkState, text: str, advice: str
) -> None:
    status = belt_status(
        health,
        now_s,
        name="CSAFE",
        note=None,
        reason=Reason(ReasonCode.UNIT_IS_NO_SPEED, unit="rev/min"),
        where="COM3",
        spoken=Reason(ReasonCode.PROTOCOL_AT_BAUD, name="CSAFE", baud=9600),
        stale_after_s=1.5,
        remedy=Reason(ReasonCode.CHECK_CABLE),
    )
    assert (status.name, status.state, in_words(status.reason)) == ("belt", state, text)
    assert len(text) <= 16
    assert advice in advice_on(status.reason)
    assert bool(advice_on(status.reason)) == bool(advice)
