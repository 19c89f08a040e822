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
import wave
from collections.abc import Iterable
from pathlib import Path

import platformdirs

# Rendering takes about 20 ms a phrase; a child that needs this long hangs.
_LIMIT_S = 20.0
# Started by its path, so that it works wherever hipcue is run from.
_CHILD = (str(Path(__file__).with_name("speech_child.py")),)


class SpeechError(Exception):
    """Speech is not to be had; the message says why in a few words."""


def cache_folder() -> Path:
    """Return the folder in which rendered phrases are kept."""
    return platformdirs.user_cache_path("hipcue") / "speech"


def render_phrases(
    phrases: Iterable[str],
    language: str,
    rate_wpm: int,
    *,
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
    files = {text: folder / _name(text, language, rate_wpm) for text in phrases}
    missing = {text: path for text, path in files.items() if not _sounds(path)}
    if missing:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SpeechError(f"cannot write {folder.name}: {error.strerror}") from error
        _render(missing, language, rate_wpm, limit_s, child)
    lost = [text for text, path in files.items() if not _sounds(path)]
    if lost:
        raise SpeechError(f"{len(lost)} of {len(files)} phrases could not be rendered")
    return files


def _render(
    missing: dict[str, Path],
    language: str,
    rate_wpm: int,
    limit_s: float,
    child: tuple[str, ...],
) -> None:
    # Written under another name first: a file that is there is whole.
    drafts = {text: path.with_suffix(f".{os.getpid()}.part") for text, path in missing.items()}
    order = {
        "language": language,
        "rate_wpm": rate_wpm,
        "phrases": [[text, str(draft)] for text, draft in drafts.items()],
    }
    try:
        done = subprocess.run(
            [sys.executable, *child],
            input=json.dumps(order),
            text=True,
            capture_output=True,
            timeout=limit_s,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SpeechError(f"no answer in {limit_s:.0f} s") from error
    except OSError as error:
        raise SpeechError(error.strerror or str(error)) from error
    finally:
        for text, draft in drafts.items():
            if _sounds(draft):
                draft.replace(missing[text])
            else:
                draft.unlink(missing_ok=True)
    if done.returncode != 0:
        words = (done.stderr or done.stdout).strip().splitlines()
        raise SpeechError(words[-1][:80] if words else f"exit code {done.returncode}")


def _name(text: str, language: str, rate_wpm: int) -> str:
    key = json.dumps(["1", text, language, rate_wpm])
    return hashlib.sha256(key.encode()).hexdigest()[:24] + ".wav"


def _sounds(path: Path) -> bool:
    """Whether a file is a WAV with something in it."""
    try:
        with wave.open(str(path), "rb") as file:
            return file.getnframes() > file.getframerate() // 10
    except (OSError, EOFError, wave.Error):
        return False
