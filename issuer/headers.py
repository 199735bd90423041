"""The security headers of every response of the issuer's pages, errors and static files included.

One policy for the whole site, because a page that needs an exception is a page that can be attacked. It decides
nothing about caching: that belongs to the view, which knows what it serves.
"""

from __future__ import annotations

from flask import Flask, Response
from werkzeug.wrappers import Response as AnyResponse

from issuer import page_style

#: No inline script, no inline style but one that is known by its hash (`page_style`), no frame, no plug-in, nothing
#: from another origin (ASVS 5.0 V3.4).
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": the CSRF check of a form posted over https reads the referrer of our own origin.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
TWO_YEARS = 63_072_000


def protect(app: Flask, *, https: bool) -> None:
    """Put the headers on every answer of `app`; `https` adds HSTS, which a plain-http site must not promise."""
    headers = dict(ALWAYS)
    headers["Content-Security-Policy"] = page_style.allowing(CONTENT_SECURITY_POLICY, page_style.install(app))
    if https:
        headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}"

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(headers)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


def readable_by_anyone(response: AnyResponse) -> AnyResponse:
    """Let scripts of other origins read `response`: for documents that any verifier in any browser must fetch."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def unlisted(response: AnyResponse) -> AnyResponse:
    """Ask every search engine to leave `response` out: it is for people who were given its link."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
