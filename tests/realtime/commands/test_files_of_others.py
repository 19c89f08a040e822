"""`hipcue analyze` with files of other programs: what is said, and what is left."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hipcue.config.errors import UserError
from hipcue.config.settings import Settings, changed
from hipcue.realtime.commands.analyze import run_analysis
from hipcue.realtime.run.file_kinds import FileKind
from hipcue.realtime.run.file_options import unused_options
from tests.realtime.vision.joint_angles.motions import motion, write_motion
from tests.realtime.vision.runner import running
from tests.realtime.vision.track_runner import RATE_HZ, along_a_way, on_a_belt, straight, times
from tests.realtime.vision.walker import body, write_trc


def test_joint_angles_are_told_as_a_budget(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_motion(tmp_path / "ik.mot", motion())
    run_analysis([path], Settings(), speed=None, speed_csv=None, out=tmp_path / "out")
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "ik.mot: 12 cycles in 500 rows of joint angles"
    assert said[1].startswith("  left: 6 cycles at 171 steps/min; at the peak the thigh is 24.0")
    assert said[1].endswith("hip extension 10.0 + anterior tilt 14.0")
    assert said[3].startswith("  left less right: thigh ")
    assert "no contacts, lengths or verdicts" in said[4]
    assert said[5] == f"folder: {tmp_path / 'out'}"


def test_what_cannot_be_read_leaves_no_folder(tmp_path: Path) -> None:
    path = tmp_path / "run.c3d"
    path.write_bytes(bytes([2, 0x50]) + bytes(600))
    with pytest.raises(UserError, match=r"C3D files are not read yet; try: a TRC of it"):
        run_analysis([path], Settings(), speed=2.5, speed_csv=None, out=tmp_path / "out")
    assert [found.name for found in tmp_path.iterdir()] == ["run.c3d"]


def analyzed(path: Path, settings: Settings, speed: float | None = 2.5) -> None:
    run_analysis([path], settings, speed=speed, speed_csv=None, out=path.with_suffix(""))


def test_options_that_do_nothing_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = changed(changed(Settings(), "files.slow_motion", 2.0), "files.rate_hz", 100.0)
    analyzed(write_motion(tmp_path / "ik.mot", motion()), told)
    said = capsys.readouterr().out
    assert "without effect for this file: --speed, --slow-motion, --rate\n" in said
    slow = changed(Settings(), "files.slow_motion", 2.0)
    analyzed(write_trc(tmp_path / "run.trc", body(frames=600)), slow)
    assert "without effect for this file: --slow-motion\n" in capsys.readouterr().out
    assert [remark.values for remark in unused_options(FileKind.FILM, told, ())] == [
        (("options", "--rate"),)
    ]
    assert unused_options(FileKind.TRC, changed(Settings(), "files.rate_hz", 100.0), ()) == ()


def test_frames_on_a_treadmill_are_not_without_a_runner(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    t_s = times(11.0)
    ways = along_a_way(on_a_belt(t_s), straight(np.minimum(t_s, 7.0)), 0 * t_s)
    analyzed(write_trc(tmp_path / "run.trc", ways, rate_hz=RATE_HZ), Settings(), None)
    said = capsys.readouterr().out.splitlines()[0]
    assert "0 without a runner" in said and "left out (on a treadmill here)" in said


def test_slow_markers_are_told_of_their_rate_and_not_of_slow_motion(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_trc(tmp_path / "run.trc", running(rate_hz=100.0), rate_hz=50.0)
    try:
        analyzed(path, Settings())
        said = capsys.readouterr().out
    except UserError as error:
        said = str(error)
    assert "slower than people run" in said and "--rate" in said
    assert "--slow-motion" not in said
