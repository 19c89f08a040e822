"""What fails leaves nothing behind, and takes nothing with it that was there before."""

from __future__ import annotations

from pathlib import Path

import pytest

from hipcue.config.errors import UserError
from hipcue.realtime.run.no_trace import no_trace_of_failure


def half(folder: Path, *, keep: bool = False) -> None:
    """Make half of a session, and fail."""
    with no_trace_of_failure(folder) as trace:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "screens").mkdir()
        (folder / "screens" / "one.png").write_text("1")
        (folder / "session.db").write_text("half")
        (folder.parent / "other").mkdir(exist_ok=True)
        if keep:
            trace.keep()
        raise UserError("cannot", "that", "this")


def fail(folder: Path, *, keep: bool = False) -> None:
    with pytest.raises(UserError):
        half(folder, keep=keep)
    (folder.parent / "other").rmdir()


def test_the_folder_is_gone_and_what_else_came_into_its_new_parent_is_not(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        half(tmp_path / "a" / "b" / "session")
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["other"]


def test_new_parents_go_with_it(tmp_path: Path) -> None:
    with pytest.raises(UserError), no_trace_of_failure(tmp_path / "a" / "b" / "session") as trace:
        nothing_yet(tmp_path / "a" / "b" / "session")
    assert not trace.kept
    assert list(tmp_path.iterdir()) == []


def nothing_yet(folder: Path) -> None:
    folder.mkdir(parents=True)
    raise UserError("cannot", "that", "this")


def test_an_empty_folder_that_was_there_stays_empty(tmp_path: Path) -> None:
    (tmp_path / "session").mkdir()
    fail(tmp_path / "session")
    assert list((tmp_path / "session").iterdir()) == []


def test_a_folder_that_held_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UserError), no_trace_of_failure(tmp_path):
        raise UserError("cannot write there", "the folder is not empty", "another one")
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_what_is_worth_keeping_is_kept(tmp_path: Path) -> None:
    fail(tmp_path / "session", keep=True)
    assert (tmp_path / "session" / "session.db").exists()


def test_what_succeeds_stays(tmp_path: Path) -> None:
    with no_trace_of_failure(tmp_path / "session"):
        (tmp_path / "session").mkdir()
    assert (tmp_path / "session").is_dir()
