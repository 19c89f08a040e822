"""Every screen in every state at every size, as PNG files to be looked at.

python -m tests.bench.screens [--out FOLDER]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from config.settings import ScreenSettings
from realtime.hud import Screen
from tests.realtime.hud.sample_snapshots import STATES, sample

SIZES = ((1024, 600), (1280, 720), (1920, 1080), (3840, 2160))


def main() -> None:
    """Draw them all."""
    parser = argparse.ArgumentParser(description="Draw every screen in every state.")
    parser.add_argument("--out", type=Path, default=Path("tests/bench/out/screens"))
    parser.add_argument("--only", default="", help="states whose name contains this")
    words = parser.parse_args()
    words.out.mkdir(parents=True, exist_ok=True)
    for width, height in SIZES:
        for language in ("en", "de"):
            screen = Screen(ScreenSettings(width=width, height=height), language, headless=True)
            screen.open()
            for state in STATES:
                if words.only not in state:
                    continue
                for view in ("coach", "runner"):
                    screen.view(view)
                    screen.show(sample(state))
                    name = f"{view}-{state.replace(' ', '-')}-{width}x{height}-{language}.png"
                    screen.screenshot(words.out / name)
            screen.close()
    print(f"pictures in {words.out}")


if __name__ == "__main__":
    main()
