"""Settings: what is wrong in a file or on the command line is named in one line."""

from __future__ import annotations

import pytest

from hipcue.config.errors import UserError
from hipcue.config.settings import Settings, load_settings


def write(tmp_path, text):
    path = tmp_path / "my.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_holds_only_what_differs(tmp_path):
    settings = load_settings(write(tmp_path, "[camera]\nfps = 30\n"))
    assert settings.camera.fps == 30.0
    assert settings.camera.width == Settings().camera.width


def test_the_command_line_wins_over_the_file(tmp_path):
    path = write(tmp_path, "[camera]\nfps = 30\n")
    settings = load_settings(path, {"camera.fps": 120, "runner.name": None})
    assert settings.camera.fps == 120
    assert settings.runner.name == "runner"


@pytest.mark.parametrize(
    ("text", "failed", "seen"),
    [
        ("[camera]\nfsp = 30\n", "camera.fsp", "no such key"),
        ("[camera]\nfps = 3000\n", "camera.fps", "3000"),
        ("[camera]\nfps = 'fast'\n", "camera.fps", "'fast'"),
        ("[pelvis]\nsource = 'guess'\n", "pelvis.source", "'guess'"),
        ("[cammera]\n", "cammera", "no such key"),
        ("camera = 3\n", "camera", "3"),
        ("[camera\n", "my.toml", "not valid TOML"),
    ],
)
def test_a_wrong_file_is_named_with_what_was_seen(tmp_path, text, failed, seen):
    with pytest.raises(UserError) as caught:
        load_settings(write(tmp_path, text))
    assert failed in caught.value.failed
    assert seen in caught.value.seen
    assert caught.value.try_this
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(UserError) as caught:
            load_settings(path)
        assert str(path) in caught.value.failed


def test_a_file_that_is_no_text_is_named(tmp_path):
    path = tmp_path / "my.toml"
    path.write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(UserError, match="not valid TOML"):
        load_settings(path)


def test_settings_cannot_be_changed_in_mid_session():
    with pytest.raises(ValueError, match="frozen"):
        Settings().camera.fps = 30


def test_an_override_of_an_unknown_key_names_the_command_line():
    with pytest.raises(UserError, match="the command line"):
        load_settings(None, {"camera.fsp": 3})
