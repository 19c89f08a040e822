"""Files of joint angles, as OpenSim and OpenCap write them: read, named, taken apart in cycles.

`motion_file` reads a file's columns, `coordinates` makes angles with hipcue's names and signs of
them, `human_angles` takes off what no joint does, and `cycles` measures each cycle of a leg.
There are no pictures and no feet in such a file: no contact is known, and none is guessed.

May import: realtime.vision.markers, realtime.gait, config.
"""
