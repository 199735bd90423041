"""Public pages of what a record refers to: the organisation, its own skills, and the achievement that was set.

They hold definitions, never a student: who did it stands in a record only.
"""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from issuer.services import organisations, projects
from issuer.views.site import site

routes = Blueprint("organisation_pages", __name__)


@routes.get("/o/<slug:slug>")
def organisation(slug: str) -> ResponseReturnValue:
    """Show who an issuer says it is, and where its keys are."""
    return render_template("issuer/organisation.html", organisation=organisations.get(site().instance, slug))


@routes.get("/a/<id:project_id>")
def achievement(project_id: str) -> ResponseReturnValue:
    """Show what had to be done: `achievement.id` of every record of the project."""
    found = projects.get(site().instance, project_id)
    content = found.content
    return render_template(
        "issuer/achievement.html",
        organisation=found.organisation,
        project=content,
        skills=[(skill["name"], skill.get("url")) for skill in content["skills"]],
        language=content["language"],
    )


@routes.get("/o/<slug:slug>/skills/<skill:key>")
def skill(slug: str, key: str) -> ResponseReturnValue:
    """Show what an employer means by a skill: where the alignment of a record points when no framework has it."""
    found = projects.skill(site().instance, slug, key)
    return render_template("issuer/skill.html", organisation=found.organisation, skill=found)
