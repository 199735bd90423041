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

from credentials import timestamps, vcdm
from credentials.corrections import Correction
from credentials.did import domain_of
from credentials.verify import corrected, judgements
from credentials.verify.judgements import Alignment, Judgement, LanguageVersion
from credentials.verify.reading import count, day, moment, objects, plain, single, text, words

_SEAL = object()


@dataclass(frozen=True, slots=True)
class Deliverable:
    """One thing handed over. `url` None: the work is private. `digest` is an SRI expression, else a multibase multihash
    (VCDM 2.0, 5.3); `size` counts bytes."""

    title: str
    kind: str | None
    url: str | None
    digest: str | None
    size: int | None = None


@dataclass(frozen=True, slots=True, init=False, eq=False)
class VerifiedCredential:
    """What a confirmed credential says. Dates are "YYYY-MM-DD" as signed; `valid_from` and `valid_until` are moments.

    `issuer_name` is the issuer's own word for itself; `issuer_domain` is what the DID proves, None for did:key.
    `corrections` are those that this version went through, oldest first.
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
    alignments: tuple[Alignment, ...]
    judgements: tuple[Judgement, ...]
    tools: tuple[str, ...]
    deliverables: tuple[Deliverable, ...]
    supervisor_name: str | None
    supervisor_title: str | None
    comment: str | None
    ai_use: str | None
    language: str | None
    language_versions: tuple[LanguageVersion, ...]
    human_code: str | None
    valid_from: datetime | None
    valid_until: datetime | None
    corrections: tuple[Correction, ...]

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
            if item.name not in ("document", "skills") and value not in (None, ()):
                members[_camel(item.name)] = _plain(value)
        if "alignments" in members:
            members["skills"] = members.pop("alignments")
        return members


def seal(document: Mapping[str, Any]) -> VerifiedCredential:
    """For the verifier, after signature and issuer were confirmed. Raises `errors.PlauditError` on nothing it reads."""
    return VerifiedCredential(_SEAL, document)


def _read(document: Mapping[str, Any]) -> dict[str, Any]:
    issuer = single(document.get("issuer"))
    subject = single(document.get("credentialSubject"))
    issuer_id = vcdm.issuer_id(document) or ""
    return {
        "id": text(document.get("id")),
        "issuer_name": text(issuer.get("name")),
        "issuer_did": issuer_id,
        "issuer_domain": domain_of(issuer_id),
        "issuer_url": text(issuer.get("url")),
        "supervisor_name": text(issuer.get("official")),
        "supervisor_title": text(issuer.get("officialTitle")),
        "awarded": day(document.get("awardedDate")),
        "valid_from": moment(document.get("validFrom")),
        "valid_until": moment(document.get("validUntil")),
        "deliverables": _deliverables(document),
        "language_versions": judgements.language_versions(document),
        "corrections": corrected.corrections(document),
        **_read_subject(subject),
        **_read_achievement(single(subject.get("achievement"))),
        **_read_results(subject),
    }


def _read_subject(subject: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "student_name": _student_name(subject),
        "role": text(subject.get("role")),
        "start": day(subject.get("activityStartDate")),
        "end": day(subject.get("activityEndDate")),
        "engagement_kind": text(subject.get("engagementKind")),
        "mode": text(subject.get("workMode")),
        "team_size": count(subject.get("teamSize")),
        "comment": text(subject.get("employerComment")),
        "ai_use": text(subject.get("aiUse")),
    }


def _read_achievement(achievement: Mapping[str, Any]) -> dict[str, Any]:
    aligned = judgements.alignments(achievement.get("alignment"))
    language = text(achievement.get("inLanguage"))
    return {
        "title": words(achievement.get("name"), language),
        "description": words(achievement.get("description"), language),
        "criteria": text(single(achievement.get("criteria")).get("narrative")),
        "human_code": text(achievement.get("humanCode")),
        "language": language,
        "tools": tuple(tag for tag in map(text, vcdm.as_list(achievement.get("tag"))) if tag),
        "skills": tuple((item.name, item.url) for item in aligned),
        "alignments": aligned,
    }


def _read_results(subject: Mapping[str, Any]) -> dict[str, Any]:
    """Hours and outcome, each found by the kind that its result description names."""
    achievement = single(subject.get("achievement"))
    descriptions = objects(achievement.get("resultDescription"))
    kinds = {text(item.get("id")): text(item.get("resultType")) for item in descriptions}
    values: dict[str, Any] = {"hours": None, "hours_source": None, "outcome": None}
    values["judgements"] = judgements.judgements(subject, descriptions)
    for result in objects(subject.get("result")):
        kind = kinds.get(text(result.get("resultDescription")))
        if kind == "ext:HoursWorked":
            values["hours"] = text(result.get("value"))
            values["hours_source"] = text(result.get("hoursSource"))
        elif kind == "Status":
            values["outcome"] = text(result.get("value")) or text(result.get("status"))
    return values


def _student_name(subject: Mapping[str, Any]) -> str | None:
    for identity in objects(subject.get("identifier")):
        if text(identity.get("identityType")) == "name" and plain(identity.get("hashed")) in (False, "false"):
            return text(identity.get("identityHash"))
    return text(subject.get("name"))


def _deliverables(document: Mapping[str, Any]) -> tuple[Deliverable, ...]:
    """The evidence. What stands under the same id among the related resources is said about the same thing."""
    related = {text(item.get("id")): item for item in objects(document.get("relatedResource"))}
    found = []
    for evidence in objects(document.get("evidence")):
        url = text(evidence.get("id"))
        item = {**related.get(url, {}), **evidence} if url else evidence
        title = text(item.get("name"))
        if title is not None:
            digest = text(item.get("digestSRI")) or text(item.get("digestMultibase"))
            found.append(Deliverable(title, text(item.get("genre")), url, digest, count(item.get("byteSize"))))
    return tuple(found)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return timestamps.format(value)
    if isinstance(value, Deliverable):
        size = {} if value.size is None else {"size": value.size}
        return {"title": value.title, "kind": value.kind, "url": value.url, "digest": value.digest, **size}
    if isinstance(value, Alignment):
        more = {"framework": value.framework, "code": value.code}
        return {"name": value.name, "url": value.url, **{name: item for name, item in more.items() if item}}
    if isinstance(value, Correction):
        return value.to_json()
    if isinstance(value, (Judgement, LanguageVersion)):
        return {_camel(item.name): _plain(getattr(value, item.name)) for item in fields(value)}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
