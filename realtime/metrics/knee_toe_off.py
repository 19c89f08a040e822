"""Bend of the knee at toe-off."""

from __future__ import annotations

from hipcue.realtime.metrics.joint_angles import knee_at
from hipcue.realtime.metrics.metric import Metric

KNEE_TOE_OFF = Metric(
    name="knee_toe_off_deg",
    unit="°",
    meaning="Knee flexion at toe-off against standing",
    positive="flexion",
    reference="No published range at hand; judged against the runner's own.",
    measure=lambda stride: knee_at(stride, stride.toe_off_s),
    needs=("knee", "ankle"),
)
