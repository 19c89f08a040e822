"""What a screen may know, of now or of a recording: immutable snapshots.

`live_view` gathers them while somebody runs, `recorded_view` makes the same ones of a kept
session at any moment, and `player` moves through it.

May import: realtime.session, realtime.feedback, realtime.gait, realtime.records, devices,
config.
"""
