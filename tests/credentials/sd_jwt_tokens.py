"""SD-JWTs written by hand for the tests: disclosures and payloads that no issuer of ours makes, and fixed salts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from nacl.signing import SigningKey
from sd_jwt.common import SDObj

from credentials import multibase
from credentials.multikey import PublicKey
from credentials.ports import Signer
from credentials.sd_jwt.paths import Path
from tests.credentials.jose_tokens import handmade
from tests.worlds.ec_keys import EcKey
from tests.worlds.issuers import Key

ISSUER = Key("sd-jwt issuer")
HOLDER = EcKey("sd-jwt holder", "ES256")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
#: `NOW` in seconds since 1970.
SECONDS = int(NOW.timestamp())

_CURVES: dict[str, tuple[ec.EllipticCurve, hashes.HashAlgorithm, int]] = {
    "ES256": (ec.SECP256R1(), hashes.SHA256(), 32),
    "ES384": (ec.SECP384R1(), hashes.SHA384(), 48),
    "ES512": (ec.SECP521R1(), hashes.SHA512(), 66),
}
_HASHES = {"sha-256": hashlib.sha256, "sha-384": hashlib.sha384, "sha-512": hashlib.sha512}


class Salts:
    """Bytes that never repeat, and are the same in every run."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, size: int) -> bytes:
        self.calls += 1
        return hashlib.shake_256(str(self.calls).encode()).digest(size)


def encoded(content: Any) -> str:
    """A disclosure, or whatever shall pass for one."""
    return multibase.encode_base64url(content if isinstance(content, bytes) else json.dumps(content).encode())


def hashed(text: str, hash_name: str = "sha-256") -> str:
    return multibase.encode_base64url(_HASHES[hash_name](text.encode()).digest())


def sd_jwt(payload: Any, *disclosures: str, header: Mapping[str, Any] | None = None, signer: Signer = ISSUER) -> str:
    """An SD-JWT with this payload, signed by `signer`, without key binding."""
    token = handmade(header or {"alg": signer.algorithm, "typ": "dc+sd-jwt"}, payload, signer)
    return "~".join([token, *disclosures, ""])


def bound(presentation: str, *, signer: Signer = HOLDER, typ: str = "kb+jwt", **claims: Any) -> str:
    """`presentation` with a key binding JWT that says what it should, but for `claims`; None leaves one out."""
    right = {"iat": SECONDS, "aud": "https://verifier.example", "nonce": "n-1", "sd_hash": hashed(presentation)}
    payload = {name: value for name, value in {**right, **claims}.items() if value is not None}
    return presentation + handmade({"alg": signer.algorithm, "typ": typ}, payload, signer)


class JwkKey:
    """A key pair of a published test vector, `Signer` by shape: its private half is public too."""

    def __init__(self, jwk: Mapping[str, Any]) -> None:
        self.public = PublicKey.from_jwk({name: item for name, item in jwk.items() if name != "d"})
        self.algorithm = self.verification_method = self.public.algorithm
        self._secret = multibase.decode_base64url(jwk["d"])

    def sign(self, data: bytes) -> bytes:
        if self.algorithm == "EdDSA":
            return bytes(SigningKey(self._secret).sign(data).signature)
        curve, digest, size = _CURVES[self.algorithm]
        private = ec.derive_private_key(int.from_bytes(self._secret, "big"), curve)
        r, s = decode_dss_signature(private.sign(data, ec.ECDSA(digest)))
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def marked(tree: Any, place: Path = ()) -> tuple[Any, list[Path]]:
    """The claims in a tree of the package sd-jwt, and the places that it marks as selectively disclosable."""
    if not isinstance(tree, dict | list):
        return tree, []
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree)
    claims: dict[Any, Any] = {}
    places: list[Path] = []
    for step, item in pairs:
        hidden = isinstance(step, SDObj) or isinstance(item, SDObj)
        name = step.value if isinstance(step, SDObj) else step
        value, inner = marked(item.value if isinstance(item, SDObj) else item, (*place, name))
        claims[name] = value
        places += [(*place, name)] * hidden + inner
    return (claims if isinstance(tree, dict) else list(claims.values())), places
