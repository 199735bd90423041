"""The domain that an issuer's identifier stands on, whatever kind it is. It says where the keys lie, not who is there.

Source: did:web, 3.2; did:webvh 1.0, "The DID to HTTPS Transformation"; Controlled Identifiers 1.0, 2.1.1.
"""

from __future__ import annotations

from credentials import errors
from credentials.did import syntax, x509
from credentials.did.cid import check_cid_url


def domain_of(identifier: str) -> str | None:
    """The host of a did:web, did:webvh, https or x509_san_dns identifier, with `:port` if it names one; else None.

    A did:webvh is bound to its domain only by being fetched from there, as it always is here: its log would hold as
    well if it lay elsewhere.
    """
    try:
        if identifier.startswith("https://"):
            return check_cid_url(identifier).split("/")[2]
        if identifier.startswith(x509.SAN_DNS):
            return identifier.removeprefix(x509.SAN_DNS)
        method, specific = syntax.split_did(identifier)
        if method not in ("web", "webvh"):
            return None
        place = syntax.location(specific if method == "web" else specific.partition(":")[2])
    except errors.MalformedDid:
        return None
    return f"{place.host}:{place.port}" if place.port else place.host
