"""config/defaults.toml shows every setting, and says what the models say."""

from __future__ import annotations

import re
import tomllib

import pytest

from hipcue.config.defaults import DEFAULTS_FILE, render_defaults
from hipcue.config.settings import Section, Settings, load_settings

FIELDS = [
    (section, key, field)
    for section, table in Settings.model_fields.items()
    for key, field in type(table.default).model_fields.items()
]


def test_the_file_in_the_house_is_the_one_the_models_print():
    assert DEFAULTS_FILE.read_text(encoding="utf-8") == render_defaults(), (
        "run: python -m hipcue.config.defaults"
    )


def test_reading_the_file_gives_exactly_the_defaults():
    assert load_settings(DEFAULTS_FILE) == Settings() == load_settings(None)


def test_the_file_lists_every_key_and_no_other():
    listed: set[tuple[str, str]] = set()
    section = ""
    for line in render_defaults().splitlines():
        if table := re.fullmatch(r"\[(\w+)\]", line):
            section = table.group(1)
        elif key := re.fullmatch(r"(?:# )?(\w+) =(?: .+)?", line):
            listed.add((section, key.group(1)))
    assert listed == {(section, key) for section, key, _ in FIELDS}


@pytest.mark.parametrize(
    ("section", "key", "field"), FIELDS, ids=[f"{section}.{key}" for section, key, _ in FIELDS]
)
def test_every_setting_says_what_it_is_for(section, key, field):
    assert len((field.description or "").split()) >= 3, f"{section}.{key} has no comment"


def test_ranges_and_choices_are_printed_with_the_key():
    page = render_defaults()
    entries = page.split("\n\n")
    fps = next(entry for entry in entries if re.search(r"^fps = 60.0$", entry, re.MULTILINE))
    assert fps.replace("\n# ", " ").count("Range 15 to 240.") == 1
    source = next(entry for entry in entries if 'source = "auto"' in entry)
    assert 'One of "auto", "tag", "imu", "contour", "none".' in source.replace("\n# ", " ")


def test_strings_survive_the_printer():
    class Odd(Section):
        """Odd."""

        text: str = 'a "quoted" \\ back'
        """A text with signs that TOML must escape."""

    from hipcue.config.defaults import _toml

    line = f"text = {_toml(Odd().text)}"
    assert tomllib.loads(line)["text"] == Odd().text
