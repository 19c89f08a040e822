"""TRC files as the world writes them: opened right, or refused with the true reason."""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings
from hipcue.realtime.run.offline import analyze, constant_belt
from hipcue.realtime.session import SessionReader
from hipcue.realtime.session.export.tables import belt_columns, frame_columns
from hipcue.realtime.session.export.trc import write_trc as write_trc_export
from hipcue.realtime.session.stride_table import table_of
from hipcue.realtime.vision.markers.text_file import MOST_BYTES
from hipcue.realtime.vision.markers.trc_file import read_trc
from tests.realtime.vision.runner import running
from tests.realtime.vision.walker import body, write_trc

RUN = body(frames=40)


def written(path: Path, change=lambda text: text, ways=None, **options) -> Path:
    """Write a file as usual, then as `change` makes it."""
    write_trc(path, RUN if ways is None else ways, **options)
    text = path.read_text(encoding="utf-8")
    path.write_bytes(changed if isinstance(changed := change(text), bytes) else changed.encode())
    return path


def assert_same(file, expected, shift_s=0.0, atol=2e-6):
    assert list(file.xyz_m) == list(expected.xyz_m)
    np.testing.assert_allclose(file.t_s, expected.t_s + shift_s, atol=1e-6)
    assert file.rate_hz == pytest.approx(expected.rate_hz, rel=1e-9)
    for name, way in expected.xyz_m.items():
        np.testing.assert_allclose(file.xyz_m[name], way, atol=atol, equal_nan=True)


def lines(text, change):
    return "\n".join(change(k, line) for k, line in enumerate(text.split("\n")))


def header_value(text, key, value):
    """Set a value of the third line."""
    rows = text.split("\n")
    cells = rows[2].split("\t")
    cells[rows[1].split("\t").index(key)] = value
    rows[2] = "\t".join(cells)
    return "\n".join(rows)


def without_unit(text):
    rows = text.split("\n")
    rows[1] = rows[1].replace("\tUnits", "")
    rows[2] = rows[2].replace("\tm\t", "\t")
    return "\n".join(rows)


