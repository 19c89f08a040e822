"""Bend of the knee at contact."""

from __future__ import annotations

from hipcue.realtime.metrics.joint_angles import knee_at
from hipcue.realtime.metrics.metric import Metric

KNEE_CONTACT = Metric(
    name="knee_contact_deg",
    unit="°",
    meaning="Knee flexion at contact against standing",
    positive="flexion",
    reference="10.9, 3.3 to 18.7 between runners (RBDS and RIC, 46 runners).",
    measure=lambda stride: knee_at(stride, stride.contact_s),
    needs=("knee", "ankle"),
)
