"""Whether hipcue's ± can be believed: every sample with truth, calm and under every fault.

`inputs` is what an engine is given, `pose_faults`, `clock_faults`, `belt_faults` and
`marker_faults` are pure functions over it, `faults` their register, `bodies` the samples with
their truth, `judging` the comparison, `tables` the words about it.
"""
