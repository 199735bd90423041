"""The first-run page: makes the organisation and its first owner, once, for whoever holds the set-up token.

After the first account it no longer exists (404). When the organisation was already made on the command line, only
the owner is asked for.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, StringField, TextAreaField, URLField
from wtforms.validators import EqualTo, InputRequired, Length, Optional

from credentials.errors import PlauditError
from issuer import auth
from issuer.services import accounts, organisations
from issuer.services.organisations import Organisation
from issuer.views.site import site

routes = Blueprint("setup", __name__)

NEEDED = "Please fill this in."


class OwnerForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """Who signs in first."""

    token = HiddenField()
    owner_name = StringField("Your name", [InputRequired(NEEDED), Length(max=200)])
    email = EmailField("Your e-mail address", [InputRequired(NEEDED), Length(max=254)])
    password = PasswordField(
        "Password",
        [InputRequired(NEEDED), Length(auth.SHORTEST_PASSWORD, 200, "Use at least %(min)d characters.")],
        render_kw={"autocomplete": "new-password"},
    )
    password_again = PasswordField(
        "Password again",
        [InputRequired(NEEDED), EqualTo("password", "The two are not the same.")],
        render_kw={"autocomplete": "new-password"},
    )


class SetupForm(OwnerForm):
    """The organisation and who signs in first."""

    name = StringField("Name", [InputRequired(NEEDED), Length(max=200)])
    legal_name = StringField("Legal name", [Optional(), Length(max=200)])
    slug = StringField("Short name", [InputRequired(NEEDED), Length(max=40)])
    url = URLField("Website", [InputRequired(NEEDED), Length(max=500)], render_kw={"placeholder": "https://"})
    description = TextAreaField("What the organisation does", [Optional(), Length(max=2000)])


#: Which field a service's error is about.
FIELDS = {"/name": "name", "/legal_name": "legal_name", "/url": "url", "/domain": "url", "/email": "email"}


@routes.route("/setup", methods=["GET", "POST"])
def first_run() -> ResponseReturnValue:
    """Show the form to whoever holds the token; make organisation and owner from a good one."""
    instance = site().instance
    if not accounts.needs_first_owner(instance):
        abort(404)
    if not auth.is_setup_token(instance, request.values.get("token", "")):
        return render_template("issuer/setup_link.html"), 403
    existing = organisations.all(instance)
    form = (OwnerForm if existing else SetupForm)(token=request.values["token"])
    if form.validate_on_submit() and _make(form, existing):
        flash("Your organisation is ready. Sign in with the address and password that you have just chosen.", "good")
        return redirect("/login")
    status = 422 if form.is_submitted() else 200
    page = render_template(
        "issuer/setup.html", form=form, organisation=existing[0] if existing else None, address=site().base_url
    )
    return page, status


def _make(form: OwnerForm, existing: list[Organisation]) -> bool:
    """Make what the form says; put what a service refuses beside the field that it is about."""
    instance = site().instance
    try:
        accounts.normalise_email(form.email.data)
        organisation = existing[0] if existing else _organisation(form)
        accounts.create_first_owner(
            instance,
            email=form.email.data,
            name=form.owner_name.data,
            password_hash=auth.hashed(form.password.data),
            organisation_id=organisation.id,
        )
    except PlauditError as error:
        field = "slug" if "slug" in error.code else FIELDS.get(error.pointer or "")
        if field is None or field not in form:
            raise
        form[field].errors = [*form[field].errors, f"{error.detail[:1].upper()}{error.detail[1:]}. {error.remedy}"]
        return False
    return True


def _organisation(form: OwnerForm) -> Organisation:
    url = form.url.data.strip()
    if "://" not in url:
        url = f"https://{url}"
    return organisations.create(
        site().instance,
        slug=form.slug.data.strip(),
        name=form.name.data,
        legal_name=form.legal_name.data or "",
        domain=(urlsplit(url).hostname or "").removeprefix("www."),
        url=url,
        description=form.description.data or "",
    )
