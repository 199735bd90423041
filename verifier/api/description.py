"""Serves what the API says of itself: the OpenAPI document for programs, and a page with examples for people."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import Any

import orjson
from flask import Blueprint, Flask, Response, current_app, render_template, request

from verifier.api import openapi, operations
from verifier.api.operations import Operation

description = Blueprint("api_description", __name__)
EXTENSION = "plaudit-openapi"
#: It changes with the version of the program alone.
MAX_AGE_SECONDS = 3600


class Described:
    """The description of one app, made when it is first asked for: by then every route is there."""

    def __init__(self, app: Flask, origin: str) -> None:
        self._app = app
        self.origin = origin

    @cached_property
    def document(self) -> dict[str, Any]:
        """The OpenAPI document."""
        return openapi.document(self._app, self.origin)

    @cached_property
    def body(self) -> bytes:
        """The document as it is sent."""
        return orjson.dumps(self.document)

    @cached_property
    def etag(self) -> str:
        return hashlib.sha256(self.body).hexdigest()[:32]

    @property
    def listed(self) -> list[tuple[str, str, Operation]]:
        """Method, path and words of each endpoint, at its shortest address; our own before the VC-API's."""
        found: dict[int, tuple[str, str, Operation]] = {}
        views = {rule.rule: self._app.view_functions[rule.endpoint] for rule in self._app.url_map.iter_rules()}
        for path in sorted(self.document["paths"], key=len):
            said = operations.of(views[path])
            if said is not None:
                found.setdefault(id(said), (next(iter(self.document["paths"][path])).upper(), path, said))
        return sorted(found.values(), key=lambda one: (one[2].tag != "Verify", one[1]))


def install(app: Flask, origin: str) -> None:
    """Serve the description of `app`, whose public address is `origin`."""
    app.register_blueprint(description)
    app.extensions[EXTENSION] = Described(app, origin)


@description.get("/api/openapi.json")
def document() -> Response:
    """The OpenAPI document."""
    described: Described = current_app.extensions[EXTENSION]
    answer = Response(described.body, content_type="application/json")
    answer.set_etag(described.etag)
    answer.headers["Cache-Control"] = f"public, max-age={MAX_AGE_SECONDS}"
    answer.make_conditional(request)
    return answer


@description.get("/api")
def page() -> str:
    """Every endpoint with an example of its call."""
    return render_template("verifier/api.html", api=current_app.extensions[EXTENSION], lang="en")
