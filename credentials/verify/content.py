"""The content of a verified credential as typed fields for display. Reading only: every string comes from the document.

`VerifiedCredential` can be made by the verifier alone (`seal`); pages and certificates take one instead of a document,
so what they show was signed. A field whose place in the document is missing or has another shape is None or empty:
display never guesses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from credentials import errors, timestamps, vcdm
from credentials.did import domain_of

_SEAL = object()


@dataclass(frozen=True, slots=True)
class Deliverable:
    """One thing handed over. `url` None: the work is private. `digest` is an SRI expression."""

    title: str
    kind: str | None
    url: str | None
    digest: str | None


@dataclass(frozen=True, slots=True, init=False, eq=False)
class VerifiedCredential:
    """What a confirmed credential says. Dates are "YYYY-MM-DD" as signed; `valid_from` and `valid_until` are moments.

    `issuer_name` is the issuer's own word for itself; `issuer_domain` is what the DID proves, None for did:key.
    """

    document: Mapping[str, Any]
    id: str | None
    issuer_name: str | None
    issuer_did: str
    issuer_domain: str | None
    issuer_url: str | None
    student_name: str | None
    title: str | None
    description: str | None
    criteria: str | None
    role: str | None
    hours: str | None
    hours_source: str | None
    start: str | None
    end: str | None
    awarded: str | None
    engagement_kind: str | None
    mode: str | None
    team_size: int | None
    outcome: str | None
    skills: tuple[tuple[str, str | None], ...]
    tools: tuple[str, ...]
    deliverables: tuple[Deliverable, ...]
    supervisor_name: str | None
    supervisor_title: str | None
    comment: str | None
    ai_use: str | None
    language: str | None
    human_code: str | None
    valid_from: datetime | None
    valid_until: datetime | None

    def __init__(self, seal: object, document: Mapping[str, Any]) -> None:
        if seal is not _SEAL:
            raise TypeError("only the verifier makes a VerifiedCredential")
        values = _read(document)
        object.__setattr__(self, "document", document)
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def to_json(self) -> dict[str, Any]:
        """The display fields, without the document itself; empty ones are left out."""
        members: dict[str, Any] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if item.name != "document" and value not in (None, ()):
                members[_camel(item.name)] = _plain(value)
        return members


def seal(document: Mapping[str, Any]) -> VerifiedCredential:
    """For the verifier, after signature and issuer were confirmed. Raises `errors.PlauditError` on nothing it reads."""
    return VerifiedCredential(_SEAL, document)


def _read(document: Mapping[str, Any]) -> dict[str, Any]:
    issuer = _object(document.get("issuer"))
    subject = _object(document.get("credentialSubject"))
    issuer_id = vcdm.issuer_id(document) or ""
    return {
        "id": _text(document.get("id")),
        "issuer_name": _text(issuer.get("name")),
        "issuer_did": issuer_id,
        "issuer_domain": domain_of(issuer_id),
        "issuer_url": _text(issuer.get("url")),
        "supervisor_name": _text(issuer.get("official")),
        "supervisor_title": _text(issuer.get("officialTitle")),
        "awarded": _day(document.get("awardedDate")),
        "valid_from": _moment(document.get("validFrom")),
        "valid_until": _moment(document.get("validUntil")),
        "deliverables": _deliverables(document),
        **_read_subject(subject),
        **_read_achievement(_object(subject.get("achievement"))),
        **_read_results(subject),
    }


def _read_subject(subject: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "student_name": _student_name(subject),
        "role": _text(subject.get("role")),
        "start": _day(subject.get("activityStartDate")),
        "end": _day(subject.get("activityEndDate")),
        "engagement_kind": _text(subject.get("engagementKind")),
        "mode": _text(subject.get("workMode")),
        "team_size": _count(subject.get("teamSize")),
        "comment": _text(subject.get("employerComment")),
        "ai_use": _text(subject.get("aiUse")),
    }


def _read_achievement(achievement: Mapping[str, Any]) -> dict[str, Any]:
    skills = [
        (name, _text(item.get("targetUrl")))
        for item in _objects(achievement.get("alignment"))
        if (name := _text(item.get("targetName")))
    ]
    return {
        "title": _text(achievement.get("name")),
        "description": _text(achievement.get("description")),
        "criteria": _text(_object(achievement.get("criteria")).get("narrative")),
        "human_code": _text(achievement.get("humanCode")),
        "language": _text(achievement.get("inLanguage")),
        "tools": tuple(tag for tag in map(_text, vcdm.as_list(achievement.get("tag"))) if tag),
        "skills": tuple(skills),
    }


def _read_results(subject: Mapping[str, Any]) -> dict[str, Any]:
    """Hours and outcome, each found by the kind that its result description names."""
    achievement = _object(subject.get("achievement"))
    kinds = {
        _text(item.get("id")): _text(item.get("resultType")) for item in _objects(achievement.get("resultDescription"))
    }
    values: dict[str, Any] = {"hours": None, "hours_source": None, "outcome": None}
    for result in _objects(subject.get("result")):
        kind = kinds.get(_text(result.get("resultDescription")))
        if kind == "ext:HoursWorked":
            values["hours"] = _text(result.get("value"))
            values["hours_source"] = _text(result.get("hoursSource"))
        elif kind == "Status":
            values["outcome"] = _text(result.get("value")) or _text(result.get("status"))
    return values


def _student_name(subject: Mapping[str, Any]) -> str | None:
    for identity in _objects(subject.get("identifier")):
        if _text(identity.get("identityType")) == "name" and _value(identity.get("hashed")) in (False, "false"):
            return _text(identity.get("identityHash"))
    return _text(subject.get("name"))


def _deliverables(document: Mapping[str, Any]) -> tuple[Deliverable, ...]:
    """The evidence. What stands under the same id among the related resources is said about the same thing."""
    related = {_text(item.get("id")): item for item in _objects(document.get("relatedResource"))}
    found = []
    for evidence in _objects(document.get("evidence")):
        url = _text(evidence.get("id"))
        item = {**related.get(url, {}), **evidence} if url else evidence
        title = _text(item.get("name"))
        if title is not None:
            found.append(Deliverable(title, _text(item.get("genre")), url, _text(item.get("digestSRI"))))
    return tuple(found)


def _object(value: Any) -> Mapping[str, Any]:
    """`value` when it is one object (or a list of just one), else an empty one: of several, none is chosen."""
    found = _objects(value)
    return found[0] if len(found) == 1 else {}


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in vcdm.as_list(value) if isinstance(item, Mapping)]


def _value(value: Any) -> Any:
    """A single value, also when it stands in a list of one or with its language: JSON-LD does not tell these apart."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value.get("@value") if isinstance(value, Mapping) else value


def _text(value: Any) -> str | None:
    found = _value(value)
    return found if isinstance(found, str) and found else None


def _count(value: Any) -> int | None:
    """A whole number; JSON-LD signs 2, 2.0 and "2" of a typed member alike."""
    found = _value(value)
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) <= 9:
        return int(found)
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        return None
    return int(found) if found == int(found) else None


def _day(value: Any) -> str | None:
    """The calendar day as it was signed; a day has no zone, so none is converted."""
    found = _text(value)
    return found[:10] if found is not None and _moment(found) is not None else None


def _moment(value: Any) -> datetime | None:
    try:
        return timestamps.parse(_value(value))
    except errors.MalformedTimestamp:
        return None


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return timestamps.format(value)
    if isinstance(value, Deliverable):
        return {"title": value.title, "kind": value.kind, "url": value.url, "digest": value.digest}
    if isinstance(value, tuple):
        return [{"name": item[0], "url": item[1]} if isinstance(item, tuple) else _plain(item) for item in value]
    return value
