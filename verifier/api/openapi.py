"""Describes the API as OpenAPI 3.1: addresses and methods from the app's own routes, the rest from `operations`.

An endpoint that nobody has described appears all the same, with the first line of its docstring; a test refuses it.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

from flask import Flask
from werkzeug.routing import Rule

from credentials.verify.report import ERROR_PAGES
from verifier.api import operations, shapes
from verifier.api.operations import Operation

Json = dict[str, Any]
#: Addresses under these are for programs.
PREFIXES: Final = ("/api/v1/", "/vc-api/")
PROBLEM: Final = "application/problem+json"
_RESPONSES: Final = "#/components/responses/Problem"
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")

ABOUT: Final = """Checks credentials for anybody, without an account. What could be judged is answered with 200 and
every check that was done, whatever the verdict; what could not be read is a problem document (RFC 9457). Nothing that
is sent is kept."""


def document(app: Flask, base_url: str) -> Json:
    """The whole description."""
    paths: dict[str, Json] = {}
    for rule, method in _routes(app):
        path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
        paths.setdefault(path, {})[method.lower()] = _described(app, rule)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Plaudit: verify credentials", "version": "1", "description": ABOUT},
        "servers": [{"url": base_url}],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": shapes.all_shapes(), "responses": _named(paths)},
    }


def _routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(PREFIXES):
            for method in _METHODS:
                if method in (rule.methods or ()):
                    yield rule, method


def _described(app: Flask, rule: Rule) -> Json:
    view = app.view_functions[rule.endpoint]
    said = operations.of(view) or _undescribed(inspect.getdoc(view) or "")
    described: Json = {
        "operationId": rule.endpoint.replace(".", "-"),
        "tags": [said.tag],
        "summary": said.summary,
        **({"description": said.about} if said.about else {}),
        "responses": {"200": _answer(said), **_problems(said)},
    }
    if said.takes:
        described["requestBody"] = {"required": True, "content": _content(said.takes, said.example)}
    if said.asks:
        described["parameters"] = [dict(one) for one in said.asks]
    return described


def _undescribed(doc: str) -> Operation:
    return Operation(doc.partition("\n")[0], {"application/json": {}})


def _answer(said: Operation) -> Json:
    return {"description": "Judged.", "content": _content(said.gives, said.answer)}


def _content(kinds: Any, example: Any) -> Json:
    content: Json = {kind: {"schema": shape} if shape else {} for kind, shape in kinds.items()}
    if example is not None:
        content[next(iter(content))]["example"] = example
    return content


def _problems(said: Operation) -> dict[str, Json]:
    statuses = (*said.statuses, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.INTERNAL_SERVER_ERROR)
    return {str(int(status)): {"$ref": f"{_RESPONSES}{int(status)}"} for status in sorted(statuses)}


def _named(paths: dict[str, Json]) -> dict[str, Json]:
    """The problem answers that the endpoints refer to."""
    used = {status for methods in paths.values() for one in methods.values() for status in one["responses"]}
    return {f"Problem{status}": _problem(int(status)) for status in sorted(used - {"200"})}


def _problem(status: int) -> Json:
    codes = shapes.codes_with(status)
    named = f" Its `code` is one of: {', '.join(codes)}." if codes else ""
    answer: Json = {
        "description": HTTPStatus(status).phrase + "." + named,
        "content": {PROBLEM: {"schema": shapes.ref("Problem"), "example": _example(status, codes)}},
    }
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        seconds = {"description": "Seconds after which to ask again.", "schema": shapes.NUMBER}
        answer["headers"] = {"Retry-After": seconds}
    return answer


def _example(status: int, codes: list[str]) -> Json:
    """A problem of this status as it is answered: the first by code, or one that HTTP itself names."""
    found = next((kind for kind in shapes.kinds() if codes and kind.code == codes[0]), None)
    if found is None:
        phrase = HTTPStatus(status).phrase
        return {"type": "about:blank", "title": phrase, "status": status, "detail": phrase + "."}
    members = {"title": found.title, "status": status, "detail": found.title + ".", "code": found.code}
    return {"type": found.problem_type or ERROR_PAGES + found.code, **members}
