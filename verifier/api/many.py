"""`POST /api/v1/verify/batch` and `/resume`: take many things out of one request. They decide nothing."""

from __future__ import annotations

from flask import Blueprint, Response, request

from verifier import receiving, tables
from verifier.api import catalogue
from verifier.api.answers import as_json
from verifier.api.operations import described
from verifier.batch import answering, taking
from verifier.batch.taking import Batch
from verifier.config import MAX_ARCHIVE
from verifier.current import together
from verifier.problems import NotRecognised
from verifier.resume import claims
from verifier.resume.taking import leads_in

many = Blueprint("api_many", __name__)


@many.post("/api/v1/verify/batch")
@described(catalogue.BATCH)
def batch() -> Response:
    """Check `{"items": […]}`, a ZIP archive, lines of text, or a form; answers JSON, or CSV if that is asked for."""
    answer = answering.check(_batch(), together())
    if request.accept_mimetypes.best_match(["application/json", "text/csv"]) == "text/csv":
        return Response(tables.as_csv(answer.rows), content_type="text/csv; charset=utf-8")
    return as_json(answer.to_json(whole=True))


@many.post("/api/v1/verify/resume")
@described(catalogue.RESUME)
def resume() -> Response:
    """Check a résumé: the PDF, picture or text as the body, or multipart/form-data with `file` or `text`."""
    form = request.mimetype == "multipart/form-data"
    data = receiving.upload() or receiving.text("text") if form else receiving.body()
    return as_json(claims.check(leads_in(data, together().judge.reader), together()).to_json())


def _batch() -> Batch:
    reader, kind = together().judge.reader, request.mimetype
    request.max_content_length = MAX_ARCHIVE + 1
    if kind == "multipart/form-data":
        return taking.from_bytes(receiving.upload() or receiving.text("credentials"), reader)
    data = receiving.body(MAX_ARCHIVE)
    if kind == "application/json":
        return taking.from_json(data)
    if kind in catalogue.ARCHIVE_TYPES or kind == "text/plain":
        return taking.from_bytes(data, reader)
    raise NotRecognised("The request's content type is not one that carries many credentials.")
