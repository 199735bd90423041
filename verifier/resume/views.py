"""The page and the API for résumés: takes the upload apart, has it read and checked, shows the table."""

from __future__ import annotations

from flask import Blueprint, Response, json, render_template, request

from verifier import receiving, tables
from verifier.resume import claims, taking
from verifier.resume.claims import Claims
from verifier.views import together

resume = Blueprint("resume", __name__)


@resume.get("/verify/resume")
def form() -> str:
    """Show the form."""
    return render_template("verifier/resume.html")


@resume.post("/verify/resume")
def check() -> str:
    """Check an uploaded résumé, else the pasted text, and show the table."""
    found = _checked(receiving.upload() or receiving.text("text"))
    saving = tables.downloads(found.rows, found.to_json())
    return render_template("verifier/claims.html", claims=found, saving=saving, checked_at=together().judge.clock())


@resume.post("/api/v1/verify/resume")
def api() -> Response:
    """Check a résumé: the PDF, picture or text as the body, or multipart/form-data with `file` or `text`."""
    if request.mimetype == "multipart/form-data":
        data = receiving.upload() or receiving.text("text")
    else:
        data = receiving.body()
    body = json.dumps(_checked(data).to_json(), ensure_ascii=False)
    return Response(body, content_type="application/json")


def _checked(data: bytes) -> Claims:
    return claims.check(taking.leads_in(data, together().judge.reader), together())
