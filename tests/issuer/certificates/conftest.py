"""One pool for all tests of the certificate, and the values of an ordinary one."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from issuer.certificates import CertificateInput, CertificatePool
from tests.worlds.certificates import ORDINARY


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
