"""An upload on its way to records: send a file, see what was found, look at one certificate, confirm, watch.

A page here never signs: it stores the file's rows and marks the batch as confirmed; the worker process does the rest.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from credentials.strict_json import dumps
from issuer.problems import BadTable
from issuer.services import batches, pictures, records, signing
from issuer.services.batches import Batch, Progress, RowView
from issuer.services.importing import MAX_BYTES, problems_csv
from issuer.services.importing.columns import COLUMNS, Column
from issuer.views.membership import guard, here, page
from issuer.views.presented import BATCH_STATES, presented_batch, presented_record
from issuer.views.site import site

routes = Blueprint("batches", __name__, url_prefix="/console")
guard(routes)

#: Rows of one page of results; all of them are among the records.
SHOWN_ROWS = 200
EXAMPLE = Path(__file__).resolve().parent.parent / "samples" / "demo.csv"

KINDS = {
    "name": "A person's name, exactly as it should be signed",
    "line": "One line of text",
    "text": "Text",
    "email": "An e-mail address; never published",
    "url": "A web address",
    "date": "A date, best as 2026-06-16",
    "hours": "Hours, at most two decimals",
    "count": "A whole number",
    "list": "Several, separated by |",
    "yes_no": "yes or no",
    "language": "A language tag such as en",
}


class UploadForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """Only the CSRF token: the file is read as bytes and judged by the import batches."""


@routes.get("/upload")
def upload() -> ResponseReturnValue:
    """Show the upload form."""
    return _upload_page()


@routes.post("/upload")
def receive() -> ResponseReturnValue:
    """Store what the file holds as a draft, or say why it cannot be read."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _upload_page(BadTable("No file was chosen.", remedy="Choose a file first."), 422)
    who = here()
    try:
        batch = batches.create(site().instance, who.organisation, file.read(), file.filename, actor=who.actor)
    except BadTable as error:
        return _upload_page(error, error.status_hint)
    return redirect(f"/console/batches/{batch.id}", 303)


@routes.get("/batches/<id:batch_id>")
def show(batch_id: str) -> ResponseReturnValue:
    """Show a batch in whichever state it is."""
    batch = _mine(batch_id)
    progress = batches.progress(site().instance, batch.id)
    rows = batches.rows(site().instance, batch.id) if BATCH_STATES[batch.state][0] in ("checked", "done") else []
    running = BATCH_STATES[batch.state][0] == "running"
    obstacle = signing.obstacle(site().instance, here().organisation.did) if running else None
    details = _details(batch, progress, rows)
    return page("issuer/batch.html", here="console", batch=presented_batch(batch), obstacle=obstacle, **details)


@routes.get("/batches/<id:batch_id>/preview.png")
def preview(batch_id: str) -> ResponseReturnValue:
    """Show one certificate of a draft as a picture, drawn from a credential that nobody has signed."""
    unsigned = batches.preview(site().instance, batch_id, organisation_id=here().organisation.id)
    return Response(pictures.of_unsigned(site().instance, unsigned), mimetype="image/png")


@routes.get("/batches/<id:batch_id>/problems.csv")
def problems(batch_id: str) -> ResponseReturnValue:
    """Hand the list of problems out as a file that is safe to open in a spreadsheet program (CSV-01)."""
    report = _mine(batch_id).report
    response = Response(problems_csv((*report.problems, *report.warnings)), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="problems.csv"'
    return response


@routes.post("/batches/<id:batch_id>/confirm")
def confirm(batch_id: str) -> ResponseReturnValue:
    """Say yes: from here on the worker signs and publishes. While nothing can be signed, nothing is accepted."""
    who = here()
    hindrance = signing.obstacle(site().instance, who.organisation.did)
    if hindrance is not None:
        raise hindrance
    batches.confirm(
        site().instance,
        batch_id,
        actor=who.actor,
        include_held=request.form.get("include_held") == "yes",
        organisation_id=who.organisation.id,
    )
    return redirect(f"/console/batches/{batch_id}", 303)


@routes.post("/batches/<id:batch_id>/discard")
def discard(batch_id: str) -> ResponseReturnValue:
    """Put a draft away; nothing was issued from it."""
    who = here()
    batch = batches.cancel(site().instance, batch_id, actor=who.actor, organisation_id=who.organisation.id)
    flash(f"{batch.filename} was discarded. Nothing was issued from it.", "good")
    return redirect("/console", 303)


@routes.get("/batches/<id:batch_id>/progress.json")
def progress(batch_id: str) -> ResponseReturnValue:
    """Say how far a batch is, for the page that watches it."""
    batch = _mine(batch_id)
    counted = batches.progress(site().instance, batch.id)
    state = BATCH_STATES[counted.state][0]
    return Response(dumps({"state": state} | _counts(batch, counted)), mimetype="application/json")


@routes.get("/example.csv")
def example() -> ResponseReturnValue:
    """Hand out an example file with every column."""
    response = Response(EXAMPLE.read_bytes(), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="completions-example.csv"'
    return response


def _mine(batch_id: str) -> Batch:
    return batches.get(site().instance, batch_id, organisation_id=here().organisation.id)


def _upload_page(problem: BadTable | None = None, status: int = 200) -> Response:
    columns = [{"name": column.name, "needed": column.required, "meaning": _meaning(column)} for column in COLUMNS]
    limit = f"{MAX_BYTES // 1_000_000} MB"
    shown = {"form": UploadForm(), "problem": problem, "columns": columns, "limit": limit}
    return page("issuer/upload.html", status, here="upload", **shown)


def _meaning(column: Column) -> str:
    return f"One of: {', '.join(column.choices)}" if column.choices else KINDS.get(column.kind, "")


def _details(batch: Batch, progress: Progress, rows: list[RowView]) -> dict[str, Any]:
    ready = [row for row in rows if row.state == "ready"]
    held = [row for row in rows if row.state == "held"]
    issued = [row.credential_id for row in rows if row.credential_id]
    return {
        "counts": _counts(batch, progress) | {"held": len(held)},
        "problems": batch.report.problems,
        "warnings": batch.report.warnings,
        "ignored": batch.report.ignored_columns,
        "sample_name": next((row.student_name for row in (*ready, *held)), None),
        "records": [presented_record(record) for record in records.of_ids(site().instance, issued[:SHOWN_ROWS])],
        "failures": [row for row in rows if row.state == "failed"],
    }


def _counts(batch: Batch, progress: Progress) -> dict[str, int]:
    bad = len({problem.row for problem in batch.report.problems})
    done = progress.issued + progress.failed
    return {
        "total": progress.total,
        "rows": batch.report.rows,
        "bad": bad,
        "issued": progress.issued,
        "failed": progress.failed,
        "done": done,
    }
