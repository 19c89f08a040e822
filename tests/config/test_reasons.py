"""Reasons are codes with values; their words are made at the end, in every language."""

from __future__ import annotations

import ast
import pickle
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from hipcue.config.languages import LANGUAGES
from hipcue.config.reason_words import advice_on, in_words, reason_table
from hipcue.config.reasons import Reason, ReasonCode

HOUSE = Path(__file__).parents[2]
# Where codes are read from old sessions, not given.
NOT_A_PRODUCER = "realtime/session/old_sentences.py"
FORMS = {"full", "short", "advice", "advice_short"}


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)", text))


def asked_for(node: ast.AST) -> list[ast.expr]:
    """What is looked up or compared with: not given."""
    if isinstance(node, ast.Dict):
        return [key for key in node.keys if key is not None]
    return list(node.comparators) if isinstance(node, ast.Compare) else []


@cache
def given() -> dict[ReasonCode, list[tuple[str, set[str]]]]:
    """Where each code is given in the rooms, and the names of the values beside it."""
    found: dict[ReasonCode, list[tuple[str, set[str]]]] = defaultdict(list)
    for room in ("config", "devices", "realtime"):
        for path in (HOUSE / room).rglob("*.py"):
            name = path.relative_to(HOUSE).as_posix()
            if name == NOT_A_PRODUCER:
                continue
            tree = ast.parse(path.read_text(encoding="utf-8"))
            calls = {
                id(node.args[0]): {keyword.arg or "**" for keyword in node.keywords}
                for node in ast.walk(tree)
                if isinstance(node, ast.Call) and node.args
            }
            for node in ast.walk(tree):
                if (
                    isinstance(node, ast.Attribute)
                    and getattr(node.value, "id", "") == "ReasonCode"
                ):
                    where = f"{name}:{node.lineno}"
                    found[ReasonCode[node.attr]].append((where, calls.get(id(node), set())))
    return found


def test_every_code_has_its_words_in_every_language_with_the_same_places() -> None:
    table = reason_table()
    assert set(table) == set(ReasonCode)
    for code, forms in table.items():
        assert "full" in forms, code
        assert set(forms) <= FORMS, code
        for form, words in forms.items():
            assert set(words) == set(LANGUAGES), (code, form)
            assert all(words.values()), (code, form)
            assert len({frozenset(places(text)) for text in words.values()}) == 1, (code, form)


def test_every_code_is_given_somewhere() -> None:
    only_old = {ReasonCode.OTHER_ADVISED}
    assert sorted(set(ReasonCode) - set(given()) - only_old) == []


def test_every_place_in_the_words_gets_its_value_and_no_value_is_left_over() -> None:
    """A code with places is given in a call with its values: `Reason(ReasonCode.X, kmh=3)`."""
    wrong = []
    for code, forms in reason_table().items():
        needed = {
            name for words in forms.values() for text in words.values() for name in places(text)
        }
        used = [names for _, names in given()[code] if names]
        if needed and not used and code is not ReasonCode.OTHER_ADVISED:
            wrong.append(f"{code} never gets {needed}")
        wrong += [f"{where}: {names}, not {needed}" for where, names in given()[code]
                  if names and names != needed]  # fmt: skip
    assert wrong == []


def test_numbers_are_written_the_language_s_way() -> None:
    tilt = Reason(ReasonCode.PELVIS_AGAINST_USUAL, deg=-5.64)
    assert in_words(tilt) == "pelvis −5.6° against your usual"
    assert in_words(tilt, "de") == "Becken −5,6° gegen gewohnt"
    assert in_words(Reason(ReasonCode.BELT_SILENT, seconds=6), "de") == "Band still 6 s"


def test_a_tile_gets_fewer_words_where_there_are_fewer() -> None:
    scale = Reason(ReasonCode.NO_SCALE)
    assert in_words(scale, short=True) == "scale unknown"
    assert in_words(scale) == "scale unknown: no belt speed and no body height"
    assert in_words(Reason(ReasonCode.TAG_HIDDEN), "de", short=True) == "Marke verdeckt"


