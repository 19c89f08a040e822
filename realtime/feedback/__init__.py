"""Which cue, when: pure rules over strides and states.

`Feedback.step` takes what the engine found and returns the cues to give and the responses to
earlier ones. `episode` is the table of what leads to which cue,
`schedule` says how much is said in this session, `response` measures what a cue changed.

May import: realtime.gait, realtime.records, config.
"""

from hipcue.realtime.feedback.feedback import Feedback

__all__ = ["Feedback"]
