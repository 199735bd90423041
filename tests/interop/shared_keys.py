"""Keys that both sides of a comparison hold: signers for Plaudit, and Multikeys and JWKs with secrets for the peers.

Made from names, so they are the same in every run and known to all.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from nacl.signing import SigningKey

from credentials import multibase
from credentials.multikey import PublicKey

#: Multicodec prefixes of secret keys, as Multikeys carry them (CID 1.0, 2.2.2).
_SECRET_PREFIX = {"EdDSA": b"\x80\x26", "ES256": b"\x86\x26", "ES384": b"\x87\x26"}
_CURVES: dict[str, tuple[str, ec.EllipticCurve, hashes.HashAlgorithm, int]] = {
    "ES256": ("P-256", ec.SECP256R1(), hashes.SHA256(), 32),
    "ES384": ("P-384", ec.SECP384R1(), hashes.SHA384(), 48),
}


class SharedKey:
    """A key pair; `Signer` by shape. The controller is its own did:key unless one is given."""

    algorithm: str
    public: PublicKey

    def __init__(self, name: str, controller: str | None) -> None:
        self.controller = controller or f"did:key:{self.public.multikey}"
        self.verification_method = f"{self.controller}#{name if controller else self.public.multikey}"

    def sign(self, data: bytes) -> bytes:
        raise NotImplementedError

    def secret(self) -> bytes:
        """The private number or seed, in the key's own size."""
        raise NotImplementedError

    def method(self) -> dict[str, Any]:
        """The key's entry in a DID document."""
        return {
            "id": self.verification_method,
            "type": "Multikey",
            "controller": self.controller,
            "publicKeyMultibase": self.public.multikey,
        }

    def multikey(self) -> dict[str, Any]:
        """The whole pair as a Multikey."""
        secret = multibase.encode(_SECRET_PREFIX[self.algorithm] + self.secret())
        return {"@context": "https://w3id.org/security/multikey/v1", **self.method(), "secretKeyMultibase": secret}

    def jwk(self) -> dict[str, Any]:
        """The whole pair as a JWK."""
        return {**self.public_jwk(), "d": _base64url(self.secret())}

    def public_jwk(self) -> dict[str, Any]:
        raise NotImplementedError


class EdKey(SharedKey):
    """An Ed25519 pair."""

    algorithm = "EdDSA"

    def __init__(self, name: str, controller: str | None = None) -> None:
        self._pair = SigningKey(hashlib.sha256(name.encode()).digest())
        self.public = PublicKey.from_ed25519_bytes(bytes(self._pair.verify_key))
        super().__init__(name, controller)

    def sign(self, data: bytes) -> bytes:
        return self._pair.sign(data).signature

    def secret(self) -> bytes:
        return bytes(self._pair)

    def public_jwk(self) -> dict[str, Any]:
        return {"kty": "OKP", "crv": "Ed25519", "x": _base64url(bytes(self._pair.verify_key))}


class EcdsaKey(SharedKey):
    """A pair on P-256 (`ES256`) or P-384 (`ES384`)."""

    def __init__(self, name: str, algorithm: str = "ES256", controller: str | None = None) -> None:
        self.algorithm = algorithm
        self._curve, curve, self._digest, self._size = _CURVES[algorithm]
        self._number = int.from_bytes(hashlib.sha256(f"{algorithm} {name}".encode()).digest()[:31], "big") + 1
        self._pair = ec.derive_private_key(self._number, curve)
        public = self._pair.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        self.public = PublicKey(algorithm, public)
        super().__init__(name, controller)

    def sign(self, data: bytes) -> bytes:
        r, s = decode_dss_signature(self._pair.sign(data, ec.ECDSA(self._digest)))
        return r.to_bytes(self._size, "big") + s.to_bytes(self._size, "big")

    def secret(self) -> bytes:
        return self._number.to_bytes(self._size, "big")

    def public_jwk(self) -> dict[str, Any]:
        numbers = self._pair.public_key().public_numbers()
        x, y = (_base64url(number.to_bytes(self._size, "big")) for number in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": self._curve, "x": x, "y": y}


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
