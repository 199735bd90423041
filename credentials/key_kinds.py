"""The kinds of public key: what a usable one is, and how its signatures are checked; it reads no text form of a key.

Each kind loads the raw bytes of a key once, refuses what could deceive, and checks signatures with what it loaded.
Source: RFC 8032 (Ed25519); FIPS 186-5 and SEC 1, 2.3.3 (ECDSA); RFC 8017, 8.2 and A.1.1 (RSA); RFC 7518, 3.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import nacl.bindings
import nacl.exceptions
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from credentials import errors

#: In bits: below, a modulus can be factored (NIST SP 800-57); above, one check costs more than a page should wait.
MIN_RSA_BITS: Final = 2048
MAX_RSA_BITS: Final = 4096
#: Smaller exponents have made forging easy again and again (FIPS 186-5, A.1.1); larger ones only make checking slow.
MIN_RSA_EXPONENT: Final = 65_537
MAX_RSA_EXPONENT: Final = 2**32 - 1
#: In bytes: a modulus of that size, an exponent, and DER's tags and lengths.
_MAX_RSA_DER: Final = MAX_RSA_BITS // 8 + 20
#: What betrays a ROCA key (CVE-2017-15361): modulo each of these primes, its modulus is a power of 65537.
_ROCA_MARKS: Final = {
    prime: frozenset(pow(65_537, exponent, prime) for exponent in range(prime))
    for prime in (11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157)
}


class LoadedKey(Protocol):
    """One key, ready to check signatures."""

    @property
    def signature_size(self) -> int:
        """In bytes: the one size that this key's signatures have."""
        ...

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Say whether `signature`, of `signature_size` bytes, is this key's over `data`."""
        ...


class Kind(Protocol):
    """What all keys for one algorithm share."""

    @property
    def codec(self) -> int:
        """Multicodec of the kind in Multikey and did:key."""
        ...

    def load(self, raw: bytes) -> LoadedKey:
        """The key in `raw`; raises `errors.InvalidPublicKey` for one that must not be used."""
        ...


@dataclass(frozen=True, slots=True)
class Ed25519:
    """Ed25519; `raw` is the 32 bytes of RFC 8032, 5.1.2."""

    codec: int = 0xED

    def load(self, raw: bytes) -> LoadedKey:
        """libsodium checks canonical form, curve, small order and main subgroup; other libraries load such keys."""
        if len(raw) != nacl.bindings.crypto_sign_PUBLICKEYBYTES:
            raise errors.InvalidPublicKey(f"{len(raw)} bytes; EdDSA keys have 32")
        if not nacl.bindings.crypto_core_ed25519_is_valid_point(raw):
            raise errors.InvalidPublicKey("not a point of Ed25519's main subgroup in canonical form")
        return _Ed25519Key(raw)


@dataclass(frozen=True, slots=True)
class _Ed25519Key:
    raw: bytes
    signature_size: int = 64

    def verify(self, signature: bytes, data: bytes) -> bool:
        try:
            nacl.bindings.crypto_sign_open(signature + data, self.raw)
        except nacl.exceptions.BadSignatureError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Ecdsa:
    """ECDSA on one curve with one hash; `raw` is the compressed point of SEC 1, 2.3.3."""

    codec: int
    curve: ec.EllipticCurve
    digest: hashes.HashAlgorithm

    @property
    def size(self) -> int:
        """In bytes: one coordinate, and one half of a signature."""
        return (self.curve.key_size + 7) // 8

    def load(self, raw: bytes) -> LoadedKey:
        """A point on the curve in compressed form: no other form of SEC 1 has that size."""
        if len(raw) != self.size + 1:
            raise errors.InvalidPublicKey(
                f"{len(raw)} bytes; compressed points of {self.curve.name} have {self.size + 1}"
            )
        return _EcdsaKey(self.point(raw), ec.ECDSA(self.digest), self.curve.group_order, self.size * 2)

    def point(self, raw: bytes) -> ec.EllipticCurvePublicKey:
        """The point that `raw` names in any form of SEC 1; raises `errors.InvalidPublicKey` for one off the curve."""
        try:
            return ec.EllipticCurvePublicKey.from_encoded_point(self.curve, raw)
        except ValueError as error:
            raise errors.InvalidPublicKey(f"not a point of {self.curve.name}") from error


