"""What a student shares of a record: the LinkedIn link, the résumé line, the words of a link preview. Pure.

Everything is made from a `Report`, and a line that claims something is offered only while the record is valid: a
withdrawn one gives nothing to paste.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import qrcode
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.image.svg import SvgPathFillImage

from credentials import wording
from credentials.verify import Report, Verdict, VerifiedCredential

LINKEDIN = "https://www.linkedin.com/profile/add"
#: Link previews cut at about this length; so do we, at a word.
PREVIEW_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Share:
    """Texts and addresses for one record. What is None is not offered."""

    title: str
    description: str
    verify_url: str
    file_stem: str
    linkedin_url: str | None = None
    resume_line: str | None = None
    structured_data: dict[str, Any] | None = None
    #: Whether the certificate may be shown as a picture: one of a withdrawn record would still look valid.
    picture: bool = False


def share(report: Report, *, record_id: str, record_url: str) -> Share:
    """Return what can be shared of the record that `report` is about."""
    verify_url = f"/verify?{urlencode({'url': record_url})}"
    claim = report.verified
    if claim is None:
        return Share("A record that could not be confirmed", report.headline, verify_url, f"record-{record_id}")
    stem = f"certificate-{claim.human_code or record_id}".lower()
    described = shortened(wording.sentence(claim, report.verdict))
    if report.verdict is not Verdict.VALID:
        return Share(f"{report.verdict.word}: {claim.title or 'a record'}", described, verify_url, stem)
    return Share(
        title=" · ".join(part for part in (claim.student_name, claim.title) if part) or "A record",
        description=described,
        verify_url=verify_url,
        file_stem=stem,
        linkedin_url=linkedin_url(claim, record_url),
        resume_line=resume_line(claim, record_url),
        structured_data=structured_data(claim, record_url),
        picture=True,
    )


def linkedin_url(claim: VerifiedCredential, record_url: str) -> str:
    """Return LinkedIn's "Add to profile" address with its form filled in."""
    awarded = wording.calendar_day(claim.awarded)
    parameters = {
        "startTask": "CERTIFICATION_NAME",
        "name": claim.title,
        "organizationName": claim.issuer_name,
        "issueYear": awarded.year if awarded else None,
        "issueMonth": awarded.month if awarded else None,
        "certUrl": record_url,
        "certId": claim.human_code,
    }
    return f"{LINKEDIN}?{urlencode({name: value for name, value in parameters.items() if value})}"


def resume_line(claim: VerifiedCredential, record_url: str) -> str:
    """Return one line of plain text: role, project, employer, how long, when, and where it can be checked."""
    kind = "simulated project" if claim.engagement_kind == "simulated" else "micro-internship"
    when = wording.date_range(claim.start, claim.end)
    facts = ", ".join(part for part in (kind, wording.hours(claim.hours), when) if part)
    what = ", ".join(part for part in (claim.role, claim.title) if part)
    return f"{what} – {claim.issuer_name} ({facts}). Signed record: {record_url}"


def structured_data(claim: VerifiedCredential, record_url: str) -> dict[str, Any]:
    """Return the record as schema.org data (EducationalOccupationalCredential), for a JSON-LD data block.

    The student is not in it: it describes the credential, and the page itself says whose it is.
    """
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "EducationalOccupationalCredential",
        "url": record_url,
        "name": claim.title,
        "description": claim.description,
        "credentialCategory": "Micro-internship completion",
        "identifier": claim.human_code,
        "inLanguage": claim.language,
        "dateCreated": claim.awarded,
        "recognizedBy": {"@type": "Organization", "name": claim.issuer_name, "url": claim.issuer_url},
        "competencyRequired": [{"@type": "DefinedTerm", "name": name, "url": url} for name, url in claim.skills],
    }
    return {name: value for name, value in data.items() if value not in (None, [])}


def code(record_url: str) -> bytes:
    """Return the QR code of an address as SVG: error correction Q, for print on paper that gets worn."""
    made = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, image_factory=SvgPathFillImage)
    made.add_data(record_url)
    return bytes(made.make_image().to_string(encoding="utf-8"))


def shortened(text: str, length: int = PREVIEW_LENGTH) -> str:
    """Cut `text` at a word so that it fits a link preview."""
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + "…"
