"""Turns every failure into an answer at the edge: a page or RFC 9457 problem+json. It never echoes the input.

The input cannot make the service look broken: whatever it does ends in a 4xx. 503 means that all readers are busy,
500 that we are wrong; then one line is logged, which says where in our code and holds nothing of the request.
"""

from __future__ import annotations

import traceback
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, json, render_template, request
from werkzeug.exceptions import HTTPException

from credentials.errors import PlauditError
from credentials.verify.report import ERROR_PAGES
from verifier.problems import InputTooLarge, ReaderBusy, ReceiptNotMade, TooManyChecks, TooManyGuesses, UnknownCode

#: Paths whose callers are programs.
APIS = ("/api/", "/vc-api/")
#: The form that the next try is made with, by blueprint; every other path shows the first one.
_FORMS = {"resume": "verifier/resume.html", "batch": "verifier/batch.html"}
#: A place comes free as soon as one file is read, which takes well under this.
RETRY_AFTER_SECONDS = 3
#: As long as guesses at a short code are remembered.
RETRY_AFTER_GUESSING = 60


#: What the input can lead to. Other hints (404 of what lies at an address, 503 of a host) are not about this request.
_INPUT_STATUSES = (400, 413, 415, 422)


def status_of(problem: PlauditError) -> int:
    """Return the HTTP status for a problem; only busy readers and receipts that cannot be signed are above 499."""
    if isinstance(problem, ReaderBusy | ReceiptNotMade | UnknownCode | TooManyGuesses | TooManyChecks):
        return problem.status_hint
    return problem.status_hint if problem.status_hint in _INPUT_STATUSES else 422


def register(app: Flask) -> None:
    """Make `app` answer every error in words."""
    app.register_error_handler(PlauditError, answer_to)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def answer_to(problem: PlauditError) -> Response:
    """The answer to a problem: a page, or a problem document where a program asked."""
    answer = _answer(
        status_of(problem),
        kind=problem.problem_type or ERROR_PAGES + problem.code,
        code=problem.code,
        title=problem.title,
        detail=problem.detail,
        remedy=problem.remedy,
        pointer=problem.pointer,
    )
    if isinstance(problem, TooManyChecks):
        answer.headers["Retry-After"] = str(problem.seconds)
    return answer


def _http(error: HTTPException) -> Response:
    if error.code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return answer_to(InputTooLarge("More was sent than is read here."))
    if error.code is None or error.code < 400:
        return Response(error.get_response().get_data(), error.code or 500, dict(error.get_headers()))
    phrase = HTTPStatus(error.code).phrase if error.code in list(HTTPStatus) else "Error"
    answer = _answer(error.code, kind="about:blank", title=phrase, detail=_PLAIN.get(error.code, phrase + "."))
    if "Allow" in (headers := dict(error.get_headers())):
        answer.headers["Allow"] = headers["Allow"]
    return answer


#: werkzeug's own descriptions may repeat what was sent.
_PLAIN = {
    400: "The request is not well formed, or is not addressed to this site.",
    404: "There is no page at this address.",
    405: "This address is not used in that way.",
}


def _unexpected(error: Exception) -> Response:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    current_app.logger.error("unexpected %s at %s:%s", type(error).__name__, Path(frame.filename).name, frame.lineno)
    return _answer(500, kind="about:blank", title="Something broke on our side", detail="Nothing was checked.")


def _answer(status: int, *, kind: str, title: str, detail: str, **more: Any) -> Response:
    members = {name: value for name, value in more.items() if value}
    if request.path.startswith(APIS):
        body = {"type": kind, "title": title, "status": status, "detail": detail, "instance": request.path, **members}
        answer = Response(json.dumps(body, ensure_ascii=False), status, content_type="application/problem+json")
    else:
        form = _FORMS.get(request.blueprint or "", "verifier/verify.html")
        page = render_template(form, problem={"title": title, "detail": detail, **members})
        answer = Response(page, status)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    elif status == HTTPStatus.TOO_MANY_REQUESTS:
        answer.headers["Retry-After"] = str(RETRY_AFTER_GUESSING)
    return answer