def test_the_reason_behind_a_reason_is_told_in_the_same_language() -> None:
    left = Reason(ReasonCode.LEFT_MISSING, why=Reason(ReasonCode.TAG_HIDDEN))
    assert in_words(left, "de") == "links: Marke verdeckt"


def test_names_and_the_system_s_own_words_stay_as_they_are() -> None:
    assert in_words(Reason(ReasonCode.OTHER, text="flux capacitor warm"), "de") == (
        "flux capacitor warm"
    )


def test_a_language_without_words_is_english() -> None:
    assert in_words(Reason(ReasonCode.MOVING), "fr") == "moving"


def test_a_value_that_a_kept_reason_lacks_is_a_dash() -> None:
    assert in_words(Reason(ReasonCode.BELT_SILENT)) == "belt silent – s"


def test_where_nothing_is_advised_nothing_is_said() -> None:
    assert advice_on(Reason(ReasonCode.MOVING)) == ""


@pytest.mark.parametrize(
    "reason",
    [
        Reason(ReasonCode.TAG_HIDDEN),
        Reason(ReasonCode.BELTS_DIFFER, left=2.0, right=1.5),
        Reason(ReasonCode.GIVES_NO_SPEED, state="„aus“"),
        Reason(ReasonCode.LEFT_MISSING, why=Reason(ReasonCode.BELT_SILENT, seconds=0.1)),
    ],
)
def test_a_reason_is_the_same_after_json_and_after_a_process(reason: Reason) -> None:
    assert Reason.from_json(reason.to_json()) == reason
    assert hash(Reason.from_json(reason.to_json())) == hash(reason)
    assert pickle.loads(pickle.dumps(reason)) == reason


def test_equal_reasons_have_one_text() -> None:
    whole = Reason(ReasonCode.BELTS_DIFFER, left=2, right=-0.0)
    assert whole == Reason(ReasonCode.BELTS_DIFFER, right=0, left=2.0)
    assert whole.to_json() == '{"code":"belts_differ","left":2,"right":0}'


@pytest.mark.parametrize(
    "damaged",
    ["", "[]", "null", "{}", '{"code":"no_such_code"}', '{"code":7}', '{"code":"moving","a":[1]}',
     '{"code":"moving","a":true}', '{"code":{"code":"moving"}}'],
)  # fmt: skip
def test_what_is_no_reason_is_refused(damaged: str) -> None:
    with pytest.raises(ValueError, match=r"reason|ReasonCode|Expecting"):
        Reason.from_json(damaged)


def test_a_reason_cannot_be_taken_for_its_words() -> None:
    """Nothing branches on words: a reason has none of its own."""
    assert not isinstance(Reason(ReasonCode.MOVING), str)
    with pytest.raises(AttributeError):
        Reason(ReasonCode.MOVING).startswith("moving")  # type: ignore[attr-defined]


_WORDS = {"in_words", "advice_on", "reason", "advice"}


def speaks(node: ast.expr) -> bool:
    """Whether an expression asks for words: `in_words(why)`, `texts.advice(why)`."""
    if not isinstance(node, ast.Call):
        return False
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    return name in _WORDS


def test_no_code_looks_into_words() -> None:
    """Words are shown, never compared, searched or taken apart: that is what codes are for."""
    wrong = []
    for room in ("config", "devices", "realtime"):
        for path in (HOUSE / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                looked_into = []
                if isinstance(node, ast.Compare):
                    looked_into = [node.left, *node.comparators]
                elif isinstance(node, ast.Attribute | ast.Subscript):
                    looked_into = [node.value]
                if any(map(speaks, looked_into)):
                    wrong.append(f"{path.relative_to(HOUSE)}:{node.lineno}")
    assert wrong == []
