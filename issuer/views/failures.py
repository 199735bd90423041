"""Every error as the client asked for it: `application/problem+json` (RFC 9457), or a page for a person.

The only place where an exception becomes an HTTP status. What Plaudit did not foresee becomes a bare 500 that says
nothing about the inside, and one line in the log.
"""

from __future__ import annotations

import structlog
from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, NotFound

from credentials.errors import PlauditError
from credentials.strict_json import dumps
from credentials.verify.report import ERROR_PAGES

log = structlog.get_logger(__name__)

TITLES = {
    400: ("That request could not be understood", "Check the address and try again."),
    401: ("Please sign in", "Sign in, then open the page again."),
    403: ("Not allowed", "Go back, reload the page and try again."),
    404: ("There is nothing here", "Check the link for a missing or mistyped character."),
    405: ("That cannot be done here", "Go back and use the buttons of the page."),
    413: ("That is too large", "Send a smaller file."),
    415: ("That kind of content is not read here", ""),
    429: ("Too many attempts", "Wait a minute and try again."),
    500: ("Something went wrong on our side", "Nothing was changed half-way. Try again in a moment."),
    503: ("Not available just now", "Try again in a moment."),
}
#: Said for every unknown address alike, so that a guess learns nothing from the words (QRC-03, TEN-03).
NOTHING_HERE = "Nothing is published at this address."


def wants_page() -> bool:
    """Whether the client would rather read HTML than JSON. A client with no preference is a program."""
    accept = request.accept_mimetypes
    return accept.quality("text/html") > max(accept.quality("application/json"), accept.quality("application/*"))


def install(app: Flask) -> None:
    """Register the handlers on `app`."""
    app.register_error_handler(PlauditError, of_ours)
    app.register_error_handler(CSRFError, of_a_forged_form)
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(Exception, of_the_unforeseen)


def of_ours(error: PlauditError) -> Response:
    """Answer an error of the hierarchy: its own status, title, remedy and code. What is not there has one answer."""
    if error.status_hint == 404:
        return of_http(NotFound())
    problem_type = error.problem_type or ERROR_PAGES + error.code
    answer = answer_with(error.status_hint, error.title, error.detail, error.remedy, problem_type, error.code)
    if error.status_hint == 503:
        answer.headers["Retry-After"] = "5"
    return answer


def of_a_forged_form(error: CSRFError) -> Response:
    """Answer a form that did not come from a page of ours, or came too late (WEB-03)."""
    return answer_with(
        403, "This form has expired", error.description or "", "Go back, reload the page and send it again."
    )


def of_http(error: HTTPException) -> Response:
    """Answer what Werkzeug refused; redirects and ready-made responses pass through."""
    if error.response is not None and isinstance(error.response, Response):
        return error.response
    status = error.code or 500
    title, remedy = TITLES.get(status, (error.name, ""))
    answer = answer_with(status, title, NOTHING_HERE if status == 404 else "", remedy)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After", "Location"}:
            answer.headers[name] = value
    return answer


def of_the_unforeseen(error: Exception) -> Response:
    """Answer what nobody foresaw: say nothing of the inside, log it once."""
    log.error("unhandled", path=request.path, method=request.method, exc_info=error)
    title, remedy = TITLES[500]
    return answer_with(500, title, "", remedy)


def answer_with(
    status: int, title: str, detail: str, remedy: str, problem_type: str = "about:blank", code: str | None = None
) -> Response:
    """Return the error as a page or as problem details, never cached."""
    if wants_page():
        page = render_template("issuer/problem.html", status=status, title=title, detail=detail, remedy=remedy)
        answer = make_response(page, status)
    else:
        problem = {"type": problem_type, "title": title, "status": status, "detail": detail or title}
        problem |= {"instance": request.path, "code": code, "remedy": remedy}
        problem = {name: value for name, value in problem.items() if value}
        answer = Response(dumps(problem), status, mimetype="application/problem+json")
    answer.headers["Cache-Control"] = "no-store"
    answer.vary.add("Accept")
    return answer
