"""Keypoints of DeepLabCut and SLEAP through movement; points in space of FreeMoCap and Anipose."""

from __future__ import annotations

import csv
import importlib.util
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings, changed
from hipcue.realtime.records import Joint
from hipcue.realtime.run.file_kinds import FileKind, kind_of
from hipcue.realtime.run.file_sources import open_source
from hipcue.realtime.run.offline import analyze, constant_belt
from hipcue.realtime.vision.keypoints.movement_file import Software, read_keypoints
from hipcue.realtime.vision.markers.points_csv import read_points
from tests.realtime.test_engine import FPS, film
from tests.realtime.vision.runner import running

needs_movement = pytest.mark.skipif(
    importlib.util.find_spec("movement") is None,
    reason='movement is not installed: pip install "hipcue[keypoints]"',
)
NAMES = {
    Joint[f"{side}_{name}"]: f"{long}_{points}"
    for side, long in (("L", "left"), ("R", "right"))
    for name, points in (
        *(("HIP", "hip"), ("KNEE", "knee"), ("ANKLE", "ankle"), ("HEEL", "heel")),
        *(("TOE", "big_toe"), ("SHOULDER", "shoulder"), ("EAR", "ear")),
    )
} | {Joint.NOSE: "nose"}
FRAMES = 900


@cache
def seen() -> np.ndarray:
    """The usual runner's joints in pixels, shape (frames, joints, 2)."""
    return np.array([pose.xy_px for pose in film()[1][:FRAMES]])


def with_rate(rate_hz: float | None = FPS) -> Settings:
    return changed(Settings(), "files.rate_hz", rate_hz)


def write_deeplabcut(path: Path, individuals: tuple[str, ...] = (), unlikely: int = 0) -> Path:
    """DeepLabCut's CSV: rows of scorer, individuals, bodyparts and coords over the numbers."""
    heads: list[list[str]] = [["scorer"], ["bodyparts"], ["coords"]]
    columns = []
    for one in range(len(individuals) or 1):
        for joint, name in NAMES.items():
            for axis in ("x", "y", "likelihood"):
                for head, cell in zip(heads, ("DLC_resnet50_run", name, axis), strict=True):
                    head.append(cell)
                sure = np.full(FRAMES, 0.98)
                sure[:unlikely] = 0.01
                xy = seen()[:, joint] + 300.0 * one
                columns.append(sure if axis == "likelihood" else xy[:, "xy".index(axis)])
    if individuals:
        whose = [who for who in individuals for _ in range(3 * len(NAMES))]
        heads.insert(1, ["individuals", *whose])
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerows(heads)
        for k, row in enumerate(zip(*columns, strict=True)):
            writer.writerow([k, *row])
    return path


def write_sleap(path: Path) -> Path:
    """SLEAP's analysis HDF5: tracks (individuals, 2, nodes, frames) and their scores."""
    h5py = pytest.importorskip("h5py")
    tracks = np.moveaxis(seen()[:, list(NAMES)], 0, -1)  # nodes, 2, frames
    with h5py.File(path, "w") as file:
        file["tracks"] = np.swapaxes(tracks, 0, 1)[None]
        file["track_names"] = [b"runner"]
        file["node_names"] = [name.encode() for name in NAMES.values()]
        file["track_occupancy"] = np.ones((FRAMES, 1), dtype=bool)
        file["point_scores"] = np.full((1, len(NAMES), FRAMES), 0.9)
    return path


def write_slp(path: Path) -> Path:
    """SLEAP's own file, by its own library."""
    sleap_io = pytest.importorskip("sleap_io")
    skeleton = sleap_io.Skeleton(nodes=list(NAMES.values()), name="runner")
    video = sleap_io.Video(filename="run.mp4", open_backend=False)
    track = sleap_io.Track(name="runner")
    frames = [
        sleap_io.LabeledFrame(
            video=video,
            frame_idx=k,
            instances=[
                sleap_io.PredictedInstance.from_numpy(
                    points_data=xy[list(NAMES)],
                    skeleton=skeleton,
                    point_scores=np.full(len(NAMES), 0.9),
                    score=0.9,
                    track=track,
                )
            ],
        )
        for k, xy in enumerate(seen())
    ]
    labels = sleap_io.Labels(frames, videos=[video], skeletons=[skeleton], tracks=[track])
    sleap_io.save_slp(labels, str(path))
    return path


