"""The completion record: its JSON form, its rules, and what it says about a bad row."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import schemas
from credentials import record as records
from credentials.errors import RecordInvalid
from credentials.record import CompletionRecord
from tests.worlds.completions import completion


def _found(**changes: Any) -> list[tuple[str, str]]:
    return [(finding.pointer, finding.code) for finding in records.check(completion(**changes))]


def test_a_complete_record_is_read_and_written_unchanged() -> None:
    """What `to_mapping` writes, `from_mapping` reads as the same record."""
    record = CompletionRecord.from_mapping(completion())
    assert record.start == date(2026, 5, 24)
    assert record.to_mapping() == {**completion(), "permission": {"show": True, "nondisclosure": False}}
    assert CompletionRecord.from_mapping(record.to_mapping()) == record


def test_the_optional_fields_may_be_absent() -> None:
    """RECORD's "should" and "may" rows are not demanded."""
    lean = completion(engagement={"kind": "simulated"}, public_comment=None, ai_use=None)
    del lean["project"]["tools"]
    assert CompletionRecord.from_mapping(lean).engagement.mode is None


@pytest.mark.parametrize("name", sorted(set(completion()) - {"public_comment", "ai_use"}))
def test_a_missing_must_field_is_named(name: str) -> None:
    """Each must field of RECORD is demanded by the schema, and the pointer says which is missing."""
    lean = completion()
    del lean[name]
    with pytest.raises(RecordInvalid) as caught:
        CompletionRecord.from_mapping(lean)
    assert [(finding.pointer, finding.code) for finding in caught.value.findings] == [(f"/{name}", "missing")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"hours": -3}, ("/hours", "too_small")),
        ({"hours": 40000}, ("/hours", "too_large")),
        ({"hours": "31"}, ("/hours", "wrong_type")),
        ({"hours": 7.333}, ("/hours", "malformed")),
        ({"end": "2026-02-31"}, ("/end", "malformed")),
        ({"end": "31.02.2026"}, ("/end", "malformed")),
        ({"end": "2025-01-01"}, ("/end", "before_start")),
        ({"awarded_date": "2026-06-01"}, ("/awarded_date", "before_end")),
        ({"engagement": {"kind": "vibes"}}, ("/engagement/kind", "not_allowed")),
        ({"outcome": "great"}, ("/outcome", "not_allowed")),
        ({"role": "  "}, ("/role", "empty")),
        ({"student": {"name": "   ", "email": "a@b.example"}}, ("/student/name", "empty")),
        ({"student": {"name": "A", "email": "not an address"}}, ("/student/email", "malformed")),
        ({"student": {"name": "A", "email": "a@b.example\nBcc: x@evil.example"}}, ("/student/email", "malformed")),
        ({"deliverables": []}, ("/deliverables", "too_few")),
        ({"deliverables": [{"title": "A", "kind": "file", "url": "javascript:alert(1)"}]},
         ("/deliverables/0/url", "malformed")),
        ({"deliverables": [{"title": "A", "kind": "file", "digest": "sha256-short"}]},
         ("/deliverables/0/digest", "malformed")),
        ({"extra": 1}, ("", "unknown_member")),
    ],
)  # fmt: skip
def test_a_broken_field_is_named_with_its_reason(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    """One finding, at the field, with a code that an importer can map to a column."""
    assert expected in _found(**changes)


def test_every_finding_is_reported_at_once() -> None:
    """A row with three faults gives three findings, each with a sentence."""
    found = records.check(completion(hours=-1, outcome="?", role=""))
    assert {finding.pointer for finding in found} == {"/hours", "/outcome", "/role"}
    assert all(finding.message.endswith(".") for finding in found)


def test_one_url_names_one_deliverable() -> None:
    """JSON-LD would merge two things with one identifier into one."""
    twice = [{"title": title, "kind": "file", "url": "https://files.example/1"} for title in ("A", "B")]
    assert _found(deliverables=twice) == [("/deliverables/1/url", "repeated")]


def test_one_name_is_one_skill() -> None:
    skills = [{"name": "SQL"}, {"name": "SQL", "url": "https://skills.example/sql"}]
    assert _found(project={**completion()["project"], "skills": skills}) == [("/project/skills/1/name", "repeated")]


def test_names_are_kept_in_nfc() -> None:
    """A name typed with combining marks is the same name."""
    record = CompletionRecord.from_mapping(completion(student={"name": "Jose\u0301", "email": "j@s.example"}))
    assert record.student.name == "Jos\u00e9"


def test_bounds_and_choices_are_those_of_the_schema() -> None:
    """Python's constants and the JSON Schema cannot drift apart."""
    members = schemas.json_schema(records.SCHEMA)["properties"]
    assert (members["hours"]["minimum"], members["hours"]["maximum"]) == (records.MIN_HOURS, records.MAX_HOURS)
    assert tuple(members["hours_source"]["enum"]) == records.HOURS_SOURCES
    assert tuple(members["outcome"]["enum"]) == records.OUTCOMES
    assert tuple(members["engagement"]["properties"]["kind"]["enum"]) == records.ENGAGEMENT_KINDS
    assert tuple(members["engagement"]["properties"]["mode"]["enum"]) == records.MODES


def _row_as_record(row: dict[str, str]) -> dict[str, Any]:
    deliverable = {"title": row["deliverable_title"], "kind": "file", "url": row["deliverable_url"]}
    return completion(
        student={"name": row["student_name"], "email": row["student_email"]},
        project={
            "title": row["project_title"],
            "description": row["project_description"],
            "criteria": row["acceptance_criteria"],
            "skills": [{"name": skill} for skill in row["skills"].split("|")],
            "tools": row["tools"].split("|"),
            "language": "en",
        },
        role=row["role"],
        engagement={"kind": row["engagement_kind"], "mode": row["mode"], "team_size": int(row["team_size"])},
        start=row["start_date"],
        end=row["end_date"],
        hours=float(row["hours"]),
        hours_source=row["hours_source"],
        awarded_date=row["awarded_date"],
        outcome=row["outcome"],
        deliverables=[{key: value for key, value in deliverable.items() if value}],
    )


def test_every_row_of_the_shared_sample_is_a_good_record(shared_samples: Path) -> None:
    """Sixty people, thirty scripts."""
    with (shared_samples / "autumn-2026.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 60
    for row in rows:
        assert CompletionRecord.from_mapping(_row_as_record(row)).student.name == row["student_name"]
