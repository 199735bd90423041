"""One complete completion record, and the moment at which tests take place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

NOW = datetime(2026, 7, 1, 12, 0, 0, tzinfo=UTC)
SIGNED_AT = NOW - timedelta(days=10)


def completion(**changes: Any) -> dict[str, Any]:
    """The JSON form of a complete completion record; `changes` replace whole members, None removes one."""
    members = {
        "student": {"name": "Nguyễn Thị Hồng Ánh", "email": "student@students.example"},
        "project": {
            "title": "Checkout accessibility audit",
            "description": "Audit the web checkout against WCAG 2.2 AA and propose fixes.",
            "criteria": "Audit of 14 screens; each finding reproduced.",
            "skills": [
                {"name": "web accessibility", "url": "https://skills.example/esco/web-accessibility"},
                {"name": "technical writing"},
            ],
            "tools": ["axe", "NVDA"],
            "language": "en",
        },
        "role": "Accessibility intern",
        "engagement": {"kind": "paid contract", "mode": "remote", "team_size": 2},
        "start": "2026-05-24",
        "end": "2026-06-11",
        "hours": 31,
        "hours_source": "time log",
        "awarded_date": "2026-06-16",
        "outcome": "accepted",
        "deliverables": [
            {"title": "Audit report", "kind": "report", "url": "https://files.example/d/01bb6e"},
            {"title": "Fix estimates", "kind": "spreadsheet"},
        ],
        "supervisor": {"name": "Óscar Ibarra", "title": "Engineering Manager", "email": "oscar@employer.example"},
        "public_comment": "Clear writing; needed little direction.",
        "ai_use": "Used an assistant for first drafts; all figures checked by hand.",
        "permission": {"show": True},
        **changes,
    }
    return {name: value for name, value in members.items() if value is not None}
