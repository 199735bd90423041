"""What a compact claim says, as typed fields, and its one form as a CBOR Web Token's claims. It knows no signature.

Source: docs/compact-claim.md; RFC 8392, 3 (the registered claims).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from credentials import errors
from credentials.compact_claim import short_urls
from credentials.cose import cwt

#: The private claim that all facts of the completion stand in (RFC 8392, 9.1: below -65536 is for private use).
COMPLETION: Final = -70001
EMPLOYER, STUDENT, TITLE, RECORD, HOURS, AWARDED, START, END, REVOCATION, SUSPENSION = range(1, 11)
_REQUIRED: Final = frozenset({EMPLOYER, STUDENT, TITLE, RECORD, AWARDED})
_KNOWN: Final = frozenset(range(EMPLOYER, SUSPENSION + 1))

#: The longest line of a completion record. In characters.
MAX_TEXT: Final = 300
#: A list with more places than that would have 500 MB.
MAX_INDEX: Final = 2**32 - 1
#: Hundredths of the 2,000 hours of a working year, and room for programmes of others.
MAX_HUNDREDTHS: Final = 1_000_000

_DID: Final = re.compile(r"did:[a-z0-9]{1,20}:[A-Za-z0-9._:%-]{1,300}", re.ASCII)
#: Nothing, or only what has Unicode's property White_Space (`str.isspace` means more than that).
_BLANK: Final = re.compile("[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*")
_EPOCH: Final = date(1970, 1, 1)
_LAST_DAY: Final = (date.max - _EPOCH).days


@dataclass(frozen=True, slots=True)
class StatusPlace:
    """Where a withdrawal or suspension would be published: the URL of a Bitstring Status List and the index in it."""

    list_url: str
    index: int


@dataclass(frozen=True, slots=True)
class CompactClaim:
    """The facts of one completion. Construction raises `errors.CompactClaimMalformed` for what cannot be claimed.

    `issuer` is a DID and `employer` its name for itself; `record` is the credential's id, a URL. Days have no zone,
    moments are aware and in whole seconds; `hours` have at most two decimals. `signed_at` is when the claim was signed,
    which the history of the issuer's keys is asked about.
    """

    issuer: str
    employer: str
    student: str
    title: str
    record: str
    awarded: date
    signed_at: datetime
    hours: Decimal | None = None
    start: date | None = None
    end: date | None = None
    revocation: StatusPlace | None = None
    suspension: StatusPlace | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    def __post_init__(self) -> None:
        if _DID.fullmatch(self.issuer) is None:
            raise errors.CompactClaimMalformed(f"{self.issuer[:80]!r} is not a DID")
        for text in (self.employer, self.student, self.title):
            _check_text(text)
        for url in (self.record, *(place.list_url for place in (self.revocation, self.suspension) if place)):
            short_urls.check_url(url)
        for place in filter(None, (self.revocation, self.suspension)):
            if not 0 <= place.index <= MAX_INDEX:
                raise errors.CompactClaimMalformed(f"{place.index} is not an index in a status list")
        _check_order(self.start, self.end)

    def to_claims(self) -> cwt.Claims:
        """The claims set; `Claims.to_bytes` of it is what is signed.

        Raises `errors.CompactClaimMalformed` for hours with more than two decimals, days before 1970, and work that
        began or ended after its award.
        """
        facts = {
            EMPLOYER: self.employer,
            STUDENT: self.student,
            TITLE: self.title,
            RECORD: short_urls.shorten(self.record, self.issuer, short_urls.RECORDS),
            HOURS: _hundredths(self.hours),
            AWARDED: _number((self.awarded - _EPOCH).days, _LAST_DAY),
            START: self._days_before(self.start),
            END: self._days_before(self.end),
            REVOCATION: self._place(self.revocation),
            SUSPENSION: self._place(self.suspension),
        }
        return cwt.Claims(
            issuer=self.issuer,
            issued_at=self.signed_at,
            not_before=self.valid_from,
            expires=self.valid_until,
            more={COMPLETION: {key: value for key, value in facts.items() if value is not None}},
        )

    def _days_before(self, day: date | None) -> int | None:
        return None if day is None else _number((self.awarded - day).days, _LAST_DAY)

    def _place(self, place: StatusPlace | None) -> list[Any] | None:
        if place is None:
            return None
        return [short_urls.shorten(place.list_url, self.issuer, short_urls.LISTS), place.index]


def read(payload: bytes) -> CompactClaim:
    """Read a claims set strictly: what writing its facts again would not give to the byte is refused.

    Raises `errors.CompactClaimMalformed`, and what `cwt.read` raises.
    """
    claims = cwt.read(payload)
    claim = _from_claims(claims)
    if claim.to_claims().to_bytes() != payload:
        raise errors.CompactClaimMalformed(
            "claims that do not belong there, or a URL that is not in its one short form"
        )
    return claim


def _from_claims(claims: cwt.Claims) -> CompactClaim:
    facts = claims.more.get(COMPLETION)
    if claims.issuer is None or claims.issued_at is None or not isinstance(facts, dict):
        raise errors.CompactClaimMalformed("iss, iat or the completion is missing")
    if not _REQUIRED <= facts.keys() <= _KNOWN:
        raise errors.CompactClaimMalformed("a fact is missing, or one is there that is not known")
    awarded = _EPOCH + timedelta(days=_number(facts[AWARDED], _LAST_DAY))
    return CompactClaim(
        issuer=claims.issuer,
        employer=_of(facts, EMPLOYER, str),
        student=_of(facts, STUDENT, str),
        title=_of(facts, TITLE, str),
        record=short_urls.restore(facts[RECORD], claims.issuer, short_urls.RECORDS),
        awarded=awarded,
        signed_at=claims.issued_at,
        hours=Decimal(_number(facts[HOURS], MAX_HUNDREDTHS)) / 100 if HOURS in facts else None,
        start=_earlier(awarded, facts, START),
        end=_earlier(awarded, facts, END),
        revocation=_read_place(facts, REVOCATION, claims.issuer),
        suspension=_read_place(facts, SUSPENSION, claims.issuer),
        valid_from=claims.not_before,
        valid_until=claims.expires,
    )


def _check_text(text: str) -> None:
    if _BLANK.fullmatch(text) or len(text) > MAX_TEXT:
        raise errors.CompactClaimMalformed(f"a name or title is empty, or longer than {MAX_TEXT} characters")


def _check_order(start: date | None, end: date | None) -> None:
    if start and end and end < start:
        raise errors.CompactClaimMalformed("the end is before the start")


def _of(facts: Mapping[int, Any], key: int, kind: type) -> Any:
    if type(facts[key]) is not kind:
        raise errors.CompactClaimMalformed(f"fact {key} is not of the type {kind.__name__}")
    return facts[key]


def _number(value: Any, largest: int) -> int:
    if type(value) is not int or not 0 <= value <= largest:
        raise errors.CompactClaimMalformed(f"{str(value)[:40]} is not a whole number from 0 to {largest}")
    return value


def _earlier(awarded: date, facts: Mapping[int, Any], key: int) -> date | None:
    """The day so many days before the award."""
    if key not in facts:
        return None
    return awarded - timedelta(days=_number(facts[key], (awarded - _EPOCH).days))


def _hundredths(hours: Decimal | None) -> int | None:
    if hours is None:
        return None
    if not hours.is_finite() or hours * 100 != int(hours * 100):
        raise errors.CompactClaimMalformed(f"{hours} hours have more than two decimals")
    return _number(int(hours * 100), MAX_HUNDREDTHS)


def _read_place(facts: Mapping[int, Any], key: int, issuer: str) -> StatusPlace | None:
    if key not in facts:
        return None
    value = facts[key]
    if not isinstance(value, list) or len(value) != 2:
        raise errors.CompactClaimMalformed("a status is not the list's URL and an index")
    return StatusPlace(short_urls.restore(value[0], issuer, short_urls.LISTS), _number(value[1], MAX_INDEX))
