"""Public keys, and the check of one signature; it never sees a private key or a document.

The key chooses the algorithm. There is one validating constructor: a `PublicKey` that exists can be used.
Source: Controlled Identifiers 1.0, 2.2.2 (Multikey) and 2.2.3 (JsonWebKey); what each kind demands: `key_kinds`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from credentials import errors, jwk, multibase
from credentials.key_kinds import KINDS, Ecdsa, LoadedKey

#: How many keys are kept loaded. Loading a compressed point costs as much as checking a signature with it.
_KEPT: Final = 4096
_ALGORITHM_OF_CODEC: Final = {kind.codec: algorithm for algorithm, kind in KINDS.items()}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key that was found usable.

    `algorithm` is "EdDSA", "ES256", "ES384", "ES512" or "RS256"; `raw` the 32 bytes of RFC 8032, the compressed point
    of SEC 1, or the DER of PKCS #1's RSAPublicKey. Construction raises `errors.InvalidPublicKey` for a wrong size, a
    point off the curve, of small order or outside the main subgroup, a weak RSA key, or anything but the one canonical
    form.
    """

    algorithm: str
    raw: bytes

    def __post_init__(self) -> None:
        _loaded(self.algorithm, self.raw)

    @classmethod
    def from_ed25519_bytes(cls, raw: bytes) -> PublicKey:
        """The Ed25519 key of these 32 bytes."""
        return cls("EdDSA", raw)

    @classmethod
    def from_multikey(cls, text: object) -> PublicKey:
        """Read `publicKeyMultibase`: `z`, base58btc, a Multicodec varint and the key's bytes.

        Raises `errors.MalformedEncoding` or `errors.InvalidPublicKey`.
        """
        if not isinstance(text, str):
            raise errors.InvalidPublicKey("publicKeyMultibase is not a string")
        return _from_multikey(text)

    @classmethod
    def from_jwk(cls, value: object) -> PublicKey:
        """Read `publicKeyJwk` (RFC 7517): OKP Ed25519, EC P-256, P-384 and P-521, RSA; private members are refused.

        Raises `errors.MalformedEncoding` or `errors.InvalidPublicKey`.
        """
        return cls(*jwk.read(value))

    @property
    def multikey(self) -> str:
        """The key as `publicKeyMultibase`."""
        return multibase.encode(multibase.encode_varint(KINDS[self.algorithm].codec) + self.raw)

    def to_jwk(self) -> dict[str, str]:
        """The key as `publicKeyJwk`, with its required members only (RFC 7518, 6; RFC 8037, 2)."""
        return jwk.write(self.algorithm, self.raw)

    def thumbprint(self) -> str:
        """The SHA-256 thumbprint of the key's JWK as base64url (RFC 7638), which some issuers use as `kid`."""
        return jwk.thumbprint(self.algorithm, self.raw)

    def point(self) -> bytes:
        """The uncompressed point (SEC 1) of an elliptic-curve key: 0x04, x, y.

        Raises `errors.AlgorithmKeyMismatch` for keys that are no such points.
        """
        kind = KINDS[self.algorithm]
        if not isinstance(kind, Ecdsa):
            raise errors.AlgorithmKeyMismatch(f"{self.algorithm} keys have no uncompressed form")
        return kind.point(self.raw).public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Say whether `signature` (raw: RFC 8032, r || s, or RFC 8017, 8.2) is this key's over `data`.

        ES256 and RS256 hash `data` with SHA-256, ES384 with SHA-384, ES512 with SHA-512. Raises
        `errors.SignatureMalformed` for a wrong size.
        """
        key = _loaded(self.algorithm, self.raw)
        if len(signature) != key.signature_size:
            raise errors.SignatureMalformed(
                f"{len(signature)} bytes; signatures of this {self.algorithm} key have {key.signature_size}"
            )
        return key.verify(signature, data)


@lru_cache(maxsize=_KEPT)
def _loaded(algorithm: str, raw: bytes) -> LoadedKey:
    kind = KINDS.get(algorithm)
    if kind is None:
        raise errors.InvalidPublicKey(f"keys for {algorithm!r} are not known here")
    return kind.load(raw)


@lru_cache(maxsize=_KEPT)
def _from_multikey(text: str) -> PublicKey:
    codec, raw = multibase.split_varint(multibase.decode(text))
    algorithm = _ALGORITHM_OF_CODEC.get(codec)
    if algorithm is None:
        raise errors.InvalidPublicKey(f"Multicodec 0x{codec:x} is not a key kind known here")
    return PublicKey(algorithm, raw)
