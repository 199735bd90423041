"""The `credentialStatus` entry: which list, which index in it, and what the values mean; read and written strictly.

Source: Bitstring Status List 1.0, 2.1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from credentials import errors
from credentials.status_list.bits import MAX_STATUS_SIZE

PURPOSES: Final = ("revocation", "suspension", "refresh", "message")

_INDEX = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)
_URL = re.compile(r"https?://[!-~]{1,2000}", re.ASCII)
#: `status` of a message: hexadecimal after 0x; leading zeros and both cases of letters occur.
_HEXADECIMAL = re.compile(r"0x[0-9A-Fa-f]{1,8}", re.ASCII)
#: More references than this explain nothing.
_MAX_REFERENCES = 16


@dataclass(frozen=True, slots=True)
class StatusMessage:
    """What one value of a status means. The message is for developers, not for people who were handed a credential."""

    status: int
    message: str


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """Where one credential's status stands: the list's URL, the index in it, and what its value is about.

    `size` is in bits. `messages` are empty, or one for each of the 2^size values, in the order of the values;
    `references` are URLs of documents that explain them.
    """

    list_url: str
    index: int
    purpose: str
    size: int = 1
    messages: tuple[StatusMessage, ...] = ()
    references: tuple[str, ...] = ()

    def message(self, value: int) -> str:
        """What the entry says that `value` means; without messages 0 is "unset" and 1 is "set" (2.1)."""
        return self.messages[value].message if self.messages else ("unset", "set")[value]


def status_entry(entry: StatusEntry) -> dict[str, Any]:
    """The `credentialStatus` member for `entry` (2.1). Raises `errors.StatusEntryMalformed`."""
    document: dict[str, Any] = {
        "id": f"{entry.list_url}#{entry.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": entry.purpose,
        "statusListIndex": str(entry.index),
        "statusListCredential": entry.list_url,
    }
    if entry.size != 1:
        document["statusSize"] = entry.size
    if entry.messages:
        document["statusMessage"] = [
            {"status": f"0x{message.status:x}", "message": message.message} for message in entry.messages
        ]
    if entry.references:
        document["statusReference"] = list(entry.references)
    parse_entry(document)
    return document


def parse_entry(status: Any) -> StatusEntry:
    """Read one `credentialStatus` entry strictly (2.1).

    The index is decimal digits in a string: a JSON number is malformed, as is a sign, a point or a leading zero.
    Raises `errors.StatusEntryMalformed`, or `errors.StatusTypeNotSupported` for another type and for statuses of more
    bits than are read here.
    """
    if not isinstance(status, Mapping):
        raise errors.StatusEntryMalformed("the entry is not an object", pointer="/credentialStatus")
    if status.get("type") != "BitstringStatusListEntry":
        raise errors.StatusTypeNotSupported(f"the type of the entry is {str(status.get('type'))[:80]}")
    size = _size(status)
    purpose, url, index = (status.get(key) for key in ("statusPurpose", "statusListCredential", "statusListIndex"))
    if not isinstance(purpose, str) or not purpose:
        raise _malformed("statusPurpose", "is not a string")
    if not _is_url(url):
        raise _malformed("statusListCredential", "is not a URL")
    if not isinstance(index, str) or not _INDEX.fullmatch(index):
        raise _malformed("statusListIndex", "is not a whole number in a string")
    return StatusEntry(str(url), int(index), purpose, size, _messages(status, purpose, size), _references(status))


def _size(status: Mapping[str, Any]) -> int:
    size = status.get("statusSize", 1)
    if type(size) is not int or size < 1:
        raise _malformed("statusSize", "is not a whole number above 0")
    if size > MAX_STATUS_SIZE:
        raise errors.StatusTypeNotSupported(f"statuses of {size} bits; at most {MAX_STATUS_SIZE} are read here")
    return size


def _messages(status: Mapping[str, Any], purpose: str, size: int) -> tuple[StatusMessage, ...]:
    """One for each value that `size` bits can hold. They may be left out only where "set" and "unset" say enough."""
    if "statusMessage" not in status:
        if size > 1 or purpose == "message":
            raise _malformed("statusMessage", "is missing, and the values mean nothing without it")
        return ()
    documents = status["statusMessage"]
    if not isinstance(documents, list) or len(documents) != 1 << size:
        raise _malformed("statusMessage", f"is not a list of {1 << size}, one for each value")
    messages = sorted((_message(document) for document in documents), key=lambda message: message.status)
    if [message.status for message in messages] != list(range(1 << size)):
        raise _malformed("statusMessage", "does not name each value once")
    return tuple(messages)


def _message(document: Any) -> StatusMessage:
    if not isinstance(document, Mapping) or not isinstance(document.get("message"), str):
        raise _malformed("statusMessage", "holds something else than a status and its message")
    value = document.get("status")
    if not isinstance(value, str) or not _HEXADECIMAL.fullmatch(value):
        raise _malformed("statusMessage", "has a status that is not hexadecimal, such as 0x1")
    return StatusMessage(int(value, 16), document["message"])


def _references(status: Mapping[str, Any]) -> tuple[str, ...]:
    value = status.get("statusReference", [])
    urls = value if isinstance(value, list) else [value]
    if len(urls) > _MAX_REFERENCES or not all(_is_url(url) for url in urls):
        raise _malformed("statusReference", f"is not a URL or a list of at most {_MAX_REFERENCES} of them")
    return tuple(urls)


def _is_url(value: Any) -> bool:
    return isinstance(value, str) and _URL.fullmatch(value) is not None


def _malformed(member: str, fault: str) -> errors.StatusEntryMalformed:
    return errors.StatusEntryMalformed(f"{member} {fault}", pointer=f"/credentialStatus/{member}")
