"""The form for correcting a record: one field for each part that a person types. Stores nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    Field,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from credentials import wording
from credentials.corrections import MAX_REASON
from credentials.errors import PlauditError
from credentials.errors.families import WithFindings
from credentials.record import ENGAGEMENT_KINDS, HOURS_SOURCES, MODES, OUTCOMES

NEEDED = "Please fill this in."
_HOURS = re.compile(r"[0-9]{1,4}(?:[.,][0-9]{1,2})?", re.ASCII)

#: Which member of the record each field is, by path.
PATHS: Mapping[str, tuple[str, ...]] = {
    "student_name": ("student", "name"),
    "role": ("role",),
    "title": ("project", "title"),
    "description": ("project", "description"),
    "criteria": ("project", "criteria"),
    "hours": ("hours",),
    "hours_source": ("hours_source",),
    "start": ("start",),
    "end": ("end",),
    "outcome": ("outcome",),
    "kind": ("engagement", "kind"),
    "mode": ("engagement", "mode"),
    "team_size": ("engagement", "team_size"),
    "place": ("engagement", "place"),
    "skills": ("project", "skills"),
    "tools": ("project", "tools"),
    "supervisor_name": ("supervisor", "name"),
    "supervisor_title": ("supervisor", "title"),
    "public_comment": ("public_comment",),
    "ai_use": ("ai_use",),
}


def _line(label: str, *, needed: bool = True) -> StringField:
    return StringField(label, [InputRequired(NEEDED) if needed else Optional(), Length(max=300)])


def _text(label: str, *, needed: bool = True, rows: int = 4) -> TextAreaField:
    checks = [InputRequired(NEEDED) if needed else Optional(), Length(max=8000)]
    return TextAreaField(label, checks, render_kw={"rows": rows})


def _choice(label: str, terms: tuple[str, ...], word: Any, *, needed: bool = True) -> SelectField:
    empty = [] if needed else [SelectChoice("", "Not said")]
    return SelectField(label, choices=[*empty, *(SelectChoice(term, word(term)) for term in terms)])


class CorrectionForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """What a record says, as it can be typed; and why it is corrected."""

    version = HiddenField(filters=[lambda value: int(value) if str(value or "").isdecimal() else 0])
    student_name = _line("Student’s name")
    role = _line("Role")
    title = _line("Project")
    description = _text("Description")
    criteria = _text("What counted as done")
    hours = _line("Hours")
    hours_source = _choice("Source of the hours", HOURS_SOURCES, wording.hours_source)
    start = DateField("Start", [InputRequired(NEEDED)])
    end = DateField("End", [InputRequired(NEEDED)])
    outcome = _choice("Outcome", OUTCOMES, wording.outcome)
    kind = _choice("Kind of engagement", ENGAGEMENT_KINDS, wording.engagement)
    mode = _choice("Way of working", MODES, wording.mode, needed=False)
    team_size = IntegerField("Team size", [Optional()])
    place = _line("Place", needed=False)
    skills = _text("Skills, one a line")
    tools = _text("Tools, one a line", needed=False, rows=3)
    supervisor_name = _line("Supervisor’s name")
    supervisor_title = _line("Supervisor’s title")
    public_comment = _text("Public comment", needed=False, rows=3)
    ai_use = _text("Use of AI", needed=False, rows=2)
    reason = TextAreaField(
        "Public reason for the correction",
        [
            DataRequired("Please give a reason: people who check the record will read it."),
            Length(max=MAX_REASON, message="Please keep it under %(max)d characters."),
        ],
        filters=[lambda text: " ".join((text or "").split())],
        render_kw={"maxlength": MAX_REASON, "rows": 2},
    )

    def fill(self, mapping: Mapping[str, Any], version: int) -> None:
        """Show a record as it is."""
        shown: dict[str, Callable[[Any], Any]] = {
            "skills": _lines,
            "tools": _lines,
            "hours": wording.number,
            "start": _day,
            "end": _day,
        }
        self.version.data = version
        for name in PATHS:
            value = _at(mapping, name)
            self[name].data = shown[name](value) if name in shown and value is not None else value

    def corrected(self, mapping: Mapping[str, Any]) -> dict[str, Any]:
        """The record `mapping` with what was typed. What differs only in white space at its ends stays as it is."""
        corrected = deepcopy(dict(mapping))
        for name in PATHS:
            _put(corrected, name, self._typed(name, _at(mapping, name)))
        return corrected

    def _typed(self, name: str, before: Any) -> Any:
        value = self[name].data
        if name in ("start", "end"):
            return value.isoformat()
        if name == "hours":
            return _number(value)
        if name in ("skills", "tools"):
            return _list(name, value, before or [])
        if isinstance(value, str):
            value = value.replace("\r\n", "\n").strip()
            return before if isinstance(before, str) and before.strip() == value else value or None
        return value

    def tell(self, error: PlauditError) -> None:
        """Put what is wrong to the fields that it is about."""
        findings = error.findings if isinstance(error, WithFindings) else ()
        for finding in findings:
            for name, path in PATHS.items():
                if finding.pointer.startswith("/" + "/".join(path)):
                    field: Field = self[name]
                    field.errors = [*field.errors, finding.message]
        if error.pointer == "/reason":
            self.reason.errors = [*self.reason.errors, str(error.detail)]


def _at(mapping: Mapping[str, Any], name: str) -> Any:
    value: Any = mapping
    for key in PATHS[name]:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _put(mapping: dict[str, Any], name: str, value: Any) -> None:
    *parents, last = PATHS[name]
    for key in parents:
        mapping = mapping[key]
    if value is None:
        mapping.pop(last, None)
    else:
        mapping[last] = value


def _day(value: str) -> Any:
    return wording.calendar_day(value)


def _lines(items: list[Any]) -> str:
    return "\n".join(item["name"] if isinstance(item, Mapping) else item for item in items)


def _list(name: str, text: str | None, before: list[Any]) -> list[Any] | None:
    """Lines as a list; a skill that was there before keeps its address."""
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    if name == "tools":
        return lines or (None if not before else [])
    known = {item["name"].strip(): item for item in before}
    return [known.get(line, {"name": line}) for line in lines]


def _number(text: str) -> float | str:
    """Hours as they were typed; what is no number is left to the record's own rules, which say so."""
    typed = text.strip()
    if not _HOURS.fullmatch(typed):
        return typed
    value = float(typed.replace(",", "."))
    return int(value) if value == int(value) else value
