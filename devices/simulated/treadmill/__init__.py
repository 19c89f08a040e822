"""A simulated treadmill on a real pseudo-terminal or TCP port."""
