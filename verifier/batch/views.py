"""The page and the API for many at once: takes the request apart, has it checked, shows the table or gives it away."""

from __future__ import annotations

from flask import Blueprint, Response, json, render_template, request

from verifier import receiving, tables
from verifier.batch import answering, taking
from verifier.batch.taking import Batch
from verifier.config import MAX_ARCHIVE
from verifier.problems import NotRecognised
from verifier.views import together

batch = Blueprint("batch", __name__)

_ARCHIVE_TYPES = {"application/zip", "application/x-zip-compressed"}


@batch.get("/verify/batch")
def form() -> str:
    """Show the form."""
    return render_template("verifier/batch.html")


@batch.post("/verify/batch")
def check() -> str:
    """Check an uploaded archive or list, else the pasted lines, and show the table."""
    answer = answering.check(_from_form(), together())
    saving = tables.downloads(answer.rows, answer.to_json(whole=False))
    return render_template(
        "verifier/batch_result.html", answer=answer, saving=saving, checked_at=together().judge.clock()
    )


@batch.post("/api/v1/verify/batch")
def api() -> Response:
    """Check `{"items": […]}`, a ZIP archive, lines of text, or a form; answers JSON, or CSV if that is asked for."""
    answer = answering.check(_from_api(), together())
    if request.accept_mimetypes.best_match(["application/json", "text/csv"]) == "text/csv":
        return Response(tables.as_csv(answer.rows), content_type="text/csv; charset=utf-8")
    body = json.dumps(answer.to_json(whole=True), ensure_ascii=False)
    return Response(body, content_type="application/json")


def _from_form() -> Batch:
    request.max_content_length = MAX_ARCHIVE + 1
    data = receiving.upload() or receiving.text("credentials")
    return taking.from_bytes(data, together().judge.reader)


def _from_api() -> Batch:
    kind = request.mimetype
    if kind == "multipart/form-data":
        return _from_form()
    request.max_content_length = MAX_ARCHIVE + 1
    data = receiving.body(MAX_ARCHIVE)
    if kind == "application/json":
        return taking.from_json(data)
    if kind in _ARCHIVE_TYPES or kind == "text/plain":
        return taking.from_bytes(data, together().judge.reader)
    raise NotRecognised("The request's content type is not one that carries many credentials.")
