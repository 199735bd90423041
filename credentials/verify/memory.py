"""What was found good before about the very same bytes, so that it is not worked out again. It keeps no content.

Form and signature depend on nothing but the bytes and the key, and are the costly part. Everything that depends on the
world (which key the issuer names today, times, withdrawals) is checked every time. Only what passed is remembered: a
failure is always found anew, and names its reason.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

#: Two digests for each credential and status list. With what Python needs around them, 20,000 take about 3 MB.
MOST = 20_000
DIGEST_BYTES = 32


class Memory(Protocol):
    """Keeps digests, as many as it likes; must never know one that it was not told."""

    def knows(self, digest: bytes) -> bool: ...
    def remember(self, digest: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class Text:
    """The bytes of one credential by their digest, and the memory that is asked about them (None: nothing is known)."""

    digest: bytes
    memory: Memory | None

    @classmethod
    def of(cls, data: bytes, memory: Memory | None) -> Text:
        """The text in `data`; without a memory no digest is made."""
        return cls(b"" if memory is None else hashlib.sha256(data).digest(), memory)

    def once(self, about: bytes, check: Callable[[], None]) -> None:
        """Do `check`, which depends on this text and `about` alone, unless it is known to have passed."""
        if self.memory is None:
            return check()
        digest = hashlib.sha256(self.digest + about).digest()
        if not self.memory.knows(digest):
            check()
            self.memory.remember(digest)
        return None


#: Bytes about which nothing is kept.
UNKNOWN = Text(b"", None)


class KeptOutcomes:
    """A `Memory` of at most `most` digests for as long as the process lives; the one unused for longest goes first.

    A digest says nothing to whoever does not hold the credential already, and is written nowhere. Thread-safe.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._digests: OrderedDict[bytes, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._digests)

    def knows(self, digest: bytes) -> bool:
        """Whether this digest was remembered, and not forgotten since."""
        with self._lock:
            if digest not in self._digests:
                return False
            self._digests.move_to_end(digest)
            return True

    def remember(self, digest: bytes) -> None:
        """Remember a digest of SHA-256; raises `ValueError` for anything else, which might be content."""
        if len(digest) != DIGEST_BYTES:
            raise ValueError("only digests are kept")
        with self._lock:
            self._digests[digest] = None
            self._digests.move_to_end(digest)
            if len(self._digests) > self._most:
                self._digests.popitem(last=False)
