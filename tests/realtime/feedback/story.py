"""A runner in numbers for the tests of feedback: judged by the real judge, told by cues.

One step is one ground contact: it closes the stride of that leg, and the leg's own push-off
follows 0.27 s later. The runner borrows extension when they feel like it, and stops when
they hear that they should, if they are one who responds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from hipcue.config.reasons import ReasonCode
from hipcue.config.settings import FeedbackSettings, VerdictSettings
from hipcue.devices.readings import BeltSource
from hipcue.realtime.feedback import Feedback
from hipcue.realtime.gait.compensation import CompensationDetector
from hipcue.realtime.records import (
    Cue,
    CueResponse,
    EngineCommand,
    EventKind,
    GaitEvent,
    Measurement,
    PelvisSource,
    RunnerState,
    Side,
    Stride,
    Verdict,
)

STEP_S, PEAK_S, DECIDE_S = 0.35, 0.27, 0.09
ASKING = ("tilt_out", "borrowed", "arching")
USUAL_TILT_DEG, USUAL_HIP_DEG, NOISE_DEG = 4.0, 21.0, 0.6


@dataclass(frozen=True)
class Body:
    """What one leg does in one stride."""

    tilt_deg: float | None
    hip_deg: float
    arch_deg: float


class Story:
    """Runs; keeps everything that was said."""

    def __init__(
        self,
        feedback: FeedbackSettings | None = None,
        *,
        seed: int = 1,
        responds: bool = False,
        sees_now: bool = True,
        start_s: float = 100.0,
    ) -> None:
        self.settings = feedback or FeedbackSettings()
        self.feedback = Feedback(self.settings)
        self.judge = CompensationDetector(VerdictSettings())
        self.random = np.random.default_rng(seed)
        self.responds, self.sees_now, self.start_s = responds, sees_now, start_s
        self.steps = 0
        self.bodies: list[Body] = []
        self.strides: list[Stride] = []
        self.cues: list[Cue] = []
        self.responses: list[CueResponse] = []
        self.peaks: list[float] = []
        self.state = RunnerState.WARMING_UP
        self.speed_mps = 3.0
        # What the runner is up to: degrees borrowed, and how much of it so far.
        self.goal = self.borrowed = 0.0
        self.only: Side | None = None
        self.arching = self.short_deg = 0.0
        self.hidden = False
        self.forgets_after: float = np.inf
        self.heard_s: float | None = None
        self.heard_count = 0

    @property
    def now_s(self) -> float:
        return self.start_s + STEP_S * self.steps

    def settle(self) -> Story:
        """Run until there is a baseline and a little longer; nothing is said meanwhile."""
        self.run(30)
        assert self.judge.bands()
        assert self.cues == []
        return self

    def run(self, steps: int, until: Callable[[], bool] | None = None) -> Story:
        for _ in range(steps):
            self._step()
            if until is not None and until():
                break
        return self

    def stand(self, seconds: float = 5.0) -> Story:
        """Step off the belt and on again."""
        self.judge.start_anew()
        self._tell((), (), RunnerState.WAITING)
        self.steps += round(seconds / STEP_S)
        self.bodies.clear()
        self.state = RunnerState.WARMING_UP
        return self

    def change_speed(self, speed_mps: float) -> Story:
        """Let the belt change over nine steps, three seconds."""
        self.speed_mps = speed_mps
        for _ in range(9):
            self._step(steady=False)
        return self

    def ask(self, command: EngineCommand) -> Story:
        self._tell((), (), self.state, commands=(command,))
        return self

    def spoken(self, event: str | None = None) -> list[Cue]:
        return [c for c in self.cues if c.text and (event is None or c.event == event)]

    def of(self, event: str) -> list[Cue]:
        return [c for c in self.cues if c.event == event]

    def since(self, t_s: float) -> list[Cue]:
        return [c for c in self.cues if c.t_capture_s > t_s]

    def tilts(self, last: int) -> float:
        """Mean rise of the tilt over the usual in the last steps."""
        known = [b.tilt_deg for b in self.bodies[-last:] if b.tilt_deg is not None]
        return float(np.mean(known)) - USUAL_TILT_DEG

    def _step(self, steady: bool = True) -> None:
        self.steps += 1
        side = Side.L if self.steps % 2 else Side.R
        self._will()
        self.bodies.append(self._body(side))
        if len(self.bodies) >= 3:
            self._contact(side, self.bodies[-3], steady)
        peak_s = self.now_s + PEAK_S
        self.peaks.append(peak_s)
        event = GaitEvent(EventKind.MAX_EXTENSION, side, peak_s, 0.005, peak_s + DECIDE_S)
        self._tell((event,), (), self.state, steady, at_s=peak_s + DECIDE_S)

    def _will(self) -> None:
        """Follow what was heard half a second ago; forget it after a while."""
        if self.heard_s is not None and self.now_s > self.heard_s + 0.5:
            self.goal, self.heard_s = 0.0, None
            self.heard_count += 1
            self.kept_since_s = self.now_s
        if self.goal == 0.0 and self.heard_count and np.isfinite(self.forgets_after):
            # Every correction is kept half as long again as the one before.
            kept_s = self.forgets_after * 1.5 ** (self.heard_count - 1)
            if self.now_s - self.kept_since_s > kept_s:
                self.goal = 8.0
        self.borrowed += (self.goal - self.borrowed) / 4

    def _body(self, side: Side) -> Body:
        noise = self.random.normal(0.0, NOISE_DEG, 3)
        share = self.borrowed if self.only in (None, side) else 0.0
        tilt = USUAL_TILT_DEG + share + float(noise[0])
        hip = USUAL_HIP_DEG - share - self.short_deg + float(noise[1])
        return Body(
            None if self.hidden else tilt, hip, share + self.arching - 1.0 + float(noise[2])
        )

    def _contact(self, side: Side, body: Body, steady: bool) -> None:
        plain = stride_of(len(self.strides) + 1, side, self.now_s, body, self.speed_mps)
        said = self.judge.judge_stride(plain, steady, 0.0)
        stride = replace(plain, verdict=said.verdict, state=said.state)
        self.strides.append(stride)
        self.state = said.state
        self._tell((), (stride,), self.state, steady, at_s=stride.t_decided_s)

    def _tell(
        self,
        events: tuple[GaitEvent, ...],
        strides: tuple[Stride, ...],
        state: RunnerState,
        steady: bool = True,
        commands: tuple[EngineCommand, ...] = (),
        at_s: float | None = None,
    ) -> None:
        at_s = self.now_s + DECIDE_S if at_s is None else at_s
        tilt = self.bodies[-1].tilt_deg if self.bodies else None
        now = (
            Measurement(tilt, 1.0)
            if tilt is not None
            else Measurement.missing(ReasonCode.TAG_HIDDEN)
        )
        cues, responses = self.feedback.step(
            at_s,
            events,
            strides,
            state,
            self.judge.bands(),
            steady,
            commands,
            now if self.sees_now else None,
        )
        self.cues += cues
        self.responses += responses
        if self.responds and self.heard_s is None and any(c.event in ASKING for c in cues):
            self.heard_s = at_s


def stride_of(
    index: int,
    side: Side,
    end_s: float,
    body: Body,
    speed_mps: float = 3.0,
    verdict: Verdict = Verdict.UNKNOWN,
    state: RunnerState = RunnerState.UNKNOWN,
) -> Stride:
    """Make the stride that ends with a contact at `end_s`."""
    hidden = Measurement.missing(ReasonCode.TAG_HIDDEN)
    known = body.tilt_deg is not None
    values = {
        "pelvic_tilt_deg": Measurement(body.tilt_deg, 1.0) if known else hidden,
        "hip_extension_deg": Measurement(body.hip_deg, 1.0) if known else hidden,
        "lumbar_extension_deg": Measurement(body.arch_deg, 1.0) if known else hidden,
        "belt_speed_mps": Measurement(speed_mps, 0.01),
    }
    return Stride(
        index=index,
        side=side,
        near=side is Side.R,
        contact_s=end_s - 2 * STEP_S,
        toe_off_s=end_s - 2 * STEP_S + 0.26,
        end_s=end_s,
        t_decided_s=end_s + DECIDE_S,
        belt_source=BeltSource.WIRE,
        pelvis_source=PelvisSource.TAG,
        values=values,
        verdict=verdict,
        confidence=1.0,
        state=state,
    )
