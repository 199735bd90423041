"""The page that checks without a server, its code and service worker, and the public keys that it remembers.

What is checked never comes here: a claim stands behind the # of an address, and the page has no form. What comes here
is the DID of an issuer, so that its public keys can be looked up, through the same door as everything else.
"""

from __future__ import annotations

from flask import Blueprint, Response, current_app, json, render_template, request

from verifier.api import catalogue
from verifier.api.operations import described
from verifier.bundling import bundle, integrity
from verifier.current import judge
from verifier.issuer_keys import known_keys
from verifier.problems import RequestNotUnderstood

offline = Blueprint("offline", __name__)

#: As long as the DID in a compact claim may be.
_MAX_DID = 400
#: A browser may use the component this long without asking: a day would keep a mended fault in it for a day.
_COMPONENT_SECONDS = 3_600
#: Where the service worker may stand in for a server that does not answer.
_WORKER_SCOPE = "/verify"


@offline.get("/verify/offline")
def page() -> str:
    """Show the page; it works in the browser alone, and without a network once it was loaded."""
    return render_template("verifier/offline.html")


@offline.get("/verify/offline.js")
def code() -> Response:
    """Serve all of the page's code as one module."""
    return Response(bundle("offline-verifier"), content_type="text/javascript; charset=utf-8")


@offline.get("/verify/offline-worker.js")
def worker() -> Response:
    """Serve the service worker from here: a worker may only work for pages beside or below itself, but for a header."""
    answer = current_app.send_static_file("js/offline-worker.js")
    answer.headers["Service-Worker-Allowed"] = _WORKER_SCOPE
    return answer


@offline.get("/verify/component.js")
def component() -> Response:
    """Serve `<plaudit-credential>` as one module, for pages of any site (docs/offline.md)."""
    answer = Response(bundle("component"), content_type="text/javascript; charset=utf-8")
    answer.set_etag(integrity(answer.data)[-32:])
    answer.headers["Cache-Control"] = f"public, max-age={_COMPONENT_SECONDS}"
    answer.make_conditional(request)
    return answer


@offline.get("/api/v1/verify/issuer-keys")
@described(catalogue.ISSUER_KEYS)
def issuer_keys() -> Response:
    """Return the public keys of `?issuer=`, a DID, as of now, for a browser to remember (`issuer_keys.known_keys`)."""
    did = request.args.get("issuer", "")
    if not did.startswith("did:") or len(did) > _MAX_DID:
        raise RequestNotUnderstood("The request does not name an issuer by its DID.")
    answer = known_keys(did, judge().fetcher, judge().clock())
    return Response(json.dumps(answer), content_type="application/json")
