"""Makes signing keys that live in memory and are gone with the process: for conformance tests, never for records.

No file is written and nothing is audited. A key is its own owner: its did:key.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Final, NoReturn, Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from credentials import did
from credentials.multikey import PublicKey
from keys.ed25519_signer import Ed25519Signer

#: Name of the curve → JOSE name of the algorithm, the curve, its hash, and the bytes of a coordinate.
_CURVES: Final[Mapping[str, tuple[str, ec.EllipticCurve, hashes.HashAlgorithm, int]]] = {
    "P-256": ("ES256", ec.SECP256R1(), hashes.SHA256(), 32),
    "P-384": ("ES384", ec.SECP384R1(), hashes.SHA384(), 48),
}


class ThrowawaySigner(Protocol):
    """A `credentials.ports.Signer` that also knows the public half of its key."""

    verification_method: str
    algorithm: str

    @property
    def public_key(self) -> PublicKey: ...

    def sign(self, data: bytes) -> bytes: ...


class EcdsaSigner:
    """Signs with one fresh ECDSA key (FIPS 186-5), which hashes as its curve demands and never leaves the object."""

    __slots__ = ("_digest", "_private", "_size", "algorithm", "public", "public_key", "verification_method")

    def __init__(self, curve: str) -> None:
        self.algorithm, parameters, self._digest, self._size = _CURVES[curve]
        self._private = ec.generate_private_key(parameters)
        point = self._private.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        self.public_key = PublicKey(self.algorithm, point)
        #: The same under the name that a key made for one proof has in ecdsa-sd-2023.
        self.public = self.public_key
        self.verification_method = _method(self.public_key)

    def sign(self, data: bytes) -> bytes:
        """Return r || s (IEEE P1363): 64 bytes for P-256, 96 for P-384."""
        r, s = decode_dss_signature(self._private.sign(data, ec.ECDSA(self._digest)))
        return r.to_bytes(self._size, "big") + s.to_bytes(self._size, "big")

    def __repr__(self) -> str:
        return f"EcdsaSigner({self.verification_method!r}, ********)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a signer is never pickled or copied")


def make() -> dict[str, ThrowawaySigner]:
    """Return a fresh signer for each kind of key, by the name of its curve: Ed25519, P-256 and P-384."""
    return {"Ed25519": _ed25519(), **{curve: EcdsaSigner(curve) for curve in _CURVES}}


def owner(signer: ThrowawaySigner) -> str:
    """The did:key that the signer signs for."""
    return did.did_key(signer.public_key)


def _ed25519() -> Ed25519Signer:
    seed = secrets.token_bytes(32)
    unnamed = Ed25519Signer(seed, "")
    return Ed25519Signer(seed, _method(unnamed.public_key))


def _method(public_key: PublicKey) -> str:
    """The DID URL of the one key of a did:key (did:key 1.0, 3)."""
    return f"{did.did_key(public_key)}#{public_key.multikey}"
