"""Every export is read back by somebody else's reader."""

from __future__ import annotations

import csv
import itertools
import json
import math
from dataclasses import replace
from datetime import datetime, timedelta

import duckdb
import fitdecode
import numpy as np
import polars as pl
import pytest
from garmin_fit_sdk import Decoder, Stream

from hipcue.config.errors import UserError
from hipcue.config.reason_words import in_words
from hipcue.realtime.library.finish import finish
from hipcue.realtime.records import Joint, Side
from hipcue.realtime.session import SessionReader, SessionWriter
from hipcue.realtime.session.export import FORMATS, export, export_all
from hipcue.realtime.session.export.mot import coordinates
from hipcue.realtime.session.recorded_steps import RecordedSteps
from hipcue.realtime.session.stride_table import COLUMNS
from hipcue.realtime.vision.markers.trc_file import read_trc
from tests.realtime.session.sample_session import (
    PX_PER_M,
    T_FIRST_S,
    header,
    record,
    sample_steps,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return record(tmp_path_factory.mktemp("export") / "Run 1", 40.0)


@pytest.fixture(scope="module")
def session(folder):
    with SessionReader(folder) as reader:
        yield reader


def test_csv_is_read_by_anything(folder, session, tmp_path):
    files = export(folder, "csv", tmp_path)
    assert [f.name for f in files] == [
        "run-1_strides.csv", "run-1_frames.csv", "run-1_cues.csv", "run-1_belt.csv",
    ]  # fmt: skip
    assert files[0].read_bytes() == (folder / "strides.csv").read_bytes()
    frames = pl.read_csv(files[1])
    assert len(frames) == 2400
    angles = RecordedSteps(session).at(1234).settled.angles
    assert frames["knee_flexion_r_deg"][1234] == pytest.approx(
        angles.knee_flexion_deg[Side.R].value, abs=1e-6
    )
    # The far leg is hidden every 97 frames: empty, not zero.
    assert frames["thigh_extension_l_deg"][97] is None
    with files[2].open(newline="") as file:
        cues = list(csv.DictReader(file))
    assert (cues[0]["event"], cues[0]["before"], cues[0]["after"]) == (
        "tilt_out", "11.200000", "6.100000",
    )  # fmt: skip
    assert len(pl.read_csv(files[3])) == len(session.belt_steps)


def test_json_keeps_every_measurement_with_its_reason(folder, session, tmp_path):
    document = json.loads(export(folder, "json", tmp_path)[0].read_text(encoding="utf-8"))
    assert document["header"]["runner"] == "Anna"
    for one, stride in zip(document["strides"], session.strides, strict=True):
        assert one["contact_s"] == stride.contact_s - T_FIRST_S
        for name, m in stride.values.items():
            why = None if m.reason is None else in_words(m.reason)
            assert one["measurements"][name] == {"value": m.value, "sigma": m.sigma, "reason": why}


def test_parquet_is_read_by_duckdb_and_missing_is_null(folder, session, tmp_path):
    export(folder, "parquet", tmp_path)
    path = tmp_path / "run-1_strides.parquet"
    rows = duckdb.sql(f"SELECT * FROM read_parquet('{path}') ORDER BY stride")
    names = rows.columns
    assert tuple(names[: len(COLUMNS)]) == COLUMNS
    table = rows.fetchall()
    tilt, sigma = names.index("pelvic_tilt_deg"), names.index("pelvic_tilt_deg_sigma")
    for row, stride in zip(table, session.strides, strict=True):
        assert row[tilt] == stride.measure("pelvic_tilt_deg").value
        assert row[sigma] == stride.measure("pelvic_tilt_deg").sigma
    assert any(row[tilt] is None for row in table)
    count = duckdb.sql(
        f"SELECT count(*), count(thigh_extension_l_deg) FROM '{tmp_path}/run-1_frames.parquet'"
    )
    hidden = sum(i % 97 < 4 for i in range(2400))
    assert count.fetchall() == [(2400, 2400 - hidden)]


def test_many_sessions_become_one_data_set(tmp_path):
    for number, runner in enumerate(("Anna", "Anna", "Ben / Bo")):
        record(tmp_path / "all" / f"s{number}", 12.0, runner=runner, seed=number)
    (tmp_path / "all" / "notes").mkdir()
    files = export_all(tmp_path / "all", "parquet", tmp_path / "set")
    assert len(files) == 3
    where = f"read_parquet('{tmp_path}/set/strides/**/*.parquet', hive_partitioning = true)"
    found = duckdb.sql(
        f"SELECT runner, count(DISTINCT session), count(*) FROM {where} GROUP BY runner ORDER BY 1"
    ).fetchall()
    assert [row[:2] for row in found] == [("Anna", 2), ("Ben / Bo", 1)]
    everything = pl.read_parquet(
        tmp_path / "set" / "strides" / "**" / "*.parquet", hive_partitioning=True
    )
    assert len(everything) == sum(row[2] for row in found)
    assert everything["date"].n_unique() == 1


HOSTILE = ("../../x", "a=b/c", "", "runner=Eve/date=1", "x" * 600, "x" * 601, "%2e%2e", "日本" * 90)


def test_names_of_runners_lead_nowhere_and_come_back(tmp_path):
    for number, runner in enumerate(HOSTILE):
        record(tmp_path / "all" / f"s{number}", 8.0, runner=runner)
    files = export_all(tmp_path / "all", "parquet", tmp_path / "set")
    assert len(set(files)) == len(HOSTILE)
    assert all(f.resolve().is_relative_to(tmp_path / "set" / "strides") for f in files)
    assert {p.name for p in tmp_path.iterdir()} == {"all", "set"}
    pattern = tmp_path / "set" / "strides" / "**" / "*.parquet"
    back = pl.read_parquet(pattern, hive_partitioning=True)
    by_duckdb = duckdb.sql(
        f"SELECT DISTINCT session, runner FROM read_parquet('{pattern}', hive_partitioning = true)"
    ).fetchall()
    assert len(by_duckdb) == len(set(back["session"])) == len(HOSTILE)
    # What fits into a file name comes back as it was; two long names stay two.
    named = dict(by_duckdb)
    for number in (0, 1, 3, 6):
        assert named[f"s{number}"] == HOSTILE[number]
    assert named["s2"] == "unknown"
    assert len(set(named.values())) == len(HOSTILE)


def test_sessions_whose_names_look_alike_do_not_overwrite_each_other(tmp_path):
    long = "2025-03-01_18-30-05_a-name-that-is-cut-where-two-differ"
    names = ("Run 1", "run-1", "RUN 1", f"{long}-one", f"{long}-two")
    for name in names:
        record(tmp_path / "all" / name, 8.0)
    for form in ("parquet", "csv"):
        files = export_all(tmp_path / "all", form, tmp_path / form)
        assert len(set(files)) == len(files) == len(names) * (1 if form == "parquet" else 4)


def test_a_session_that_cannot_be_exported_costs_only_itself(tmp_path):
    for number in range(2):
        record(tmp_path / "all" / f"s{number}", 8.0)
    (tmp_path / "all" / "broken").mkdir()
    (tmp_path / "all" / "broken" / "session.db").write_bytes(b"\0" * 9000)
    told = []
    files = export_all(tmp_path / "all", "parquet", tmp_path / "set", told.append)
    assert len(files) == 2
    assert [error.failed.rsplit("/", 1)[1] for error in told] == ["broken"]


def test_trc_comes_back_as_the_same_runner(folder, session, tmp_path):
    file = read_trc(export(folder, "trc", tmp_path)[0])
    assert len(file.t_s) == 2400
    t_s = np.diff(file.t_s)
    assert t_s.min() == pytest.approx(1 / 60, abs=1e-5)
    way = file.xyz_m
    # Thigh 0.42 m and shank 0.41 m were drawn; the scale assumes 1.72 m x 0.491 for both.
    factor = 1.72 * 0.491 / 0.83
    thigh = np.linalg.norm(way["RHip"] - way["RKnee"], axis=1)
    assert np.nanmedian(thigh) == pytest.approx(0.42 * factor, rel=0.01)
    # Up is up, forward is forward.
    assert (way["RHip"][:, 1] > way["RAnkle"][:, 1]).mean() > 0.99
    assert np.nanmedian(way["RBigToe"][:, 0] - way["RHeel"][:, 0]) > 0
    pose = RecordedSteps(session).at(1000).raw_pose
    drawn = (pose.xy_px[Joint.R_KNEE] - pose.xy_px[Joint.R_ANKLE]) / PX_PER_M * factor
    back = (way["RKnee"] - way["RAnkle"])[1000]
    assert back[:2] == pytest.approx([drawn[0], -drawn[1]], rel=0.02, abs=0.01)


def read_mot(path):
    """An OpenSim motion file by the book: header to endheader, labels, numbers."""
    lines = path.read_text().splitlines()
    end = lines.index("endheader")
    keys = dict(line.split("=") for line in lines[:end] if "=" in line)
    labels = lines[end + 1].split("\t")
    rows = np.array([[float(v) for v in line.split("\t")] for line in lines[end + 2 :]])
    assert rows.shape == (int(keys["nRows"]), int(keys["nColumns"]))
    assert keys["inDegrees"] == "yes"
    return dict(zip(labels, rows.T, strict=True))


def test_mot_has_opensims_names_and_signs(folder, session, tmp_path):
    table = read_mot(export(folder, "mot", tmp_path)[0])
    assert list(table) == [
        "time", "pelvis_tilt", "hip_flexion_r", "knee_angle_r", "ankle_angle_r",
        "hip_flexion_l", "knee_angle_l", "ankle_angle_l", "lumbar_extension",
    ]  # fmt: skip
    row = int(np.argmin(np.abs(table["time"] - 20.0)))
    angles = RecordedSteps(session).at(1200).settled.angles
    assert table["pelvis_tilt"][row] == pytest.approx(-angles.pelvic_tilt_deg.value, abs=1e-4)
    # Hidden frames are left out, not filled.
    assert len(table["time"]) == sum(i % 97 >= 4 for i in range(2400))


def test_the_hip_in_opensim_is_the_thigh_without_the_pelvis():
    # Thigh 25 degrees behind the vertical with the pelvis 10 degrees forward: the hip
    # itself extends 15 degrees, which OpenSim calls a flexion of -15.
    angles = {f"{name}.{s}": np.zeros(1) for name in ("knee_flexion_deg",
              "ankle_dorsiflexion_deg") for s in "LR"}  # fmt: skip
    angles |= {"thigh_extension_deg.L": np.array([25.0]), "thigh_extension_deg.R": np.zeros(1)}
    angles |= {"pelvic_tilt_deg": np.array([10.0]), "lumbar_extension_deg": np.zeros(1)}
    found = coordinates(angles)
    assert found["hip_flexion_l"][0] == -15.0
    assert found["hip_flexion_r"][0] == 10.0
    assert found["pelvis_tilt"][0] == -10.0


def test_fit_is_read_by_two_decoders(folder, session, tmp_path):
    path = export(folder, "fit", tmp_path)[0]
    assert Decoder(Stream.from_file(path)).check_integrity()
    messages, errors = Decoder(Stream.from_file(path)).read()
    assert errors == []
    assert messages["session_mesgs"][0]["sub_sport"] == "treadmill"
    records = []
    with fitdecode.FitReader(path) as reader:
        for message in reader:
            if isinstance(message, fitdecode.FitDataMessage) and message.name == "record":
                records.append({f.name: f.value for f in message.fields})
    assert len(records) == len(messages["record_mesgs"]) > 30
    started = datetime.fromisoformat(session.header.started_at)
    later = records[20]
    second = (later["timestamp"] - started) / timedelta(seconds=1)
    inside = [s for s in session.strides if second - 2 < s.end_s - T_FIRST_S <= second]
    tilts = [v for s in inside if (v := s.measure("pelvic_tilt_deg").value) is not None]
    assert later["pelvic_tilt"] == pytest.approx(np.mean(tilts), abs=1e-4)
    # 166.67 steps per minute are 83.33 strides of one leg; 2.16 m stride are 1080 mm step.
    assert later["cadence"] + later["fractional_cadence"] == pytest.approx(83.33, abs=0.01)
    assert later["step_length"] == pytest.approx(1080.0, abs=0.1)
    assert later["enhanced_speed"] == pytest.approx(3.0)
    assert later["stance_time"] == pytest.approx(250, abs=10)


def test_a_pause_is_a_gap_in_the_fit_records(tmp_path):
    writer = SessionWriter(tmp_path / "s", header(), finish=finish)
    for step in sample_steps(40.0):
        late = step.result.t_s - T_FIRST_S > 20.0
        away = 600.0 if late else 0.0
        strides = tuple(
            replace(s, contact_s=s.contact_s + away, end_s=s.end_s + away)
            for s in step.result.strides
        )
        writer.step(replace(step.result, strides=strides))
    writer.close()
    messages, errors = Decoder(Stream.from_file(export(tmp_path / "s", "fit")[0])).read()
    assert errors == []
    times = [r["timestamp"] for r in messages["record_mesgs"]]
    gaps = [b - a for a, b in itertools.pairwise(times)]
    assert sum(gap > timedelta(seconds=500) for gap in gaps) == 1
    assert len(times) < 60


def test_mot_without_angles_says_so(tmp_path):
    writer = SessionWriter(tmp_path / "s", header(), finish=finish)
    for step in sample_steps(8.0):
        writer.step(replace(step.result, settled=None, settled_frames=()))
    writer.close()
    with pytest.raises(UserError, match="no angle"):
        export(tmp_path / "s", "mot")


def test_what_cannot_be_exported_says_so(folder, tmp_path):
    with pytest.raises(UserError, match="csv, json, parquet, trc, mot, fit"):
        export(folder, "xlsx", tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot write the export"):
        export(folder, "csv", tmp_path / "file" / "x")
    with pytest.raises(UserError, match="no session in it"):
        export_all(tmp_path, "csv", tmp_path / "out")


def test_without_a_place_to_go_exports_stay_with_the_session(tmp_path):
    folder = record(tmp_path / "s", 8.0)
    for name in FORMATS:
        assert all(f.parent == folder / "export" for f in export(folder, name))
    assert not any(math.isnan(v) for v in pl.read_parquet(
        folder / "export" / "s_strides.parquet")["stride_time_s"])  # fmt: skip
