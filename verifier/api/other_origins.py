"""Lets pages of other sites call the API and read its answers, problems included (the Fetch standard's CORS protocol).

Nothing here knows who asks: no cookie, no credentials, and so the same answer for every origin. The pages for people
are not opened; only programs' addresses are.
"""

from __future__ import annotations

from flask import Flask, Response, request

#: What other sites may read.
OPEN = ("/api/v1/", "/api/openapi.json", "/verify/component.js")
#: How long a browser remembers that it may ask; none of the engines remembers longer than a day.
MAX_AGE_SECONDS = 86_400
ALWAYS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Accept, Content-Type",
    "Access-Control-Max-Age": str(MAX_AGE_SECONDS),
}


def allow(app: Flask) -> None:
    """Answer other origins; to be called before the headers of every answer are set, which these take precedence of."""

    @app.before_request
    def answer_preflight() -> Response | None:
        asked = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        return Response(status=204, headers=PREFLIGHT) if asked and _is_open() else None

    @app.after_request
    def open_to_all(response: Response) -> Response:
        if _is_open():
            response.headers.update(ALWAYS)
        return response


def _is_open() -> bool:
    return request.path.startswith(OPEN)
