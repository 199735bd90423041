"""Makes CSV files of completions for tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

GOOD_ROW: Mapping[str, str] = {
    "student_name": "Nguyễn Thị Hồng Ánh",
    "student_email": "student@students.example",
    "project_title": "Checkout accessibility audit",
    "project_description": "Audit the web checkout against WCAG 2.2 AA.",
    "acceptance_criteria": "Audit of 14 screens; each finding reproduced.",
    "role": "Accessibility intern",
    "engagement_kind": "paid contract",
    "mode": "remote",
    "team_size": "2",
    "start_date": "2026-05-24",
    "end_date": "2026-06-11",
    "hours": "31",
    "hours_source": "time log",
    "awarded_date": "2026-06-16",
    "outcome": "accepted",
    "skills": "web accessibility|technical writing",
    "tools": "axe|NVDA",
    "deliverable_title": "Audit report",
    "deliverable_url": "https://files.example/d/01bb6e",
    "supervisor_name": "Óscar Ibarra",
    "supervisor_title": "Engineering Manager",
    "supervisor_email": "oscar@employer.example",
    "public_comment": "Clear writing.",
    "ai_use": "",
}


def rows(count: int) -> list[dict[str, str]]:
    """Return that many good rows, each of another student."""
    return [
        {**GOOD_ROW, "student_name": f"Student {number}", "student_email": f"student{number}@students.example"}
        for number in range(count)
    ]


def csv_bytes(
    table: Sequence[Mapping[str, str]], *, delimiter: str = ",", encoding: str = "utf-8", header: Sequence[str] = ()
) -> bytes:
    """Write rows as a CSV file; `header` replaces the names in the first line."""
    out = io.StringIO(newline="")
    names = list(table[0])
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(header or names)
    for row in table:
        writer.writerow([row[name] for name in names])
    return out.getvalue().encode(encoding)
