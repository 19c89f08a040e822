"""Marker files of laboratories and pose programs: read, named, turned into poses.

A reader (`trc_file`) makes a `marker_file.MarkerFile`; `marker_body` finds the body in it, with
`names` that knows whose joint a name is; `body_axes` tells up and forward,
`course` with `travel` what is under the feet, and `marker_poses` what the engine is given.

May import: realtime.records, devices, config.
"""
