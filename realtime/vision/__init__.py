"""Everything that needs pixels, or markers: from pictures and marker files to poses.

`pipeline` turns a frame into a pose with the pelvis in it; `pose` asks the pose model, which
`litert` or MediaPipe runs (`pose_runtime`), `flow` follows the joints where the model has no
time (`live_pool`), `mask` is the silhouette, `back_outline` and
`tag` read the pelvis, `markers` reads laboratories' files, `image_quality` says what is wrong
with a picture.

May import: realtime.vision.back_outline, realtime.vision.flow, realtime.vision.litert,
realtime.vision.tag, realtime.gait, realtime.records, devices, config.
"""
