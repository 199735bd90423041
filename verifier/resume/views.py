"""The page for résumés: takes the upload apart, has it read and checked, shows the table."""

from __future__ import annotations

from flask import Blueprint, render_template

from verifier import receiving, tables
from verifier.current import together
from verifier.resume import claims, taking
from verifier.resume.claims import Claims

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


def _checked(data: bytes) -> Claims:
    return claims.check(taking.leads_in(data, together().judge.reader), together())
