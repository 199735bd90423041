"""`POST /verify/receipt` and `/api/v1/verify/receipt`: check again, and have it signed. And the key's DID document."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Flask, Response, current_app, request

from verifier import carrying, receiving
from verifier.api import catalogue
from verifier.api.one import what_was_sent
from verifier.api.operations import described
from verifier.current import judge
from verifier.judging import Judged
from verifier.receipts import making
from verifier.receipts.signer import ReceiptOffice

blueprint = Blueprint("receipts", __name__)
EXTENSION = "plaudit-receipts"
_PDF, _JSON = "application/pdf", "application/vc+json"


def install(app: Flask, makes: ReceiptOffice | None) -> None:
    """Let `app` give out receipts, if there is somebody who makes them; pages learn of it by the global `receipts`."""
    app.jinja_env.globals["receipts"] = makes is not None
    if makes is not None:
        app.extensions[EXTENSION] = makes
        app.register_blueprint(blueprint)


def office() -> ReceiptOffice:
    """Return what makes receipts in the app that is answering."""
    return cast(ReceiptOffice, current_app.extensions[EXTENSION])


@blueprint.get("/verify/did.json")
def published() -> Response:
    """Serve the public half of the verifier key, to anybody's page."""
    answer = Response(office().signer.published(), content_type="application/did+json")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@blueprint.post("/verify/receipt")
def page() -> Response:
    """Check what a form holds once more, and hand out the receipt: a PDF, or JSON with `format=json`."""
    return _answer(_sent(), pdf=request.form.get("format") != "json")


@blueprint.post("/api/v1/verify/receipt")
@described(catalogue.RECEIPT)
def api() -> Response:
    """Check one credential and return the signed receipt as JSON, or as a PDF where that is asked for."""
    judged = what_was_sent()
    return _answer(judged, pdf=request.accept_mimetypes.best_match([_JSON, _PDF]) == _PDF)


def _sent() -> Judged:
    """Judge what the form holds: what a page of results carries, a file, or text."""
    if "carried" in request.form:
        return judge().handed_in(carrying.unpack(request.form["carried"]))
    upload = receiving.upload()
    return judge().handed_in(upload) if upload else judge().pasted(receiving.typed())


def _answer(judged: Judged, *, pdf: bool) -> Response:
    signed = making.receipt(judged, office())
    body = making.printed(signed, office()) if pdf else signed
    answer = Response(body, content_type=_PDF if pdf else _JSON)
    day = judged.report.checked_at.date().isoformat()
    name = f"receipt-{day}.{'pdf' if pdf else 'json'}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
