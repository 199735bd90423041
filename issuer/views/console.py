"""The console for members: what was uploaded, what was issued, and withdrawing a record.

Withdrawing takes two steps: a reason, then a look at what everybody will read. Only the second changes anything.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from issuer.services import batches, records, revocation, versions
from issuer.services.records import Record
from issuer.views.membership import guard, here, page
from issuer.views.presented import presented_batch, presented_record
from issuer.views.shapes import is_id
from issuer.views.site import site

routes = Blueprint("console", __name__, url_prefix="/console")
guard(routes)

RECENT_BATCHES, RECENT_RECORDS, PAGE = 8, 8, 50


class ReasonForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """Why a record is withdrawn or suspended: public."""

    reason = TextAreaField(
        "Public reason",
        [
            DataRequired("Please give a reason: people who check the record will read it."),
            Length(max=revocation.MAX_REASON, message="Please keep it under %(max)d characters."),
        ],
        filters=[lambda text: " ".join((text or "").split())],
        render_kw={"maxlength": revocation.MAX_REASON, "rows": 3},
    )


@routes.get("")
def overview() -> ResponseReturnValue:
    """Show the newest uploads and records."""
    instance, owner = site().instance, here().organisation
    uploads = [presented_batch(batch) for batch in batches.list_recent(instance, owner.id, limit=RECENT_BATCHES)]
    newest = [presented_record(record) for record in records.list_recent(instance, owner.id, limit=RECENT_RECORDS)]
    return page("issuer/console.html", here="console", batches=uploads, records=newest)


@routes.get("/records")
def all_records() -> ResponseReturnValue:
    """Show every record, newest first, a page at a time; `before` is the last id of the page before."""
    instance, owner = site().instance, here().organisation
    last = request.args.get("before")
    before = _mine(last) if last else None
    found = records.list_recent(instance, owner.id, limit=PAGE + 1, before=before)
    older = f"/console/records?before={found[PAGE - 1].id}" if len(found) > PAGE else None
    shown = [presented_record(record) for record in found[:PAGE]]
    return page("issuer/records.html", here="records", records=shown, older=older, first_page=before is None)


@routes.get("/records/<id:credential_id>")
def one_record(credential_id: str) -> ResponseReturnValue:
    """Show one record and what can be done with it."""
    found = _mine(credential_id)
    history = records.history(site().instance, found.id)
    corrected = [version.correction for version in versions.of(site().instance, found.id) if version.correction]
    record = presented_record(found)
    return page("issuer/record_admin.html", here="records", record=record, history=history, corrections=corrected)


@routes.route("/records/<id:credential_id>/withdraw", methods=["GET", "POST"])
def withdraw(credential_id: str) -> ResponseReturnValue:
    """Withdraw a record for good, in two steps."""
    return _take_back(_mine(credential_id), "withdraw")


@routes.route("/records/<id:credential_id>/suspend", methods=["GET", "POST"])
def suspend(credential_id: str) -> ResponseReturnValue:
    """Withdraw a record for a time, in two steps."""
    return _take_back(_mine(credential_id), "suspend")


@routes.post("/records/<id:credential_id>/restore")
def restore(credential_id: str) -> ResponseReturnValue:
    """Give a suspended record back."""
    who = here()
    revocation.unsuspend(site().instance, credential_id, actor=who.actor, organisation_id=who.organisation.id)
    flash("The record is restored: whoever checks it now sees that it is valid.", "good")
    return redirect(f"/console/records/{credential_id}", 303)


def _take_back(found: Record, action: str) -> ResponseReturnValue:
    who = here()
    if not who.may_act:
        abort(403)
    form = ReasonForm()
    if not form.validate_on_submit():
        return _reason_page(found, action, form, "reason", 422 if form.is_submitted() else 200)
    if request.form.get("step") != "confirm":
        return _reason_page(found, action, form, "confirm")
    change = revocation.revoke if action == "withdraw" else revocation.suspend
    change(site().instance, found.id, form.reason.data, actor=who.actor, organisation_id=who.organisation.id)
    done = "withdrawn" if action == "withdraw" else "suspended"
    flash(f"The record is {done}. Whoever checks it now sees that, and your reason.", "good")
    return redirect(f"/console/records/{found.id}", 303)


def _reason_page(found: Record, action: str, form: ReasonForm, step: str, status: int = 200) -> Response:
    record = presented_record(found)
    return page("issuer/withdraw.html", status, here="records", record=record, action=action, form=form, step=step)


def _mine(credential_id: str) -> Record:
    """Return a record of the organisation that is signed in; another's does not exist for it (TEN-01)."""
    if not is_id(credential_id):
        abort(404)
    return records.get(site().instance, credential_id, organisation_id=here().organisation.id)
