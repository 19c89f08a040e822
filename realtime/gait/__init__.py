"""Gait: from poses to legs told apart, angles, events, strides, neutral and verdict.

    pose ─► leg_tracker ─► pose_buffer ─► events ─► strides ─► compensation
                 facing ──────┘             └ contact, toe_off, peak_extension, planted_foot

Pure: no clock, thread, picture, window or port. `leg_tracker` undoes the swaps of the pose
model, `facing` knows which way the runner runs, `pose_buffer` keeps the recent past,
`segment_angles` and `fits` measure in it. `events` knows the phases of a leg and asks the
finders for contact, toe-off and peak extension; `event_offset` learns from `landing_cues` and
`push_off_cues` where a force plate would have them; `strides` puts them together. `neutral` and
`baseline` hold the runner's own, `hip_centre` where a pose model's hip really is, `pelvis` what
is known of the pelvis; `compensation` judges.

May import: realtime.records, devices, config.
"""
