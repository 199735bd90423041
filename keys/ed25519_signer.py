"""Signs with one Ed25519 private key in memory (RFC 8032, by libsodium); asks nobody whether it may.

What may be signed is decided by `keys.signer.LintedSigner`; where the key is kept, by a store.
"""

from __future__ import annotations

from typing import NoReturn

from nacl.signing import SigningKey

from credentials.multikey import PublicKey
from keys.errors import KeyNotUsable


class Ed25519Signer:
    """Signs with one Ed25519 private key held in memory (RFC 8032, by libsodium), until closed."""

    __slots__ = ("_key", "algorithm", "verification_method")

    def __init__(self, seed: bytes, verification_method: str) -> None:
        self.verification_method = verification_method
        self.algorithm = "EdDSA"
        self._key: SigningKey | None = SigningKey(seed)

    @property
    def public_key(self) -> PublicKey:
        """The public half, computed from the private one."""
        return PublicKey.from_ed25519_bytes(bytes(self._open_key().verify_key))

    def sign(self, data: bytes) -> bytes:
        """Return the 64-byte signature. Raises `KeyNotUsable` after `close`."""
        return bytes(self._open_key().sign(data).signature)

    def close(self) -> None:
        """Forget the private key. Python cannot promise to overwrite it; nothing here refers to it any more."""
        self._key = None

    def _open_key(self) -> SigningKey:
        if self._key is None:
            raise KeyNotUsable(f"The signer of {self.verification_method} was closed.")
        return self._key

    def __repr__(self) -> str:
        return f"Ed25519Signer({self.verification_method!r}, ********)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a signer is never pickled or copied")
