"""Keypoints that other programs found in films: DeepLabCut and SLEAP, through `movement`.

`movement_file` reads them, `keypoint_poses` makes poses of them. Points in space (FreeMoCap,
Anipose) are markers: `hipcue.realtime.vision.markers.points_csv`.

May import: realtime.vision.markers, realtime.records, config.
"""
