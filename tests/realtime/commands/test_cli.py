"""Words on the command line: what can be mended is one line and exit code 2."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hipcue.realtime.commands import cli
from hipcue.realtime.commands.options import settings_from

COMMANDS = {
    "demo": "--outline",
    "run": "--treadmill",
    "analyze": "--speed-csv",
    "devices": "--sound-latency",
    "tags": "--size",
    "replay": "--check",
    "review": "--runner",
    "sessions": "anonymise",
    "sessions delete": "session",
    "sessions anonymise": "--out",
    "export": "--format",
    "models": "fetch",
    "models fetch": "publisher",
    "simulate treadmill": "--faults",
}


def said(
    words: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> tuple[int, str, str]:
    """Exit code, output and complaint of a command."""
    monkeypatch.setattr(sys, "argv", ["hipcue", *words.split()])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out, err = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, out, err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_what_it_takes(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = said(f"{command} --help", capsys, monkeypatch)
    assert (code, err) == (0, "")
    assert COMMANDS[command] in out


def test_the_program_lists_every_command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, out, _ = said("--help", capsys, monkeypatch)
    assert {command.split()[0] for command in COMMANDS} <= set(out.split())


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("nosuch", "hipcue: No such command 'nosuch'.; try: hipcue --help"),
        ("replay", "hipcue: Missing argument 'session'.; try: hipcue --help"),
        ("review", "hipcue: nothing to review: no session given; try: hipcue review SESSION"),
        ("export", "hipcue: nothing to export: no session given; try: hipcue export SESSION"),
        (
            "export nosuch --format pdf",
            "hipcue: cannot export as pdf: unknown format; "
            "try: csv, json, parquet, trc, mot, fit, zip",
        ),
        (
            "sessions delete nosuch",
            "hipcue: no session nosuch: neither a session folder nor the name of a kept one; "
            "try: hipcue sessions lists them",
        ),
        (
            "tags --config nosuch.toml",
            "hipcue: cannot read settings nosuch.toml",
        ),
    ],
)
def test_what_can_be_mended_is_one_line(
    words: str,
    line: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = said(words, capsys, monkeypatch)
    assert (code, out) == (2, "")
    assert err.startswith(line)
    assert err.count("\n") == 1


def test_the_last_word_counts_and_has_the_type_of_its_setting() -> None:
    words = ["camera.fps=30", "sound.speech=false", "feedback.language=de", "camera.fps=50"]
    settings = settings_from(None, words, {"runner.name": "Ada", "session.video": None})
    assert settings.camera.fps == 50.0
    assert settings.sound.speech is False
    assert settings.feedback.language == "de"
    assert settings.runner.name == "Ada"
    assert settings.session.video is False
