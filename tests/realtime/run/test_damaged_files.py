"""Whatever happens to a file on its way: it is opened, or refused with a reason, and no crash."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipcue.config.errors import UserError
from hipcue.config.settings import Settings, changed
from hipcue.realtime.run.angle_files import measure_angles
from hipcue.realtime.run.file_kinds import FileKind, kind_of
from hipcue.realtime.run.file_sources import open_source
from tests.realtime.vision.joint_angles.motions import motion, write_motion
from tests.realtime.vision.keypoints.test_keypoints import freemocap_tidy, freemocap_wide
from tests.realtime.vision.markers.test_programs import motive_csv, nexus_csv, qualisys_tsv
from tests.realtime.vision.walker import body, write_trc

WRITERS: dict[str, Callable[[Path], Path]] = {
    "run.trc": lambda path: write_trc(path, body(20)),
    "run.mot": lambda path: write_motion(path, motion(2.0, 50.0)),
    "run.tsv": qualisys_tsv,
    "nexus.csv": nexus_csv,
    "motive.csv": motive_csv,
    "wide.csv": freemocap_wide,
    "tidy.csv": freemocap_tidy,
}
RATE = changed(Settings(), "files.rate_hz", 100.0)


@cache
def whole(name: str) -> bytes:
    """The first part of a file, short enough to be read a hundred times."""
    with TemporaryDirectory() as folder:
        lines = WRITERS[name](Path(folder) / name).read_bytes().split(b"\n")
    return b"\n".join(lines[:40])


@st.composite
def damaged(draw: st.DrawFn, name: str) -> bytes:
    """A file with some of it cut out, doubled, exchanged or written over."""
    data = bytearray(whole(name))
    for _ in range(draw(st.integers(1, 4))):
        # Most of what can go wrong is in the header.
        near = draw(st.sampled_from([60, 400, 2000, len(data)]))
        at = draw(st.integers(0, max(min(near, len(data)) - 1, 0)))
        long = draw(st.sampled_from([1, 3, 20, 500, 3000]))
        match draw(st.integers(0, 4)):
            case 0:
                del data[at : at + long]
            case 1:
                data[at:at] = data[at : at + long]
            case 2:
                data[at:at] = draw(st.sampled_from([b"\t", b"\n", b",", b";", b"nan", b"1e999"]))
            case 3:
                data[at : at + 3] = draw(st.binary(min_size=3, max_size=3))
            case 4:
                data[at : at + long] = data[at : at + long].swapcase().replace(b".", b",")
    return bytes(data)


def outcome(path: Path) -> str | None:
    """Open a file; return why it was refused."""
    try:
        kind = kind_of(path)
        if kind is FileKind.ANGLES:
            measure_angles(path, Settings(), path.parent / "out")
        elif kind is not FileKind.FILM:
            list(open_source(path, RATE).poses())
    except UserError as error:
        return str(error)
    return None


@pytest.mark.parametrize("name", WRITERS)
def test_any_damage_is_survived(name: str) -> None:
    @settings(max_examples=40, deadline=None)
    @given(data=damaged(name))
    def opened_or_refused(data: bytes) -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(data)
            refused = outcome(path)
            assert refused is None or ("\n" not in refused and len(refused) < 700)
            assert refused is None or not (path.parent / "out").exists()

    opened_or_refused()
