"""The page for many at once: takes the form apart, has it checked, shows the table."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from verifier import receiving, tables
from verifier.batch import answering, taking
from verifier.batch.taking import Batch
from verifier.config import MAX_ARCHIVE
from verifier.current import together

batch = Blueprint("batch", __name__)


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


def _from_form() -> Batch:
    request.max_content_length = MAX_ARCHIVE + 1
    data = receiving.upload() or receiving.text("credentials")
    return taking.from_bytes(data, together().judge.reader)
