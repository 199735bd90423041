"""Makes the compact claim of an Open Badges 3.0 credential in the shape of `model.build_credential`. Signs nothing.

It copies: nothing is cut, rounded or worded anew, so that the claim and the credential can be held side by side.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from credentials import errors, status_list, timestamps
from credentials.compact_claim.claim import CompactClaim, StatusPlace
from credentials.vcdm import as_list

_HOURS: Final = re.compile(r"[0-9]{1,5}(?:\.[0-9]{1,2})?", re.ASCII)


def from_credential(document: Mapping[str, Any], *, signed_at: datetime) -> CompactClaim:
    """The compact claim of `document`, to be signed at `signed_at` (aware, whole seconds).

    `validFrom` goes into the claim only when it is later than `signed_at`. Raises `errors.NotCompactable` when the
    document lacks a fact or shows it in another place, `errors.CompactClaimMalformed` for facts that have no short
    form, and what `status_list.parse_entry` and `timestamps.parse` raise.
    """
    issuer = _member(document, "issuer", dict)
    subject = _member(document, "credentialSubject", dict)
    achievement = _member(subject, "achievement", dict)
    valid_from = timestamps.parse(document.get("validFrom"))
    places = _places(document)
    return CompactClaim(
        issuer=_member(issuer, "id", str),
        employer=_member(issuer, "name", str),
        student=_student(subject),
        title=_member(achievement, "name", str),
        record=_member(document, "id", str),
        awarded=_day(_member(document, "awardedDate", str)),
        signed_at=signed_at,
        hours=_hours(subject, achievement),
        start=_optional_day(subject, "activityStartDate"),
        end=_optional_day(subject, "activityEndDate"),
        revocation=places.get("revocation"),
        suspension=places.get("suspension"),
        valid_from=valid_from if valid_from > signed_at else None,
        valid_until=timestamps.parse(document["validUntil"]) if "validUntil" in document else None,
    )


def _member(parent: Mapping[str, Any], name: str, kind: type) -> Any:
    value = parent.get(name)
    if not isinstance(value, kind):
        raise errors.NotCompactable(f"the credential has no {name} of the usual shape")
    return value


def _student(subject: Mapping[str, Any]) -> str:
    """The one name that stands in the open."""
    names = [
        identity.get("identityHash")
        for identity in as_list(subject.get("identifier", []))
        if isinstance(identity, Mapping) and identity.get("identityType") == "name" and identity.get("hashed") is False
    ]
    if len(names) != 1 or not isinstance(names[0], str):
        raise errors.NotCompactable("the credential does not name its student once and openly")
    return names[0]


def _hours(subject: Mapping[str, Any], achievement: Mapping[str, Any]) -> Decimal | None:
    """The result that the achievement describes as hours worked; None when there is none."""
    described = {
        item.get("id")
        for item in as_list(achievement.get("resultDescription", []))
        if isinstance(item, Mapping) and item.get("resultType") == "ext:HoursWorked"
    }
    values = [
        str(item.get("value"))
        for item in as_list(subject.get("result", []))
        if isinstance(item, Mapping) and item.get("resultDescription") in described
    ]
    if len(values) > 1 or any(_HOURS.fullmatch(value) is None for value in values):
        raise errors.NotCompactable("the hours are not one number with at most two decimals")
    return Decimal(values[0]) if values else None


def _places(document: Mapping[str, Any]) -> dict[str, StatusPlace]:
    """Where a withdrawal and a suspension would be published. What else a status may be about takes nothing away."""
    places: dict[str, StatusPlace] = {}
    for entry in map(status_list.parse_entry, as_list(document.get("credentialStatus", []))):
        if entry.size != 1 or entry.purpose in places:
            raise errors.NotCompactable("a status of several bits, or two of one purpose")
        places[entry.purpose] = StatusPlace(entry.list_url, entry.index)
    return places


def _optional_day(subject: Mapping[str, Any], name: str) -> date | None:
    return _day(_member(subject, name, str)) if name in subject else None


def _day(text: str) -> date:
    """The calendar day as it was signed: a day has no zone, so none is converted."""
    timestamps.parse(text)
    return date.fromisoformat(text[:10])
