"""The one way from an issuer's identifier to its key document, whatever kind of identifier it is.

It asks the given `Fetcher` for the issuer's own document and nothing else: one URL for did:web and https, the log and
at most its witness file for did:webvh, nothing for did:key and did:jwk.

Source: DID 1.0, 7 (resolution); Controlled Identifiers 1.0, 3.3.
"""

from __future__ import annotations

from datetime import datetime

from credentials import errors
from credentials.did import webvh
from credentials.did.cid import check_cid_url
from credentials.did.document import parse_document
from credentials.did.jwk import did_jwk_document
from credentials.did.key import did_key_document
from credentials.did.syntax import split_did
from credentials.did.web import did_web_url
from credentials.ports import Fetcher, ResolvedDocument


class DidResolver:
    """A `Resolver` over a `Fetcher`. `now` is the time against which a did:webvh log's own times are judged."""

    def __init__(self, fetcher: Fetcher, *, now: datetime) -> None:
        self._fetcher = fetcher
        self._now = now

    def resolve(self, did: str) -> ResolvedDocument:
        """Return the document of a DID or https identifier; its `source` is "key" or what the fetcher said.

        Raises `errors.MalformedDid`, `errors.DidMethodNotSupported`, `errors.KeyTypeNotSupported`,
        `errors.InvalidDidDocument` (`errors.InvalidDidLog` and its kind for did:webvh),
        `errors.DidDocumentIdMismatch`, `errors.DidDeactivated`, and what the fetcher raises.
        """
        if isinstance(did, str) and did.startswith("https://"):
            return parse_document(self._fetcher.fetch(check_cid_url(did)), did)
        method, _ = split_did(did)
        if method == "web":
            return parse_document(self._fetcher.fetch(did_web_url(did)), did)
        if method == "webvh":
            return webvh.resolve(did, self._fetcher, now=self._now)
        if method == "key":
            return ResolvedDocument(did_key_document(did), "key")
        if method == "jwk":
            return ResolvedDocument(did_jwk_document(did), "key")
        raise errors.DidMethodNotSupported(f"did:{method} cannot be looked up here")
