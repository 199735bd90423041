"""Makes and reads Bitstring Status Lists (W3C Bitstring Status List 1.0). Fetches nothing and checks no signature.

A list is a string of bits, the leftmost bit of the first byte being index 0, compressed with gzip and written as
multibase base64url. Reading is bounded: a list that would unpack to more than `MAX_LIST_BYTES` is refused unopened.
"""

from __future__ import annotations

import binascii
import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from credentials import errors, timestamps

#: Fewer entries would tell the issuer's web server whose credential is being looked at (3.2, herd privacy).
MINIMUM_ENTRIES = 131_072
#: 8.4 million entries; an honest list of that size does not fit through the fetcher's own limit.
MAX_LIST_BYTES = 1 << 20
#: Characters of `encodedList`. A full random list of the minimum size takes 22,000.
MAX_ENCODED = 2_000_000
#: Fast and small enough: 0.3 ms for 131,072 entries.
GZIP_LEVEL = 6

PURPOSES = ("revocation", "suspension", "refresh", "message")
_INDEX = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)
_URL = re.compile(r"https?://[!-~]{1,2000}", re.ASCII)
_GZIP = 31


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """Where one credential's status stands: the list's URL, the index in it, and what a set bit means."""

    list_url: str
    index: int
    purpose: str


class BitList:
    """A list of one-bit statuses; `length` entries, a multiple of 8 and at least `MINIMUM_ENTRIES`."""

    def __init__(self, length: int = MINIMUM_ENTRIES) -> None:
        if length < MINIMUM_ENTRIES:
            raise errors.StatusListTooShort(f"{length} entries; at least {MINIMUM_ENTRIES} are needed")
        if length % 8 or length > MAX_LIST_BYTES * 8:
            raise errors.StatusListTooLarge(f"{length} is not a multiple of 8 within {MAX_LIST_BYTES * 8}")
        self._bits = bytearray(length // 8)

    def __len__(self) -> int:
        return len(self._bits) * 8

    def get(self, index: int) -> bool:
        """Is the bit at `index` set? Raises `errors.StatusIndexOutOfRange`."""
        byte, mask = self._place(index)
        return bool(self._bits[byte] & mask)

    def set(self, index: int, value: bool = True) -> None:
        """Set or clear the bit at `index`. Raises `errors.StatusIndexOutOfRange`."""
        byte, mask = self._place(index)
        if value:
            self._bits[byte] |= mask
        else:
            self._bits[byte] &= ~mask

    def encode(self) -> str:
        """`encodedList`: "u", then unpadded base64url of the gzipped bits (3.3). The same bits give the same text."""
        packer = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, _GZIP)
        packed = packer.compress(bytes(self._bits)) + packer.flush()
        return "u" + urlsafe_b64encode(packed).rstrip(b"=").decode("ascii")

    @classmethod
    def decode(cls, encoded: str, *, minimum: int = MINIMUM_ENTRIES) -> Self:
        """The list behind `encodedList` (3.4).

        Raises `errors.StatusListMalformed`, `StatusListTooLarge` or `StatusListTooShort` (fewer than `minimum`).
        """
        bits = _inflate(_base64url(encoded))
        if len(bits) * 8 < minimum:
            raise errors.StatusListTooShort(f"{len(bits) * 8} entries; at least {minimum} are needed")
        bit_list = cls.__new__(cls)
        bit_list._bits = bytearray(bits)
        return bit_list

    def _place(self, index: int) -> tuple[int, int]:
        if not 0 <= index < len(self):
            raise errors.StatusIndexOutOfRange(f"index {index} in a list of {len(self)}")
        return index >> 3, 0x80 >> (index & 7)


