"""The DNS record by which a domain names an issuer as its own: how it is written and read. It asks no name server.

At `_plaudit.<domain>`, of type TXT: `did=` and the issuer's DID, nothing else. One record for each DID. Records that
say something else may stand beside it and are passed over.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from credentials import errors
from credentials.did import syntax

LABEL: Final = "_plaudit"
_PREFIX: Final = "did="
#: Records that are looked at; a name of its own needs one or two.
MAX_RECORDS: Final = 32


def record_name(domain: str) -> str:
    """The name at which the record stands."""
    return f"{LABEL}.{domain}"


def record_value(did: str) -> str:
    """What the record says; raises `errors.MalformedDid`."""
    syntax.split_did(did)
    return _PREFIX + did


def named(texts: Iterable[str]) -> tuple[str, ...]:
    """The DIDs that the records name, in their order; what is no DID in its one spelling is passed over."""
    found = []
    for text in list(texts)[:MAX_RECORDS]:
        if text.startswith(_PREFIX):
            try:
                syntax.split_did(text.removeprefix(_PREFIX))
            except errors.MalformedDid:
                continue
            found.append(text.removeprefix(_PREFIX))
    return tuple(found)
