"""ECDSA keys made from a name, of the same shape as `issuers.Key`: fixed for every run, and known to all."""

from __future__ import annotations

import hashlib
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from credentials.multikey import PublicKey

_CURVES: dict[str, tuple[ec.EllipticCurve, hashes.HashAlgorithm, int]] = {
    "ES256": (ec.SECP256R1(), hashes.SHA256(), 32),
    "ES384": (ec.SECP384R1(), hashes.SHA384(), 48),
    "ES512": (ec.SECP521R1(), hashes.SHA512(), 66),
}


class EcKey:
    """An ECDSA key; `Signer` by shape. The controller is its own did:key unless one is given."""

    def __init__(self, name: str, algorithm: str = "ES256", controller: str | None = None) -> None:
        self.algorithm = algorithm
        curve, self._digest, self._size = _CURVES[algorithm]
        secret = int.from_bytes(hashlib.sha256(f"{algorithm} {name}".encode()).digest()[:31], "big") + 1
        self._private = ec.derive_private_key(secret, curve)
        point = self._private.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        self.public = PublicKey(algorithm, point)
        self.controller = controller or f"did:key:{self.public.multikey}"
        fragment = name if controller else self.public.multikey
        self.verification_method = f"{self.controller}#{fragment}"

    def sign(self, data: bytes) -> bytes:
        r, s = decode_dss_signature(self._private.sign(data, ec.ECDSA(self._digest)))
        return r.to_bytes(self._size, "big") + s.to_bytes(self._size, "big")

    def method(self) -> dict[str, Any]:
        """The key's entry in a DID document."""
        return {
            "id": self.verification_method,
            "type": "Multikey",
            "controller": self.controller,
            "publicKeyMultibase": self.public.multikey,
        }
