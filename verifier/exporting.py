"""Writes the page that checks without a server as one HTML file, with issuers' keys in it. That file asks nobody."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from credentials import timestamps, wording
from credentials.languages import ENGLISH
from verifier.bundling import bundle

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
_SHEETS = ("plaudit.css", "offline.css")


def html_file(issuers: Sequence[Mapping[str, Any]], made_at: datetime) -> str:
    """Return the file for `issuers`, each as `issuer_keys.known_keys` gives it, made at `made_at`, an aware datetime.

    Its own Content-Security-Policy lets just its script and its style run, and no connection be made.
    """
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True)
    environment.globals.update(_=_in_english, spoken_language=lambda: ENGLISH)
    style = "\n".join((TEMPLATES / "static" / name).read_text(encoding="utf-8") for name in _SHEETS)
    script = bundle("offline-verifier")
    pinned = json.dumps({"madeAt": timestamps.format(made_at), "issuers": list(issuers)}, ensure_ascii=False)
    return environment.get_template("verifier/exported.html").render(
        policy=_policy(script, style),
        style=_verbatim(style),
        script=_verbatim(script),
        pinned=_verbatim(pinned.replace("<", "\\u003c")),
        issuers=[known["issuer"] for known in issuers],
        day=wording.day(made_at),
    )


def _policy(script: str, style: str) -> str:
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _verbatim(text: str) -> Markup:
    """Text that stands in the file as it is: of our own making, and nothing in it ends its element."""
    if "</" in text or "<!--" in text:
        raise ValueError("this text would end the element that it stands in")
    return Markup(text)  # noqa: S704 - see above


def _in_english(words: str, **values: object) -> str:
    return words % values if values else words
