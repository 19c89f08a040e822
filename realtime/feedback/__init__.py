"""Which cue, when: pure rules over strides and states.

`Feedback.step` takes what the engine found and returns the cues to give and the
responses to earlier ones. `episode` is the table of what follows from what, `cue_rules`
holds the cues as rows, `schedule` says how much is said in this session, `response`
measures what a cue changed.
"""

from hipcue.realtime.feedback.feedback import Feedback

__all__ = ["Feedback"]
