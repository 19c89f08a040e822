"""The cues as rows: what happens, how it sounds, how urgent it is."""

from __future__ import annotations

from dataclasses import dataclass

from realtime.records import CueKind


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
    hold_s : float
        Worth playing for this long after it was decided.
    cooldown_s : float
        Silence of this cue afterwards; 0 leaves it to `FeedbackSettings.cooldown_s`.
    metric : str
        What the runner is expected to change.
    """

    event: str
    kind: CueKind
    sound: str
    priority: int
    hold_s: float
    cooldown_s: float
    metric: str


# Our choices: a tone belongs to its stride and is stale with the next; speech may wait for
# a tone. Positive words are rare, so that they keep their worth.
CUES = {
    row.event: row
    for row in (
        CueRow("borrowed", CueKind.SPEECH, "borrowed", 30, 2.0, 0.0, "pelvic_tilt_deg"),
        CueRow("tilt_out", CueKind.TONE, "tilt_out", 20, 0.7, 2.0, "pelvic_tilt_deg"),
        CueRow("tilt_back", CueKind.TONE, "tilt_back", 15, 0.7, 2.0, "pelvic_tilt_deg"),
        CueRow("back", CueKind.SPEECH, "back", 10, 2.0, 20.0, "pelvic_tilt_deg"),
        CueRow("good_stretch", CueKind.SPEECH, "good", 5, 2.0, 120.0, "hip_extension_deg"),
    )
}