@dataclass(frozen=True, slots=True)
class _EcdsaKey:
    key: ec.EllipticCurvePublicKey
    scheme: ec.ECDSA
    order: int
    signature_size: int

    def verify(self, signature: bytes, data: bytes) -> bool:
        half = self.signature_size // 2
        r, s = int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
        if not (0 < r < self.order and 0 < s < self.order):
            return False
        try:
            self.key.verify(encode_dss_signature(r, s), data, self.scheme)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Rsa:
    """RSASSA-PKCS1-v1_5 with SHA-256, for checking only; `raw` is the DER of PKCS #1's RSAPublicKey."""

    codec: int = 0x1205

    def load(self, raw: bytes) -> LoadedKey:
        """Modulus and exponent within the limits above, in the one DER form, and no ROCA key."""
        if len(raw) > _MAX_RSA_DER:
            raise errors.InvalidPublicKey(f"{len(raw)} bytes are too many for an RSA key of {MAX_RSA_BITS} bits")
        key = self.key(raw)
        _refuse_weak_rsa(key.public_numbers())
        return _RsaKey(key, (key.key_size + 7) // 8)

    def key(self, raw: bytes) -> rsa.RSAPublicKey:
        """The key in `raw`, weak or not; raises `errors.InvalidPublicKey` for any other form than PKCS #1's DER.

        Modulus and exponent are cut out where they stand in a key of the sizes that are accepted; anything else comes
        out as other numbers, or as none, and is not what is written again.
        """
        size = int.from_bytes(raw[6:8], "big")
        modulus, exponent = raw[8 : 8 + size], raw[10 + size :]
        try:
            key = rsa.RSAPublicNumbers(int.from_bytes(exponent, "big"), int.from_bytes(modulus, "big")).public_key()
        except ValueError as error:
            raise errors.InvalidPublicKey("not an RSA public key") from error
        if key.public_bytes(Encoding.DER, PublicFormat.PKCS1) != raw:
            raise errors.InvalidPublicKey(f"not the DER of an RSA key of {MIN_RSA_BITS} to {MAX_RSA_BITS} bits")
        return key


@dataclass(frozen=True, slots=True)
class _RsaKey:
    key: rsa.RSAPublicKey
    signature_size: int

    def verify(self, signature: bytes, data: bytes) -> bool:
        try:
            self.key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True


def _refuse_weak_rsa(numbers: rsa.RSAPublicNumbers) -> None:
    bits = numbers.n.bit_length()
    if not MIN_RSA_BITS <= bits <= MAX_RSA_BITS:
        raise errors.InvalidPublicKey(f"an RSA key of {bits} bits; {MIN_RSA_BITS} to {MAX_RSA_BITS} are accepted")
    if not MIN_RSA_EXPONENT <= numbers.e <= MAX_RSA_EXPONENT:
        raise errors.InvalidPublicKey("the exponent of the RSA key is not between 65537 and 2^32")
    if all(numbers.n % prime in powers for prime, powers in _ROCA_MARKS.items()):
        raise errors.InvalidPublicKey("the RSA key was made by a faulty chip (ROCA): its private key can be computed")


#: JOSE name of the algorithm (RFC 7518, 3.1; RFC 8037, 3.1) → its kind of key.
KINDS: Final[Mapping[str, Kind]] = {
    "EdDSA": Ed25519(),
    "ES256": Ecdsa(0x1200, ec.SECP256R1(), hashes.SHA256()),
    "ES384": Ecdsa(0x1201, ec.SECP384R1(), hashes.SHA384()),
    "ES512": Ecdsa(0x1202, ec.SECP521R1(), hashes.SHA512()),
    "RS256": Rsa(),
}
