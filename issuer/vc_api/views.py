"""HTTP for the VC-API's issuing endpoints: bodies through the byte gate, problem details for whatever is wrong.

Where a token was set, issuing and setting a status ask for it; status lists are public. No input leads to anything
above 499, and a bad input is never a 401.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from credentials import problem_details, strict_json
from credentials.errors import JsonTooLarge, PlauditError
from issuer.vc_api.issuing import BASES, STATUS_BASE, Issuing
from issuer.vc_api.problems import ListUnknown, RequestMalformed, TokenMissing

#: Paths that this half answers at, besides the status lists.
ISSUE, STATUS, DERIVE = "/credentials/issue", "/credentials/status", "/credentials/derive"
LISTS = f"{STATUS_BASE}/lists"
PROBLEM = "application/problem+json"


def create_app(issuing: Issuing, *, token: str | None = None) -> Flask:
    """Return the WSGI application that issues with `issuing`; `token` is demanded as a bearer token where it is set."""
    app = Flask(__name__, static_folder=None, root_path=str(Path(__file__).parent))
    # One byte more: a chunked body arrives cut off here, without an error, and the byte gate then says what is wrong.
    app.config["MAX_CONTENT_LENGTH"] = strict_json.MAX_BYTES + 1
    endpoints = _Endpoints(issuing, token)
    for base in BASES:
        name = base.removeprefix("/vc-api").strip("/") or "any"
        for action, view in endpoints.by_action(base).items():
            app.add_url_rule(f"{base}{action}", f"{name}{action}", view, methods=["POST"])
    app.add_url_rule(f"{LISTS}/<int:number>", "list", endpoints.show_list, methods=["GET"])
    app.add_url_rule(f"{LISTS}/<int:number>/publish", "publish", endpoints.publish_list, methods=["POST"])
    app.register_error_handler(PlauditError, _refused)
    app.register_error_handler(HTTPException, _http)
    return app


def answers(path: str) -> bool:
    """Whether a path is of this half of the VC-API; the other half is the verifier's."""
    return path.endswith((ISSUE, STATUS, DERIVE)) or path.startswith(f"{LISTS}/")


class _Endpoints:
    def __init__(self, issuing: Issuing, token: str | None) -> None:
        self._issuing = issuing
        self._token = None if token is None else token.encode()

    def by_action(self, base: str) -> dict[str, Callable[[], Response]]:
        """The views of one base, by path."""
        return {ISSUE: lambda: self._issue(base), STATUS: self._set_status, DERIVE: self._derive}

    def _issue(self, base: str) -> Response:
        """`{credential, options?}` → 201 `{verifiableCredential}`."""
        self._check_token()
        body = _body()
        credential = _object(body, "credential")
        issued = self._issuing.issue(credential, _object(body, "options", optional=True), base)
        return _json({"verifiableCredential": issued}, 201)

    def _derive(self) -> Response:
        """`{verifiableCredential, options: {selectivePointers}}` → 201 `{verifiableCredential}`, a part of it."""
        self._check_token()
        body = _body()
        credential = _object(body, "verifiableCredential")
        return _json(
            {"verifiableCredential": self._issuing.derive(credential, _object(body, "options", optional=True))}, 201
        )

    def _set_status(self) -> Response:
        """`{credentialId, credentialStatus: {type, statusPurpose, status?}}` → 200; without `status` the bit is set."""
        self._check_token()
        body = _body()
        identifier = body.get("credentialId")
        if not isinstance(identifier, str):
            raise RequestMalformed("credentialId is not text", pointer="/credentialId")
        wanted = _object(body, "credentialStatus")
        purpose, value = wanted.get("statusPurpose"), wanted.get("status", True)
        if wanted.get("type") != "BitstringStatusListEntry" or not isinstance(purpose, str):
            raise RequestMalformed("it is not a BitstringStatusListEntry with a purpose", pointer="/credentialStatus")
        if not isinstance(value, bool):
            raise RequestMalformed("status is neither true nor false", pointer="/credentialStatus/status")
        self._issuing.lists.set(identifier, purpose, value)
        return _json({"credentialId": identifier, "credentialStatus": {**wanted, "status": value}}, 200)

    def show_list(self, number: int) -> Response:
        """The signed list as it stands now; 404 when there is none of this number."""
        found = self._issuing.list_credential(number)
        if found is None:
            raise ListUnknown(f"there is no list {number}")
        return _json(found, 200, "application/vc")

    def publish_list(self, number: int) -> Response:
        """Lists are always up to date, so there is nothing to do: 204, or 404."""
        self._check_token()
        if self._issuing.lists.get(number) is None:
            raise ListUnknown(f"there is no list {number}")
        return Response(status=204)

    def _check_token(self) -> None:
        if self._token is None:
            return
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        same = hmac.compare_digest(given.strip().encode("utf-8", "surrogateescape"), self._token)
        if scheme.lower() != "bearer" or not same:
            raise TokenMissing("the request carries no valid token")


def _body() -> dict[str, Any]:
    return strict_json.loads_object(request.get_data(cache=False))


def _object(body: Mapping[str, Any], name: str, *, optional: bool = False) -> Mapping[str, Any]:
    value = body.get(name, {} if optional else None)
    if not isinstance(value, dict):
        raise RequestMalformed(f"{name} is not an object", pointer=f"/{name}")
    return value


def _json(value: Any, status: int, content_type: str = "application/json") -> Response:
    return Response(strict_json.dumps(value), status, content_type=content_type)


def _refused(problem: PlauditError) -> Response:
    body = problem_details.body(problem)
    if isinstance(problem, TokenMissing):
        body["status"] = problem.status_hint
    answer = _json(body, body["status"], PROBLEM)
    if isinstance(problem, TokenMissing):
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _http(error: HTTPException) -> Response:
    """What Flask itself refuses: a path, a method, a body that is too long. What was sent is not repeated."""
    if error.code == JsonTooLarge.status_hint:
        return _refused(JsonTooLarge(f"more than {strict_json.MAX_BYTES} bytes were sent"))
    status = error.code or 500
    answer = _json({"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}, status, PROBLEM)
    answer.headers.extend((name, value) for name, value in error.get_headers() if name == "Allow")
    return answer
