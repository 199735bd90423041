"""Controlled identifier documents at an https URL: what such a URL may look like; it fetches nothing.

The document's `id` is the URL itself, character for character, so a URL that two spellings could mean is refused.
Source: Controlled Identifiers 1.0, 2.1.1 (subjects) and 3.3 (retrieve verification method); RFC 3986, 6.2.
"""

from __future__ import annotations

from typing import Final

from credentials import errors
from credentials.did import syntax

_SCHEME: Final = "https://"
#: The port that https has when none is written: writing it would be a second spelling.
_HTTPS_PORT: Final = "443"


def check_cid_url(url: object) -> str:
    """Return `url` when an issuer may have it as identifier; raises `errors.MalformedDid`.

    https; a DNS name in lower case; a port other than 443 if need be; a path of plain segments, with or without a
    slash at its end; no user, query or fragment.
    """
    if not isinstance(url, str) or len(url) > syntax.MAX_IDENTIFIER or not url.startswith(_SCHEME):
        raise errors.MalformedDid(f"{str(url)[:100]!r} is not an https URL")
    authority, _, path = url.removeprefix(_SCHEME).partition("/")
    host, colon, port = authority.partition(":")
    syntax.check_host(host)
    if colon:
        syntax.check_port(port)
        if port == _HTTPS_PORT:
            raise errors.MalformedDid(f"{url[:100]!r} writes the port that https has anyway")
    for segment in path.removesuffix("/").split("/") if path else ():
        syntax.check_segment(segment)
    return url


def cid_host(url: str) -> str:
    """The host name that an https identifier stands on, without a port; raises `errors.MalformedDid`."""
    return check_cid_url(url).removeprefix(_SCHEME).partition("/")[0].partition(":")[0]


def controller_of(method_url: str) -> str:
    """The identifier (DID or https URL) whose document lists the key that `method_url` names.

    Raises `errors.MalformedDid` for anything else, and when there is no fragment.
    """
    base, _ = syntax.split_fragment(method_url)
    if base.startswith("did:"):
        syntax.split_did(base)
        return base
    return check_cid_url(base)
