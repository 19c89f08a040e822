"""The bench of other people's files says so where there are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import field_files


def test_without_the_files_it_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("SHARED", "FIELD", "SETS"):
        monkeypatch.setattr(field_files, name, tmp_path)
    field_files.main([])
    assert capsys.readouterr().out == f"no files to run: they are not in {tmp_path}\n"
