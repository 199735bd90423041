"""What other people's software fetches: DID documents, status lists, contexts and schemas. Bytes only, no page.

Every document may be read by a script of any origin: a verifier that runs in somebody's browser is as good as ours.
"""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

import schemas
from credentials.model import CREDENTIAL_SCHEMA, EXTENSION_CONTEXT
from credentials.record import SCHEMA as COMPLETION_SCHEMA
from issuer.headers import readable_by_anyone
from issuer.services import did_history, records, status
from issuer.views.site import site

routes = Blueprint("wellknown", __name__)

#: A verifier's cache may be this old (seconds): after a key is retired, or a record withdrawn, everybody knows by then.
DID_TTL = 300
STATUS_TTL = status.TTL_MS // 1000
FOR_EVER = 31_536_000
VC_JSON, VC_JWT = "application/vc+json", "application/vc+jwt"
PUBLISHED_SCHEMAS = {"completion": COMPLETION_SCHEMA, "credential": CREDENTIAL_SCHEMA}


@routes.get("/.well-known/did.json")
def own_did_document() -> ResponseReturnValue:
    """Serve the DID document of the installation itself, `did:web:<host>`, which lists no key."""
    return document(records.did_document(site().instance, None), "application/did+json", DID_TTL)


@routes.get("/o/<slug:slug>/did.json")
def did_document(slug: str) -> ResponseReturnValue:
    """Serve an organisation's DID document (did:web), retired keys included."""
    return document(records.did_document(site().instance, slug), "application/did+json", DID_TTL)


@routes.get("/o/<slug:slug>/did.jsonl")
def did_log(slug: str) -> ResponseReturnValue:
    """Serve an organisation's did:webvh log, where one was published; 404 otherwise."""
    return document(did_history.published(site().instance, slug), "text/jsonl", DID_TTL)


@routes.get("/status/<id:list_id>")
def status_list(list_id: str) -> ResponseReturnValue:
    """Serve a signed status list (Bitstring Status List 1.0); nothing in the request says whose status is asked for.

    It comes with its proof inside, or as `vc+jwt` to a client that prefers it.
    """
    chosen = request.accept_mimetypes.best_match((VC_JSON, VC_JWT), default=VC_JSON)
    make = status.published_token if chosen == VC_JWT else status.published
    answer = document(make(site().instance, list_id), chosen, STATUS_TTL)
    answer.vary.add("Accept")
    return answer


@routes.get("/contexts/plaudit/v1")
def context() -> ResponseReturnValue:
    """Serve our extension context: the same bytes for ever."""
    return document(pinned(EXTENSION_CONTEXT), "application/ld+json", FOR_EVER)


@routes.get("/schemas/<name>/v1.json")
def schema(name: str) -> ResponseReturnValue:
    """Serve the JSON Schema of a completion record, or of a credential made from one."""
    address = PUBLISHED_SCHEMAS.get(name)
    if address is None:
        abort(404)
    return document(pinned(address), "application/schema+json", FOR_EVER)


def pinned(url: str) -> bytes:
    """Return the pinned file of exactly this URL, byte for byte, so that its hash is the one in the manifest."""
    row = next(row for row in schemas.rows() if row.url == url)
    data = (schemas.FOLDER / row.file).read_bytes()
    if hashlib.sha256(data).hexdigest() != row.sha256:
        raise schemas.SchemaIntegrityError(f"schemas/{row.file} is not the pinned file")
    return data


def document(body: bytes, mimetype: str, seconds: int) -> AnyResponse:
    """Return `body` for any reader, cacheable for `seconds`, with a strong ETag so that a second fetch is short."""
    response = Response(body, mimetype=mimetype)
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    return readable_by_anyone(response.make_conditional(request))
