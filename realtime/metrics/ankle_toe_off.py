"""How far the foot is stretched at toe-off."""

from __future__ import annotations

from hipcue.realtime.metrics.joint_angles import ankle_at
from hipcue.realtime.metrics.metric import Metric

ANKLE_TOE_OFF = Metric(
    name="ankle_toe_off_deg",
    unit="°",
    meaning="Plantarflexion at toe-off against standing",
    positive="plantarflexion",
    reference="Peak 17.5, 9.5 to 27.6 between runners (RBDS and RIC, 46 runners).",
    measure=lambda stride: ankle_at(stride, stride.toe_off_s),
    needs=("knee", "ankle"),
)
