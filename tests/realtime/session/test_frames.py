"""Frames of an engine that really runs come back as it said them, and NumPy alone reads them."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings
from hipcue.devices.readings import BeltSample
from hipcue.realtime.engine import Engine
from hipcue.realtime.gait.leg_hypotheses import FOLLOWED
from hipcue.realtime.gait.leg_tracker import swap_legs
from hipcue.realtime.records import JOINT_COUNT, Joint, Pose, SettledFrame, StepResult
from hipcue.realtime.run.stepper import Stepper
from hipcue.realtime.session import SessionReader, SessionWriter, frame_layout
from hipcue.realtime.session.frame_layout import ANGLES, PELVIS, POSE, SETTLED, STATE
from hipcue.realtime.session.recorded_steps import RecordedSteps
from tests.realtime.session.killing import ROOT
from tests.realtime.session.sample_session import header, record
from tests.realtime.test_engine import Treadmill

SECONDS = 14.0
# Frames that the camera left out, one and several in a row.
LEFT_OUT = {250, 251, 300, 420, 421, 422, 423}
PAGE = ROOT / "docs" / "session-files.md"


def seen_by_a_camera(pose: Pose, number: int) -> Pose:
    """Float32 as a pose model gives them; some legs exchanged, joints drawn astray, nobody."""
    if 600 <= number < 690:
        hidden = np.full((JOINT_COUNT, 2), np.nan)
        return Pose(
            pose.t_capture_s, number, hidden, np.zeros(JOINT_COUNT), pose.size_px,
            reason=Reason(ReasonCode.NOBODY_IN_PICTURE),
        )  # fmt: skip
    xy = pose.xy_px.astype(np.float32).astype(np.float64)
    if number % 90 == 40:
        xy[Joint.L_TOE] += 200.0
    pose = replace(pose, index=number, xy_px=xy)
    return swap_legs(pose) if number > 200 and number % 40 < 4 else pose


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> tuple[Path, list[StepResult]]:
    """A run of an engine, recorded; its folder and what the engine said."""
    folder = tmp_path_factory.mktemp("run") / "session"
    writer = SessionWriter(folder, header())
    stepper = Stepper(Engine(Settings()), writer)
    treadmill = Treadmill()
    results = []
    for number in range(1, round(SECONDS * 60)):
        t_s = number / 60
        pose = seen_by_a_camera(treadmill.look(t_s), number)
        if number not in LEFT_OUT:
            results.append(stepper.step(pose, [BeltSample(t_s, treadmill.speed(t_s))]))
    stepper.record_neutral()
    writer.close()
    assert writer.fault is None
    return folder, results


def same_pose(a: Pose, b: Pose) -> bool:
    same = np.array_equal(a.xy_px, b.xy_px, equal_nan=True)
    same &= np.array_equal(a.confidence, b.confidence)
    rest = ("t_capture_s", "index", "size_px", "pelvis", "px_per_m", "reason")
    return bool(same) and all(getattr(a, name) == getattr(b, name) for name in rest)


def same_settled(a: SettledFrame | None, b: SettledFrame | None) -> bool:
    if a is None or b is None:
        return a is b
    return same_pose(a.pose, b.pose) and a.swapped == b.swapped and same_angles(a, b)


def same_angles(a: SettledFrame, b: SettledFrame) -> bool:
    """Whether angles are the same but for their rounding."""
    if a.angles is None or b.angles is None:
        return a.angles is b.angles
    return repr(a.angles.near) == repr(b.angles.near) and bool(
        np.isclose(
            a.angles.pelvic_tilt_deg.value or 0.0, b.angles.pelvic_tilt_deg.value or 0.0, rtol=1e-6
        )
    )


def test_every_step_comes_back_as_the_engine_said_it(run):
    folder, results = run
    with SessionReader(folder) as session:
        back = list(RecordedSteps(session))
    assert len(back) == len(results)
    apart = {"raw_pose", "preview_pose", "settled", "settled_frames"}
    plain = [f.name for f in fields(StepResult) if f.name not in apart]
    # The last frames were never settled: the session ended before.
    for was, now in zip(results, back, strict=True):
        for name in plain:
            assert getattr(was, name) == getattr(now, name), name
        assert same_pose(was.raw_pose, now.raw_pose)
        assert same_pose(was.preview_pose, now.preview_pose)
        assert same_settled(was.settled, now.settled), now.t_s
        pairs = zip(was.settled_frames, now.settled_frames, strict=True)
        assert all(same_settled(a, b) for a, b in pairs)


def test_the_run_has_all_that_could_go_wrong(run):
    _, results = run
    settled = [f for r in results for f in r.settled_frames]
    assert sum(f.swapped for f in settled) > 20
    assert any(len(r.settled_frames) > 1 for r in results)
    rejected = [f for f in settled if np.isnan(f.pose.xy_px[FOLLOWED]).any()]
    assert rejected
    assert any(not r.raw_pose.seen for r in results)


@pytest.mark.parametrize(
    ("name", "fields"),
    [("pose", POSE), ("pelvis", PELVIS), ("settled", SETTLED), ("state", STATE)],
)
def test_the_tables_of_the_layout_are_the_layout(name, fields):
    """In the module and on the page for everybody else."""
    for text in (str(frame_layout.__doc__), PAGE.read_text("utf-8")):
        part = text.split(f"``{name}``:" if "``pose``:" in text else f"### {name}\n", 1)[1]
        found = []
        for line in part.splitlines():
            row = re.match(r"\|? ?`?([a-z_]+)`? +\|? ?`?([fiu]\d)(?: \(([\d, ]+)\))?`?", line)
            if row:
                shape = tuple(int(n) for n in (row[3] or "").split(",") if n.strip())
                found.append((row[1], row[2], shape))
            elif found and not line.startswith((" ", "|")):
                break
        told = [
            (field, "f4" if kind == "real" else kind.strip("<"), shape)
            for field, kind, shape in fields
        ]
        assert found == told


def test_the_page_names_the_angles_and_the_joints_in_order():
    page = PAGE.read_text("utf-8")
    assert ", ".join(f"`{name}`" for name in ANGLES) in " ".join(page.split())
    assert ", ".join(joint.name.lower() for joint in Joint) in " ".join(page.split())


def test_the_example_reads_frames_with_numpy_and_sqlite_alone(tmp_path):
    """As it stands on the page, in an interpreter that has no hipcue."""
    folder = record(tmp_path / "run", 12.0)
    [code] = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert "hipcue" not in code
    code += "\nprint(repr(float(t_s.sum())), repr(float(np.nansum(knee_deg))), xy_px.shape)\n"
    run = [sys.executable, "-I", "-c", code]
    out = subprocess.run(run, cwd=folder, capture_output=True, text=True, check=False)
    assert out.returncode == 0, out.stderr
    with SessionReader(folder) as session:
        chunks = list(session.frames.chunks())
        t_s = np.concatenate([c.poses["t_s"] for c in chunks])
        knee_deg = np.concatenate([c.angles_deg[2] for c in chunks])
    said = out.stdout.split(maxsplit=2)
    assert float(said[0]) == t_s.sum()
    assert float(said[1]) == pytest.approx(np.nansum(knee_deg), rel=1e-4)
    assert said[2].strip() == f"(19, 2, {len(t_s)})"
