"""Gait: from poses to legs told apart, angles, events, strides, neutral and verdict.

Pure: no clock, thread, picture, window or port. `legs` undoes swaps, `view` knows which
way the runner faces, `angles` measures, `events` finds contact and toe-off, `strides`
puts strides together, `neutral` and `baseline` hold the runner's own, `verdict` judges.
"""
