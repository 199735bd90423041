"""The domain that an issuer's identifier stands on, whatever kind it is. It says where the keys lie, not who is there.

Source: did:web, 3.2; did:webvh 1.0, "The DID to HTTPS Transformation"; Controlled Identifiers 1.0, 2.1.1.
"""

from __future__ import annotations

from credentials import errors
from credentials.did import syntax
from credentials.did.cid import check_cid_url


def domain_of(identifier: str) -> str | None:
    """The host of a did:web, did:webvh or https identifier, with `:port` where it names one; None for all others.

    A did:webvh is bound to its domain only by being fetched from there, as it always is here: its log would hold as
    well if it lay elsewhere.
    """
    try:
        if identifier.startswith("https://"):
            return check_cid_url(identifier).split("/")[2]
        method, specific = syntax.split_did(identifier)
        if method not in ("web", "webvh"):
            return None
        place = syntax.location(specific if method == "web" else specific.partition(":")[2])
    except errors.MalformedDid:
        return None
    return f"{place.host}:{place.port}" if place.port else place.host
