"""Looks up projects and skills: the pages that a credential's achievement and alignments point at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

import issuer.db.tables as tables
from credentials import strict_json
from issuer.db.engine import reading
from issuer.instance import Instance
from issuer.problems import NotFound
from issuer.services import addresses, organisations
from issuer.services.organisations import Organisation


@dataclass(frozen=True, slots=True)
class ProjectView:
    """What had to be done. `content`: title, description, criteria, skills, tools, language (completion schema)."""

    id: str
    organisation: Organisation
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SkillView:
    """A skill as the employer names it, and the projects that needed it."""

    name: str
    organisation: Organisation
    projects: tuple[ProjectView, ...]


def get(instance: Instance, project_id: str) -> ProjectView:
    """Return a project that something was issued for. Raises `NotFound`: a mere upload makes nothing public."""
    table, completion, credential = tables.Project, tables.Completion, tables.Credential
    issued = (
        select(credential.id)
        .join(completion, completion.id == credential.completion_id)
        .where(completion.project_id == project_id)
        .exists()
    )
    with reading(instance.engine) as connection:
        row = connection.execute(
            select(table.organisation_id, table.content).where(table.id == project_id, issued)
        ).first()
    if row is None:
        raise NotFound("there is no such project")
    owner = organisations.by_id(instance, row.organisation_id)
    return ProjectView(project_id, owner, strict_json.loads_object(row.content.encode()))


def skill(instance: Instance, slug: str, key: str) -> SkillView:
    """Return the skill whose key stands in `addresses.skill_url`. Raises `NotFound`."""
    owner = organisations.get(instance, slug)
    named: dict[str, str] = {}
    found = []
    for project in _issued(instance, owner):
        for one in project.content["skills"]:
            if addresses.skill_key(one["name"]) == key:
                named.setdefault(key, one["name"])
                found.append(project)
                break
    if not found:
        raise NotFound("there is no such skill")
    return SkillView(named[key], owner, tuple(found))


def _issued(instance: Instance, owner: Organisation) -> list[ProjectView]:
    table, completion, credential = tables.Project, tables.Completion, tables.Credential
    with reading(instance.engine) as connection:
        rows = connection.execute(
            select(table.id, table.content)
            .where(
                table.organisation_id == owner.id,
                table.id.in_(select(completion.project_id).join(credential, credential.completion_id == completion.id)),
            )
            .order_by(table.created_at, table.id)
        ).all()
    return [ProjectView(row.id, owner, strict_json.loads_object(row.content.encode())) for row in rows]
