"""The receipt of a verification as a credential: what was checked, when, with what result. It signs and checks nothing.

A receipt speaks of one moment. It names the checked credential by its id and the digest of the bytes that were handed
in, and repeats nothing else of it: whoever holds both can put them together, and nobody else learns who the person is.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from credentials import errors, timestamps, vcdm
from credentials.did import domain_of
from credentials.verify.reading import objects, single, text
from credentials.verify.report import Outcome, Report, Verdict

TYPE: Final = "VerificationReceipt"
CONTEXTS: Final = ("https://www.w3.org/ns/credentials/v2", "https://w3id.org/plaudit/v1")


@dataclass(frozen=True, slots=True)
class ReceiptStep:
    """One check as the receipt tells it. `code` None: it passed, or did not apply."""

    number: int
    title: str
    outcome: Outcome
    code: str | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says. `credential` is the id of what was checked, None when nothing of it was confirmed.

    `digest` is an SRI expression of the bytes that were handed in; `issued_by` is the credential's issuer, as a domain
    or a DID; `verifier` is the domain of whoever checked, else its DID.
    """

    verifier: str
    verdict: Verdict
    headline: str
    checked_at: datetime
    digest: str
    credential: str | None
    issued_by: str | None
    steps: tuple[ReceiptStep, ...]

    def to_json(self) -> dict[str, Any]:
        """The receipt for machines, as the API tells it of a receipt that was handed in."""
        return {
            "verifier": self.verifier,
            "verdict": self.verdict.id,
            "headline": self.headline,
            "checkedAt": timestamps.format(self.checked_at),
            "digestSRI": self.digest,
            "credential": self.credential,
            "issuedBy": self.issued_by,
            "checks": [
                {"number": one.number, "title": one.title, "outcome": one.outcome.value, "code": one.code,
                 "sentence": one.sentence}
                for one in self.steps
            ],
        }  # fmt: skip


def digest_of(data: bytes) -> str:
    """The digest by which a receipt names the bytes that were handed in (Subresource Integrity, 3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(data).digest()).decode("ascii")


def build_receipt(report: Report, *, digest: str, receipt_id: str, issuer: str, issuer_name: str) -> dict[str, Any]:
    """The unsigned receipt of `report` about what has `digest`; `receipt_id` is a URL (urn:uuid), `issuer` a DID."""
    verified = report.verified
    subject: dict[str, Any] = {} if verified is None or verified.id is None else {"id": verified.id}
    subject |= {
        "type": "VerificationResult",
        "digestSRI": digest,
        "verdict": report.verdict.id,
        "headline": str(report.headline),
        "checkedAt": timestamps.format(report.checked_at),
        "check": [_check(step) for step in report.steps],
    }
    if verified is not None:
        subject["issuedBy"] = verified.issuer_domain or verified.issuer_did
    return {
        "@context": list(CONTEXTS),
        "id": receipt_id,
        "type": ["VerifiableCredential", TYPE],
        "issuer": {"id": issuer, "name": issuer_name},
        "validFrom": timestamps.format(report.checked_at),
        "credentialSubject": subject,
    }


def _check(step: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "type": "CheckDone",
        "stepNumber": step.number,
        "stepTitle": str(step.title),
        "outcome": step.outcome.value,
        "sentence": str(step.sentence),
    }
    return told | ({"code": step.code} if step.code else {})


def is_receipt(document: Mapping[str, Any]) -> bool:
    """Tell a receipt from other credentials by its type."""
    return TYPE in vcdm.types(document)


def read(document: Mapping[str, Any]) -> Receipt:
    """What a receipt says whose signature was checked. Raises `errors.CredentialMalformed` for a damaged one."""
    subject = single(document.get("credentialSubject"))
    issuer = vcdm.issuer_id(document) or ""
    try:
        return Receipt(
            verifier=domain_of(issuer) or issuer,
            verdict=next(one for one in Verdict if one.id == subject.get("verdict")),
            headline=text(subject.get("headline")) or "",
            checked_at=timestamps.parse(str(subject["checkedAt"])),
            digest=text(subject.get("digestSRI")) or "",
            credential=text(subject.get("id")),
            issued_by=text(subject.get("issuedBy")),
            steps=tuple(sorted((_step(one) for one in objects(subject.get("check"))), key=lambda one: one.number)),
        )
    except (KeyError, TypeError, ValueError, StopIteration, errors.MalformedTimestamp) as error:
        raise errors.CredentialMalformed("It is not a receipt as this version writes them.") from error


def _step(one: Mapping[str, Any]) -> ReceiptStep:
    return ReceiptStep(
        int(one["stepNumber"]),
        text(one.get("stepTitle")) or "",
        Outcome(one["outcome"]),
        text(one.get("code")),
        text(one.get("sentence")) or "",
    )
