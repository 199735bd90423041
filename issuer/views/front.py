"""The front page, the health check and what search engines are told. Public, and the same for everybody."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from credentials.strict_json import dumps
from issuer.services import organisations
from issuer.views.site import site

routes = Blueprint("front", __name__)

#: Records and portfolios are for those who were given the link; the console is for members (PRV-01).
CLOSED_TO_ROBOTS = ("/c/", "/p/", "/status/", "/console", "/setup", "/login")
ROBOTS = "\n".join(("User-agent: *", *(f"Disallow: {path}" for path in CLOSED_TO_ROBOTS), ""))


@routes.get("/")
def index() -> ResponseReturnValue:
    """Say what this is; an installation with one organisation says whose it is."""
    everyone = organisations.all(site().instance)
    return render_template("issuer/front.html", organisation=everyone[0].name if len(everyone) == 1 else None)


@routes.get("/robots.txt")
def robots() -> Response:
    return Response(ROBOTS, mimetype="text/plain")


@routes.get("/healthz")
def health() -> Response:
    """Answer whether the web process can read its database: 200, or 503 through the error handler."""
    organisations.all(site().instance)
    response = Response(dumps({"status": "ok"}), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
