"""A session without strides says why when it is looked at again, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from hipcue.config.settings import Settings
from hipcue.realtime.commands.replay import check_replay
from hipcue.realtime.engine import Engine
from hipcue.realtime.library.finish import finish
from hipcue.realtime.run.stepper import Stepper
from hipcue.realtime.session import SessionHeader, SessionWriter
from tests.realtime.test_engine import film


def test_somebody_who_only_stood_is_told_in_a_replay_as_in_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings()
    header = SessionHeader.now(settings, "film", devices={"camera": "film"}, size_px=(1280, 720))
    writer = SessionWriter(tmp_path / "stood", header, finish=finish)
    stepper = Stepper(Engine(settings), writer)
    for pose in film()[1][:170]:
        stepper.step(pose, ())
    stepper.record_neutral()
    writer.close()
    assert check_replay(str(tmp_path / "stood"), settings)
    identical, why = capsys.readouterr().out.splitlines()
    assert identical.startswith("identical: 0 strides")
    assert why.startswith("no strides: somebody stands, for 3 s, and does not run; let them run")
