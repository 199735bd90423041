"""The completion record: what an employer confirms about one finished micro-internship. Knows nothing of credentials.

The JSON form is `schemas/json/completion.schema.json`; member names are the field names here. A record holds e-mail
addresses: it is stored, never published. `credentials.model` makes the public credential out of it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from credentials import findings
from credentials.errors import RecordInvalid
from credentials.findings import Finding

SCHEMA = "https://w3id.org/plaudit/completion/v1.json"
#: Bounds of `hours`, the same as in the schema (a test compares): under a quarter of an hour nothing was done, and
#: 2,000 hours are a working year, which no micro-internship is.
MIN_HOURS = 0.25
MAX_HOURS = 2000

ENGAGEMENT_KINDS = ("paid contract", "employed", "unpaid", "credit-bearing", "simulated", "volunteer")
MODES = ("remote", "hybrid", "on site")
HOURS_SOURCES = ("self-reported", "supervisor-confirmed", "time log")
OUTCOMES = ("accepted", "accepted with changes", "not used")


@dataclass(frozen=True, slots=True)
class Student:
    """Who did the work. `name` is NFC, as it will be signed; `email` never leaves the database."""

    name: str
    email: str
    did: str | None = None


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill by its everyday name, and its URI in a public framework where one is known."""

    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """What was to be done, and what counted as done. `language` is the BCP 47 tag of these texts."""

    title: str
    description: str
    criteria: str
    skills: tuple[Skill, ...]
    language: str
    tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Engagement:
    """On what terms: `kind` is one of ENGAGEMENT_KINDS, `mode` one of MODES, `team_size` counts the student too."""

    kind: str
    mode: str | None = None
    team_size: int | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveredWork:
    """One thing handed over. No `url`: the work stays private. `digest` is an SRI expression, `size` counts bytes."""

    title: str
    kind: str
    url: str | None = None
    digest: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Supervisor:
    """Who confirms for the employer; the e-mail address never leaves the database."""

    name: str
    title: str
    email: str


@dataclass(frozen=True, slots=True)
class Permission:
    """What the employer allows: to show the record in public; `nondisclosure` says that the work itself is secret."""

    show: bool
    nondisclosure: bool = False


@dataclass(frozen=True, slots=True)
class CompletionRecord:
    """One student's completion of one project. Dates are calendar days without a zone; `hours` has two decimals."""

    student: Student
    project: Project
    role: str
    engagement: Engagement
    start: date
    end: date
    hours: float
    hours_source: str
    awarded_date: date
    outcome: str
    deliverables: tuple[DeliveredWork, ...]
    supervisor: Supervisor
    permission: Permission
    public_comment: str | None = None
    ai_use: str | None = None

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Self:
        """Read the JSON form. Raises `RecordInvalid` with every finding, or returns a record that keeps all rules."""
        found = check(mapping)
        if found:
            raise RecordInvalid(found)
        project, student, supervisor = mapping["project"], mapping["student"], mapping["supervisor"]
        return cls(
            student=Student(**{**student, "name": _nfc(student["name"])}),
            project=Project(
                **{
                    **project,
                    "skills": tuple(Skill(**skill) for skill in project["skills"]),
                    "tools": tuple(project.get("tools", ())),
                }
            ),
            role=mapping["role"],
            engagement=Engagement(**mapping["engagement"]),
            start=date.fromisoformat(mapping["start"]),
            end=date.fromisoformat(mapping["end"]),
            hours=mapping["hours"],
            hours_source=mapping["hours_source"],
            awarded_date=date.fromisoformat(mapping["awarded_date"]),
            outcome=mapping["outcome"],
            deliverables=tuple(DeliveredWork(**item) for item in mapping["deliverables"]),
            supervisor=Supervisor(**{**supervisor, "name": _nfc(supervisor["name"])}),
            permission=Permission(**mapping["permission"]),
            public_comment=mapping.get("public_comment"),
            ai_use=mapping.get("ai_use"),
        )

    def to_mapping(self) -> dict[str, Any]:
        """The JSON form: what `from_mapping` reads. Members without a value are left out."""
        mapping: dict[str, Any] = _without_none(asdict(self))
        return mapping


def check(mapping: Mapping[str, Any]) -> list[Finding]:
    """Every finding about the JSON form of a record: its schema first, then the rules between members."""
    found = findings.check(dict(mapping), SCHEMA)
    return found if found else [*_check_dates(mapping), *_check_hours(mapping), *_check_repeats(mapping)]


def _check_dates(mapping: Mapping[str, Any]) -> list[Finding]:
    """Work ends after it began and is awarded after it ended (ISO dates compare as text)."""
    found = []
    if mapping["end"] < mapping["start"]:
        found.append(Finding("/end", "before_start", "The end is before the start."))
    elif mapping["awarded_date"] < mapping["end"]:
        found.append(Finding("/awarded_date", "before_end", "The award is dated before the work ended."))
    return found


def _check_hours(mapping: Mapping[str, Any]) -> list[Finding]:
    if round(mapping["hours"], 2) != mapping["hours"]:
        return [Finding("/hours", "malformed", "Hours have at most two decimals.")]
    return []


def _check_repeats(mapping: Mapping[str, Any]) -> list[Finding]:
    """One URL is one thing: JSON-LD would merge two deliverables, or two skills, that share an identifier."""
    skills = mapping["project"]["skills"]
    return [
        *_repeats(mapping["deliverables"], "url", ("deliverables",)),
        *_repeats(skills, "url", ("project", "skills")),
        *_repeats(skills, "name", ("project", "skills")),
    ]


def _repeats(items: Sequence[Mapping[str, Any]], key: str, path: tuple[str, ...]) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, item in enumerate(items):
        if item.get(key) in seen:
            yield Finding(findings.pointer([*path, number, key]), "repeated", f"Another one has the same {key}.")
        elif key in item:
            seen.add(item[key])


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _without_none(value: Any) -> Any:
    """The plain JSON of a dataclass dictionary: no None, dates as ISO text, tuples as lists."""
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [_without_none(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
