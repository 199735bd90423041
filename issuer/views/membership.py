"""Who is asking, and what they may do in the console: one guard in front of every console page, written once.

A page of the console cannot forget it, because it stands on the blueprint and not on the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

from issuer.services import accounts
from issuer.services.organisations import Organisation
from issuer.views import failures
from issuer.views.site import site

#: Roles that may issue, withdraw and discard; a viewer may only look.
ACTING_ROLES = frozenset({"owner", "approver"})
READING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Here:
    """The person who is signed in, and the organisation that they act for."""

    user_id: int
    organisation: Organisation
    role: str

    @property
    def actor(self) -> str:
        """How the audit names this person: never by e-mail address."""
        return f"user {self.user_id}"

    @property
    def may_act(self) -> bool:
        return self.role in ACTING_ROLES


def guard(blueprint: Blueprint) -> None:
    """Let only members through to `blueprint`, and only acting ones to anything that changes something."""
    blueprint.before_request(_admit)
    blueprint.after_request(_keep_private)


def here() -> Here:
    """Return who is asking. Only within a guarded blueprint."""
    who: Here = g.here
    return who


def page(template: str, status: int = 200, **context: Any) -> Response:
    """Render a console page: signed in, under the organisation's name."""
    who = here()
    frame = {"signed_in": True, "home": "/console", "brand": who.organisation.name, "may_act": who.may_act}
    return make_response(render_template(template, **frame, **context), status)


def _admit() -> ResponseReturnValue | None:
    if not current_user.is_authenticated:
        return _to_sign_in()
    memberships = accounts.memberships(site().instance, current_user.id)
    if not memberships:
        abort(403)
    organisation, role = memberships[0]
    g.here = Here(current_user.id, organisation, role)
    if request.method not in READING and not g.here.may_act:
        abort(403)
    return None


def _to_sign_in() -> ResponseReturnValue:
    if request.method not in READING or not failures.wants_page():
        abort(401)
    return redirect(f"/login?next={request.path}")


def _keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response
