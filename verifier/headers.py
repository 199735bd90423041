"""The security headers of every answer of the verifier, errors and static files included.

Nothing from another origin, no inline script, no inline style but one that is known by its hash, no frame, no cookie,
nothing kept by a cache, and no referrer: the address of a check may hold the address of somebody's record.
"""

from __future__ import annotations

from flask import Flask, Response, request

from verifier import page_style

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "script-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "connect-src 'self'",
    )
)
ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
TWO_YEARS = 63_072_000
#: What is the same for everybody, and says nothing of a check: these say themselves how long they may be kept.
KEPT = ("static", "help.page", "api_description.document", "offline.component")


def protect(app: Flask, *, https: bool) -> None:
    """Put the headers on every answer of `app`; `https` adds HSTS, which a plain-http site must not promise."""
    headers = dict(ALWAYS)
    headers["Content-Security-Policy"] = page_style.allowing(CONTENT_SECURITY_POLICY, page_style.install(app))
    if https:
        headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}"

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(headers)
        if request.endpoint not in KEPT or response.status_code >= 400:
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response
