"""Is the extension borrowed? Judged against the runner's own baseline, never a fixed band.

Compensating means: late-stance tilt (or arching) is above the runner's baseline by more
than a minimum and by more than the channel's own noise, over several strides, and the
extension of the hip did not rise with it. Between strides of one runner hip extension
varies by 0.9 degrees (RBDS and RIC, 46 runners), so four strides are enough to see four.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from statistics import median

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import VerdictSettings
from hipcue.realtime.gait.baseline import Baseline, BaselineBuilder
from hipcue.realtime.records import Band, RunnerState, Stride, Verdict

# Strides (both legs) that are looked at together. Our choices, tuned on a ramp of 11
# degrees in six seconds: few enough to speak within six strides, enough to be sure.
_LOOK_BACK = 4
_CLEAR_AFTER = 4
# The median of four strides has 0.63 of one stride's noise (1.2533 / sqrt 4, for a normal
# spread); three times that is certain.
_NOISE_FACTOR = 3.0 * 0.63
# From the first stride that is called to the last that is watched.
_EPISODE = (RunnerState.COMPENSATING, RunnerState.RECOVERING)
_WATCH_SHARE = 0.6
_CLEAR_SHARE = 0.7
# Hip extension that rises by this share of the tilt's rise is real extension, not borrowed.
_HIP_SHARE = 0.5
# Arching counts when it rises by this much more than the tilt has to, and is the lower
# back's own when it rises by this much more than the tilt does; our choice: it carries the
# noise of the trunk as well, about 3 degrees.
LUMBAR_EXTRA_DEG = 3.0
# A tilt known no better than this says nothing (between-runner SD of tilt: 3 to 4, Bramah 2018).
_WEAK_SIGMA_DEG = 4.0
# Hip extension below this while running is short; our choice from the laboratory spread
# (5th percentile 7.6 deg, RBDS and RIC) as a finding, never a verdict.
_RESTRICTED_DEG = 8.0
_RUNNING_MPS = 2.0


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of a stride and of the runner's state after it."""

    verdict: Verdict
    state: RunnerState
    reason: Reason
    strides_in_state: int
    restricted: bool


@dataclass(frozen=True, slots=True)
class _Rise:
    tilt_deg: float
    hip_deg: float | None
    lumbar_deg: float | None


