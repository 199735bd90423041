"""Issuers' identifiers and the keys behind them: did:key, did:jwk, did:web, did:webvh, https documents, X.509 chains.

`DidResolver` turns an identifier into its document through a `Fetcher`, `dereference` a document into the key that a
proof names. `x509` is the way of those who are named by a certificate instead. No module here opens a connection.
"""

from credentials.did import x509
from credentials.did.cid import check_cid_url, cid_host, controller_of
from credentials.did.document import (
    MAX_DOCUMENT_BYTES,
    RELATIONSHIPS,
    VerificationMethod,
    check_document,
    dereference,
    methods_for,
)
from credentials.did.domain import domain_of
from credentials.did.jwk import did_jwk
from credentials.did.key import did_key
from credentials.did.resolver import DidResolver
from credentials.did.syntax import did_of
from credentials.did.web import did_web, did_web_host, did_web_url

__all__ = [
    "MAX_DOCUMENT_BYTES",
    "RELATIONSHIPS",
    "DidResolver",
    "VerificationMethod",
    "check_cid_url",
    "check_document",
    "cid_host",
    "controller_of",
    "dereference",
    "did_jwk",
    "did_key",
    "did_of",
    "did_web",
    "did_web_host",
    "did_web_url",
    "domain_of",
    "methods_for",
    "x509",
]
