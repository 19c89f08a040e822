"""The end of a recording: what is known only then is recorded, and its files are finished."""

from __future__ import annotations

from collections.abc import Mapping

from hipcue.config.reason_words import in_words
from hipcue.realtime.session import SessionWriter
from hipcue.realtime.session.video import VideoRecorder
from hipcue.realtime.view.latency import Latency


def close_recording(
    writer: SessionWriter | None,
    recorder: VideoRecorder | None,
    frames: Latency,
    cues: Mapping[str, Latency],
) -> list[str]:
    """Close the film and the session folder; return a line where that went wrong.

    Parameters
    ----------
    writer, recorder : SessionWriter and VideoRecorder, or None
        What recorded, if it did.
    frames : Latency
        From the picture to the decision.
    cues : mapping of str to Latency
        Of each stage of the cues that were heard, by the fields of `CueTimes`.
    """
    if recorder is not None:
        recorder.close()  # Before the folder is finished: the report shows the film.
    if writer is None:
        return []
    writer.learned("latency_ms", _percentiles(frames))
    stages = {stage.removesuffix("_ms"): _percentiles(known) for stage, known in cues.items()}
    writer.learned("cue_latency_ms", stages)
    writer.close()
    return [] if writer.fault is None else [in_words(writer.fault)]


def _percentiles(latency: Latency) -> dict[str, float | None]:
    return {"p50": latency.p50_ms, "p95": latency.p95_ms, "p99": latency.p99_ms}