class CompensationDetector:
    """Holds the baselines and judges stride after stride."""

    def __init__(self, settings: VerdictSettings) -> None:
        self._settings = settings
        self._builder = BaselineBuilder(settings)
        self._baselines: list[Baseline] = []
        self._baseline: Baseline | None = None
        # Asked for in every frame: worked out once for each baseline.
        self._banded: Baseline | None = None
        self._bands: dict[str, Band] = {}
        self._rises: deque[_Rise | None] = deque(maxlen=_LOOK_BACK)
        self._hips: deque[float] = deque(maxlen=12)
        self._state = RunnerState.WARMING_UP
        self._strides_in_state = 0
        self._quiet = 0
        self._unseen = 0
        self._judgement: Judgement | None = None

    def change_settings(self, settings: VerdictSettings) -> None:
        """Go on with other settings; the baselines stay."""
        self._settings = settings
        self._builder.change_settings(settings)

    @property
    def baseline(self) -> Baseline | None:
        """The one in force."""
        return self._baseline

    @property
    def judgement(self) -> Judgement | None:
        """What was said of the newest stride; None at a new start."""
        return self._judgement

    def bands(self) -> dict[str, Band]:
        """The runner's own bands; empty before there is a baseline."""
        if self._baseline is not self._banded:
            self._banded = self._baseline
            self._bands = self._baseline.bands() if self._baseline is not None else {}
        return self._bands

    def start_anew(self) -> None:
        """Treat the next strides as the first after stepping on; the baselines stay."""
        self._builder.restart(skip=True)
        self._rises.clear()
        self._hips.clear()
        self._enter(RunnerState.WARMING_UP)
        self._judgement = None

    def forget_baselines(self) -> None:
        """Learn the runner's usual again from here on."""
        self._baselines.clear()
        self._baseline = None
        self._builder.restart(skip=False)
        self._rises.clear()
        self._enter(RunnerState.WARMING_UP)

    def judge_stride(
        self, stride: Stride, belt_steady: bool, grade_percent: float | None
    ) -> Judgement:
        """Judge a stride.

        Parameters
        ----------
        stride : Stride
            With its values; its verdict is not looked at.
        belt_steady : bool
            Whether the belt kept its speed during and shortly before the stride.
        grade_percent : float or None
            Slope of the belt; None where it is not known.
        """
        speed = stride.measure("belt_speed_mps").value
        self._choose_baseline(speed, grade_percent)
        restricted = self._is_restricted(stride, speed)
        if not belt_steady:
            self._rises.clear()
            self._builder.restart(skip=False)
            reason = Reason(ReasonCode.SPEED_CHANGING)
            return self._say(Verdict.UNKNOWN, RunnerState.WARMING_UP, reason, False)
        if self._baseline is None:
            found = self._builder.add_stride(stride, grade_percent)
            if found is not None:
                self._baselines.append(found)
                self._baseline = found
            tilt = stride.measure("pelvic_tilt_deg")
            if tilt.value is None and self._builder.progress == 0.0:
                reason = tilt.reason or Reason(ReasonCode.PELVIS_NOT_MEASURED)
                return self._say(Verdict.UNKNOWN, RunnerState.UNKNOWN, reason, restricted)
            reason = Reason(ReasonCode.LEARNING_USUAL, percent=round(100 * self._builder.progress))
            return self._say(Verdict.UNKNOWN, RunnerState.WARMING_UP, reason, restricted)
        self._rises.append(self._rise(stride, self._baseline))
        known = [rise for rise in self._rises if rise is not None]
        if len(known) < _LOOK_BACK - 1:
            tilt = stride.measure("pelvic_tilt_deg")
            reason = tilt.reason or Reason(ReasonCode.TOO_FEW_STRIDES_YET)
            if tilt.value is not None and (tilt.sigma or 0.0) > _WEAK_SIGMA_DEG:
                reason = Reason(ReasonCode.PELVIS_NOT_SURE_ENOUGH)
            state = RunnerState.UNKNOWN if tilt.value is None else RunnerState.WARMING_UP
            return self._lose_sight(state, reason, restricted)
        self._unseen = 0
        return self._compare(known, restricted)

    def _lose_sight(self, state: RunnerState, reason: Reason, restricted: bool) -> Judgement:
        """Nothing can be said of a stride; who compensated is not well again by that.

        An episode outlasts a few such strides, as it does a few good ones.
        """
        self._unseen += 1
        if self._state in _EPISODE and self._unseen < _CLEAR_AFTER:
            state = self._state
        return self._say(Verdict.UNKNOWN, state, reason, restricted)

    def _choose_baseline(self, speed: float | None, grade_percent: float | None) -> None:
        current = self._baseline
        if current is not None and current.fits(speed, grade_percent, self._settings):
            return
        fitting = [b for b in self._baselines if b.fits(speed, grade_percent, self._settings)]
        if current is not None and not fitting:
            self._builder.restart(skip=False)
        self._baseline = fitting[-1] if fitting else None
        if self._baseline is not current:
            self._rises.clear()

    def _rise(self, stride: Stride, baseline: Baseline) -> _Rise | None:
        tilt = stride.measure("pelvic_tilt_deg")
        usual = baseline.centre.get(("pelvic_tilt_deg", stride.side))
        if tilt.value is None or usual is None or (tilt.sigma or 0.0) > _WEAK_SIGMA_DEG:
            return None

        def above(name: str) -> float | None:
            value = stride.measure(name).value
            centre = baseline.centre.get((name, stride.side))
            return None if value is None or centre is None else value - centre

        return _Rise(tilt.value - usual, above("hip_extension_deg"), above("lumbar_extension_deg"))

    def _compare(self, known: list[_Rise], restricted: bool) -> Judgement:
        baseline = self._baseline
        assert baseline is not None
        noise = baseline.spread.get("pelvic_tilt_deg", 0.0)
        limit = max(self._settings.min_rise_deg, _NOISE_FACTOR * noise)
        tilt = median([rise.tilt_deg for rise in known])
        hips = [rise.hip_deg for rise in known if rise.hip_deg is not None]
        hip = median(hips) if hips else None
        arches = [rise.lumbar_deg for rise in known if rise.lumbar_deg is not None]
        arch = median(arches) if len(arches) == len(known) else None
        arch_limit = limit + max(
            LUMBAR_EXTRA_DEG, _NOISE_FACTOR * baseline.spread.get("lumbar_extension_deg", 0.0)
        )
        arching = arch is not None and arch > arch_limit and tilt > limit / 2
        borrowed = hip is None or hip < _HIP_SHARE * tilt
        out = borrowed and (tilt > limit or arching)

        reason = Reason(ReasonCode.PELVIS_AGAINST_USUAL, deg=round(tilt, 1))
        if arching and arch is not None and tilt <= limit:
            reason = Reason(ReasonCode.LOWER_BACK_AGAINST_USUAL, deg=round(arch, 1))
        if self._state in _EPISODE:
            return self._while_out(
                out, max(tilt, limit) if arching else tilt, limit, reason, restricted
            )
        self._quiet = 0
        if out and len(known) == _LOOK_BACK:
            return self._say(Verdict.COMPENSATING, RunnerState.COMPENSATING, reason, restricted)
        if borrowed and tilt > _WATCH_SHARE * limit:
            return self._say(Verdict.WATCH, RunnerState.WATCH, reason, restricted)
        return self._say(Verdict.OK, RunnerState.OK, Reason(ReasonCode.WITHIN_USUAL), restricted)

    def _while_out(
        self, out: bool, tilt: float, limit: float, reason: Reason, restricted: bool
    ) -> Judgement:
        """Leaving is slower than entering, so that the state does not flicker."""
        if tilt > _CLEAR_SHARE * limit:
            self._quiet = 0
            state = RunnerState.COMPENSATING if out else self._state
            verdict = Verdict.COMPENSATING if out else Verdict.WATCH
            return self._say(verdict, state, reason, restricted)
        self._quiet += 1
        if self._quiet >= _CLEAR_AFTER:
            back = Reason(ReasonCode.BACK_WITHIN_USUAL)
            return self._say(Verdict.OK, RunnerState.OK, back, restricted)
        return self._say(Verdict.WATCH, RunnerState.RECOVERING, reason, restricted)

    def _is_restricted(self, stride: Stride, speed: float | None) -> bool:
        hip = stride.measure("hip_extension_deg").value
        if hip is not None and (speed is None or speed > _RUNNING_MPS):
            self._hips.append(hip)
        return len(self._hips) >= 8 and median(self._hips) < _RESTRICTED_DEG

    def _say(
        self, verdict: Verdict, state: RunnerState, reason: Reason, restricted: bool
    ) -> Judgement:
        if state is not self._state:
            self._enter(state)
        self._strides_in_state += 1
        self._judgement = Judgement(verdict, state, reason, self._strides_in_state, restricted)
        return self._judgement

    def _enter(self, state: RunnerState) -> None:
        self._state = state
        self._strides_in_state = 0
