"""Public keys and the check of one signature: Ed25519, P-256 and P-384; it never sees a private key or a document.

The key chooses the algorithm. There is one validating constructor: a `PublicKey` that exists can be used.
Source: Controlled Identifiers 1.0, 2.2.2 (Multikey) and 2.2.3 (JsonWebKey); RFC 8032; FIPS 186-5; SEC 1, 2.3.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import nacl.bindings
import nacl.exceptions
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from credentials import errors, multibase


@dataclass(frozen=True, slots=True)
class _Kind:
    """What one algorithm demands. Sizes in bytes; `order` of the curve's group, 0 where the library checks it."""

    codec: int
    key_size: int
    signature_size: int
    curve: ec.EllipticCurve | None = None
    digest: hashes.HashAlgorithm | None = None
    order: int = 0
    crv: str = ""


#: JOSE name of the algorithm → its demands. Multicodec codes: ed25519-pub, p256-pub, p384-pub.
_KINDS: Final[Mapping[str, _Kind]] = {
    "EdDSA": _Kind(0xED, 32, 64, crv="Ed25519"),
    "ES256": _Kind(
        0x1200, 33, 64, ec.SECP256R1(), hashes.SHA256(),
        0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551, "P-256",
    ),
    "ES384": _Kind(
        0x1201, 49, 96, ec.SECP384R1(), hashes.SHA384(),
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973, "P-384",
    ),
}  # fmt: skip
_ALGORITHM_OF_CODEC = {kind.codec: algorithm for algorithm, kind in _KINDS.items()}
_ALGORITHM_OF_CRV = {kind.crv: algorithm for algorithm, kind in _KINDS.items()}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key that was found usable.

    `algorithm` is "EdDSA", "ES256" or "ES384"; `raw` the 32 bytes of RFC 8032, or the compressed point of SEC 1.
    Construction raises `errors.InvalidPublicKey` for a wrong size, a point off the curve, of small order, outside the
    main subgroup, or not in its one canonical form.
    """

    algorithm: str
    raw: bytes

    def __post_init__(self) -> None:
        kind = _KINDS.get(self.algorithm)
        if kind is None:
            raise errors.InvalidPublicKey(f"keys for {self.algorithm!r} are not known here")
        if len(self.raw) != kind.key_size:
            raise errors.InvalidPublicKey(f"{len(self.raw)} bytes; {self.algorithm} keys have {kind.key_size}")
        if kind.curve is None:
            _refuse_bad_edwards_point(self.raw)
        else:
            _refuse_bad_weierstrass_point(self.raw, kind.curve)

    @classmethod
    def from_ed25519_bytes(cls, raw: bytes) -> PublicKey:
        """The Ed25519 key of these 32 bytes."""
        return cls("EdDSA", raw)

    @classmethod
    def from_multikey(cls, text: object) -> PublicKey:
        """Read `publicKeyMultibase`: `z`, base58btc, a Multicodec varint and the key's bytes."""
        if not isinstance(text, str):
            raise errors.InvalidPublicKey("publicKeyMultibase is not a string")
        return _from_multikey(text)

    @classmethod
    def from_jwk(cls, jwk: object) -> PublicKey:
        """Read `publicKeyJwk` (RFC 7517; OKP Ed25519, EC P-256 and P-384); private members are refused (CID 1.0)."""
        if not isinstance(jwk, Mapping):
            raise errors.InvalidPublicKey("publicKeyJwk is not an object")
        if "d" in jwk:
            raise errors.InvalidPublicKey("publicKeyJwk holds a private key: it must be given up at once")
        algorithm = _ALGORITHM_OF_CRV.get(str(jwk.get("crv")))
        if algorithm is None or jwk.get("kty") != ("OKP" if algorithm == "EdDSA" else "EC"):
            raise errors.InvalidPublicKey("publicKeyJwk is not Ed25519, P-256 or P-384")
        if jwk.get("use", "sig") != "sig" or jwk.get("alg", algorithm) not in (algorithm, jwk["crv"]):
            raise errors.InvalidPublicKey("publicKeyJwk is not for this use")
        x = _coordinate(jwk, "x", 32 if algorithm == "EdDSA" else _KINDS[algorithm].key_size - 1)
        if algorithm == "EdDSA":
            return cls(algorithm, x)
        y = _coordinate(jwk, "y", len(x))
        key = cls(algorithm, bytes([2 + (y[-1] & 1)]) + x)
        if key.point()[len(x) + 1 :] != y:
            raise errors.InvalidPublicKey("publicKeyJwk is not a point of its curve")
        return key

    @property
    def multikey(self) -> str:
        """The key as `publicKeyMultibase`."""
        return multibase.encode(multibase.encode_varint(_KINDS[self.algorithm].codec) + self.raw)

    def point(self) -> bytes:
        """The uncompressed point (SEC 1) of an elliptic-curve key: 0x04, x, y."""
        curve = _KINDS[self.algorithm].curve
        if curve is None:
            raise errors.AlgorithmKeyMismatch("Ed25519 keys have no uncompressed form")
        key = ec.EllipticCurvePublicKey.from_encoded_point(curve, self.raw)
        return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Say whether `signature` (raw: RFC 8032, or r || s) is this key's over `data`.

        ES256 hashes `data` with SHA-256, ES384 with SHA-384. Raises `errors.SignatureMalformed` for a wrong size.
        """
        kind = _KINDS[self.algorithm]
        if len(signature) != kind.signature_size:
            raise errors.SignatureMalformed(
                f"{len(signature)} bytes; {self.algorithm} signatures have {kind.signature_size}"
            )
        if kind.curve is None:
            return _verify_ed25519(self.raw, signature, data)
        return _verify_ecdsa(self.raw, kind, signature, data)


@lru_cache(maxsize=4096)
def _from_multikey(text: str) -> PublicKey:
    codec, raw = multibase.split_varint(multibase.decode(text))
    algorithm = _ALGORITHM_OF_CODEC.get(codec)
    if algorithm is None:
        raise errors.InvalidPublicKey(f"Multicodec 0x{codec:x} is not a key kind known here")
    return PublicKey(algorithm, raw)


def _refuse_bad_edwards_point(raw: bytes) -> None:
    """libsodium checks canonical form, curve, small order and main subgroup; other libraries load such keys."""
    if not nacl.bindings.crypto_core_ed25519_is_valid_point(raw):
        raise errors.InvalidPublicKey("not a point of Ed25519's main subgroup in canonical form")


def _refuse_bad_weierstrass_point(raw: bytes, curve: ec.EllipticCurve) -> None:
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(curve, raw)
    except ValueError as error:
        raise errors.InvalidPublicKey(f"not a point of {curve.name}") from error
    if key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint) != raw:
        raise errors.InvalidPublicKey("the point is not in compressed form")


def _coordinate(jwk: Mapping[str, Any], name: str, size: int) -> bytes:
    text = jwk.get(name)
    raw = multibase.decode_base64url(text) if isinstance(text, str) else b""
    if len(raw) != size:
        raise errors.InvalidPublicKey(f"publicKeyJwk.{name} is not {size} bytes of base64url")
    return raw


def _verify_ed25519(raw: bytes, signature: bytes, data: bytes) -> bool:
    try:
        nacl.bindings.crypto_sign_open(signature + data, raw)
    except nacl.exceptions.BadSignatureError:
        return False
    return True


def _verify_ecdsa(raw: bytes, kind: _Kind, signature: bytes, data: bytes) -> bool:
    half = kind.signature_size // 2
    r, s = int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
    if not (0 < r < kind.order and 0 < s < kind.order) or kind.curve is None or kind.digest is None:
        return False
    key = ec.EllipticCurvePublicKey.from_encoded_point(kind.curve, raw)
    try:
        key.verify(encode_dss_signature(r, s), data, ec.ECDSA(kind.digest))
    except InvalidSignature:
        return False
    return True
