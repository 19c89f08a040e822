"""How big the simulated runner is and what they wear."""

from __future__ import annotations

from dataclasses import dataclass

Bgr = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Body:
    """A body: its height, its girth, its colours (blue, green, red).

    Lengths of segments are the shares of body height of Drillis and Contini, as printed
    by Winter 2009, figure 4.1.
    """

    height_m: float = 1.78
    girth: float = 1.0
    skin: Bgr = (118, 152, 198)
    hair: Bgr = (28, 36, 48)
    shirt: Bgr = (58, 58, 178)
    shorts: Bgr = (62, 44, 34)
    shoes: Bgr = (214, 222, 226)

    @property
    def thigh_m(self) -> float:
        """Hip to knee."""
        return 0.245 * self.height_m

    @property
    def shank_m(self) -> float:
        """Knee to ankle."""
        return 0.246 * self.height_m

    @property
    def ankle_m(self) -> float:
        """Height of the ankle over the sole."""
        return 0.039 * self.height_m

    @property
    def ball_m(self) -> float:
        """Ankle to the ball of the foot, along the sole."""
        return 0.068 * self.height_m

    @property
    def heel_m(self) -> float:
        """Ankle to the back of the heel, along the sole."""
        return 0.034 * self.height_m

    @property
    def toes_m(self) -> float:
        """Ball of the foot to the tip of the toes."""
        return 0.050 * self.height_m

    @property
    def trunk_m(self) -> float:
        """Hip to shoulder."""
        return 0.288 * self.height_m

    @property
    def upper_arm_m(self) -> float:
        """Shoulder to elbow."""
        return 0.172 * self.height_m

    @property
    def forearm_m(self) -> float:
        """Elbow to wrist."""
        return 0.146 * self.height_m

    @property
    def standing_hip_m(self) -> float:
        """Height of the hip of somebody who stands."""
        return self.thigh_m + self.shank_m + self.ankle_m - 0.0002
