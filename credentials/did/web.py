"""did:web: from a DID to the URL of its document and back; it fetches nothing.

Source: did:web method specification (W3C CCG), 2 (create) and 3.2 (read).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from credentials import errors
from credentials.did import syntax


def did_web_url(did: str) -> str:
    """The https URL at which a did:web has its document; raises `errors.MalformedDid`.

    Only the one spelling of each DID is accepted: lower-case host names, no addresses, `%3A` before a port.
    """
    return _location(did).url("did.json")


def did_web(url: str) -> str:
    """The did:web of an origin or of a folder below it: `https://host:port/a/b` → `did:web:host%3Aport:a:b`.

    The scheme is not part of a DID, so http://localhost:8000 has one too. Raises `errors.MalformedDid`.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or parts.query or parts.fragment or "@" in parts.netloc:
        raise errors.MalformedDid(f"{url[:100]!r} is not the URL of a host or folder")
    segments = [segment for segment in parts.path.strip("/").split("/") if parts.path.strip("/")]
    did = ":".join(["did:web", parts.netloc.lower().replace(":", "%3A"), *segments])
    did_web_url(did)
    return did


def did_web_host(did: str) -> str:
    """The host name that a did:web stands on, without a port; raises `errors.MalformedDid`."""
    return _location(did).host


def _location(did: str) -> syntax.Location:
    return syntax.location(syntax.of_method(did, "web"))
