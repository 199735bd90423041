"""What a receipt of a verification says on paper: its values, taken from the signed receipt. It draws nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from credentials import receipts, strict_json, vcdm
from credentials.errors import PlauditError
from issuer.certificates.content import day
from issuer.certificates.errors import NotACertificateSource


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One check: its number, title, outcome ("passed"…) and sentence."""

    number: int
    title: str
    outcome: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ReceiptInput:
    """The values that a receipt shows. `tone` is the verdict's: good, caution or bad. `moment` is RFC 3339.

    `check_url` is what the QR code opens: an ASCII http(s) URL; `site` is where the receipt itself can be checked.
    """

    receipt_id: str
    verifier: str
    word: str
    tone: str
    headline: str
    moment: str
    digest: str
    credential: str
    issued_by: str
    lines: tuple[ReceiptLine, ...]
    check_url: str
    site: str

    @classmethod
    def from_receipt(cls, signed: bytes) -> ReceiptInput:
        """The values out of a signed receipt; raises NotACertificateSource for anything else."""
        try:
            document = strict_json.loads_object(signed)
            receipt = receipts.read(document)
        except PlauditError as error:
            raise NotACertificateSource(f"this is no receipt: {error}") from error
        site = _site(vcdm.issuer_id(document) or "")
        return cls(
            receipt_id=str(document.get("id", "")),
            verifier=receipt.verifier,
            word=str(receipt.verdict.word),
            tone=receipt.verdict.tone,
            headline=receipt.headline,
            moment=receipt.checked_at.astimezone(UTC).isoformat(),
            digest=receipt.digest,
            credential=receipt.credential or "",
            issued_by=receipt.issued_by or "",
            lines=tuple(
                ReceiptLine(step.number, step.title, step.outcome.value, step.sentence) for step in receipt.steps
            ),
            check_url=f"{site}?url={quote(receipt.credential, safe='')}" if receipt.credential else site,
            site=site,
        )

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> ReceiptInput:
        """Read the JSON form, as `dataclasses.asdict` gives it."""
        return cls(**{**values, "lines": tuple(ReceiptLine(**line) for line in values["lines"])})

    @property
    def at(self) -> datetime:
        """When it was checked."""
        return datetime.fromisoformat(self.moment)


_DID_WEB = re.compile(r"did:web:([A-Za-z0-9.-]+)((?:%3A[0-9]{1,5})?)((?::[A-Za-z0-9._-]+)*)", re.ASCII)


def _site(did: str) -> str:
    """Where the verifier answers that issued the receipt, by its did:web; raises NotACertificateSource for others."""
    match = _DID_WEB.fullmatch(did)
    if match is None:
        raise NotACertificateSource("the receipt is not of a verifier with an address")
    host, port, path = match.groups()
    scheme = "http" if host == "localhost" else "https"
    return f"{scheme}://{host}{port.replace('%3A', ':')}{path.replace(':', '/')}"


def moment(at: datetime) -> str:
    """ "16 June 2026, 14:05 UTC"; `at` is aware."""
    utc = at.astimezone(UTC)
    return f"{day(utc.date())}, {utc:%H:%M} UTC"


#: What the outcomes are called; a shape of its own stands beside each.
OUTCOMES: Mapping[str, str] = {
    "passed": "passed",
    "failed": "failed",
    "not_checked": "not checked",
    "not_applicable": "does not apply",
}
