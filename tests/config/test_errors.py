"""Failed imports that a user can mend become one line."""

from __future__ import annotations

import importlib

import pytest

from hipcue.config.errors import UserError, explain_import_error


def test_a_bare_server_without_libgl_is_told_the_package():
    error = ImportError("libGL.so.1: cannot open shared object file: No such file or directory")
    told = explain_import_error(error)
    assert isinstance(told, UserError)
    assert "libGL" in told.seen
    assert "apt-get install libgl1" in told.try_this
    assert "\n" not in str(told)


def test_an_unknown_system_library_is_named_without_guessing_its_package():
    error = ImportError("libodd-3.so.7: cannot open shared object file: No such file or directory")
    told = explain_import_error(error)
    assert told is not None
    assert "libodd-3" in told.seen
    assert "apt-get" not in told.try_this


def test_a_package_that_is_not_installed_is_named():
    with pytest.raises(ModuleNotFoundError) as caught:
        importlib.import_module("surely_not_installed_here.part")
    told = explain_import_error(caught.value)
    assert told is not None
    assert "'surely_not_installed_here'" in told.seen
    assert "pip install" in told.try_this


def test_a_mistake_in_hipcue_itself_is_not_hidden():
    with pytest.raises(ModuleNotFoundError) as missing:
        importlib.import_module("hipcue.realtime.no_such_module")
    assert explain_import_error(missing.value) is None
    assert explain_import_error(ImportError("cannot import name 'x' from 'realtime'")) is None


def test_the_one_line_holds_all_three_parts():
    line = str(UserError("cannot open camera 3", "cameras found: 0, 1", "hipcue devices"))
    assert line == "cannot open camera 3: cameras found: 0, 1; try: hipcue devices"