def write_deeplabcut_h5(path: Path) -> Path:
    """DeepLabCut's HDF5: the same table, by pandas."""
    pytest.importorskip("tables")
    pandas = pytest.importorskip("pandas")
    axes = ("x", "y", "likelihood")
    columns = pandas.MultiIndex.from_product(
        [["DLC_resnet50_run"], list(NAMES.values()), axes], names=["scorer", "bodyparts", "coords"]
    )
    sure = np.full((FRAMES, len(NAMES), 1), 0.98)
    values = np.concatenate([seen()[:, list(NAMES)], sure], axis=2).reshape(FRAMES, -1)
    frame = pandas.DataFrame(values, columns=columns)
    frame.to_hdf(path, key="df_with_missing", format="table", mode="w")
    return path


@needs_movement
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("write", "name", "kind"),
    [
        (write_deeplabcut, "a.csv", FileKind.DEEPLABCUT),
        (lambda path: write_deeplabcut(path, ("runner",)), "b.csv", FileKind.DEEPLABCUT),
        (write_sleap, "c.h5", FileKind.SLEAP),
        (write_slp, "e.slp", FileKind.SLEAP),
        (write_deeplabcut_h5, "f.h5", FileKind.DEEPLABCUT),
        (write_sleap, "d.analysis.h5", FileKind.SLEAP),
    ],
)
def test_keypoints_make_the_same_poses_and_strides(tmp_path, write, name, kind):
    path = write(tmp_path / name)
    assert kind_of(path) is kind
    source = open_source(path, with_rate())
    poses = [pose for pose, frames in source.poses() if frames == FRAMES]
    assert len(poses) == FRAMES
    for pose, xy in zip(poses[::50], seen()[::50], strict=True):
        joints = list(NAMES)
        np.testing.assert_allclose(pose.xy_px[joints], xy[joints], atol=1e-3)
        assert (pose.confidence[joints] > 0.8).all() and pose.px_per_m is None
    assert poses[60].t_capture_s == pytest.approx(1.0)
    if name in ("a.csv", "c.h5"):
        found = analyze(path, with_rate(), constant_belt(3.0), tmp_path / "out")
        assert found.strides >= 15


@needs_movement
@pytest.mark.filterwarnings("ignore")
def test_what_deeplabcut_is_not_sure_of_is_not_seen(tmp_path):
    path = write_deeplabcut(tmp_path / "a.csv", unlikely=100)
    points = read_keypoints(path, Software.DEEPLABCUT, 60.0)
    assert np.isnan(points.xy_px["left_knee"][:100]).all()
    assert np.isfinite(points.xy_px["left_knee"][100:]).all()
    assert (points.confidence["left_knee"][:100] == 0.0).all()


@needs_movement
@pytest.mark.filterwarnings("ignore")
def test_two_runners_and_damaged_files_are_refused(tmp_path):
    path = write_deeplabcut(tmp_path / "a.csv", ("ann", "ben"))
    with pytest.raises(UserError, match=r"it holds .*ann|ben \(900 frames\)"):
        open_source(path, with_rate())
    path.write_text("scorer,a,b\nbodyparts,x\n1,2,3\n")
    with pytest.raises(UserError, match="movement does not read it as DeepLabCut"):
        open_source(path, with_rate())


def test_keypoints_need_a_rate(tmp_path):
    path = write_deeplabcut(tmp_path / "a.csv")
    with pytest.raises(UserError, match="DeepLabCut carry no times; try: --rate"):
        open_source(path, Settings())


@pytest.mark.skipif(importlib.util.find_spec("movement") is not None, reason="movement is there")
def test_without_movement_it_is_said_how_to_get_it(tmp_path):
    path = write_deeplabcut(tmp_path / "a.csv")
    with pytest.raises(UserError, match=r'not installed.*pip install "hipcue\[keypoints\]"'):
        open_source(path, with_rate())


NAMED = {
    f"{side}{part}": f"{long}_{name}"
    for side, long in (("L", "left"), ("R", "right"))
    for part, name in (
        *(("Hip", "hip"), ("Knee", "knee"), ("Ankle", "ankle"), ("Heel", "heel")),
        *(("BigToe", "foot_index"), ("Shoulder", "shoulder")),
    )
}


