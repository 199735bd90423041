"""Shortens the URLs of a compact claim and restores them; each URL has exactly one short form. It fetches nothing.

A URL at the issuer's own domain loses `https://` and the host. When what is left is the folder that the claim expects
and 26 characters of base32 (lower case, no padding), the 16 bytes that these stand for are its short form.
"""

from __future__ import annotations

import base64
import re
from typing import Any, Final

from credentials import errors
from credentials.did import domain_of

#: Methods whose identifiers name a host that their documents are fetched from.
_HOSTED: Final = ("did:web:", "did:webvh:")
_URL: Final = re.compile(r"https?://[!-~]{1,300}", re.ASCII)
_NAME: Final = re.compile(r"[a-z2-7]{26}", re.ASCII)

#: Where records and status lists lie at their issuer's domain, if they are to be written as 16 bytes.
RECORDS: Final = "/c/"
LISTS: Final = "/status/"


def check_url(url: object) -> str:
    """Return `url` when it is an http(s) URL of at most 300 visible ASCII characters after its scheme.

    Raises `errors.CompactClaimMalformed`.
    """
    if not isinstance(url, str) or _URL.fullmatch(url) is None:
        raise errors.CompactClaimMalformed(f"{str(url)[:80]!r} is not a short URL of visible ASCII characters")
    return url


def shorten(url: str, issuer: str, folder: str) -> str | bytes:
    """The short form of `url` in a claim of the DID `issuer`; `folder` is `RECORDS` or `LISTS`."""
    origin = _origin(issuer)
    if origin is None or not url.startswith(origin + "/"):
        return url
    path = url.removeprefix(origin)
    data = _name_bytes(path.removeprefix(folder)) if path.startswith(folder) else None
    return data or path


def restore(value: Any, issuer: str, folder: str) -> str:
    """The URL that `value` is a short form of; raises `errors.CompactClaimMalformed`.

    Whether it is the one short form shows when the URL is shortened again.
    """
    path = folder + _name(value) if isinstance(value, bytes) else value
    if isinstance(path, str) and path.startswith("/"):
        path = f"{_origin(issuer) or ''}{path}"
    return check_url(path)


def _origin(issuer: str) -> str | None:
    domain = domain_of(issuer) if issuer.startswith(_HOSTED) else None
    return f"https://{domain}" if domain else None


def _name(data: bytes) -> str:
    return base64.b32encode(data).decode("ascii").lower().rstrip("=")


def _name_bytes(name: str) -> bytes | None:
    """The 16 bytes of a name of 26 characters; None for another name, or when its two unused bits are not zero."""
    if _NAME.fullmatch(name) is None:
        return None
    data = base64.b32decode(name.upper() + "======")
    return data if _name(data) == name else None
