"""Marker files of laboratories and pose programs: read, named, turned into poses.

`trc_file` reads the text, `names` knows whose joint a name is, `trc_poses` tells up, forward
and the pelvis.

May import: realtime.records, config.
"""
