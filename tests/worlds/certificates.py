"""One ordinary certificate's values and a stand-in for its credential, for tests and measurements of drawing."""

from __future__ import annotations

from datetime import date

from issuer.certificates import CertificateInput

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
