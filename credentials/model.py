"""Makes the unsigned Open Badges 3.0 AchievementCredential of a completion record. Signs nothing, checks nothing.

Every field goes to the place that VCDM 2.0 or Open Badges 3.0.3 has for it; what they have no word for stands in a term
of our extension context (`EXTENSION_CONTEXT`). The same input always gives the same document, member
order included, so its bytes can be signed, stored and compared. E-mail addresses do not get past this module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from credentials import record as records
from credentials import status_list, timestamps
from credentials.corrections import Correction
from credentials.corrections import members as correction_members
from credentials.record import CompletionRecord, DeliveredWork, Skill
from credentials.status_list import StatusEntry

__all__ = ["CompletionRecord", "IssuerProfile", "StatusEntry", "build_credential"]

VC_CONTEXT = "https://www.w3.org/ns/credentials/v2"
OB_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXTENSION_CONTEXT = "https://w3id.org/plaudit/v1"
CONTEXTS = (VC_CONTEXT, OB_CONTEXT, EXTENSION_CONTEXT)

#: The strict schema (arrays demanded), by the address at which 1EdTech publishes it.
OB_SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
CREDENTIAL_SCHEMA = "https://w3id.org/plaudit/credential/v1.json"

#: How far the employer's domain was proven when signing, worst first.
DOMAIN_PROOFS = ("none", "e-mail", "dns", "https")


@dataclass(frozen=True, slots=True)
class IssuerProfile:
    """The organisation that vouches. `url` is its home page, `image` a URL; `identifiers` maps a kind to its value
    ("lei", "ein", "ror", "vat"); `domain_proof` is one of DOMAIN_PROOFS."""

    did: str
    name: str
    url: str
    domain: str
    legal_name: str | None = None
    description: str | None = None
    image: str | None = None
    identifiers: Mapping[str, str] = field(default_factory=dict)
    domain_proof: str = "none"


def build_credential(
    record: CompletionRecord,
    *,
    issuer: IssuerProfile,
    credential_id: str,
    human_code: str,
    achievement_id: str,
    status: StatusEntry,
    valid_from: datetime,
    skill_url: Callable[[str], str],
    corrections: Sequence[Correction] = (),
) -> dict[str, Any]:
    """The unsigned credential for `record`; `corrections` are all that it went through, oldest first.

    `credential_id` and `achievement_id` are URLs, `human_code` is what can be typed from paper, `skill_url` gives the
    issuer's own page for a skill that has no URI in a framework.
    """
    credential: dict[str, Any] = {
        "@context": list(CONTEXTS),
        "id": credential_id,
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": record.project.title,
        "issuer": _issuer(issuer, record),
        "validFrom": timestamps.format(valid_from),
        "awardedDate": _midnight(record.awarded_date),
        "credentialSubject": _subject(record, human_code, achievement_id, skill_url),
        "evidence": [_evidence(item) for item in record.deliverables],
        "credentialStatus": status_list.status_entry(status),
        "credentialSchema": [
            {"id": schema, "type": "1EdTechJsonSchemaValidator2019"} for schema in (OB_SCHEMA, CREDENTIAL_SCHEMA)
        ],
        "termsOfUse": [
            {
                "type": "SharingPermission",
                "showPublicly": record.permission.show,
                "nondisclosure": record.permission.nondisclosure,
            }
        ],
    }
    if resources := _related_resources(record):
        credential["relatedResource"] = resources
    if corrections:
        credential |= correction_members(corrections)
    return credential


def _issuer(issuer: IssuerProfile, record: CompletionRecord) -> dict[str, Any]:
    """The Profile; `official` is the person who confirmed this very record."""
    profile = _present(
        {
            "id": issuer.did,
            "type": ["Profile"],
            "name": issuer.name,
            "legalName": issuer.legal_name,
            "url": issuer.url,
            "description": issuer.description,
            "image": {"id": issuer.image, "type": "Image"} if issuer.image else None,
            "official": record.supervisor.name,
            "officialTitle": record.supervisor.title,
            "domainProof": issuer.domain_proof,
        }
    )
    if issuer.identifiers:
        profile["otherIdentifier"] = [
            {"type": "IdentifierEntry", "identifier": value, "identifierType": f"ext:{kind}"}
            for kind, value in sorted(issuer.identifiers.items())
        ]
    return profile


def _subject(
    record: CompletionRecord, human_code: str, achievement_id: str, skill_url: Callable[[str], str]
) -> dict[str, Any]:
    engagement = record.engagement
    return _present(
        {
            "id": record.student.did,
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": record.student.name,
                    "identityType": "name",
                }
            ],
            "role": record.role,
            "engagementKind": engagement.kind,
            "workMode": engagement.mode,
            "workPlace": engagement.place,
            "teamSize": engagement.team_size,
            "activityStartDate": _midnight(record.start),
            "activityEndDate": _midnight(record.end),
            "employerComment": record.public_comment,
            "aiUse": record.ai_use,
            "achievement": _achievement(record, human_code, achievement_id, skill_url),
            "result": [
                {
                    "type": ["Result"],
                    "resultDescription": f"{achievement_id}#hours",
                    "value": hours_text(record.hours),
                    "hoursSource": record.hours_source,
                },
                {
                    "type": ["Result"],
                    "resultDescription": f"{achievement_id}#outcome",
                    "status": "Completed",
                    "value": record.outcome,
                },
            ],
        }
    )


def _achievement(
    record: CompletionRecord, human_code: str, achievement_id: str, skill_url: Callable[[str], str]
) -> dict[str, Any]:
    project = record.project
    achievement = {
        "id": achievement_id,
        "type": ["Achievement"],
        "achievementType": "Fieldwork",
        "name": project.title,
        "description": project.description,
        "criteria": {"narrative": project.criteria},
        "humanCode": human_code,
        "inLanguage": project.language,
        "alignment": [_alignment(skill, skill_url) for skill in project.skills],
        "resultDescription": [
            {
                "id": f"{achievement_id}#hours",
                "type": ["ResultDescription"],
                "name": "Hours worked",
                "resultType": "ext:HoursWorked",
                "valueMin": hours_text(records.MIN_HOURS),
                "valueMax": hours_text(records.MAX_HOURS),
            },
            {
                "id": f"{achievement_id}#outcome",
                "type": ["ResultDescription"],
                "name": "Outcome of the work",
                "resultType": "Status",
                "allowedValue": list(records.OUTCOMES),
            },
        ],
    }
    if project.tools:
        achievement["tag"] = list(project.tools)
    return achievement


def _alignment(skill: Skill, skill_url: Callable[[str], str]) -> dict[str, Any]:
    return {"type": ["Alignment"], "targetName": skill.name, "targetUrl": skill.url or skill_url(skill.name)}


def _evidence(item: DeliveredWork) -> dict[str, Any]:
    """One deliverable. Private work has no id; its digest then stands here, as there is no resource to relate."""
    return _present(
        {
            "id": item.url,
            "type": ["Evidence"],
            "name": item.title,
            "genre": item.kind,
            "narrative": None if item.url else "private",
            "byteSize": item.size,
            "digestSRI": None if item.url else item.digest,
        }
    )


def _related_resources(record: CompletionRecord) -> list[dict[str, Any]]:
    """Digests of the public deliverables (VCDM 2.0, 5.3)."""
    return [{"id": item.url, "digestSRI": item.digest} for item in record.deliverables if item.url and item.digest]


def hours_text(hours: float) -> str:
    """Hours as text with at most two decimals and no needless zeros: "31", "7.5"."""
    return f"{hours:.2f}".rstrip("0").rstrip(".")


def _midnight(day: date) -> str:
    """Open Badges 3.0 has no plain dates: its schema demands a date-time, so a day is its first moment in UTC."""
    return f"{day.isoformat()}T00:00:00Z"


def _present(members: dict[str, Any]) -> dict[str, Any]:
    """Without the members that have no value: JSON-LD drops null, so null must not be signed."""
    return {key: value for key, value in members.items() if value is not None}
