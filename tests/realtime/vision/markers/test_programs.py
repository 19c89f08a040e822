"""A small file of every program in docs/files.md, laid out as it does: always the same runner."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hipcue.config.errors import UserError
from hipcue.config.settings import Settings
from hipcue.realtime.records import Joint
from hipcue.realtime.run.file_kinds import kind_of
from hipcue.realtime.run.file_sources import open_source
from hipcue.realtime.vision.markers.text_file import csv_rows
from tests.realtime.vision.runner import running

RATE_HZ = 100.0
FRAMES = 150
DOCS = Path(__file__).parents[4] / "docs" / "files.md"
Ways = dict[str, np.ndarray]


def ways(names: str, axes: str = "xyz") -> Ways:
    """The runner's joints by a program's names (for Hip Knee Ankle Heel BigToe Shoulder).

    `axes` says where the program has forward, up and right.
    """
    turned = {
        "xyz": np.eye(3),
        "yzx": np.array([[0, 1, 0], [0, 0, 1], [1, 0, 0]], dtype=float),
    }[axes]
    found: Ways = {}
    parts = ("Hip", "Knee", "Ankle", "Heel", "BigToe", "Shoulder")
    for side, long in (("R", "right"), ("L", "left")):
        for part, pattern in zip(parts, names.split(), strict=True):
            name = pattern.format(S=side, s=side.lower(), side=long, Side=long.capitalize())
            found[name] = running(rate_hz=RATE_HZ)[f"{side}{part}"][:FRAMES] @ turned
    return found


COCO = "{S}Hip {S}Knee {S}Ankle {S}Heel {S}BigToe {S}Shoulder"
BLAZE = "{side}_hip {side}_knee {side}_ankle {side}_heel {side}_foot_index {side}_shoulder"
STUDY = (
    "{S}HJC_study {s}_knee_study {s}_ankle_study {s}_calc_study {s}_toe_study {s}_shoulder_study"
)
PLUG_IN = "{S}HJC {S}KNE {S}ANK {S}HEE {S}TOE {S}SHO"


def trc(
    path: Path,
    markers: Ways,
    unit: str = "mm",
    start_s: float = 0.0,
    decimals: int = 5,
    row_end: str = "",
    line_end: str = "\n",
    blank: bool = True,
    quoted: str = "",
) -> Path:
    per_m = {"mm": 1000.0, "m": 1.0}[unit]
    count = len(markers)
    lines = [
        f"PathFileType\t4\t(X/Y/Z)\t{quoted or path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        f"{RATE_HZ:.2f}\t{RATE_HZ:.2f}\t{FRAMES}\t{count}\t{unit}\t{RATE_HZ:.2f}\t1\t{FRAMES}",
        "Frame#\tTime\t" + "\t\t\t".join(markers) + "\t\t" + row_end,
        "\t\t" + "\t".join(f"X{k}\tY{k}\tZ{k}" for k in range(1, count + 1)) + row_end,
    ]
    lines += [""] if blank else []
    for k in range(FRAMES):
        cells = [f"{per_m * x:.{decimals}f}" for way in markers.values() for x in way[k]]
        lines.append("\t".join([str(k + 1), f"{start_s + k / RATE_HZ:.3f}", *cells]) + row_end)
    path.write_bytes((line_end.join(lines) + line_end).encode())
    return path


def opensim(path: Path) -> Path:
    """Doubled tabs among the header's values, as OpenSim's examples have them."""
    trc(path, ways(COCO))
    lines = path.read_text().split("\n")
    lines[2] = "  " + lines[2].replace("\t", "\t\t  ")
    path.write_text("\n".join(lines))
    return path


def cortex(path: Path) -> Path:
    """Cortex and EVaRT: the path of their own machine, tabs at the end of rows, Z up."""
    return trc(
        path,
        {**ways(PLUG_IN, "yzx"), "U_12": np.full((FRAMES, 3), 9.0)},
        row_end="\t",
        line_end="\r\n",
        quoted="C:\\Motion Data\\Anna Müller\\run 1.trc",
    )


def qualisys_tsv(path: Path, lead: bool = True) -> Path:
    markers = ways(PLUG_IN, "yzx")
    lines = [
        f"NO_OF_FRAMES\t{FRAMES}", "NO_OF_CAMERAS\t12", f"NO_OF_MARKERS\t{len(markers)}",
        f"FREQUENCY\t{RATE_HZ:g}", "NO_OF_ANALOG\t0", "ANALOG_FREQUENCY\t0", "DESCRIPTION\t--",
        "TIME_STAMP\t2022-06-03, 10:47:36.627\t94247.45402301", "DATA_INCLUDED\t3D",
        "MARKER_NAMES\t" + "\t".join(markers),
        "TRAJECTORY_TYPES\t" + "\t".join("Measured" for _ in markers),
    ]  # fmt: skip
    if lead:
        heads = "\t".join(f"{name} {axis}" for name in markers for axis in "XYZ")
        lines.append(f"Frame\tTime\t{heads}")
    for k in range(FRAMES):
        cells = [f"{1000 * x:.3f}" for way in markers.values() for x in way[k]]
        lines.append("\t".join([str(k + 1), f"{k / RATE_HZ:.5f}", *cells] if lead else cells))
    path.write_bytes("\r\n".join(lines).encode())
    return path


def nexus_csv(path: Path, first: int = 1) -> Path:
    """Sections of devices before the trajectories, a subject before every name."""
    markers = {f"Anna:{name}": way for name, way in ways(PLUG_IN, "yzx").items()}
    rows: list[list[object]] = [
        ["Devices"], [1000], ["", "", "Force"], ["Frame", "Sub Frame", "Fx"], ["", "", "N"],
        [1, 0, 3.0], [1, 1, 3.0], [], ["Trajectories"], [int(RATE_HZ)],
        ["", "", *(cell for name in markers for cell in (name, "", ""))],
        ["Frame", "Sub Frame", *("XYZ" * len(markers))],
        ["", "", *("mm" for _ in range(3 * len(markers)))],
    ]  # fmt: skip
    for k in range(FRAMES):
        rows.append([first + k, 0, *(1000 * x for way in markers.values() for x in way[k])])
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows(rows)
    return path


def motive_csv(path: Path, labels: bool = True) -> Path:
    """Y up, forward against Z; a solved skeleton beside the markers, and one without a name."""
    markers = {f"Anna:{name}": way for name, way in ways(PLUG_IN).items()}
    markers["Unlabeled 1189"] = np.full((FRAMES, 3), 5.0)
    each = [(name, axis) for name in markers for axis in "XYZ"]
    bones = [("Anna:Hip", axis) for axis in "XYZW"]
    heads = [
        ["Type", *("Bone" for _ in bones), *("Marker" for _ in each)],
        ["Name", *(name for name, _ in bones + each)],
        ["ID", *("4CF0" for _ in bones + each)],
        ["", *("Rotation" for _ in bones), *("Position" for _ in each)],
    ]
    rows: list[list[object]] = [
        ["Format Version", "1.23", "Take Name", "run", "Capture Frame Rate", "120.000000",
         "Export Frame Rate", f"{RATE_HZ:f}", "Rotation Type", "Quaternion",
         "Length Units", "Meters", "Coordinate Space", "Global"],
        [],
        *(["", *(row if labels else ["", *row[1:]])] for row in heads),
        ["Frame", "Time (Seconds)", *(axis for _, axis in bones + each)],
    ]  # fmt: skip
    for k in range(FRAMES):
        cells = [f"{x:.6f}" for way in markers.values() for x in way[k]]
        rows.append([k, f"{k / RATE_HZ:.6f}", 0, 0, 0, 1, *cells])
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def named_by_column(path: Path) -> Path:
    """Scripts that write a data frame: each column has a name of its own."""
    trc(path, ways(BLAZE), blank=False)
    lines = path.read_text().split("\n")
    lines[3] = "Frame#\tTime\t" + "\t".join(f"{n}_{a}" for n in ways(BLAZE) for a in "xyz")
    del lines[4]
    path.write_text("\n".join(lines))
    return path


def time_of_day(path: Path) -> Path:
    """A time of day beside the time, as Nokov's system writes it."""
    trc(path, ways(PLUG_IN, "yzx"))
    lines = path.read_text().split("\n")
    lines[3] = lines[3].replace("Time\t", "Time\tTimestamp\t")
    lines[4] = "\t" + lines[4]
    lines[6:] = [re.sub(r"^(\d+\t[\d.]+)", r"\1\t1654246056627", line) for line in lines[6:]]
    path.write_text("\n".join(lines))
    return path


