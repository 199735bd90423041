"""The `status` claim of a token: which Token Status List it stands in, and where; read and written strictly.

Source: draft-ietf-oauth-status-list-18, 6.1 (status claim), 6.2 (JOSE) and 6.3 (COSE).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from credentials import errors

#: The key of the `status` claim in a CBOR Web Token; in a JWT it is "status" (6.3).
CWT_STATUS: Final = 65535
#: A list is only ever fetched over https; http stays for a loopback, where the fetcher decides.
_URL = re.compile(r"https?://[!-~]{1,2000}", re.ASCII)
#: Past 2^53 an index is not the same number to every reader of JSON, and no list is that long.
_MAX_INDEX: Final = 2**53


@dataclass(frozen=True, slots=True)
class Reference:
    """The list's URI, which is also the `sub` of the list's token, and the index in it."""

    uri: str
    index: int


def read_reference(status: Any) -> Reference:
    """Read the value of a `status` claim, of a JWT or a CWT.

    Raises `errors.StatusEntryMalformed`, or `errors.StatusTypeNotSupported` when it names other mechanisms only.
    """
    if not isinstance(status, Mapping) or not status:
        raise errors.StatusEntryMalformed("the status claim is not an object that says something", pointer="/status")
    if "status_list" not in status:
        raise errors.StatusTypeNotSupported("the status claim does not name a status list")
    place = status["status_list"]
    if not isinstance(place, Mapping):
        raise errors.StatusEntryMalformed("status_list is not an object", pointer="/status/status_list")
    index, uri = place.get("idx"), place.get("uri")
    if type(index) is not int or not 0 <= index <= _MAX_INDEX:
        raise errors.StatusEntryMalformed("idx is not a whole number", pointer="/status/status_list/idx")
    if not isinstance(uri, str) or not _URL.fullmatch(uri):
        raise errors.StatusEntryMalformed("uri is not a URL", pointer="/status/status_list/uri")
    return Reference(uri, index)


def status_claim(reference: Reference) -> dict[str, Any]:
    """The value of the `status` claim for `reference`; raises `errors.StatusEntryMalformed`."""
    claim = {"status_list": {"idx": reference.index, "uri": reference.uri}}
    read_reference(claim)
    return claim
