"""The frame of a page: one file with its style and script, allowed to load nothing."""

from __future__ import annotations

import base64
import hashlib
import json
from html import escape
from importlib.resources import files


def asset(name: str) -> str:
    """Return a text file of this package."""
    return (files("hipcue.realtime.review") / name).read_text(encoding="utf-8")


def embedded(data: object) -> str:
    """Return a block of JSON for the page's script; no content can end the block early."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    safe = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f'<script type="application/json" id="data">{safe}</script>'


def page(title: str, body: str, *, script: str = "") -> str:
    """Return a whole HTML page.

    The page forbids itself every connection, and any script but its own: a name in a
    foreign session that looks like a script stays a name.

    Parameters
    ----------
    title : str
        Plain text.
    body : str
        HTML whose texts are escaped.
    script : str
        The page's only script.
    """
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    rules = (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        + (f"script-src 'sha256-{digest}'; " if script else "")
        + "base-uri 'none'; form-action 'none'"
    )
    tail = f"<script>{script}</script>" if script else ""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{rules}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title><style>{asset('report.css')}</style></head>"
        f"<body>{body}{tail}</body></html>\n"
    )
