"""Whether a domain names an issuer as its own, for an issuer that wants to say so: by its web server, or by DNS.

It fetches only through the ports that it is handed. A reader's own look, with more ways and more words, is the
verifier's business; this one says yes, or no, or that it could not ask.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from credentials import errors, vcdm
from credentials.did.document import parse_document
from credentials.domains import linkage, txt
from credentials.ports import Fetcher, TextRecords
from credentials.verify import verify

#: HTTP statuses by which a host says that there is nothing.
NOTHING_THERE: Final = (404, 410)


def by_configuration(did: str, origin: str, *, fetcher: Fetcher, now: datetime) -> bool:
    """Tell whether the DID configuration of exactly `origin` links it to `did`.

    Raises what fetching raises, unless the host says that there is nothing. What is published and does not hold up
    is no proof.
    """
    try:
        fetched = fetcher.fetch(origin + linkage.PATH)
        entries = linkage.read(fetched.body) if fetched.url.startswith(origin + "/") else ()
    except errors.DomainEvidenceMalformed:
        return False
    except errors.PlauditError as error:
        return _nothing(error)
    ours = [entry for entry in entries if linkage.claims_to_be_of(entry, did)]
    return any(_links(entry, did, origin, fetcher, now) for entry in ours[: linkage.MAX_EXAMINED])


def by_document(did: str, domain: str, *, fetcher: Fetcher) -> bool:
    """Tell whether the domain's own DID document says that it is also known as `did`; raises what fetching raises."""
    url = f"https://{domain}/.well-known/did.json"
    try:
        fetched = fetcher.fetch(url)
        resolved = parse_document(fetched, f"did:web:{domain}")
    except (errors.InvalidDidDocument, errors.DidDocumentIdMismatch):
        return False
    except errors.PlauditError as error:
        return _nothing(error)
    return fetched.url == url and did in vcdm.as_list(resolved.document.get("alsoKnownAs"))


def by_dns(did: str, domain: str, *, texts: TextRecords, seconds: float) -> bool:
    """Tell whether a DNS record of the domain names `did`; raises what asking raises."""
    return did in txt.named(texts.texts(txt.record_name(domain), seconds))


def says_nothing_there(error: errors.PlauditError) -> bool:
    """Tell whether a host answered that there is nothing at the address, which is not the same as no answer."""
    status = error.status if isinstance(error, errors.Unreachable) else None
    return status in NOTHING_THERE or error.status_hint in NOTHING_THERE


def _nothing(error: errors.PlauditError) -> bool:
    if says_nothing_there(error):
        return False
    raise error


def _links(entry: bytes, did: str, origin: str, fetcher: Fetcher, now: datetime) -> bool:
    try:
        linkage.check(verify(entry, fetcher=fetcher, now=now), did=did, origin=origin)
    except errors.DomainEvidenceMalformed:
        return False
    return True
