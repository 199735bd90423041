"""What DIDs, DID URLs and the places behind them may look like; nothing here knows a method or fetches anything.

Everything has one spelling: what would be a second one for the same thing is refused, never repaired.
Source: DID 1.0, 3.1 and 3.2; did:web, 3.2; RFC 3986, 2 and 3; RFC 1123, 2.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from credentials import errors

#: Longest identifier that is looked at: a did:jwk with an RSA key of 8,192 bits stays below it.
MAX_IDENTIFIER: Final = 2_048
#: Longest host name (RFC 1035, 2.3.4).
_MAX_HOST: Final = 253

_DNS_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(rf"{_DNS_LABEL}(?:\.{_DNS_LABEL})*")
#: A host whose last label is a number is read as an IPv4 address by browsers, in decimal, octal or hexadecimal.
_NUMERIC_HOST: Final = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")
_PORT: Final = re.compile(r"[1-9][0-9]{0,4}")
#: A path segment: plain characters, or bytes above ASCII percent-encoded in upper case.
_SEGMENT: Final = re.compile(r"(?:[A-Za-z0-9._-]|%[89A-F][0-9A-F])+")
_DID: Final = re.compile(r"did:([a-z0-9]+):([A-Za-z0-9._:%-]+)")
_FRAGMENT: Final = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@/?%-]+")


@dataclass(frozen=True, slots=True)
class Location:
    """A folder of a web server: the host's name, its port as written (or ""), and the path's segments."""

    host: str
    port: str
    path: tuple[str, ...]

    def url(self, file: str) -> str:
        """The https URL of a file there; an origin without path keeps its files in `.well-known`."""
        place = "/".join(self.path) if self.path else ".well-known"
        return f"https://{self.host}{':' + self.port if self.port else ''}/{place}/{file}"


def split_did(did: object) -> tuple[str, str]:
    """The method and the method-specific identifier of a DID; raises `errors.MalformedDid`."""
    match = _DID.fullmatch(did) if isinstance(did, str) and len(did) <= MAX_IDENTIFIER else None
    if match is None:
        raise errors.MalformedDid(f"{str(did)[:100]!r} is not a DID")
    return match[1], match[2]


def of_method(did: object, method: str) -> str:
    """The method-specific identifier of a DID of that method; raises `errors.MalformedDid`."""
    found, specific = split_did(did)
    if found != method:
        raise errors.MalformedDid(f"{str(did)[:100]!r} is not a did:{method}")
    return specific


def split_fragment(url: object) -> tuple[str, str]:
    """What stands before the `#`, and the fragment; raises `errors.MalformedDid` when there is no usable fragment."""
    text = url if isinstance(url, str) and len(url) <= 2 * MAX_IDENTIFIER else ""
    base, _, fragment = text.partition("#")
    if not _FRAGMENT.fullmatch(fragment):
        raise errors.MalformedDid(f"{str(url)[:100]!r} has no fragment that names a key")
    return base, fragment


def did_of(did_url: str) -> str:
    """The DID that a DID URL with a fragment belongs to; raises `errors.MalformedDid` when it has no fragment."""
    did, _ = split_fragment(did_url)
    split_did(did)
    return did


def location(text: str) -> Location:
    """Read `host%3Aport:segment:segment`, the way did:web and did:webvh write a place; raises `errors.MalformedDid`.

    Lower-case host names only, no addresses, and nothing that climbs out of its path.
    """
    authority, *path = text.split(":")
    host, encoded_colon, port = authority.partition("%3A")
    check_host(host)
    if encoded_colon:
        check_port(port)
    for segment in path:
        check_segment(segment)
    return Location(host, port, tuple(path))


def check_host(host: str) -> None:
    """Raise `errors.MalformedDid` unless `host` is a DNS name in its one spelling, and no address in any notation."""
    if not _HOST.fullmatch(host) or len(host) > _MAX_HOST or _NUMERIC_HOST.fullmatch(host):
        raise errors.MalformedDid(f"{host[:100]!r} is not a host name that may be used here")


def check_port(port: str) -> None:
    """Raise `errors.MalformedDid` unless `port` is 1 to 65535 without leading zeros."""
    if not (_PORT.fullmatch(port) and int(port) <= 65_535):
        raise errors.MalformedDid(f"{port[:20]!r} is not a port")


def check_segment(segment: str) -> None:
    """Raise `errors.MalformedDid` unless `segment` is one plain part of a path: not empty, no dots alone."""
    if not _SEGMENT.fullmatch(segment) or set(segment) == {"."}:
        raise errors.MalformedDid(f"{segment[:100]!r} is not a part of a path that may be used here")
