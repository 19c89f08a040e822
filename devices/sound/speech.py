"""Speech: phrases rendered to WAV files before the run, kept for the next one.

The speech library blocks, may call other programs and can hang; so it works in a child
process with a time limit, and a run never waits for it.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import platformdirs

from hipcue.config.reason_words import in_words
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.sound.speech_file import says_something

# Rendering takes about 20 ms a phrase; a child that needs this long hangs.
_LIMIT_S = 20.0
# Started by its path, so that it works wherever hipcue is run from.
_CHILD = (str(Path(__file__).with_name("speech_child.py")),)


class SpeechError(Exception):
    """Speech is not to be had, or not all of it.

    `reason` says why; `files` holds the phrases that are there.
    """

    def __init__(self, reason: Reason, files: Mapping[str, Path] | None = None) -> None:
        super().__init__(in_words(reason))
        self.reason = reason
        self.files = dict(files or {})


def cache_folder() -> Path:
    """Return the folder in which rendered phrases are kept."""
    return platformdirs.user_cache_path("hipcue") / "speech"


def render_phrases(
    phrases: Iterable[str],
    language: str,
    rate_wpm: int,
    *,
    voice: str = "",
    folder: Path | None = None,
    limit_s: float = _LIMIT_S,
    child: tuple[str, ...] = _CHILD,
) -> dict[str, Path]:
    """Return a WAV file for each phrase, rendering those that are not there yet.

    Parameters
    ----------
    phrases : iterable of str
        What will be said.
    language : str
        ``en`` or ``de``; chooses the voice.
    rate_wpm : int
        Words per minute.
    voice : str
        Name of a voice, or part of it; empty takes one that speaks the language.
    folder : Path, optional
        Where files are kept; the user's cache by default.
    limit_s : float
        The child is killed after this.
    child : tuple of str
        Arguments to Python that start the renderer.

    Raises
    ------
    SpeechError
        When anything is missing afterwards; what could be rendered is kept.
    """
    folder = folder or cache_folder()
    files = {text: folder / _name(text, language, rate_wpm, voice) for text in phrases}
    missing = {text: path for text, path in files.items() if not says_something(path)}
    trouble: Reason | None = None
    if missing:
        order = {"language": language, "rate_wpm": rate_wpm, "voice": voice, "limit_s": limit_s}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _render(missing, order, limit_s, child)
        except SpeechError as error:
            trouble = error.reason
        except OSError as error:
            text = f"{folder.name} folder: {error.strerror or error}"
            trouble = Reason(ReasonCode.OTHER, text=text)
    there = {text: path for text, path in files.items() if says_something(path)}
    if len(there) < len(files):
        silent = Reason(ReasonCode.PHRASES_SILENT, silent=len(files) - len(there), all=len(files))
        raise SpeechError(trouble or silent, there)
    return files


def _render(
    missing: Mapping[str, Path],
    order: Mapping[str, object],
    limit_s: float,
    child: tuple[str, ...],
) -> None:
    # Written under another name first: a file that is there is whole.
    drafts = {text: path.with_suffix(f".{os.getpid()}.part") for text, path in missing.items()}
    phrases = [[text, str(draft)] for text, draft in drafts.items()]
    try:
        done = subprocess.run(
            [sys.executable, *child],
            input=json.dumps({**order, "phrases": phrases}),
            encoding="utf-8",
            errors="replace",
            capture_output=True,
            timeout=limit_s,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SpeechError(Reason(ReasonCode.SPEECH_HANGS, seconds=limit_s)) from error
    finally:
        for text, draft in drafts.items():
            if says_something(draft):
                draft.replace(missing[text])
            else:
                draft.unlink(missing_ok=True)
    if done.returncode != 0:
        words = (done.stderr or done.stdout).strip().splitlines()
        text = words[-1][:80] if words else f"exit code {done.returncode}"
        raise SpeechError(Reason(ReasonCode.OTHER, text=text))


def _name(text: str, language: str, rate_wpm: int, voice: str) -> str:
    key = json.dumps(["1", text, language, rate_wpm, voice])
    return hashlib.sha256(key.encode()).hexdigest()[:24] + ".wav"
