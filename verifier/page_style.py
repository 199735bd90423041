"""The style of a record's page, which stands in the page itself: one request, and it can be read.

The Content-Security-Policy forbids every style in a page but the one whose SHA-256 it names (CSP Level 3, 2.3.1).
"""

from __future__ import annotations

import base64
import hashlib

from flask import Flask
from markupsafe import Markup

TEMPLATE = "record/_style.html"


def install(app: Flask) -> str:
    """Make the style known to the templates of `app` as `page_style`; return its source expression for the policy."""
    style = app.jinja_env.get_template(TEMPLATE).render()
    app.jinja_env.globals["page_style"] = Markup(style)  # noqa: S704 - our own sheet, of which the hash is taken here
    return f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"


def allowing(policy: str, source: str) -> str:
    """Return `policy` with `source` among the styles that it allows."""
    return policy.replace("style-src 'self'", f"style-src 'self' {source}")
