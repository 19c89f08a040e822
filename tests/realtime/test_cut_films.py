"""A film that was cut, through the engine: no stride across a cut, all others as ever."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings
from hipcue.realtime.engine import Engine
from hipcue.realtime.records import Pose, Stride
from tests.realtime.test_engine import FPS, film

CUT_S = 10.0


def strides(code: ReasonCode | None, skipped: int) -> list[Stride]:
    """The usual runner, without so many pictures from a time on."""
    first = round(CUT_S * FPS)
    poses = film()[1][: round(16 * FPS)]
    found: list[Stride] = []
    engine = Engine(Settings())
    for number, pose in enumerate([*poses[:first], *poses[first + skipped :]]):
        at = replace(pose, t_capture_s=number / FPS, index=number, pelvis=())
        if number == first and code is not None:
            at = hidden(at, code)
        found += engine.step(at).strides
    return found


def hidden(pose: Pose, code: ReasonCode) -> Pose:
    return replace(pose, xy_px=np.full_like(pose.xy_px, np.nan), reason=Reason(code))


@pytest.mark.parametrize("code", [ReasonCode.FILM_CUT, ReasonCode.FILM_JUMPS])
@pytest.mark.parametrize("skipped", [14, 26, 40])
def test_no_stride_goes_across_a_cut(code: ReasonCode, skipped: int) -> None:
    found = strides(code, skipped)
    assert [s for s in found if s.contact_s < CUT_S < s.end_s] == []
    whole = strides(None, 0)
    before = [s for s in found if s.end_s < CUT_S - 0.5]
    assert len(before) == len([s for s in whole if s.end_s < CUT_S - 0.5])
    after = [s for s in found if s.contact_s > CUT_S]
    lasted = [s.measure("stride_time_s") for s in (*before, *after)]
    usual = np.median([m.value for m in lasted if m.value is not None])
    for one in lasted:
        if one.value is not None and one.sigma is not None:
            assert abs(one.value - usual) < 3 * one.sigma
    # Within two strides the runner is followed again.
    assert min(s.contact_s for s in after) < CUT_S + 1.6
