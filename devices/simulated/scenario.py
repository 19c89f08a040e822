"""What happens in a simulated session, and when."""

from __future__ import annotations

from dataclasses import dataclass, field

from hipcue.devices.simulated.body import Body
from hipcue.devices.simulated.pose import SideName
from hipcue.devices.simulated.runner import SimulatedRunner

# One story of the demo, s. Two seconds of standing are measured; a slow start and lost
# pictures take a tenth of a second more. The borrowing begins late enough for a baseline of
# steady running, and leaves room for cue, correction and clean strides before the story's end.
STORY_S = 60.0
_STANDING_S, _RAMP_S, _RUNNING_MPS, _ONSET_S = 2.6, 2.0, 3.0, 27.0
# A runner who waits to be told takes off after so long even if nobody tells them.
_PATIENCE_S = 8.0


@dataclass(slots=True)
class Scenario:
    """A session of a simulated runner on a simulated treadmill.

    Attributes
    ----------
    seconds : float
        How long it lasts.
    body, near, seed, responds, tag, noise, roll_deg
        As for `SimulatedRunner` and `Figure`.
    belt : tuple of (t_s, speed_mps)
        The belt's speed runs straight from point to point and stays after the last.
    onsets_s : tuple of float
        When the runner begins to borrow extension.
    started_s : float or None
        Time of t = 0 on the camera's clock; ``None`` before the camera starts. A
        treadmill that takes its speed from `belt_speed_mps` uses it too.
    """

    seconds: float
    body: Body = field(default_factory=Body)
    near: SideName = "R"
    seed: int = 1
    responds: bool = True
    tag: bool = False
    noise: float = 2.0
    roll_deg: float = 0.0
    belt: tuple[tuple[float, float], ...] = (
        (_STANDING_S, 0.0),
        (_STANDING_S + _RAMP_S, _RUNNING_MPS),
    )
    onsets_s: tuple[float, ...] = ()
    started_s: float | None = None

    def wait(self) -> None:
        """Let the runner stand until they are told to `set_off`, or have waited for long."""
        self.belt = _from_standing(_PATIENCE_S)

    def set_off(self, t_s: float) -> None:
        """Let the belt begin at `t_s` from the start, where it would have begun later."""
        if t_s < self.belt[0][0]:
            self.belt = _from_standing(t_s)

    def belt_speed_mps(self, t_s: float) -> float:
        """Return the belt's speed at `t_s` from the start; the same every time."""
        before_s, before_mps = 0.0, self.belt[0][1] if self.belt else 0.0
        for point_s, mps in self.belt:
            if t_s < point_s:
                share = (t_s - before_s) / (point_s - before_s)
                return before_mps + (mps - before_mps) * max(share, 0.0)
            before_s, before_mps = point_s, mps
        return before_mps

    def belt_speed_at(self, clock_s: float) -> float:
        """Return the belt's speed at a time of the camera's clock; 0 before the start."""
        return 0.0 if self.started_s is None else self.belt_speed_mps(clock_s - self.started_s)

    def runner(self) -> SimulatedRunner:
        """Return a runner who stands at t = 0."""
        return SimulatedRunner(self.body, self.near, self.seed, self.responds)

    def run_on(self, runner: SimulatedRunner, t_s: float) -> None:
        """Let a runner run until just before `t_s`, past every corner of the belt's speed."""
        corners = {point_s for point_s, _ in self.belt} | set(self.onsets_s)
        for corner_s in sorted(corner for corner in corners if runner.t_s < corner <= t_s):
            runner.move(corner_s, self.belt_speed_mps(corner_s))
            if corner_s in self.onsets_s:
                runner.compensate()


def _from_standing(t_s: float) -> tuple[tuple[float, float], ...]:
    return ((t_s, 0.0), (t_s + _RAMP_S, _RUNNING_MPS))


def demo_scenario(seconds: float, near: SideName = "R", tag: bool = False) -> Scenario:
    """Return the demo: stand, run, borrow, hear a cue, correct, stay clean; then again.

    Parameters
    ----------
    seconds : float
        How long it lasts; every further 60 s tell the story again, without the standing.
    near : {"L", "R"}
        Side towards the camera.
    tag : bool
        Whether the runner wears the printed squares.
    """
    onsets: list[float] = []
    while (onset_s := _ONSET_S + STORY_S * len(onsets)) < seconds:
        onsets.append(onset_s)
    return Scenario(seconds, near=near, tag=tag, onsets_s=tuple(onsets))