PROGRAMS: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "OpenSim": ("run.trc", opensim),
    "OpenCap": ("run.trc", lambda p: trc(p, ways(STUDY), "m")),
    "Pose2Sim": ("run.trc", lambda p: trc(p, ways(COCO), "m", blank=False)),
    "Sports2D": ("run_m.trc", lambda p: trc(p, ways(COCO), "m")),
    "Vicon Nexus, TRC": ("run.trc", lambda p: trc(p, ways(PLUG_IN, "yzx"), start_s=1.23)),
    "Vicon Nexus, CSV": ("run.csv", nexus_csv),
    "Qualisys, TRC": ("run.trc", lambda p: trc(p, ways(PLUG_IN, "yzx"), line_end="\r\n")),
    "Qualisys, TSV": ("run.tsv", qualisys_tsv),
    "Qualisys, TSV without times": ("run.tsv", lambda p: qualisys_tsv(p, lead=False)),
    "Motive, TRC": ("run.trc", lambda p: trc(p, ways(PLUG_IN), row_end="\t")),
    "Motive, CSV": ("run.csv", motive_csv),
    "Motive, older CSV": ("run.csv", lambda p: motive_csv(p, labels=False)),
    "Cortex": ("run.trc", cortex),
    "Mokka": ("run.trc", lambda p: trc(p, ways(PLUG_IN, "yzx"), start_s=0.01, decimals=8)),
    "Nokov": ("run.trc", time_of_day),
    "scripts": ("run.trc", named_by_column),
}  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_same_runner_from_every_program(tmp_path: Path, program: str) -> None:
    name, write = PROGRAMS[program]
    source = open_source(write(tmp_path / name), Settings())
    poses = [pose for pose, _ in source.poses()]
    assert len(poses) == FRAMES
    assert poses[50].t_capture_s - poses[0].t_capture_s == pytest.approx(0.5, abs=1e-6)
    truth = running(rate_hz=RATE_HZ)
    for k in (0, 40, 99):
        for side in "RL":
            hip, knee, ankle = (
                poses[k].xy_px[Joint[f"{side}_{part}"]] for part in ("HIP", "KNEE", "ANKLE")
            )
            for high, low, names in (
                (hip, knee, ("Hip", "Knee")),
                (knee, ankle, ("Knee", "Ankle")),
            ):
                true = truth[side + names[1]][k] - truth[side + names[0]][k]
                assert (low[0] - high[0]) / 1000 == pytest.approx(true[0], abs=0.003), program
                assert (low[1] - high[1]) / 1000 == pytest.approx(-true[1], abs=0.003), program


