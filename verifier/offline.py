"""The page that checks a printed code in the browser, its service worker, and the public keys that it remembers.

The claim never comes here: it stands behind the # of an address, and the page has no form. What comes here is the DID
of an issuer, so that its public keys can be looked up, through the same door as everything else.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, json, render_template, request

from credentials import compact_claim, timestamps
from credentials.compact_claim.signing import ALGORITHMS
from credentials.did import DidResolver, VerificationMethod, methods_for
from verifier.problems import RequestNotUnderstood
from verifier.views import judge

offline = Blueprint("offline", __name__)

#: As long as the DID in a compact claim may be.
_MAX_DID = 400


@offline.get("/verify/offline")
def page() -> str:
    """Show the page; it works in the browser alone, and without a network once it was loaded."""
    return render_template("verifier/offline.html")


@offline.get("/verify/offline-worker.js")
def worker() -> Response:
    """Serve the service worker from here: a worker may only work for pages beside or below itself."""
    return current_app.send_static_file("js/offline-worker.js")


@offline.get("/api/v1/verify/issuer-keys")
def issuer_keys() -> Response:
    """Return the public keys with which `?issuer=`, a DID, vouches today, for a browser to remember.

    The answer: `issuer`, `asOf` (when they were looked up) and `keys`, each with `hint` (as a compact claim names it),
    `algorithm`, `jwk`, and `revoked` and `expires` where the issuer says so. Keys that a compact claim cannot be signed
    with are left out.
    """
    did = request.args.get("issuer", "")
    if not did.startswith("did:") or len(did) > _MAX_DID:
        raise RequestNotUnderstood("The request does not name an issuer by its DID.")
    now = judge().clock()
    methods = methods_for(DidResolver(judge().fetcher, now=now).resolve(did), "assertionMethod")
    keys = [_key(method) for method in methods.values() if method.public_key.algorithm in ALGORITHMS]
    answer = {"issuer": did, "asOf": timestamps.format(now), "keys": keys}
    return Response(json.dumps(answer), content_type="application/json")


def _key(method: VerificationMethod) -> dict[str, Any]:
    key = method.public_key
    times = {"revoked": method.revoked, "expires": method.expires}
    return {
        "hint": compact_claim.key_hint(key).hex(),
        "algorithm": key.algorithm,
        "jwk": key.to_jwk(),
        **{name: timestamps.format(moment) for name, moment in times.items() if moment},
    }
