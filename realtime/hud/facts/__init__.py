"""What a snapshot says, worked out once before anything is drawn, in the screen's language.

Pure: a snapshot and texts in, frozen records out, no pixel.

May import: realtime.view, realtime.gait, realtime.records, devices, config.
"""
