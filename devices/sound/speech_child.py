"""Renders phrases to sound files; runs as a process of its own and may be killed.

Reads one JSON object from standard input: language, voice, rate_wpm, limit_s, and phrases as
[text, file]. Trouble is the last line of the error stream.
"""

from __future__ import annotations

import ctypes
import faulthandler
import json
import os
import sys
import warnings
from typing import Any

# eSpeak NG's own names, best first; other engines tell which languages a voice speaks.
_VOICES = {"en": ("gmw/en-us", "gmw/en"), "de": ("gmw/de",)}


def main() -> None:
    """Render what standard input asks for."""
    warnings.simplefilter("ignore")
    order = json.loads(sys.stdin.buffer.read())
    # Ends this process even from inside a speech library that hangs and when whoever
    # started it is gone.
    with open(os.devnull, "w") as nowhere:
        faulthandler.dump_traceback_later(order["limit_s"], exit=True, file=nowhere)
        _load_library()
        _render(order)


def _render(order: dict[str, Any]) -> None:
    from pyttsx3.engine import Engine

    voice = _voice(Engine(None), order["language"], order["voice"])
    for text, path in order["phrases"]:
        # One engine per phrase: the Linux driver writes an empty file for the second.
        engine = Engine(None)
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


def _voice(engine: Any, language: str, wanted: str) -> str:
    """Return the id of the wanted voice, else of one that speaks the language.

    German words in an English voice are not understood: no voice is better then.
    """
    voices = engine.getProperty("voices")
    if wanted:
        for voice in voices:
            if wanted.lower() in f"{voice.id} {voice.name}".lower():
                return str(voice.id)
        sys.exit(f"no voice named {wanted!r}")
    ids = {str(voice.id) for voice in voices}
    for name in _VOICES[language]:
        if name in ids:
            return name
    usual = engine.getProperty("voice")
    speaking = [str(v.id) for v in voices if _speaks(v, language)]
    if not speaking:
        sys.exit(f"no voice speaks {language!r} here")
    return str(usual) if usual in speaking else speaking[0]


def _speaks(voice: Any, language: str) -> bool:
    """Whether a voice names a language, as in ``de``, ``de_DE`` or ``de-AT``."""
    named = [str(each).lower().replace("_", "-") for each in voice.languages or ()]
    return any(each.split("-")[0] == language for each in named)


if __name__ == "__main__":
    main()
