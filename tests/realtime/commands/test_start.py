"""What a start does not wait for: libraries that a run needs at its end, or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).parents[3]

# Of the report, of Bluetooth, of setuptools; plotting, and what models bring with them.
_NOT_NEEDED = ("jinja2", "asyncio", "ssl", "pkg_resources", "matplotlib", "mediapipe", "polars")


def test_a_run_begins_without_the_libraries_it_does_not_need() -> None:
    question = (
        "import sys; import hipcue.realtime.commands.demo, hipcue.realtime.commands.run; "
        f"print([name for name in {_NOT_NEEDED} if sys.modules.get(name) is not None])"
    )
    done = subprocess.run(
        [sys.executable, "-c", question],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "[]"
