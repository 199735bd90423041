"""Canonical forms: JCS (RFC 8785) of JSON and RDFC-1.0 of RDF datasets; nothing here knows what a credential is."""

from credentials.canonical.jcs import jcs
from credentials.canonical.nquads import Quad, iri, is_iri, literal, parse_nquads
from credentials.canonical.rdfc import WORK_LIMIT, Canonicalized, canonicalize, rdfc10

__all__ = [
    "WORK_LIMIT",
    "Canonicalized",
    "Quad",
    "canonicalize",
    "iri",
    "is_iri",
    "jcs",
    "literal",
    "parse_nquads",
    "rdfc10",
]
