"""`hipcue analyze` with files of other programs: what is said, and what is left."""

from __future__ import annotations

from pathlib import Path

import pytest

from hipcue.config.errors import UserError
from hipcue.config.settings import Settings
from hipcue.realtime.commands.analyze import run_analysis
from tests.realtime.vision.joint_angles.motions import motion, write_motion


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
