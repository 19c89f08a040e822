"""Everything that needs pixels: from pictures, or marker files, to poses.

`perceiver` turns a frame into a pose with the pelvis in it; `pose` runs the pose model,
`contour` reads the outline of the lower back, `tag` the printed squares; `trc` reads the
markers of a laboratory; `picture` says what is wrong with a picture; `tags_sheet` prints.
"""
