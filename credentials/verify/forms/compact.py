"""A compact claim, the signed statement in a printed code, taken apart for verification. Checks no signature.

It is no credential of the data model: what it says is put into that shape so that it can be shown by the same pages.
Only facts of the claim stand in it. Source: docs/compact-claim.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from credentials import compact_claim, timestamps
from credentials.compact_claim import CompactClaim, SignedClaim, StatusPlace
from credentials.multikey import PublicKey
from credentials.verify.forms.face import KeyClaim, Window

FORMAT: Final = "cwt (compact claim)"
_HOURS: Final = "urn:plaudit:hours"


@dataclass(frozen=True, slots=True)
class ClaimSignature:
    """The one signature of a claim; its key is named by a hint of four bytes."""

    signed: SignedClaim

    def claim(self) -> KeyClaim:
        return KeyClaim(None, self.signed.signed_at, hint=self.signed.kid)

    def check(self, key: PublicKey) -> None:
        compact_claim.verify(self.signed, key)

    def describe(self) -> dict[str, Any]:
        return {"alg": self.signed.message.algorithm, "kid": self.signed.kid.hex()}


@dataclass(frozen=True, slots=True)
class SecuredClaim:
    """A well-formed claim, as the steps of verification see it."""

    signed: SignedClaim

    format = FORMAT

    @property
    def document(self) -> Mapping[str, Any]:
        return _document(self.signed.claim)

    @property
    def issuer(self) -> str:
        return self.signed.issuer

    @property
    def signatures(self) -> list[ClaimSignature]:
        return [ClaimSignature(self.signed)]

    @property
    def status(self) -> list[dict[str, str]]:
        claim = self.signed.claim
        places = (("revocation", claim.revocation), ("suspension", claim.suspension))
        return [_entry(purpose, place) for purpose, place in places if place is not None]

    def windows(self) -> list[Window]:
        claim = self.signed.claim
        return [Window(claim.valid_from, claim.valid_until), Window(claim.signed_at, None, of_signature=True)]


def read(data: bytes) -> SecuredClaim:
    """Read a signed compact claim. Raises what `compact_claim.parse` raises."""
    return SecuredClaim(compact_claim.parse(data))


def _document(claim: CompactClaim) -> dict[str, Any]:
    subject = {
        "name": claim.student,
        "activityStartDate": _day(claim.start),
        "activityEndDate": _day(claim.end),
        "achievement": {
            "name": claim.title,
            "resultDescription": [{"id": _HOURS, "resultType": "ext:HoursWorked"}],
        },
        "result": [{"resultDescription": _HOURS, "value": f"{claim.hours:f}"}] if claim.hours is not None else [],
    }
    return {
        "id": claim.record,
        "type": ["CompactClaim"],
        "issuer": {"id": claim.issuer, "name": claim.employer},
        "awardedDate": _day(claim.awarded),
        "validFrom": None if claim.valid_from is None else timestamps.format(claim.valid_from),
        "validUntil": None if claim.valid_until is None else timestamps.format(claim.valid_until),
        "credentialSubject": subject,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else f"{day.isoformat()}T00:00:00Z"


def _entry(purpose: str, place: StatusPlace) -> dict[str, str]:
    return {
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(place.index),
        "statusListCredential": place.list_url,
    }
