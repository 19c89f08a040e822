"""The outline of the lower back: the pelvis without any equipment."""
