"""What a value should have been, in our own words and with its whole range."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

WrongValue = Mapping[str, Any]
"""What pydantic found: ``type``, ``loc``, ``input``, ``msg``, and ``ctx`` where there is one."""

_KINDS = {
    "float_parsing": "a number",
    "float_type": "a number",
    "finite_number": "a number",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "string_type": "a text",
    "path_type": "a path",
    "model_type": "a section with keys of its own",
    "model_attributes_type": "a section with keys of its own",
    "extra_forbidden": "no such key",
    "missing": "it is missing",
}
_BOUNDS = {
    "greater_than_equal": ("ge", "at least"),
    "less_than_equal": ("le", "at most"),
    "greater_than": ("gt", "more than"),
    "less_than": ("lt", "less than"),
}


def first_error(error: ValidationError) -> WrongValue:
    """Return the error to tell: a misspelt key is also a missing one, its own spelling helps."""
    errors: list[WrongValue] = [dict(each) for each in error.errors(include_url=False)]
    return next((each for each in errors if each["type"] == "extra_forbidden"), errors[0])


def wanted(details: WrongValue, model: type[BaseModel] | None = None) -> str:
    """Return what a value should have been.

    Parameters
    ----------
    details : WrongValue
        What pydantic found.
    model : type of BaseModel, optional
        Where the value belongs: it knows both ends of the range.
    """
    entry = None if model is None else _entry(model, details["loc"])
    kind, context = details["type"], details.get("ctx", {})
    allowed = "" if entry is None else allowed_values(entry)
    if kind in _BOUNDS:
        key, words = _BOUNDS[kind]
        return allowed or f"{words} {_plain(context[key])}"
    if kind in _KINDS:
        numeric = kind.startswith(("float", "int"))
        return f"{_KINDS[kind]} {allowed}" if numeric and allowed else _KINDS[kind]
    if kind in ("literal_error", "enum"):
        return f"one of {context['expected']}"
    if kind == "value_error":
        return str(context["error"])
    return str(details["msg"])


def allowed_values(entry: FieldInfo) -> str:
    """Return ``from LOW to HIGH`` or ``one of ...``; empty when anything is allowed."""
    choices, bounds = range_of(entry)
    if choices:
        return f"one of {', '.join(map(repr, choices))}"
    return "" if bounds is None else f"from {_plain(bounds[0])} to {_plain(bounds[1])}"


def range_of(entry: FieldInfo) -> tuple[list[Any], tuple[Any, Any] | None]:
    """Return the values that are allowed one by one, and the lowest and the highest one."""
    metadata: list[Any] = list(entry.metadata)
    choices: list[Any] = []
    for part in _flatten(entry.annotation):
        if isinstance(part, FieldInfo):
            metadata += part.metadata
        elif get_origin(part) is Literal:
            choices += get_args(part)
    low = next((item.ge for item in metadata if hasattr(item, "ge")), None)
    high = next((item.le for item in metadata if hasattr(item, "le")), None)
    return choices, None if low is None or high is None else (low, high)


def _entry(model: type[BaseModel], path: Sequence[int | str]) -> FieldInfo | None:
    """Return the field at the end of a path through models."""
    entry: FieldInfo | None = None
    inner: type[BaseModel] | None = model
    for part in path:
        entry = None if inner is None else inner.model_fields.get(str(part))
        if entry is None:
            return None
        found = entry.annotation
        inner = found if isinstance(found, type) and issubclass(found, BaseModel) else None
    return entry


def _flatten(annotation: Any) -> list[Any]:
    """Take unions and `Annotated` apart: ``Annotated[float, X] | None`` gives float, X, None."""
    origin = get_origin(annotation)
    if origin in (types.UnionType, typing.Union, typing.Annotated):
        return [leaf for part in get_args(annotation) for leaf in _flatten(part)]
    return [annotation]


def _plain(number: Any) -> str:
    return f"{number:g}" if isinstance(number, int | float) else str(number)
