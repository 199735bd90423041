"""Public pages of what a record refers to: the organisation, its own skills, and the achievement that was set.

They hold definitions, never a student: who did it stands in a record only.
"""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from issuer.services import addresses, definitions, organisations
from issuer.views.site import site

organisation_pages = Blueprint("organisation_pages", __name__)


@organisation_pages.get("/o/<slug>")
def organisation(slug: str) -> ResponseReturnValue:
    """Show who an issuer says it is, and where its keys are."""
    instance = site().instance
    found = organisations.get(instance, slug)
    return render_template("issuer/organisation.html", organisation=found, did_path=f"/o/{found.slug}/did.json")
