"""The credential that publishes a Bitstring Status List: built unsigned, and read after its signature was checked.

Source: Bitstring Status List 1.0, 2.2 (the credential) and 3.2 (validating).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from credentials import errors, timestamps
from credentials.status_list.bits import BitList
from credentials.status_list.entries import StatusEntry


@dataclass(frozen=True, slots=True)
class Status:
    """What a list says of one credential: the value, what it is about, and what the credential says that it means."""

    purpose: str
    value: int
    message: str

    @property
    def valid(self) -> bool:
        """Is nothing set? For "message" and "refresh" that says nothing about the credential's validity."""
        return self.value == 0


def build_status_list_credential(
    *,
    list_id: str,
    issuer: str,
    purpose: str | Sequence[str],
    encoded: str,
    valid_from: datetime,
    valid_until: datetime | None = None,
    ttl: int | None = None,
) -> dict[str, Any]:
    """The unsigned BitstringStatusListCredential (2.2). `ttl` is in milliseconds; `list_id` is the URL it is served at.

    `issuer` is a plain string, as the W3C test suite expects.
    """
    subject: dict[str, Any] = {
        "id": f"{list_id}#list",
        "type": "BitstringStatusList",
        "statusPurpose": purpose if isinstance(purpose, str) else list(purpose),
        "encodedList": encoded,
    }
    if ttl is not None:
        subject["ttl"] = ttl
    document: dict[str, Any] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": list_id,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": timestamps.format(valid_from),
    }
    if valid_until is not None:
        document["validUntil"] = timestamps.format(valid_until)
    document["credentialSubject"] = subject
    return document


def read_list(
    credential: Mapping[str, Any],
    *,
    entry: StatusEntry,
    issuer: str,
    now: datetime,
    skew: timedelta = timedelta(0),
) -> BitList:
    """The values of a fetched status list credential whose signature somebody else checked (3.2, without the proof).

    Raises `errors.StatusListNotTrusted` when it is not the list that `entry` names, not this `issuer`'s, not for this
    purpose, or not valid at `now` (its start may lie `skew` ahead); and whatever `BitList.decode` raises.
    """
    types = credential.get("type")
    if "BitstringStatusListCredential" not in (types if isinstance(types, list) else [types]):
        raise errors.StatusListNotTrusted("it is not a BitstringStatusListCredential")
    if credential.get("id") != entry.list_url:
        raise errors.StatusListNotTrusted(
            f"the list at {entry.list_url} calls itself {str(credential.get('id'))[:200]}"
        )
    named = credential.get("issuer")
    if (named.get("id") if isinstance(named, Mapping) else named) != issuer:
        raise errors.StatusListNotTrusted("the list is another issuer's")
    _check_window(credential, now, skew)
    subject = _subject(credential)
    purposes = subject.get("statusPurpose")
    if entry.purpose not in (purposes if isinstance(purposes, list) else [purposes]):
        raise errors.StatusListNotTrusted(f"the list is not about {entry.purpose}")
    return BitList.decode(subject.get("encodedList", ""), size=entry.size)


def read_status(
    credential: Mapping[str, Any],
    *,
    entry: StatusEntry,
    issuer: str,
    now: datetime,
    skew: timedelta = timedelta(0),
) -> Status:
    """The status of the credential that carries `entry`, of however many bits (3.2); raises what `read_list` raises.

    Also `errors.StatusIndexOutOfRange`, when the list has no such index.
    """
    value = read_list(credential, entry=entry, issuer=issuer, now=now, skew=skew).value(entry.index)
    return Status(entry.purpose, value, entry.message(value))


def ttl(credential: Mapping[str, Any]) -> timedelta | None:
    """How long the list may be used before it is fetched again; None when it does not say (2.2: no default).

    It never lengthens `validUntil`. Raises `errors.StatusListNotTrusted` when it is no whole number of milliseconds.
    """
    value = _subject(credential).get("ttl")
    if value is None:
        return None
    if type(value) is not int or not 0 <= value < 2**53:
        raise errors.StatusListNotTrusted("its ttl is not a whole number of milliseconds")
    return timedelta(milliseconds=value)


def is_stale(credential: Mapping[str, Any], *, fetched: datetime, now: datetime) -> bool:
    """Is a copy that was fetched at `fetched` older at `now` than its `ttl` lets it be? Raises what `ttl` raises."""
    lifetime = ttl(credential)
    return lifetime is not None and now - fetched > lifetime


def _subject(credential: Mapping[str, Any]) -> Mapping[str, Any]:
    subject = credential.get("credentialSubject")
    if not isinstance(subject, Mapping) or subject.get("type") != "BitstringStatusList":
        raise errors.StatusListNotTrusted("its subject is not one BitstringStatusList")
    return subject


def _check_window(credential: Mapping[str, Any], now: datetime, skew: timedelta) -> None:
    """`validFrom` and `validUntil` of the list, both included; an older list could hide a withdrawal."""
    if "validFrom" in credential and _moment(credential, "validFrom") > now + skew:
        raise errors.StatusListNotTrusted(f"the list is not valid before {credential['validFrom']}")
    if "validUntil" in credential and _moment(credential, "validUntil") < now:
        raise errors.StatusListNotTrusted(f"the list is out of date since {credential['validUntil']}")


def _moment(credential: Mapping[str, Any], name: str) -> datetime:
    try:
        return timestamps.parse(credential[name])
    except errors.MalformedTimestamp as error:
        raise errors.StatusListNotTrusted(f"its {name} is not a point in time") from error
