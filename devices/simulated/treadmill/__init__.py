"""A treadmill that is not there, on a real serial or TCP port."""
