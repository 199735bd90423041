"""Checks `relatedResource`: each is named once, with a digest that fits what is known of it here. Fetches nothing.

Source: VCDM 2.0, 5.3; Subresource Integrity (digestSRI); Controlled Identifiers 1.0, 2.5 (digestMultibase: multihash).
"""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import schemas
from credentials import errors, multibase
from credentials.findings import Finding
from credentials.vcdm.shapes import as_list, is_url

_WHERE: Final = "/relatedResource"
#: One hash expression of SRI, options left out: nothing is defined for them.
_EXPRESSION: Final = re.compile(r"(sha256|sha384|sha512)-([A-Za-z0-9+/]{43,86}={0,2})", re.ASCII)
#: Codes of multihash → names for hashlib.
_MULTIHASH: Final = {0x12: "sha256", 0x20: "sha384", 0x13: "sha512"}
#: SRI lists a few algorithms side by side; nobody lists more expressions than this.
_MAX_EXPRESSIONS: Final = 8


def check(document: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield every breach; a digest is compared only where the published bytes of the resource are bundled here."""
    seen: set[str] = set()
    for item in as_list(document.get("relatedResource", [])):
        identifier = item.get("id") if isinstance(item, Mapping) else None
        if not isinstance(identifier, str) or not is_url(identifier):
            yield Finding(_WHERE, "malformed", "A related resource must be an object with a URL as id.")
        elif identifier in seen:
            yield Finding(_WHERE, "repeated", "A related resource is listed twice.")
        else:
            seen.add(identifier)
            yield from _check_digests(item, schemas.published(identifier))


def _check_digests(item: Mapping[str, Any], published: tuple[bytes, ...]) -> Iterator[Finding]:
    digests = {name: item[name] for name in _FITS if name in item}
    if not digests:
        yield Finding(_WHERE, "missing", "A related resource must have a digest.")
    for name, value in digests.items():
        if not isinstance(value, str) or not value:
            yield Finding(_WHERE, "wrong_type", f"{name} must be text.")
        elif published and not _FITS[name](value, published):
            yield Finding(_WHERE, "digest_mismatch", f"{name} is not the digest of what is published there.")


def _fits_sri(value: str, published: tuple[bytes, ...]) -> bool:
    """Does any digest of the strongest algorithm in the expression fit (SRI, 3.3.4)?"""
    found = [match for part in value.split()[:_MAX_EXPRESSIONS] if (match := _EXPRESSION.fullmatch(part))]
    strongest = max((match[1] for match in found), default="")
    return any(
        _decoded(match[2]) == hashlib.new(strongest, data).digest()
        for match in found
        if match[1] == strongest
        for data in published
    )


def _decoded(text: str) -> bytes:
    """The bytes of base64 with its padding; no bytes at all where it is not the one right form."""
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except binascii.Error:
        return b""


def _fits_multibase(value: str, published: tuple[bytes, ...]) -> bool:
    """Is it a multihash, in base58btc or base64url, of one of the versions?"""
    try:
        code, rest = multibase.split_varint(multibase.decode(value, allowed="zu"))
        size, digest = multibase.split_varint(rest)
    except errors.MalformedEncoding:
        return False
    algorithm = _MULTIHASH.get(code)
    if algorithm is None or size != len(digest):
        return False
    return any(digest == hashlib.new(algorithm, data).digest() for data in published)


_FITS: Final[Mapping[str, Callable[[str, tuple[bytes, ...]], bool]]] = {
    "digestSRI": _fits_sri,
    "digestMultibase": _fits_multibase,
}
