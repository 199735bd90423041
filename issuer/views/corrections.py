"""Correcting a record, in the console: change what is wrong, look at every difference, then confirm.

Only the third step changes anything, and from the second one a person can go back with all that was typed. What the
form has no field for (deliverables, permissions, languages) stays as it is; `plaudit correct` can change it.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, request
from flask.typing import ResponseReturnValue

from credentials.errors import PlauditError
from credentials.errors.families import WithFindings
from issuer.problems import CorrectionRefused, CorrectionUnderWay, ReasonMissing, WrongState
from issuer.services import corrections, records
from issuer.services.records import Record
from issuer.views.correction_form import CorrectionForm
from issuer.views.membership import guard, here, page
from issuer.views.presented import presented_record
from issuer.views.shapes import is_id
from issuer.views.site import site

routes = Blueprint("corrections", __name__, url_prefix="/console")
guard(routes)

#: What a person can mend in the form, or must be told.
TOLD = (WithFindings, CorrectionRefused, CorrectionUnderWay, ReasonMissing, WrongState)


@routes.route("/records/<id:credential_id>/correct", methods=["GET", "POST"])
def correct(credential_id: str) -> ResponseReturnValue:
    """Correct a record in three steps."""
    who = here()
    if not who.may_act:
        abort(403)
    found = _mine(credential_id)
    version, mapping = corrections.current(site().instance, found.id, organisation_id=who.organisation.id)
    form = CorrectionForm()
    if not form.is_submitted():
        form.fill(mapping, version)
        return _edit(found, form)
    if not form.validate() or request.form.get("step") == "edit":
        return _edit(found, form, status=422 if form.errors else 200)
    try:
        if request.form.get("step") == "confirm":
            return _confirmed(found, form, form.corrected(mapping))
        draft = corrections.preview(
            site().instance, found.id, form.corrected(mapping), form.reason.data, organisation_id=who.organisation.id
        )
    except TOLD as error:
        form.tell(error)
        return _edit(found, form, error, error.status_hint)
    return page("issuer/correct.html", here="records", record=presented_record(found), form=form, draft=draft)


def _confirmed(found: Record, form: CorrectionForm, corrected: dict[str, object]) -> ResponseReturnValue:
    who = here()
    corrections.correct(
        site().instance, found.id, corrected, form.reason.data, actor=who.actor,
        organisation_id=who.organisation.id, from_version=form.version.data,
    )  # fmt: skip
    flash("The record is corrected. Its code and address lead to the new version, and old copies say so.", "good")
    return redirect(f"/console/records/{found.id}", 303)


def _edit(found: Record, form: CorrectionForm, error: PlauditError | None = None, status: int = 200) -> Response:
    record = presented_record(found)
    return page("issuer/correct.html", status, here="records", record=record, form=form, draft=None, error=error)


def _mine(credential_id: str) -> Record:
    """Return a record of the organisation that is signed in; another's does not exist for it (TEN-01)."""
    if not is_id(credential_id):
        abort(404)
    return records.get(site().instance, credential_id, organisation_id=here().organisation.id)
