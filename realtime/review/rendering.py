"""From facts to a page: templates, style and script become one file that loads nothing."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from hipcue.realtime.review.texts import Texts

_PACKAGE = "hipcue.realtime.review"


@cache
def _environment() -> Environment:
    """Return the templates: texts are escaped, and a name that is not there is an error."""
    made = Environment(
        loader=PackageLoader(_PACKAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # What is no number in JSON must not come into the page's data.
    made.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "allow_nan": False}
    return made


@cache
def _asset(name: str) -> Markup:
    """Return a file of this package that is put into a page as it is."""
    return Markup((files(_PACKAGE) / name).read_text(encoding="utf-8"))


def render(template: str, texts: Texts, *, script: str = "", **facts: object) -> str:
    """Return a whole page as HTML.

    The page forbids itself every connection, and any script but its own: a name in a
    foreign session that looks like a script stays a name.

    Parameters
    ----------
    template : str
        File in ``templates``; it extends ``page.html.j2``.
    texts : Texts
        Words, known to the template as ``texts``.
    script : str
        File of the page's only script; none when empty.
    **facts : object
        What the template shows.
    """
    code = _asset(script) if script else Markup()
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode("ascii")
    return (
        _environment()
        .get_template(template)
        .render(texts=texts, style=_asset("report.css"), script=code, script_digest=digest, **facts)
    )
