"""Two runners share a treadmill, and a session: each keeps what is theirs."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from hipcue.config.settings import Settings
from hipcue.devices.readings import BeltSample, Frame
from hipcue.realtime.engine import Engine
from hipcue.realtime.library.anonymise import anonymise
from hipcue.realtime.library.finish import finish
from hipcue.realtime.records import NewRunner
from hipcue.realtime.run.replay_check import check
from hipcue.realtime.run.stepper import Stepper
from hipcue.realtime.session import SessionHeader, SessionReader, SessionWriter
from hipcue.realtime.session.export.exporting import export_all
from hipcue.realtime.session.summary import list_sessions
from hipcue.realtime.view.live_view import LiveView, SessionState
from hipcue.realtime.view.recorded_view import RecordedView
from hipcue.realtime.view.snapshot import Snapshot
from tests.realtime.test_engine import FPS, film, steady
from tests.realtime.test_runner_state import later

ADA_S, BEN_S = 14.0, 20.0
SETTINGS = Settings.model_validate({"runner": {"name": "Adelheid"}})


class TwoRunners:
    """Ada runs for 14 s, then Ben for 20 s; live, and as it was kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        header = SessionHeader.now(SETTINGS, "film", devices={}, size_px=(1280, 720))
        writer = SessionWriter(folder, header, finish=finish)
        stepper = Stepper(Engine(SETTINGS), writer)
        view = LiveView(SETTINGS)
        picture = np.empty((0, 0, 3), np.uint8)
        self.seen: list[Snapshot] = []
        for k in range(round((ADA_S + BEN_S) * FPS)):
            ben = k >= round(ADA_S * FPS)
            begin = round(ADA_S * FPS) if ben else 0
            pose = later(film()[1][k - begin], begin / FPS)
            belt = [BeltSample(pose.t_capture_s, steady(pose.t_capture_s - begin / FPS))]
            commands = [NewRunner("=Benedikt", 4)] if k == begin and ben else []
            result = stepper.step(pose, belt, commands)
            frame = Frame(pose.t_capture_s, pose.index, picture)
            view.add_step(frame, result, stepper.settings, pose.t_capture_s)
            self.seen.append(view.snapshot(pose.t_capture_s, SessionState()))
        writer.learned("runner", "=Benedikt")
        stepper.record_neutral()
        writer.close()
        assert writer.fault is None, writer.fault


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> TwoRunners:
    return TwoRunners(tmp_path_factory.mktemp("sessions") / "shared")


def test_each_stride_has_its_runner_in_the_last_column(two: TwoRunners) -> None:
    with (two.folder / "strides.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[-1] == "runner"
    # What looks like a formula is none.
    assert Counter(row["runner"] for row in rows).keys() == {"Adelheid", "'=Benedikt"}
    assert all((row["runner"] == "Adelheid") == (float(row["end_s"]) < ADA_S) for row in rows)


def test_the_list_has_a_line_for_each_of_them(two: TwoRunners) -> None:
    lines = list_sessions(two.folder.parent)
    assert [line.runner for line in lines] == ["=Benedikt", "Adelheid"]  # Most strides first.
    with SessionReader(two.folder) as session:
        assert sum(line.strides for line in lines) == len(session.strides)
    assert all(line.minutes < BEN_S / 60 for line in lines)


def test_the_report_is_of_who_ran_most_and_says_who_else_ran(two: TwoRunners) -> None:
    page = (two.folder / "report.html").read_text(encoding="utf-8")
    (bens, _) = list_sessions(two.folder.parent)
    assert f"{bens.strides} strides" in page
    assert "=Benedikt" in page.split("</title>")[0]
    assert "ran too" in page


def test_the_screen_begins_anew_with_another_runner(two: TwoRunners) -> None:
    changed = round(ADA_S * FPS)
    before, after = two.seen[changed - 1], two.seen[changed]
    assert (before.runner, after.runner) == ("Adelheid", "=Benedikt")
    assert before.strides
    assert after.strides == ()
    assert after.last_stride == {}


@pytest.mark.parametrize("t_s", [10.0, 13.99, 14.5, 20.0, 33.0])
def test_a_replay_shows_of_each_what_was_shown_then(two: TwoRunners, t_s: float) -> None:
    live = two.seen[round(t_s * FPS)]
    with SessionReader(two.folder) as session:
        then = RecordedView(session).at(live.t_s)
    assert (then.runner, then.programme, then.choices) == (
        live.runner, live.programme, live.choices,
    )  # fmt: skip
    assert then.strides == live.strides
    assert then.last_stride == live.last_stride
    assert then.cues == live.cues
    assert then.result is not None and live.result is not None
    assert then.result.neutral_measured == live.result.neutral_measured


def test_run_again_it_gives_the_same(two: TwoRunners) -> None:
    with SessionReader(two.folder) as session:
        assert check(session, Engine(SETTINGS)).identical


def test_without_their_names_they_are_still_two(two: TwoRunners, tmp_path: Path) -> None:
    nameless = anonymise(two.folder, tmp_path / "nameless")
    for path in nameless.iterdir():
        assert b"Benedikt" not in path.read_bytes(), path.name
        assert b"Adelheid" not in path.read_bytes(), path.name
    with SessionReader(nameless) as session:
        assert len(session.runners) == 2
        assert session.header.runner == session.runners[0]


def test_a_data_set_of_strides_has_each_in_their_own_partition(
    two: TwoRunners, tmp_path: Path
) -> None:
    pytest.importorskip("polars")
    files = export_all(two.folder.parent, "parquet", tmp_path)
    names = {file.parent.parent.name for file in files}
    assert names == {"runner=Adelheid", "runner=%3DBenedikt"}
