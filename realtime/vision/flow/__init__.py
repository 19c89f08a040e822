"""Joints in the pictures that the pose model has no time for, followed from those it saw.

May import: realtime.vision, realtime.gait, realtime.records, devices.
"""