SAME = {
    "header tabs doubled": lambda t: lines(t, lambda k, x: x.replace("\t", "\t\t") if k < 3 else x),
    "values spread": lambda t: lines(t, lambda k, x: x.replace("\t", "\t\t  ") if k == 2 else x),
    "all tabs doubled": lambda t: t.replace("\t", "\t\t"),
    "rows' tabs doubled": lambda t: lines(t, lambda k, x: x.replace("\t", "\t\t") if k > 4 else x),
    "names one tab apart": lambda t: lines(t, lambda k, x: re.sub("\t+", "\t", x) if k == 3 else x),
    "blanks": lambda t: re.sub("\t+", "   ", t),
    "trailing tabs": lambda t: lines(t, lambda k, x: x + "\t\t\t"),
    "semicolons": lambda t: t.replace("\t", ";"),
    "commas": lambda t: t.replace("\t", ","),
    "quotes": lambda t: lines(t, lambda k, x: "\t".join(f'"{c}"' for c in x.split("\t"))),
    "upper case": lambda t: lines(t, lambda k, x: x.upper() if k in (0, 1, 4) else x),
    "lower case": lambda t: lines(t, lambda k, x: x.lower() if k in (0, 1, 2, 4) else x),
    "no axes": lambda t: lines(t, lambda k, x: "" if k == 4 else x),
    "no empty line": lambda t: t.replace("\n\n", "\n"),
    "many empty lines": lambda t: t.replace("\n", "\n\n"),
    "carriage returns": lambda t: t.replace("\n", "\r"),
    "Windows": lambda t: t.replace("\n", "\r\n"),
    "a mark before it": lambda t: b"\xef\xbb\xbf" + t.encode(),
    "UTF-16": lambda t: t.encode("utf-16"),
    "UTF-16 without a mark": lambda t: t.encode("utf-16-be"),
    "Latin-1": lambda t: t.replace("run.trc", "Läufer.trc").encode("latin-1"),
    "decimal commas": lambda t: lines(t, lambda k, x: x.replace(".", ",") if k > 1 else x),
    "too many frames said": lambda t: header_value(t, "NumFrames", "40.0"),
    "too few frames said": lambda t: header_value(t, "NumFrames", "3"),
    "markers miscounted": lambda t: header_value(t, "NumMarkers", "99"),
    "a remark": lambda t: lines(t, lambda k, x: f"# exported\n{x}" if k == 20 else x),
    "a row twice": lambda t: lines(t, lambda k, x: f"{x}\n{x}" if k == 20 else x),
    "the end cut in mid number": lambda t: t + "41\t0.666667\t0.1\t0.",
    "rate with its unit": lambda t: header_value(t, "DataRate", "60.00 Hz"),
    "rate unknown": lambda t: header_value(t, "DataRate", ""),
    "keys in another order": lambda t: lines(
        t, lambda k, x: "\t".join(reversed(x.split("\t"))) if k in (1, 2) else x
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", SAME)
def test_the_same_file_however_it_is_laid_out(tmp_path, how):
    expected = read_trc(written(tmp_path / "plain.trc"))
    file = read_trc(written(tmp_path / "run.trc", SAME[how]))
    assert_same(file, expected)
    assert file.remarks == ()


UNITS = {
    1.0: ("m", "M", "meters", "Metre", "[m]", "metres"),
    1e-2: ("cm", "centimetre", "Centimeters"),
    1e-3: ("mm", "MM", "millimeter", "millimetres", "Millimetre"),
    0.0254: ("in", "inch", "inches"),
    0.3048: ("ft", "feet", "foot"),
}


@pytest.mark.parametrize(("metres", "unit"), [(m, u) for m, us in UNITS.items() for u in us])
def test_units_by_all_their_names(tmp_path, metres, unit):
    expected = read_trc(written(tmp_path / "plain.trc"))
    ways = {name: way / metres for name, way in RUN.items()}
    path = written(tmp_path / "run.trc", lambda t: header_value(t, "Units", unit), ways=ways)
    assert_same(read_trc(path), expected)


@pytest.mark.parametrize("unit", ["m", "cm", "mm"])
@pytest.mark.parametrize("how", [without_unit, lambda t: header_value(t, "Units", "")])
def test_a_missing_unit_is_told_by_the_body_and_said(tmp_path, unit, how):
    expected = read_trc(written(tmp_path / "plain.trc"))
    metres = {"m": 1.0, "cm": 0.01, "mm": 0.001}[unit]
    ways = {name: way / metres for name, way in RUN.items()}
    file = read_trc(written(tmp_path / "run.trc", how, ways=ways))
    assert_same(file, expected)
    assert file.remarks == (Reason(ReasonCode.FILE_UNIT_GUESSED, unit=unit),)


def test_what_names_no_unit_and_is_no_body_is_refused(tmp_path):
    for ways in (
        {name: way / 5 for name, way in RUN.items()},
        {name: way * [600, 600, 0] for name, way in RUN.items()},
    ):
        path = written(tmp_path / "run.trc", without_unit, ways=ways)
        with pytest.raises(UserError, match="names no unit"):
            read_trc(path)


def test_columns_nobody_named_are_left_out_and_keep_their_place(tmp_path):
    ways = {"*12": RUN["RHip"] + 1, **RUN, "U_1": RUN["RHip"] + 2}
    file = read_trc(written(tmp_path / "run.trc", ways=ways))
    assert list(file.xyz_m) == list(RUN)
    # A name that is empty, in the middle and at the end.
    blank = {**RUN, "ZZ9": RUN["RHip"] + 2}
    path = written(tmp_path / "blank.trc", lambda t: re.sub("ZZ9|RKnee", "", t), ways=blank)
    file = read_trc(path)
    assert list(file.xyz_m) == [name for name in RUN if name != "RKnee"]
    np.testing.assert_allclose(file.xyz_m["RAnkle"], RUN["RAnkle"], atol=2e-6)


def test_a_marker_that_is_there_twice_fills_its_gaps_or_is_left_out(tmp_path):
    half = RUN["RKnee"].copy()
    half[10:] = math.nan
    other = RUN["RKnee"].copy()
    other[:5] = math.nan
    ways = {**RUN, "RKnee": half, "ZZ9": other}
    file = read_trc(written(tmp_path / "run.trc", lambda t: t.replace("ZZ9", "RKnee"), ways=ways))
    np.testing.assert_allclose(file.xyz_m["RKnee"], RUN["RKnee"], atol=2e-6)
    ways["ZZ9"] = RUN["LKnee"]
    file = read_trc(written(tmp_path / "two.trc", lambda t: t.replace("ZZ9", "RKnee"), ways=ways))
    assert "RKnee" not in file.xyz_m
    assert file.remarks == (Reason(ReasonCode.MARKER_TWICE, name="RKnee"),)


def test_gaps_of_one_marker_stay_its_own_between_tabs(tmp_path):
    ways = {name: way.copy() for name, way in RUN.items()}
    last = list(ways)[-1]
    ways["RKnee"][5:9] = math.nan
    ways[last][12:15] = math.nan
    for how in (lambda t: t, lambda t: re.sub(r"\t+\n", "\n", t)):
        file = read_trc(written(tmp_path / "run.trc", how, ways=ways))
        for name, way in ways.items():
            np.testing.assert_allclose(file.xyz_m[name], way, atol=2e-6, equal_nan=True)


def test_gaps_between_blanks_leave_the_row_out_or_the_file_is_refused(tmp_path):
    ways = {name: way.copy() for name, way in RUN.items()}
    ways["RKnee"][5:8] = math.nan
    file = read_trc(written(tmp_path / "run.trc", lambda t: re.sub("\t+", " ", t), ways=ways))
    assert len(file.t_s) == 37
    assert file.t_s[5] == pytest.approx(8 / 60, abs=1e-6)
    assert file.remarks == (Reason(ReasonCode.FILE_ROWS_LEFT_OUT, count=3),)
    ways["RKnee"][:20] = math.nan
    path = written(tmp_path / "many.trc", lambda t: re.sub("\t+", " ", t), ways=ways)
    with pytest.raises(UserError, match="which markers are missing cannot be told"):
        read_trc(path)


def test_fewer_frames_than_announced_are_said(tmp_path):
    path = written(tmp_path / "run.trc", lambda t: header_value(t, "NumFrames", "4500"))
    assert read_trc(path).remarks == (Reason(ReasonCode.FILE_FRAMES_FEWER, said=4500, have=40),)


def test_what_is_no_trc_or_too_much_is_refused_in_a_line(tmp_path):
    huge = tmp_path / "huge.trc"
    with huge.open("wb") as file:
        file.write(b"PathFileType\t4\n")
        file.truncate(10 * MOST_BYTES)  # Nothing but a hole, and nobody reads it.
    names = "\t\t\t".join(f"M{k}" for k in range(15_000))
    told = {
        "huge.trc": "MB",
        "many.trc": "15000 markers",
        "film.trc": "film",
        "packed.trc": "gzip",
        "table.trc": "PathFileType",
        "empty.trc": "empty",
        "wide.trc": "marker names for",
    }
    (tmp_path / "many.trc").write_text(
        f"PathFileType\t4\nDataRate\tUnits\n60\tm\nFrame#\tTime\t{names}\n"
        + "1\t0\t"
        + "\t".join("0.5" for _ in range(45_000))
    )
    (tmp_path / "film.trc").write_bytes(b"\0\0\0\x20ftypisom" + bytes(100))
    (tmp_path / "packed.trc").write_bytes(b"\x1f\x8b" + bytes(100))
    (tmp_path / "table.trc").write_text("time,x\n0,1\n")
    (tmp_path / "empty.trc").write_text("\n\n")
    # Blanks within names, and nothing but blanks between them.
    written(tmp_path / "wide.trc", lambda t: re.sub("\t+", " ", t.replace("RKnee", "R Knee")))
    for name, seen in told.items():
        with pytest.raises(UserError) as caught:
            read_trc(tmp_path / name)
        assert seen in caught.value.seen, name
        assert len(str(caught.value)) < 400 and "\n" not in str(caught.value)


UNIT = st.sampled_from([(m, u) for m, us in UNITS.items() for u in us])
SPACING = st.sampled_from(["\t", "\t\t", "  ", " \t ", ";"])
LINES = st.sampled_from(["\n", "\r\n", "\r", "\n\n"])


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    unit=UNIT,
    spacing=SPACING,
    ends=LINES,
    start_s=st.floats(0, 1e5).map(lambda s: round(s, 3)),
    order=st.permutations(["DataRate", "CameraRate", "NumFrames", "NumMarkers", "Units"]),
    names=st.permutations(list(RUN)),
)
def test_whatever_the_layout_the_same_markers(tmp_path, unit, spacing, ends, start_s, order, names):
    expected = read_trc(written(tmp_path / "plain.trc", ways={n: RUN[n] for n in names}))
    path = tmp_path / "run.trc"
    path.write_bytes(
        laid_out({n: RUN[n] for n in names}, 60.0, unit, spacing, ends, start_s, order)
    )
    assert_same(read_trc(path), expected, start_s, atol=1e-5)


def laid_out(ways, rate_hz, unit, spacing, ends, start_s, order) -> bytes:
    """Lay a file out: everything that may differ and mean the same."""
    frames = len(next(iter(ways.values())))
    values = {"DataRate": f"{rate_hz:g}", "CameraRate": f"{rate_hz:g}", "NumFrames": f"{frames}"}
    values |= {"NumMarkers": f"{len(ways)}", "Units": unit[1]}
    rows = [["PathFileType", "4", "(X/Y/Z)", "a run.trc"], order, [values[key] for key in order]]
    rows += [["Frame#", "Time", *ways], ["X1", "Y1", "Z1"]]
    for k in range(frames):
        cells = [f"{x / unit[0]:.7f}" for way in ways.values() for x in way[k]]
        rows.append([str(k + 1), f"{start_s + k / rate_hz:.6f}", *cells])
    return (ends.join(spacing.join(row) for row in rows) + ends).encode()


SECONDS = 3.0
KEYS = ["DataRate", "CameraRate", "NumFrames", "NumMarkers", "Units"]


@cache
def strides_as_usual():
    with TemporaryDirectory() as folder:
        path = write_trc(Path(folder) / "run.trc", running(SECONDS, 100.0), rate_hz=100.0)
        return measured(path, Path(folder) / "out")


def measured(path, folder):
    analyze(path, Settings(), constant_belt(3.0), folder)
    with SessionReader(folder) as session:
        return table_of(session)


@settings(max_examples=3, deadline=None)
@given(
    unit=UNIT,
    spacing=SPACING,
    ends=LINES,
    start_s=st.floats(0, 1e4).map(lambda s: round(s, 3)),
    order=st.permutations(KEYS),
    names=st.permutations(list(running(SECONDS, 100.0))),
)
def test_the_same_strides_to_the_millisecond_on_the_files_own_clock(
    unit, spacing, ends, start_s, order, names
):
    usual = strides_as_usual()
    ways = {name: running(SECONDS, 100.0)[name] for name in names}
    with TemporaryDirectory() as folder:
        path, out = Path(folder) / "run.trc", Path(folder) / "out"
        path.write_bytes(laid_out(ways, 100.0, unit, spacing, ends, start_s, order))
        found = measured(path, out)
        first = (out / "strides.csv").read_text().splitlines()[1].split(",")
    assert len(found) == len(usual) >= 4
    np.testing.assert_allclose(found.contact_s, usual.contact_s + start_s, atol=1e-3)
    for name in ("stride_time_s", "contact_time_s", "stride_length_m"):
        np.testing.assert_allclose(found.value(name), usual.value(name), atol=1e-3)
    assert float(first[3]) == pytest.approx(usual.contact_s[0] + start_s, abs=1e-3)


def test_exports_keep_the_files_own_clock(tmp_path):
    ways = running(SECONDS, 100.0)
    path = tmp_path / "run.trc"
    path.write_bytes(laid_out(ways, 100.0, (1.0, "m"), "\t", "\n", 600.0, KEYS))
    analyze(path, Settings(), constant_belt(3.0), tmp_path / "out")
    with SessionReader(tmp_path / "out") as session:
        assert session.t_zero_s == 0.0 and session.t_first_s == 600.0
        (again,) = write_trc_export(session, tmp_path, "again")
        frames = frame_columns(session)["t_s"]
        speeds = belt_columns(session)["t_s"]
    assert read_trc(again).t_s[[0, -1]] == pytest.approx([600.0, 602.99])
    assert (frames[0], frames[-1]) == pytest.approx((600.0, 602.99))
    assert speeds == [0.0]
