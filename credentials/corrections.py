"""What a correction of a credential says: what changed, why, and which version came of it. Signs and stores nothing.

A corrected credential keeps its `id`, its `awardedDate` and its issuer, has a later `validFrom`, and carries in the
member `correction` one object for each correction so far, oldest first. The words are terms of our extension context
(`schemas/contexts/plaudit-v1.json`). A name that was wrong is not repeated: of names, of long texts and of lists it
says only that they changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from credentials import timestamps
from credentials.record import CompletionRecord
from credentials.sentence import Sentence

#: More corrections than this of one record, and it should be withdrawn and issued anew.
MAX_CORRECTIONS: Final = 20
#: A reason is one sentence on a page, not a file.
MAX_REASON: Final = 500

#: What can be corrected: the words that are signed, where the completion record has it (path of member names), and
#: whether the values before and after are said, too.
_FIELDS: Final[tuple[tuple[str, tuple[str, ...], bool], ...]] = (
    ("student's name", ("student", "name"), False),
    ("student's identifier", ("student", "did"), False),
    ("project", ("project", "title"), True),
    ("description", ("project", "description"), False),
    ("what counted as done", ("project", "criteria"), False),
    ("skills", ("project", "skills"), False),
    ("tools", ("project", "tools"), False),
    ("language", ("project", "language"), True),
    ("role", ("role",), True),
    ("kind of engagement", ("engagement", "kind"), True),
    ("way of working", ("engagement", "mode"), True),
    ("place", ("engagement", "place"), False),
    ("team size", ("engagement", "team_size"), True),
    ("start", ("start",), True),
    ("end", ("end",), True),
    ("hours", ("hours",), True),
    ("source of the hours", ("hours_source",), True),
    ("outcome", ("outcome",), True),
    ("deliverables", ("deliverables",), False),
    ("supervisor's name", ("supervisor", "name"), False),
    ("supervisor's title", ("supervisor", "title"), False),
    ("employer's comment", ("public_comment",), False),
    ("use of AI", ("ai_use",), False),
    ("permission to show", ("permission",), False),
)
#: What a correction never changes: the award stands, and e-mail addresses are not part of what is signed.
KEPT: Final = (("awarded_date",), ("student", "email"), ("supervisor", "email"))

_LABELS: Final[Mapping[str, Sentence]] = {
    "student's name": Sentence("Student’s name"),
    "student's identifier": Sentence("Student’s identifier"),
    "project": Sentence("Project"),
    "description": Sentence("Description"),
    "what counted as done": Sentence("What counted as done"),
    "skills": Sentence("Skills"),
    "tools": Sentence("Tools"),
    "language": Sentence("Language"),
    "role": Sentence("Role"),
    "kind of engagement": Sentence("Kind of engagement"),
    "way of working": Sentence("Way of working"),
    "place": Sentence("Place"),
    "team size": Sentence("Team size"),
    "start": Sentence("Start"),
    "end": Sentence("End"),
    "hours": Sentence("Hours"),
    "source of the hours": Sentence("Source of the hours"),
    "outcome": Sentence("Outcome"),
    "deliverables": Sentence("Deliverables"),
    "supervisor's name": Sentence("Supervisor’s name"),
    "supervisor's title": Sentence("Supervisor’s title"),
    "employer's comment": Sentence("Employer’s comment"),
    "use of AI": Sentence("Use of AI"),
    "permission to show": Sentence("Permission to show"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different. `field` is signed text ("hours"); `before` and `after` are None where they are not
    said, and "" where there was, or is, nothing."""

    field: str
    before: str | None = None
    after: str | None = None

    @property
    def label(self) -> str:
        """The field in our words, which can be translated; another issuer's field as it is signed."""
        return _LABELS.get(self.field, self.field)

    def to_json(self) -> dict[str, str]:
        """For machines; what is not said is left out."""
        values = {"field": self.field, "before": self.before, "after": self.after}
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction. `version` is that of the credential that came of it: 2 for the first correction."""

    version: int
    at: datetime
    reason: str
    changes: tuple[Change, ...]

    def to_json(self) -> dict[str, Any]:
        """For machines: the time as dateTimeStamp."""
        changes = [change.to_json() for change in self.changes]
        return {"version": self.version, "at": timestamps.format(self.at), "reason": self.reason, "changes": changes}


def changes_between(before: CompletionRecord, after: CompletionRecord) -> tuple[Change, ...]:
    """What is different between two records of the same work, in the order of the certificate; empty: nothing is."""
    old, new = before.to_mapping(), after.to_mapping()
    found = []
    for field, path, said in _FIELDS:
        was, now = _at(old, path), _at(new, path)
        if was != now:
            found.append(Change(field, _said(was), _said(now)) if said else Change(field))
    return tuple(found)


def every_change(before: CompletionRecord, after: CompletionRecord) -> tuple[Change, ...]:
    """The same with every value, for whoever confirms it: never for what is signed or published."""
    old, new = before.to_mapping(), after.to_mapping()
    found = [(field, _at(old, path), _at(new, path)) for field, path, _ in _FIELDS]
    return tuple(Change(field, _said(was), _said(now)) for field, was, now in found if was != now)


def differs_in_kept(before: CompletionRecord, after: CompletionRecord) -> str | None:
    """The path of what a correction may not change and this one does ("student.email"); None when all of it is kept."""
    old, new = before.to_mapping(), after.to_mapping()
    return next((".".join(path) for path in KEPT if _at(old, path) != _at(new, path)), None)


def members(corrections: Sequence[Correction]) -> dict[str, Any]:
    """The member `correction` of a credential that went through these, oldest first."""
    return {"correction": [_object(correction) for correction in corrections]}


def change_objects(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Changes as they stand in a document: typed objects of our context."""
    return [_change(change) for change in changes]


def _object(correction: Correction) -> dict[str, Any]:
    return {
        "type": "Correction",
        "versionNumber": correction.version,
        "corrected": timestamps.format(correction.at),
        "reason": correction.reason,
        "change": change_objects(correction.changes),
    }


def _change(change: Change) -> dict[str, Any]:
    values = {"before": change.before, "after": change.after}
    return {
        "type": "Change",
        "changed": change.field,
        **{name: text for name, text in values.items() if text is not None},
    }


def _at(mapping: Mapping[str, Any], path: Sequence[str]) -> Any:
    value: Any = mapping
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _said(value: Any) -> str:
    """A value as text: numbers without an empty fraction, nothing as empty text, of several things their names."""
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    if isinstance(value, list):
        return ", ".join(_said(item) for item in value)
    if isinstance(value, Mapping):
        return str(
            value.get("name") or value.get("title") or ", ".join(f"{key}: {item}" for key, item in value.items())
        )
    return "" if value is None else str(value)


__all__ = [
    "KEPT",
    "MAX_CORRECTIONS",
    "MAX_REASON",
    "Change",
    "Correction",
    "change_objects",
    "changes_between",
    "differs_in_kept",
    "every_change",
    "members",
]
