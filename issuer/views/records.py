"""A record's public page, `/c/<id>`: what the code on the certificate opens; and the same record as JSON, PDF, picture.

The page verifies the stored bytes every time, as any stranger would, and shows only what that confirmed: the signed
notice about a withdrawal, too. As long as that cannot be signed, what the database knows stands in its place.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from credentials.verify import Report, Verdict, verify
from issuer.headers import readable_by_anyone, unlisted
from issuer.services import certificates, notices, pictures, records, tokens
from issuer.services.records import Record
from issuer.views.sharing import code, share
from issuer.views.site import site

routes = Blueprint("record_pages", __name__)

VC_JSON = "application/vc+json"
VC_JWT = "application/vc+jwt"
#: Asked for by Accept: any of these gets the signed bytes; everything else gets the page.
JSON_TYPES = (VC_JSON, "application/ld+json", "application/json")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What the database knows of a withdrawal or suspension about which no signed notice could be read."""

    date: datetime
    reason: str | None


@routes.get("/c/<id:credential_id>")
def record(credential_id: str) -> ResponseReturnValue:
    """Show the record, or hand out the signed bytes to a client that prefers JSON or a token."""
    found = records.get(site().instance, credential_id)
    chosen = request.accept_mimetypes.best_match(("text/html", *JSON_TYPES, VC_JWT), default="text/html")
    if chosen == VC_JWT:
        answer = _file(tokens.of_version(site().instance, found.version_id), VC_JWT)
    else:
        answer = _page(found) if chosen == "text/html" else _file(found.credential, chosen)
    answer.vary.add("Accept")
    answer.headers["Link"] = _alternates(found)
    return answer


@routes.get("/c/<id:credential_id>.json")
def as_json(credential_id: str) -> ResponseReturnValue:
    """Hand out the credential, byte for byte as it was signed."""
    return _file(records.get(site().instance, credential_id).credential, VC_JSON)


@routes.get("/c/<id:credential_id>.jwt")
def as_token(credential_id: str) -> ResponseReturnValue:
    """Hand out the same record as `vc+jwt`, for readers who do no JSON-LD; 404 for one that has no such form yet."""
    found = records.get(site().instance, credential_id)
    return _file(tokens.of_version(site().instance, found.version_id), VC_JWT)


@routes.get("/c/<id:credential_id>/standing")
def standing(credential_id: str) -> ResponseReturnValue:
    """Hand out the signed notice about a record that was withdrawn, suspended or corrected; 404 for one that stands."""
    return _file(notices.published(site().instance, credential_id), VC_JSON)


@routes.get("/c/<id:credential_id>.pdf")
def as_pdf(credential_id: str) -> ResponseReturnValue:
    """Hand out the certificate, with the signed credential inside."""
    found = records.get(site().instance, credential_id)
    answer = _file(certificates.certificate(site().instance, found.id), "application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="certificate-{found.human_code.lower()}.pdf"'
    return answer


@routes.get("/c/<id:credential_id>.png")
def as_picture(credential_id: str) -> ResponseReturnValue:
    """Hand out a picture of the certificate for link previews; none of a record that no longer stands."""
    found = records.get(site().instance, credential_id)
    if found.state != "valid":
        abort(404)
    return _file(pictures.of_record(site().instance, found.id), "image/png")


@routes.get("/c/<id:credential_id>/qr.svg")
def as_code(credential_id: str) -> ResponseReturnValue:
    """Hand out the QR code of the record's address, for a résumé; none of a record that no longer stands."""
    found = records.get(site().instance, credential_id)
    if found.state != "valid":
        abort(404)
    return _file(code(found.url), "image/svg+xml")


def judged(found: Record) -> Report:
    """Verify the stored bytes now, the way a stranger would.

    A suspension and a withdrawal set the same bit of the public list (Open Badges 3.0 allows one status). Which of the
    two it is says the signed notice; where it cannot be signed now, it is known here all the same.
    """
    instance = site().instance
    report = verify(found.credential, fetcher=site().fetcher, now=instance.clock(), policy=site().policy)
    if report.verdict is not Verdict.WITHDRAWN or found.state != "suspended":
        return report
    reasons = tuple(Verdict.SUSPENDED if reason is Verdict.WITHDRAWN else reason for reason in report.reasons)
    return replace(report, verdict=Verdict.SUSPENDED, headline=Verdict.SUSPENDED.sentence, reasons=reasons)


def _alternates(found: Record) -> str:
    """The other forms of the record, for clients that read no HTML (RFC 8288)."""
    forms = [(".json", VC_JSON), *([(".jwt", VC_JWT)] if tokens.exists(site().instance, found.version_id) else [])]
    return ", ".join(f'</c/{found.id}{ending}>; rel="alternate"; type="{kind}"' for ending, kind in forms)


def _page(found: Record) -> AnyResponse:
    report = judged(found)
    unsaid = found.state != "valid" and report.notice is None
    withdrawal = Withdrawal(found.state_changed_at, found.reason) if unsaid else None
    html = render_template(
        "issuer/record.html",
        report=report,
        withdrawal=withdrawal if report.verdict in (Verdict.WITHDRAWN, Verdict.SUSPENDED) else None,
        record_page=True,
        check_again=f"/c/{found.id}",
        record={
            "url": found.url,
            "path": f"/c/{found.id}",
            "token": tokens.exists(site().instance, found.version_id),
        },
        share=share(report, record_id=found.id, record_url=found.url),
    )
    answer = make_response(html)
    answer.headers["Cache-Control"] = "private, no-store"
    return unlisted(answer)


def _file(body: bytes, mimetype: str) -> AnyResponse:
    """Return bytes that never change, but only as long as the record is published: kept, and asked about each time."""
    answer = Response(body, mimetype=mimetype)
    answer.set_etag(hashlib.sha256(body).hexdigest()[:32])
    answer.headers["Cache-Control"] = "private, no-cache"
    return readable_by_anyone(unlisted(answer.make_conditional(request)))