def test_a_trial_that_was_cut_keeps_its_times(tmp_path: Path) -> None:
    source = open_source(nexus_csv(tmp_path / "a.csv", first=501), Settings())
    assert next(source.poses())[0].t_capture_s == pytest.approx(5.0)


def test_the_page_names_every_program_that_is_tested() -> None:
    page = DOCS.read_text(encoding="utf-8")
    for program in PROGRAMS:
        word = program.split(",")[0]
        assert word == "scripts" or word in page, program


def test_gaps_and_other_contents_of_tables(tmp_path: Path) -> None:
    path = qualisys_tsv(tmp_path / "a.tsv")
    path.write_text(path.read_text().replace("\t3D", "\t6D").replace("MARKER_NAMES", "BODY_NAMES"))
    with pytest.raises(UserError, match="it holds 6D, no markers"):
        open_source(path, Settings())
    path = nexus_csv(tmp_path / "b.csv")
    path.write_text(path.read_text().replace("Trajectories", "Model Outputs"))
    with pytest.raises(UserError, match="devices, model outputs, no trajectories"):
        open_source(path, Settings())
    path = motive_csv(tmp_path / "c.csv")
    path.write_text(path.read_text().replace("Marker", "Rigid Body"))
    with pytest.raises(UserError, match="it holds rigid body, no markers"):
        open_source(path, Settings())
    path = motive_csv(tmp_path / "d.csv")
    rows = path.read_text().split("\n")
    rows[20] = re.sub(r"(,[^,]*){3}$", ",,,", rows[20])
    path.write_text("\n".join(rows))
    assert kind_of(path).value == "laboratory's table"
    assert not math.isnan(next(open_source(path, Settings()).poses())[0].t_capture_s)


@pytest.mark.parametrize(
    ("write", "name"), [(nexus_csv, "Anna:RHJC"), (motive_csv, "Unlabeled 1189")]
)
def test_a_stray_quote_costs_nothing_but_itself(tmp_path: Path, write, name: str) -> None:
    plain = [pose for pose, _ in open_source(write(tmp_path / "a.csv"), Settings()).poses()]
    text = (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert name in text
    damaged = text.replace(name, f'"{name}', 1).split("\n")
    damaged[60] = f'"{damaged[60]}'
    # What a quote that is never closed would hold: more than Python's csv lets a cell have.
    damaged += [""] + ["x" * 60] * 3000
    path = tmp_path / "b.csv"
    path.write_text("\n".join(damaged))
    found = [pose for pose, _ in open_source(path, Settings()).poses()]
    assert len(found) == len(plain) == FRAMES
    for k in (5, 47, 80):
        np.testing.assert_allclose(found[k].xy_px, plain[k].xy_px, atol=1.0)


def test_cells_of_lines_with_commas() -> None:
    assert csv_rows(['a,"b,c",d', '"a,b', "1" * 200_000, '"' + "1" * 200_000 + '",2']) == [
        ["a", "b,c", "d"],
        ["a", "b"],
        ["1" * 200_000],
        ["1" * 200_000, "2"],
    ]
