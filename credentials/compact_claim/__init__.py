"""The compact claim: a completion in some 270 signed bytes, small enough for a printed QR code. Fetches nothing.

A CBOR Web Token (RFC 8392) in COSE_Sign1, written as the fragment of a URL: `docs/compact-claim.md` is its
specification. `building` makes one from a credential, `signing` signs and checks, `fragment` is the text form.
"""

from __future__ import annotations

from credentials.compact_claim.building import from_credential
from credentials.compact_claim.claim import CompactClaim, StatusPlace
from credentials.compact_claim.fragment import MAX_BYTES, MAX_DIGITS, from_fragment, to_fragment
from credentials.compact_claim.signing import SignedClaim, check_times, key_hint, parse, sign, verify

__all__ = [
    "MAX_BYTES",
    "MAX_DIGITS",
    "CompactClaim",
    "SignedClaim",
    "StatusPlace",
    "check_times",
    "from_credential",
    "from_fragment",
    "key_hint",
    "parse",
    "sign",
    "to_fragment",
    "verify",
]
