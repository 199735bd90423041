"""One small page for each code that a check or an answer can carry: what it means, and what to do. Fetches nothing."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from flask import Blueprint, Response, abort, make_response, render_template

from credentials.errors import PlauditError
from credentials.verify import sentences
from credentials.verify.explained import OUTCOMES
from verifier import problems  # noqa: F401 - what is explained here are the errors of the core and of the verifier

help_pages = Blueprint("help", __name__)
#: The pages change with the program only.
_A_DAY = 86_400
_PACKAGES = ("credentials", "verifier", "schemas")


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a code means. `sentence` speaks of the credential to whoever was given it."""

    code: str
    title: str
    meaning: str
    remedy: str
    sentence: str | None = None


@help_pages.get("/verify/help/<code>")
def page(code: str) -> Response:
    """Explain a code; 404 for one that there is not."""
    found = explanations().get(code)
    if found is None:
        abort(404)
    answer = make_response(render_template("verifier/help.html", explained=found))
    answer.headers["Cache-Control"] = f"public, max-age={_A_DAY}"
    return answer


@cache
def explanations() -> dict[str, Explanation]:
    """Every code that the verifier can show, by code."""
    found = {code: Explanation(code, *words) for code, words in OUTCOMES.items()}
    for kind in _kinds(PlauditError):
        if "code" in vars(kind) and kind.__module__.partition(".")[0] in _PACKAGES:
            found.setdefault(kind.code, _of(kind))
    return found


def _kinds(kind: type[PlauditError]) -> Iterator[type[PlauditError]]:
    for below in kind.__subclasses__():
        yield below
        yield from _kinds(below)


def _of(kind: type[PlauditError]) -> Explanation:
    meaning = inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0].replace("\n", " ").replace("`", "")
    error = kind.__new__(kind)  # what it would be raised with does not matter here
    sentence = sentences.sentence(error)
    said = None if sentence == f"{kind.title}." else sentence
    return Explanation(kind.code, kind.title, meaning, kind.remedy or sentences.unchecked_remedy(error), said)
