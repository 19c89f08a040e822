from __future__ import annotations

import random

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import VerdictSettings
from hipcue.realtime.gait.compensation import CompensationDetector, Judgement
from hipcue.realtime.records import RunnerState, Verdict
from tests.realtime.gait.making import stride

WARM_UP = 6 + 12  # skipped, then those that make the baseline


def run(
    judge: CompensationDetector, tilts: list[float | None], first: int = 0, **more: float | None
) -> list[Judgement]:
    return [
        judge.judge_stride(stride(first + k, tilt=tilt, **more), True, 0.0)  # type: ignore[arg-type]
        for k, tilt in enumerate(tilts)
    ]


def ready(tilt: float = 3.0) -> CompensationDetector:
    judge = CompensationDetector(VerdictSettings())
    run(judge, [tilt] * WARM_UP)
    assert judge.baseline is not None
    return judge


def test_a_new_runner_is_learned_before_anything_is_said() -> None:
    judge = CompensationDetector(VerdictSettings())
    said = run(judge, [3.0] * (WARM_UP - 1))
    assert {j.verdict for j in said} == {Verdict.UNKNOWN}
    assert {j.state for j in said[7:]} == {RunnerState.WARMING_UP}
    assert judge.baseline is None


def test_a_steady_runner_is_left_alone_even_when_the_channel_is_noisy() -> None:
    chance = random.Random(1)
    judge = CompensationDetector(VerdictSettings())
    said = run(judge, [7.0 + chance.gauss(0, 1.3) for _ in range(600)])
    assert RunnerState.COMPENSATING not in {j.state for j in said}


def test_borrowed_extension_is_called_within_six_strides_and_cleared_within_eight() -> None:
    judge = ready(tilt=3.0)
    out = run(judge, [13.0] * 12, first=20, hip=9.0)
    called = [j.state for j in out].index(RunnerState.COMPENSATING)
    assert called < 6
    back = run(judge, [3.0] * 12, first=40)
    cleared = [j.state for j in back].index(RunnerState.OK)
    assert cleared < 8
    assert RunnerState.RECOVERING in {j.state for j in back}


def test_tilt_that_comes_with_real_hip_extension_is_not_borrowed() -> None:
    judge = ready(tilt=3.0)
    said = run(judge, [9.0] * 12, first=20, hip=24.0)
    assert {j.verdict for j in said} <= {Verdict.OK, Verdict.UNKNOWN}


def test_a_small_rise_is_watched_not_called() -> None:
    judge = ready(tilt=3.0)
    said = run(judge, [6.2] * 12, first=20, hip=15.0)
    assert said[-1].state is RunnerState.WATCH


def test_when_the_pelvis_cannot_be_measured_the_state_is_unknown_with_its_reason() -> None:
    judge = ready()
    said = run(judge, [None] * 6, first=20)
    assert said[-1].state is RunnerState.UNKNOWN
    assert said[-1].reason == Reason(ReasonCode.LOOSE_CLOTHING)


def test_a_few_strides_that_are_not_seen_do_not_end_an_episode() -> None:
    judge = ready(tilt=3.0)
    out = run(judge, [13.0] * 8, first=20, hip=9.0)
    assert out[-1].state is RunnerState.COMPENSATING
    # Less than what is called: whoever was well before would only be watched.
    said = run(judge, [None, None, 6.5, 6.5, 6.5, 6.5], first=28, hip=9.0)
    assert [j.verdict for j in said[1:4]] == [Verdict.UNKNOWN] * 3
    assert {j.state for j in said} == {RunnerState.COMPENSATING}
    lost = run(judge, [None] * 8, first=40)
    assert lost[-1].state is RunnerState.UNKNOWN
    assert [j.state for j in lost].index(RunnerState.UNKNOWN) == 4
    seen = run(judge, [6.5] * 6, first=50, hip=9.0)
    assert seen[-1].state is RunnerState.WATCH


def test_a_channel_that_is_too_weak_never_calls() -> None:
    judge = ready()
    said = [
        judge.judge_stride(stride(20 + k, tilt=15.0, hip=5.0, sigma=6.0), True, 0.0)
        for k in range(12)
    ]
    assert {j.verdict for j in said} == {Verdict.UNKNOWN}


def test_another_speed_asks_for_a_new_baseline_and_mutes_meanwhile() -> None:
    judge = ready(tilt=3.0)
    faster = run(judge, [9.0] * 10, first=20, speed=4.0)
    assert {j.verdict for j in faster} == {Verdict.UNKNOWN}
    more = run(judge, [9.0] * 10, first=40, speed=4.0)
    assert more[-1].state is RunnerState.OK


def test_going_back_to_a_known_speed_uses_its_baseline_at_once() -> None:
    judge = ready(tilt=3.0)
    run(judge, [9.0] * 20, first=20, speed=4.0)
    back = run(judge, [3.0] * 4, first=60, speed=3.0)
    assert back[-1].state is RunnerState.OK


def test_another_grade_asks_for_a_new_baseline() -> None:
    judge = ready()
    said = [judge.judge_stride(stride(30 + k, tilt=9.0, hip=5.0), True, 4.0) for k in range(6)]
    assert {j.verdict for j in said} == {Verdict.UNKNOWN}


def test_while_the_belt_changes_its_speed_nothing_is_judged() -> None:
    judge = ready()
    said = [judge.judge_stride(stride(30 + k, tilt=15.0, hip=5.0), False, 0.0) for k in range(8)]
    assert {j.verdict for j in said} == {Verdict.UNKNOWN}


def test_short_hip_extension_without_tilt_is_a_finding_not_a_verdict() -> None:
    judge = CompensationDetector(VerdictSettings())
    said = run(judge, [7.0] * 40, hip=6.0)
    assert said[-1].restricted
    assert said[-1].state is RunnerState.OK


def test_arching_alone_is_called_when_it_is_large_and_the_pelvis_goes_along() -> None:
    judge = CompensationDetector(VerdictSettings())
    for k in range(WARM_UP):
        judge.judge_stride(stride(k, tilt=3.0, lumbar=0.0), True, 0.0)
    said = [
        judge.judge_stride(stride(30 + k, tilt=6.0, hip=16.0, lumbar=9.0), True, 0.0)
        for k in range(8)
    ]
    assert said[-1].state is RunnerState.COMPENSATING
    assert said[-1].reason.code is ReasonCode.LOWER_BACK_AGAINST_USUAL


def test_stepping_off_and_on_keeps_the_baseline_but_skips_the_first_strides() -> None:
    judge = ready()
    judge.start_anew()
    said = run(judge, [3.0] * 3, first=30)
    assert said[0].verdict is Verdict.UNKNOWN
    assert judge.baseline is not None
