"""A record's public page, `/c/<id>`: what the code on the certificate opens; and the same record as JSON, PDF, picture.

The page verifies the stored bytes every time, as any stranger would, and shows only what that confirmed. What the
issuer alone knows (the date and reason of a withdrawal) stands beside it.
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
from issuer.services import certificates, pictures, records
from issuer.services.records import Record
from issuer.views.sharing import code, share
from issuer.views.site import site

routes = Blueprint("record_pages", __name__)

VC_JSON = "application/vc+json"
#: Asked for by Accept: any of these gets the signed bytes; everything else gets the page.
JSON_TYPES = (VC_JSON, "application/ld+json", "application/json")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What the issuer says about a withdrawal or suspension."""

    date: datetime
    reason: str | None


@routes.get("/c/<id:credential_id>")
def record(credential_id: str) -> ResponseReturnValue:
    """Show the record, or hand out the signed bytes to a client that prefers JSON."""
    found = records.get(site().instance, credential_id)
    chosen = request.accept_mimetypes.best_match(("text/html", *JSON_TYPES), default="text/html")
    answer = _page(found) if chosen == "text/html" else _file(found.credential, chosen)
    answer.vary.add("Accept")
    return answer


@routes.get("/c/<id:credential_id>.json")
def as_json(credential_id: str) -> ResponseReturnValue:
    """Hand out the credential, byte for byte as it was signed."""
    return _file(records.get(site().instance, credential_id).credential, VC_JSON)


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

    A suspension and a withdrawal set the same bit of the public list (Open Badges 3.0 allows one status); here, at the
    issuer, it is known which of the two it is.
    """
    instance = site().instance
    report = verify(found.credential, fetcher=site().fetcher, now=instance.clock())
    if report.verdict is not Verdict.WITHDRAWN or found.state != "suspended":
        return report
    reasons = tuple(Verdict.SUSPENDED if reason is Verdict.WITHDRAWN else reason for reason in report.reasons)
    return replace(report, verdict=Verdict.SUSPENDED, headline=Verdict.SUSPENDED.sentence, reasons=reasons)


def _page(found: Record) -> AnyResponse:
    report = judged(found)
    withdrawal = Withdrawal(found.state_changed_at, found.reason) if found.state != "valid" else None
    html = render_template(
        "issuer/record.html",
        report=report,
        withdrawal=withdrawal if report.verdict in (Verdict.WITHDRAWN, Verdict.SUSPENDED) else None,
        record_page=True,
        check_again=f"/c/{found.id}",
        record={"url": found.url, "path": f"/c/{found.id}"},
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
