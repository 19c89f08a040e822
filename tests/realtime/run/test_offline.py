"""Analysing a file: what could not be kept is said."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.devices.camera import Film, RepeatDetector
from hipcue.realtime.run.film_source import _Unhurried
from tests.devices.camera.films import write_film
from tests.devices.camera.test_repeats import held, pictures
from tests.realtime.session.killing import ROOT
from tests.realtime.vision.walker import body, write_trc

# The operating system refuses every byte of a file beyond 200 kB in this process.
_FULL = """
import resource, sys
from pathlib import Path
from hipcue.config.errors import UserError
from hipcue.config.settings import Settings
from hipcue.realtime.run.offline import analyze
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    analyze(Path(sys.argv[1]), Settings(), (), Path(sys.argv[2]))
except UserError as error:
    print(error)
"""


def test_a_disk_that_runs_full_is_not_kept_secret(tmp_path: Path) -> None:
    trc = write_trc(tmp_path / "run.trc", body(frames=1800))
    run = [sys.executable, "-c", _FULL, str(trc), str(tmp_path / "session")]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "cannot keep all of" in done.stdout
    assert (tmp_path / "session" / "session.db").stat().st_size <= 200_000


def test_a_picture_that_is_shown_again_is_not_looked_at_again(tmp_path: Path) -> None:
    """15 pictures a second in a film of 60: the pose model sees each of them once."""
    film = write_film(tmp_path / "held.mp4", pictures(96, held(4)), 60.0)
    repeats = RepeatDetector()
    frames = _Unhurried(Film(film), repeats)
    seen = []
    while (frame := frames.latest(1.0)) is not None:
        seen.append(frame.index)
    assert [index for index in seen if index >= 12] == list(range(12, 96, 4))
    assert repeats.remark() == Reason(ReasonCode.PICTURES_REPEAT, real=15, shown=60)