def in_mm() -> dict[str, np.ndarray]:
    """Somebody who runs as FreeMoCap has them: mm, Z up, Y forward."""
    turned = np.array([[0, 1, 0], [0, 0, 1], [1, 0, 0]], dtype=float)
    return {NAMED[name]: 1000.0 * way @ turned for name, way in running().items() if name in NAMED}


def write_table(path: Path, heads: list[str], rows: list[list[object]]) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        writer.writerows(rows)
    return path


def freemocap_wide(path: Path, before: str = "") -> Path:
    """FreeMoCap's *_body_3d_xyz.csv, its later versions with body_ before the names."""
    heads = [f"{before}{name}_{axis}" for name in in_mm() for axis in "xyz"]
    return write_table(path, heads, np.hstack(list(in_mm().values())).tolist())


def freemocap_tidy(path: Path, times: bool = False) -> Path:
    """FreeMoCap's *_by_frame.csv: the body beside hands and centres of mass."""
    heads = ["frame", "timestamp", "timestamp_by_camera", "model", "keypoint", "x", "y", "z"]
    rows: list[list[object]] = []
    for k in range(600):
        t_s = f"{1000.0 + k / 100.0:.4f}" if times else ""
        for name, way in in_mm().items():
            rows.append([k, t_s, "{}", "mediapipe_body", name, *way[k]])
        rows.append([k, t_s, "{}", "mediapipe_com", "full_body", 0.0, 0.0, 0.0])
    return write_table(path, [*heads, "reprojection_error"], [[*row, ""] for row in rows])


def anipose(path: Path) -> Path:
    """Anipose's 3D CSV: error, cameras and score beside each point, and how it was turned."""
    ways = in_mm()
    heads = [f"{name}_{end}" for name in ways for end in ("x", "y", "z", "error", "ncams", "score")]
    turned = [f"M_{i}{j}" for i in range(3) for j in range(3)]
    turned += [f"center_{i}" for i in range(3)]
    rows = [
        [cell for way in ways.values() for cell in (*way[k], 2.0, 3, 0.9)] + [0.0] * 12 + [k]
        for k in range(600)
    ]
    return write_table(path, [*heads, *turned, "fnum"], rows)


@pytest.mark.parametrize(
    ("write", "start_s"),
    [
        (freemocap_wide, 0.0),
        (lambda path: freemocap_wide(path, "body_"), 0.0),
        (freemocap_tidy, 0.0),
        (lambda path: freemocap_tidy(path, times=True), 1000.0),
        (anipose, 0.0),
    ],
)  # fmt: skip
def test_points_in_space_are_markers(tmp_path, write, start_s):
    path = write(tmp_path / "points.csv")
    assert kind_of(path) is FileKind.POINTS
    rate_hz = None if start_s else 100.0
    file = read_points(path, rate_hz)
    assert set(file.xyz_m) == set(NAMED.values())
    np.testing.assert_allclose(file.t_s, start_s + np.arange(600) / 100.0, atol=1e-6)
    np.testing.assert_allclose(file.xyz_m["left_knee"], in_mm()["left_knee"] / 1000.0, atol=1e-6)
    assert file.remarks == (Reason(ReasonCode.FILE_UNIT_GUESSED, unit="mm"),)
    if write in (freemocap_wide, anipose):
        found = analyze(path, with_rate(rate_hz), constant_belt(3.0), tmp_path / "out")
        assert found.strides >= 10


def test_points_without_times_need_a_rate(tmp_path):
    with pytest.raises(UserError, match="--rate"):
        read_points(freemocap_wide(tmp_path / "a.csv"), None)


@pytest.mark.parametrize(
    ("text", "seen_in_it"),
    [
        ("track,frame_idx,instance.score,hip.x,hip.y\nrunner,0,1,2,3\n", "SLEAP's CSV"),
        ("t_s,speed_mps\n0,2.5\n", "belt speeds"),
        ("a,b\n1,2\n", "neither a film nor markers"),
    ],
)
def test_other_tables_are_named(tmp_path, text, seen_in_it):
    path = tmp_path / "a.csv"
    path.write_text(text)
    with pytest.raises(UserError, match=seen_in_it):
        kind_of(path)
