"""Signs a compact claim and checks the signature of one; whose key it is, and its status, are for others to find out.

The protected headers are the algorithm and a hint to the key, four bytes that anybody can compute from the public key;
there is nothing in the unprotected ones. RFC 9052, 4.4 says what is signed; there is no external data.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from credentials import errors
from credentials.compact_claim.claim import CompactClaim, read
from credentials.compact_claim.fragment import MAX_BYTES
from credentials.cose import cwt, sign1
from credentials.multikey import PublicKey
from credentials.ports import Signer

#: Both give signatures of 64 bytes, and browsers check both.
ALGORITHMS: Final = ("EdDSA", "ES256")
#: Enough to tell the keys of one issuer apart; the signature decides.
_HINT_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class SignedClaim:
    """A well-formed signed claim whose signature was not checked yet.

    `issuer`, `kid` and `signed_at` are there to find the key with; `claim` is believed after `verify` only.
    """

    message: sign1.Sign1
    claim: CompactClaim

    @property
    def issuer(self) -> str:
        """The DID that the claim is said to come from."""
        return self.claim.issuer

    @property
    def kid(self) -> bytes:
        """The hint to the key: `key_hint` of the right one."""
        return bytes(self.message.protected[sign1.KID])

    @property
    def signed_at(self) -> datetime:
        """When the claim says that it was signed."""
        return self.claim.signed_at


def key_hint(key: PublicKey) -> bytes:
    """The `kid` of `key`: the first 4 bytes of the SHA-256 of its `publicKeyMultibase` as ASCII text."""
    return hashlib.sha256(key.multikey.encode("ascii")).digest()[:_HINT_BYTES]


def sign(claim: CompactClaim, signer: Signer, key: PublicKey) -> bytes:
    """The signed claim; `key` is the public half of the signer's key, and the signer's DID is the claim's issuer.

    Raises `errors.IssuerMismatch`, `errors.AlgorithmNotAllowed`, `errors.AlgorithmKeyMismatch`,
    `errors.CompactClaimTooLarge`, and what `CompactClaim.to_claims` and `cwt.Claims.to_bytes` raise.
    """
    if signer.verification_method.partition("#")[0] != claim.issuer:
        raise errors.IssuerMismatch(f"the key is not one of {claim.issuer}")
    if signer.algorithm not in ALGORITHMS:
        raise errors.AlgorithmNotAllowed(f"compact claims are not signed with {signer.algorithm}")
    if signer.algorithm != key.algorithm:
        raise errors.AlgorithmKeyMismatch(f"the signer is for {signer.algorithm}; the key is for {key.algorithm}")
    data = cwt.sign(claim.to_claims(), signer, kid=key_hint(key))
    if len(data) > MAX_BYTES:
        raise errors.CompactClaimTooLarge(f"the signed claim has {len(data)} bytes; at most {MAX_BYTES} fit")
    return data


def parse(data: bytes) -> SignedClaim:
    """Take a signed claim apart and read it strictly; no key is needed, and nothing is believed yet.

    Raises `errors.CompactClaimTooLarge`, `errors.CompactClaimMalformed`, `errors.ClaimMalformed`, and what
    `sign1.parse` raises.
    """
    if len(data) > MAX_BYTES:
        raise errors.CompactClaimTooLarge(f"{len(data)} bytes; at most {MAX_BYTES} are read")
    message = sign1.parse(data)
    if message.algorithm not in ALGORITHMS:
        raise errors.AlgorithmNotAllowed(f"compact claims are not signed with {message.algorithm}")
    if message.protected.keys() != {sign1.ALG, sign1.KID} or message.unprotected:
        raise errors.CompactClaimMalformed("other headers than a protected algorithm and key hint")
    if len(message.protected[sign1.KID]) != _HINT_BYTES:
        raise errors.CompactClaimMalformed(f"the key hint has not {_HINT_BYTES} bytes")
    return SignedClaim(message, read(message.payload))


def verify(signed: SignedClaim, key: PublicKey) -> CompactClaim:
    """The claim, once `key`, a key of its issuer, was found to have signed it. Times and status are not looked at.

    Raises `errors.KeyIdUnknown` when the hint is another key's, and what `sign1.check` raises.
    """
    if signed.kid != key_hint(key):
        raise errors.KeyIdUnknown("the hint in the claim is another key's")
    sign1.check(signed.message, key)
    return signed.claim


def check_times(claim: CompactClaim, now: datetime) -> None:
    """Raise `errors.TokenExpired` from its end on, `errors.TokenNotYetValid` before its start or its signature."""
    cwt.check_times(claim.to_claims(), now)
