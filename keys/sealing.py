"""Seals 32 secret bytes with a passphrase and a header, and opens them again; reads and writes no files.

argon2id (RFC 9106) stretches the passphrase into 64 bytes: one half encrypts with XChaCha20-Poly1305 (24-byte nonces,
so that random ones never meet), the other half only makes the `check` value. The check tells a wrong passphrase from a
damaged file, and ties the file to one passphrase, which the cipher alone does not. It gives a guesser nothing that the
cipher's own tag does not give.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import NoReturn

from argon2.low_level import Type, hash_secret_raw
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_ABYTES,
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
)
from nacl.exceptions import CryptoError

from keys.errors import KeyFileDamaged, KeysSealed
from keys.passphrase import Passphrase

SECRET_BYTES = 32
SALT_BYTES = 16
CHECK_BYTES = 16
NONCE_BYTES: int = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
SEALED_BYTES: int = SECRET_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES
#: Most that a file may ask for: a changed header must not make us allocate gigabytes or work for minutes.
MAX_MEMORY_KIB = 1_048_576
MAX_PASSES = 16
MAX_LANES = 8
_HALF = 32


@dataclass(frozen=True, slots=True)
class Stretching:
    """What one guess of the passphrase costs: argon2id memory in KiB, passes over it, and lanes."""

    memory_kib: int
    passes: int
    lanes: int

    def __post_init__(self) -> None:
        """Raise `KeyFileDamaged` for a cost that argon2 cannot do or that we will not spend."""
        within = (
            8 * self.lanes <= self.memory_kib <= MAX_MEMORY_KIB
            and 1 <= self.passes <= MAX_PASSES
            and 1 <= self.lanes <= MAX_LANES
        )
        if not within:
            raise KeyFileDamaged(f"The key derivation asked for is out of bounds: {self}.")


#: 64 MiB is what RFC 9106 names for machines short of memory, and three times OWASP's least. Two passes in one lane
#: take about 110 ms on the small machine this was measured on: the most an unlocking may cost a person who waits.
DEFAULT_STRETCHING = Stretching(memory_kib=65_536, passes=2, lanes=1)


class WrappingKey:
    """A passphrase stretched with one salt; seals and opens, and shows itself to nobody."""

    __slots__ = ("_check", "_key")

    def __init__(self, passphrase: Passphrase, salt: bytes, stretching: Stretching) -> None:
        stretched = hash_secret_raw(
            secret=passphrase.reveal(),
            salt=salt,
            time_cost=stretching.passes,
            memory_cost=stretching.memory_kib,
            parallelism=stretching.lanes,
            hash_len=2 * _HALF,
            type=Type.ID,
        )
        self._key = stretched[:_HALF]
        self._check = hashlib.blake2b(stretched[_HALF:], digest_size=CHECK_BYTES, person=b"plaudit check").digest()

    @property
    def check(self) -> bytes:
        """16 bytes, the same for the same passphrase, salt and cost; kept in the clear beside what was sealed."""
        return self._check

    def require(self, check: bytes) -> None:
        """Raise `KeysSealed` unless `check` came from this very passphrase."""
        if not hmac.compare_digest(check, self._check):
            raise KeysSealed("The passphrase is not the one that these keys were sealed with.")

    def seal(self, secret: bytes, *, nonce: bytes, header: bytes) -> bytes:
        """Return 48 bytes: `secret` (32 bytes) encrypted, with a tag over it and over `header`."""
        return bytes(crypto_aead_xchacha20poly1305_ietf_encrypt(secret, header, nonce, self._key))

    def unseal(self, sealed: bytes, *, nonce: bytes, header: bytes) -> bytes:
        """Return the 32 secret bytes. Raises `KeyFileDamaged` when header, nonce or ciphertext were changed."""
        try:
            return bytes(crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, header, nonce, self._key))
        except CryptoError:
            raise KeyFileDamaged("The passphrase is right, but the key's content or header was changed.") from None

    def __repr__(self) -> str:
        return "WrappingKey(********)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a wrapping key is never pickled or copied")
