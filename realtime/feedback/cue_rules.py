"""The cues as rows: what happens, how it sounds, how urgent it is."""

from __future__ import annotations

from dataclasses import dataclass

from hipcue.realtime.records import CueKind


@dataclass(frozen=True, slots=True)
class CueRow:
    """One kind of cue.

    Attributes
    ----------
    event : str
        Its name in recordings.
    kind : CueKind
        Tone or speech.
    sound : str
        Name of the tone, or of the phrases in config/cues.toml.
    priority : int
        Higher replaces a waiting lower one.
    onset_strides : int or None
        Strides (both legs) that must agree before it is due; None takes
        `FeedbackSettings.out_strides` of the last `FeedbackSettings.of_strides`.
    hold_s : float
        Worth playing for this long after it was decided.
    cooldown_s : float or None
        Silence of this cue after it was due; None takes `FeedbackSettings.cooldown_s`.
    metric : str
        What the runner is expected to change.
    """

    event: str
    kind: CueKind
    sound: str
    priority: int
    onset_strides: int | None
    hold_s: float
    cooldown_s: float | None
    metric: str


_TILT, _ARCH, _HIP = "pelvic_tilt_deg", "lumbar_extension_deg", "hip_extension_deg"
_TONE, _SPEECH = CueKind.TONE, CueKind.SPEECH

# Our choices. A tone belongs to its stride and is stale with the next; speech may wait for
# a tone. A verdict of compensating rests on several strides already, so its words wait for
# no more. Short hip extension is no verdict: it has to last. Praise is rare, so that it
# keeps its worth.
_ROWS = (
    CueRow("borrowed", _SPEECH, "borrowed", 30, 1, 2.0, None, _TILT),
    CueRow("arching", _SPEECH, "arching", 30, 1, 2.0, None, _ARCH),
    CueRow("tilt_out", _TONE, "tilt_out", 20, None, 0.7, 2.0, _TILT),
    CueRow("tilt_back", _TONE, "tilt_back", 15, 1, 0.7, 2.0, _TILT),
    CueRow("short_hip", _SPEECH, "short_hip", 12, 10, 2.0, 45.0, _HIP),
    CueRow("back", _SPEECH, "back", 10, 1, 2.0, 20.0, _TILT),
    CueRow("good_stretch", _SPEECH, "good", 5, 160, 2.0, 300.0, _HIP),
)
CUES = {row.event: row for row in _ROWS}
