"""did:webvh, a did:web with a history that can be checked: from the DID to its files, and from those to its document.

A credential is judged by the newest version alone. The older ones prove how it came about; a key that has left the
document vouches for nothing, since whoever stole it could date a signature back to when it was still listed.

Source: did:webvh 1.0, "The DID to HTTPS Transformation", "Read (Resolve)", "Deactivate (Revoke)".
"""

from __future__ import annotations

from datetime import datetime

from credentials import errors
from credentials.did import syntax, webvh_witness
from credentials.did.document import check_document
from credentials.did.webvh_log import History, read_history
from credentials.did.webvh_parameters import HASH
from credentials.ports import Fetcher, ResolvedDocument


def did_webvh_url(did: str) -> str:
    """The https URL at which a did:webvh has its log; raises `errors.MalformedDid`.

    The place is written as in did:web, with the same single spelling, behind the SCID.
    """
    return _location(did).url("did.jsonl")


def did_webvh_witness_url(did: str) -> str:
    """The https URL at which its witnesses' proofs lie, beside the log; raises `errors.MalformedDid`."""
    return _location(did).url("did-witness.json")


def did_webvh_host(did: str) -> str:
    """The host name that a did:webvh stands on, without a port; raises `errors.MalformedDid`."""
    return _location(did).host


def resolve(did: str, fetcher: Fetcher, *, now: datetime) -> ResolvedDocument:
    """Return the newest version of the document, after the check of the whole history.

    Raises what `history` raises, `errors.DidDeactivated`, and `errors.DidDocumentIdMismatch` when the DID has moved:
    then it goes by another name, and only that name is resolved.
    """
    versions, source = _history(did, fetcher, now)
    if versions.latest.parameters.deactivated:
        raise errors.DidDeactivated(f"{did} was given up in version {versions.latest.id}")
    check_document(versions.latest.document, did)
    return ResolvedDocument(versions.latest.document, source)


def history(did: str, fetcher: Fetcher, *, now: datetime) -> History:
    """Fetch and check the whole history of a did:webvh, its witnesses' proofs included where the log asks for them.

    Raises `errors.MalformedDid`, what `webvh_log.read_history` and `webvh_witness.check_witnesses` raise, and what the
    fetcher raises.
    """
    return _history(did, fetcher, now)[0]


def _history(did: str, fetcher: Fetcher, now: datetime) -> tuple[History, str]:
    fetched = fetcher.fetch(did_webvh_url(did))
    found = read_history(fetched.body, did, now=now)
    if webvh_witness.needs_witnesses(found):
        webvh_witness.check_witnesses(found, fetcher.fetch(did_webvh_witness_url(did)).body, now=now)
    return found, fetched.source


def _location(did: str) -> syntax.Location:
    scid, _, place = syntax.of_method(did, "webvh").partition(":")
    if not HASH.fullmatch(scid):
        raise errors.MalformedDid(f"{did[:100]!r} has no self-certifying identifier")
    return syntax.location(place)
