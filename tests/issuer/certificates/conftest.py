"""One pool for all tests of the certificate, and the values of an ordinary one."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from issuer.certificates import CertificateInput, CertificatePool

ORDINARY = CertificateInput(
    student_name="Maya Lee",
    title="Churn dashboard for a SaaS support team",
    issuer_name="Harbour & Finch",
    issuer_domain="harbourfinch.example",
    role="Data intern",
    hours=31,
    hours_source="time log",
    start=date(2026, 5, 24),
    end=date(2026, 6, 11),
    awarded=date(2026, 6, 16),
    outcome="accepted",
    skills=("SQL", "data visualisation", "communication"),
    supervisor_name="Óscar Ibarra",
    supervisor_title="Engineering Manager",
    record_url="https://plaudit.harbourfinch.example/c/k3v9q2m7x4t8w6b1z5n0r3d2fa",
    human_code="K3V9-Q2M7-X4T8",
    language="en",
    engagement_kind="paid contract",
)
CREDENTIAL = b'{"id": "https://plaudit.harbourfinch.example/c/k3v9q2m7x4t8w6b1z5n0r3d2fa", "proof": []}'


@pytest.fixture(scope="session")
def pool() -> Iterator[CertificatePool]:
    with CertificatePool(workers=1) as pool:
        yield pool


def sample_inputs(samples: Path) -> list[CertificateInput]:
    """The first certificate of each of the thirty people in the shared sample."""
    people: dict[str, CertificateInput] = {}
    with (samples / "autumn-2026.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            people.setdefault(row["student_name"], _from_row(row))
    return list(people.values())


def _from_row(row: dict[str, str]) -> CertificateInput:
    return replace(
        ORDINARY,
        student_name=row["student_name"],
        title=row["project_title"],
        role=row["role"],
        hours=float(row["hours"]),
        hours_source=row["hours_source"],
        outcome=row["outcome"],
        skills=tuple(row["skills"].split("|")),
        supervisor_name=row["supervisor_name"],
        engagement_kind=row["engagement_kind"],
    )
