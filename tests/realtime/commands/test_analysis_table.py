"""Several files end with a table: readable on a narrow screen, a line per file in a pipe."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from hipcue.config.errors import UserError
from hipcue.config.reasons import Reason, ReasonCode
from hipcue.config.settings import Settings
from hipcue.realtime.commands.analysis_table import print_table
from hipcue.realtime.commands.analyze import run_analysis
from hipcue.realtime.run.batch import Done, Job
from hipcue.realtime.run.offline import Analysis
from tests.realtime.vision.walker import body, write_trc

LONG = "subject_07_session_2_treadmill_3p5_trial_0001_filtered_final.trc"


def done(name: str, analysis: Analysis | None, error: UserError | None = None) -> Done:
    return Done(Job(Path(name), Path("out")), analysis, error)


RESULTS = [
    done("good.mp4", Analysis(Path("out"), 600, 598, 28, 0, begun=30)),
    done(
        LONG,
        Analysis(
            Path("out"),
            900,
            900,
            7,
            0,
            (Reason(ReasonCode.FEW_PICTURES, fps=20),),
            ("belt speed doubted in 7 of 7 strides: [odd] markup",),
            begun=14,
        ),
    ),
    done("run.mot", Analysis(Path("out"), 900, 900, 9, 0, of="cycles")),
    done("empty.mp4", None, UserError("nobody found in empty.mp4", "20 frames, none", "a film")),
]


def printed(**how: object) -> list[str]:
    file = io.StringIO()
    print_table(Console(file=file, **how), RESULTS)  # type: ignore[arg-type]
    return file.getvalue().splitlines()


def test_a_pipe_gets_one_line_per_file_without_colours_and_uncut() -> None:
    head, *lines = printed(width=80)
    assert head.split() == ["file", "strides", "kept", "remarks"]
    assert lines[0].split() == ["good.mp4", "28", "93%"]
    assert lines[1].startswith(f"{LONG}  ")
    assert "only 20 pictures a second; belt speed doubted in 7 of 7 strides: [odd]" in lines[1]
    assert lines[2].split() == ["run.mot", "9", "cycles", "-"]
    assert lines[3].split() == ["empty.mp4", "-", "-", "20", "frames,", "none"]
    assert len(lines) == len(RESULTS)
    assert not any("\x1b" in line for line in lines)


def test_files_of_one_name_are_told_apart_by_their_folders() -> None:
    file = io.StringIO()
    one = Analysis(Path("out"), 600, 598, 28, 0, begun=30)
    print_table(Console(file=file), [done("mon/run.trc", one), done("tue/run.trc", one)])
    names = [line.split()[0] for line in file.getvalue().splitlines()[1:]]
    assert names == [str(Path("mon/run.trc")), str(Path("tue/run.trc"))]


@pytest.mark.parametrize("width", [60, 80, 200])
def test_a_screen_gets_a_table_that_fits(width: int) -> None:
    lines = printed(width=width, force_terminal=True, no_color=True)
    text = "\n".join(lines)
    assert all(len(line.replace("\x1b[1m", "").replace("\x1b[0m", "")) <= width for line in lines)
    for word in ("good.mp4", "28", "93%", "50%", "[odd]", "empty.mp4"):
        assert word in text
    assert (LONG in text) is (width == 200)
    assert "subje" in text
    assert ".trc" in text


def test_a_folder_ends_with_the_table_and_a_single_file_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    films = tmp_path / "films"
    films.mkdir()
    write_trc(films / "b.trc", body(frames=420))
    (films / "a.trc").write_text("nothing of the kind\n")
    with pytest.raises(UserError, match="1 of 2 files not analyzed"):
        run_analysis([films], Settings(), speed=3.0, speed_csv=None, out=tmp_path / "out")
    lines = capsys.readouterr().out.splitlines()
    table = lines[lines.index(next(line for line in lines if line.startswith("file "))) :]
    assert [line.split()[0] for line in table] == ["file", "a.trc", "b.trc"]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["b"]
    run_analysis([films / "b.trc"], Settings(), speed=3.0, speed_csv=None, out=tmp_path / "alone")
    alone = capsys.readouterr().out
    assert "leg swaps undone" in alone
    assert "remarks" not in alone


def test_joint_angles_have_a_short_row():
    lines = ("left: no cycle", "right: 6 cycles at 171 steps/min; at the peak the thigh is 24.0")
    found = Analysis(Path("out"), 900, 900, 6, 0, (), lines, of="cycles")
    file = io.StringIO()
    print_table(Console(file=file), [done("run.mot", found)])
    assert file.getvalue().splitlines()[1].split("  ")[-1] == "left: no cycle"
