"""Units that treadmills speak, as factors to SI."""

from __future__ import annotations

KMH = 1.0 / 3.6
"""One km/h in m/s."""
MPH = 0.44704
"""One mile per hour in m/s."""
MILE_M = 1609.344
"""One mile in metres."""
FOOT_M = 0.3048
"""One foot in metres."""
