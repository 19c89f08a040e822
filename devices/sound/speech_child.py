"""Renders phrases to WAV files; runs as a process of its own and may be killed.

Reads one JSON object from standard input: language, rate_wpm, phrases as [text, file].
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import warnings
from typing import Any

# eSpeak NG's voices by language.
_VOICES = {"en": ("gmw/en-us", "gmw/en", "en-us", "en"), "de": ("gmw/de", "de")}


def main() -> None:
    """Render what standard input asks for."""
    warnings.simplefilter("ignore")
    order = json.load(sys.stdin)
    _load_library()
    from pyttsx3.engine import Engine

    for text, path in order["phrases"]:
        # One engine per phrase: the Linux driver writes an empty file for the second.
        engine = Engine(None)
        voice = _voice(engine, order["language"])
        if voice is not None:
            engine.setProperty("voice", voice)
        engine.setProperty("rate", order["rate_wpm"])
        engine.save_to_file(text, path)
        engine.runAndWait()
        del engine


def _load_library() -> None:
    """Make libespeak-ng known by its name before pyttsx3 looks for it."""
    if sys.platform != "linux":
        return
    try:
        import espeakng_loader
    except ImportError:
        return  # The system's own library may be there.
    os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
    ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)


def _voice(engine: Any, language: str) -> str | None:
    there = {voice.id: voice for voice in engine.getProperty("voices")}
    for name in _VOICES.get(language, ()):
        if name in there:
            return name
    for name, voice in there.items():
        spoken = "".join(str(word) for word in (voice.languages or ()))
        if language in spoken.lower() or f"_{language}" in name.lower():
            return str(name)
    return None


if __name__ == "__main__":
    main()
