"""Public keys as JWKs: from a JSON object to raw bytes and back, and their thumbprint; it checks no signature.

One key has one form here: coordinates of full size, integers without leading zeros, no private member.
Source: RFC 7517, 4; RFC 7518, 6.2 and 6.3; RFC 8037, 2; RFC 7638; Controlled Identifiers 1.0, 2.2.3.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from credentials import errors, multibase, strict_json
from credentials.key_kinds import KINDS, MAX_RSA_BITS, Ecdsa, Rsa

#: Members of private and shared-secret keys. Whoever published one has lost the key.
_SECRET: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
#: `kty` and `crv` → algorithm. RSA has no `crv`.
_ALGORITHMS: Final[Mapping[tuple[str, str], str]] = {
    ("OKP", "Ed25519"): "EdDSA",
    ("EC", "P-256"): "ES256",
    ("EC", "P-384"): "ES384",
    ("EC", "P-521"): "ES512",
    ("RSA", ""): "RS256",
}
_NAMES: Final = {algorithm: names for names, algorithm in _ALGORITHMS.items()}
#: Ed25519's second name as an algorithm, which leaves no choice of curve open (RFC 9864).
_ALSO_CALLED: Final[Mapping[str, tuple[str, ...]]] = {"EdDSA": ("Ed25519",)}


def read(jwk: object) -> tuple[str, bytes]:
    """The algorithm and raw bytes of a public JWK, for `PublicKey`, which sees whether they are a usable key.

    Raises `errors.InvalidPublicKey` for an unknown kind, a private key, a key for another use or algorithm, and
    anything but the one form of its numbers; `errors.MalformedEncoding` for what is not base64url.
    """
    if not isinstance(jwk, Mapping):
        raise errors.InvalidPublicKey("publicKeyJwk is not an object")
    if not _SECRET.isdisjoint(jwk):
        raise errors.InvalidPublicKey("publicKeyJwk holds a private key: it must be given up at once")
    algorithm = _ALGORITHMS.get((str(jwk.get("kty")), str(jwk.get("crv", ""))))
    if algorithm is None:
        raise errors.InvalidPublicKey("publicKeyJwk is not Ed25519, P-256, P-384, P-521 or RSA")
    _refuse_other_use(jwk, algorithm)
    kind = KINDS[algorithm]
    if isinstance(kind, Ecdsa):
        return algorithm, _compressed_point(jwk, kind)
    return algorithm, _rsa_der(jwk) if isinstance(kind, Rsa) else _coordinate(jwk, "x", 32)


def write(algorithm: str, raw: bytes) -> dict[str, str]:
    """The public JWK of a key that `PublicKey` accepted, with the members that its thumbprint needs, in their order."""
    kty, crv = _NAMES[algorithm]
    kind = KINDS[algorithm]
    if isinstance(kind, Ecdsa):
        point = kind.point(raw).public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)[1:]
        x, y = (multibase.encode_base64url(half) for half in (point[: kind.size], point[kind.size :]))
        return {"crv": crv, "kty": kty, "x": x, "y": y}
    if isinstance(kind, Rsa):
        numbers = kind.key(raw).public_numbers()
        return {"e": _base64url_uint(numbers.e), "kty": kty, "n": _base64url_uint(numbers.n)}
    return {"crv": crv, "kty": kty, "x": multibase.encode_base64url(raw)}


def thumbprint(algorithm: str, raw: bytes) -> str:
    """The key's SHA-256 JWK thumbprint as base64url (RFC 7638, 3)."""
    return multibase.encode_base64url(hashlib.sha256(strict_json.dumps(write(algorithm, raw))).digest())


def _refuse_other_use(jwk: Mapping[str, Any], algorithm: str) -> None:
    """`use`, `key_ops` and `alg` may be absent; when they speak, they must speak of checking this kind of signature."""
    operations = jwk.get("key_ops", ["verify"])
    if jwk.get("use", "sig") != "sig" or not isinstance(operations, list) or "verify" not in operations:
        raise errors.InvalidPublicKey("publicKeyJwk is not a key for signatures")
    if jwk.get("alg", algorithm) not in (algorithm, *_ALSO_CALLED.get(algorithm, ())):
        raise errors.InvalidPublicKey(f"publicKeyJwk is for {str(jwk['alg'])[:40]!r}, not for {algorithm}")


def _compressed_point(jwk: Mapping[str, Any], kind: Ecdsa) -> bytes:
    x, y = _coordinate(jwk, "x", kind.size), _coordinate(jwk, "y", kind.size)
    point = kind.point(b"\x04" + x + y)
    return point.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def _coordinate(jwk: Mapping[str, Any], name: str, size: int) -> bytes:
    raw = _bytes(jwk, name)
    if len(raw) != size:
        raise errors.InvalidPublicKey(f"publicKeyJwk.{name} is not {size} bytes of base64url")
    return raw


def _bytes(jwk: Mapping[str, Any], name: str) -> bytes:
    text = jwk.get(name)
    if not isinstance(text, str):
        raise errors.InvalidPublicKey(f"publicKeyJwk.{name} is missing or not text")
    return multibase.decode_base64url(text)


def _rsa_der(jwk: Mapping[str, Any]) -> bytes:
    try:
        key = rsa.RSAPublicNumbers(_integer(jwk, "e"), _integer(jwk, "n")).public_key()
    except ValueError as error:
        raise errors.InvalidPublicKey("publicKeyJwk is not a usable RSA key") from error
    return key.public_bytes(Encoding.DER, PublicFormat.PKCS1)


def _integer(jwk: Mapping[str, Any], name: str) -> int:
    """Base64urlUInt (RFC 7518, 2): big-endian, as few bytes as the number needs."""
    raw = _bytes(jwk, name)
    if not raw or raw[0] == 0 or len(raw) > MAX_RSA_BITS // 8:
        raise errors.InvalidPublicKey(f"publicKeyJwk.{name} is empty, too long, or has leading zeros")
    return int.from_bytes(raw, "big")


def _base64url_uint(number: int) -> str:
    return multibase.encode_base64url(number.to_bytes((number.bit_length() + 7) // 8, "big"))
