"""What each pelvis source is good for: its gain, and how far off it can be.

Contour: the steepest tangent of the lower back and the line from there to the shoulders
(`realtime.vision.back_outline.reader`), fitted over 360 strides of six rendered runners on five
bodies. Left out one by one, a body is 0.9 degrees off (root mean square over its
strides). Real backs were not among them: earlier trials needed gains a sixth apart, and
skin may be drawn along otherwise, which the uncertainty carries. The share of the trunk
is not fitted, as all of them leaned alike: somebody who leans as a whole, pelvis and all,
turns the outline by as much as the pelvis, which asks for about the gain less one.
Of what the pelvis swings within a stride the outline shows only a part: at peak extension
the twelve legs of six films were 1.4 degrees (root mean square) further off than their mean.
"""

from __future__ import annotations

from dataclasses import dataclass

from hipcue.realtime.records import PelvisSource

BEST_FIRST = (
    PelvisSource.MARKERS,
    PelvisSource.TAG,
    PelvisSource.IMU,
    PelvisSource.CONTOUR,
)
# These read an angle off the picture, and turn with it.
SEEN_IN_PICTURE = frozenset({PelvisSource.TAG, PelvisSource.CONTOUR})


@dataclass(frozen=True, slots=True)
class Channel:
    """How a source's angle becomes tilt, in degrees.

    Attributes
    ----------
    gain : float
        Tilt per degree of the source's angle.
    trunk : float
        Tilt to take off per degree that the trunk leans.
    offset_deg : float
        Tilt to add in running: what running itself takes off the source's angle.
    gain_sigma : float
        Uncertainty of the gain, as a share of the tilt.
    stride_sigma_deg : float
        What a stride's mean is off by, apart from gain and noise: the neutral, the skin.
    instant_sigma_deg : float
        What the instant of peak extension adds.
    """

    gain: float = 1.0
    trunk: float = 0.0
    offset_deg: float = 0.0
    gain_sigma: float = 0.0
    stride_sigma_deg: float = 1.0
    instant_sigma_deg: float = 0.5


CHANNELS = {
    PelvisSource.MARKERS: Channel(stride_sigma_deg=0.3, instant_sigma_deg=0.1),
    PelvisSource.TAG: Channel(gain_sigma=0.05, stride_sigma_deg=0.7, instant_sigma_deg=0.7),
    PelvisSource.IMU: Channel(gain_sigma=0.05, stride_sigma_deg=1.2, instant_sigma_deg=0.8),
    PelvisSource.CONTOUR: Channel(
        gain=2.05,
        trunk=1.0,
        offset_deg=1.1,
        gain_sigma=0.15,
        stride_sigma_deg=1.3,
        instant_sigma_deg=1.4,
    ),
}