def _base64url(encoded: Any) -> bytes:
    """Strict: the multibase header "u", no padding, and what is decoded encodes to the same text again."""
    if not isinstance(encoded, str) or not encoded.startswith("u"):
        raise errors.StatusListMalformed("encodedList is not multibase base64url (it must start with u)")
    if len(encoded) > MAX_ENCODED:
        raise errors.StatusListTooLarge(f"encodedList has {len(encoded)} characters")
    text = encoded[1:]
    try:
        data = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (UnicodeEncodeError, binascii.Error) as error:
        raise errors.StatusListMalformed("encodedList is not base64url") from error
    if urlsafe_b64encode(data).rstrip(b"=").decode("ascii") != text:
        raise errors.StatusListMalformed("encodedList is not the one base64url form of its bytes")
    return data


def _inflate(data: bytes) -> bytes:
    """Unpack one whole gzip member and nothing after it, never to more than `MAX_LIST_BYTES`."""
    unpacker = zlib.decompressobj(_GZIP)
    try:
        bits = unpacker.decompress(data, MAX_LIST_BYTES + 1)
    except zlib.error as error:
        raise errors.StatusListMalformed(f"encodedList does not unpack: {error}") from error
    if len(bits) > MAX_LIST_BYTES:
        raise errors.StatusListTooLarge(f"encodedList unpacks to more than {MAX_LIST_BYTES} bytes")
    if not unpacker.eof:
        raise errors.StatusListMalformed("encodedList ends too early")
    if unpacker.unused_data:
        raise errors.StatusListMalformed("encodedList goes on after its end")
    return bits


def status_entry(entry: StatusEntry) -> dict[str, Any]:
    """The `credentialStatus` member for `entry` (2.1). Raises `errors.StatusEntryMalformed`."""
    document = {
        "id": f"{entry.list_url}#{entry.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": entry.purpose,
        "statusListIndex": str(entry.index),
        "statusListCredential": entry.list_url,
    }
    parse_entry(document)
    return document


def parse_entry(status: Any) -> StatusEntry:
    """Read one `credentialStatus` entry strictly (2.1).

    The index is decimal digits in a string: a JSON number is malformed, as is a sign, a point or a leading zero.
    Raises `errors.StatusEntryMalformed`, or `errors.StatusTypeNotSupported` for another type or for statuses of more
    than one bit.
    """
    if not isinstance(status, Mapping):
        raise errors.StatusEntryMalformed("the entry is not an object", pointer="/credentialStatus")
    if status.get("type") != "BitstringStatusListEntry":
        raise errors.StatusTypeNotSupported(f"the type of the entry is {str(status.get('type'))[:80]}")
    if status.get("statusSize", 1) != 1 or isinstance(status.get("statusSize"), bool):
        raise errors.StatusTypeNotSupported("statuses of more than one bit are not read here")
    purpose, url, index = (status.get(key) for key in ("statusPurpose", "statusListCredential", "statusListIndex"))
    if not isinstance(purpose, str) or not purpose:
        raise errors.StatusEntryMalformed("statusPurpose is not a string", pointer="/credentialStatus/statusPurpose")
    if not isinstance(url, str) or not _URL.fullmatch(url):
        raise errors.StatusEntryMalformed(
            "statusListCredential is not a URL", pointer="/credentialStatus/statusListCredential"
        )
    if not isinstance(index, str) or not _INDEX.fullmatch(index):
        raise errors.StatusEntryMalformed(
            "statusListIndex is not a whole number in a string", pointer="/credentialStatus/statusListIndex"
        )
    return StatusEntry(url, int(index), purpose)


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
    """The bits of a fetched status list credential whose signature somebody else checked (3.2, without the proof).

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
    subject = credential.get("credentialSubject")
    if not isinstance(subject, Mapping) or subject.get("type") != "BitstringStatusList":
        raise errors.StatusListNotTrusted("its subject is not one BitstringStatusList")
    purposes = subject.get("statusPurpose")
    if entry.purpose not in (purposes if isinstance(purposes, list) else [purposes]):
        raise errors.StatusListNotTrusted(f"the list is not about {entry.purpose}")
    return BitList.decode(subject.get("encodedList", ""))


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
