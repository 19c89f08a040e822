"""The outline of the lower back: the pelvis seen without any equipment.

`edge` finds the edge of the back between the pixels, `reader` makes an angle of it or says
why there is none.

May import: realtime.vision, realtime.gait, realtime.records, config.
"""
