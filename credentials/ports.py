"""What the pure core asks of the outside, as types: a signer, a fetcher, a resolver.

The core performs no I/O. Whoever calls it hands in objects of these shapes; tests hand in a world in memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer to one fetch: decoded bytes, and where they really came from.

    `source` is "network" (asked the host that the URL names), "own origin" (this installation answered in-process)
    or "folder" (a file beside the credential; the URL's host was never asked).
    """

    url: str
    body: bytes
    content_type: str
    source: str = "network"


class Fetcher(Protocol):
    """The one way out. Raises `errors.Unreachable` or `errors.Refused`; never returns half an answer."""

    def fetch(self, url: str) -> Fetched: ...


class TextRecords(Protocol):
    """Asks the name system once for the TXT records of exactly this name, waiting at most `timeout` seconds.

    Returns the records' texts, none when there are none. Raises `errors.Unreachable`.
    """

    def texts(self, name: str, timeout: float) -> Sequence[str]: ...


class Resolver(Protocol):
    """Turns a DID into its controlled identifier document (CID 1.0, parsed by `strict_json`)."""

    def resolve(self, did: str) -> ResolvedDocument: ...


@dataclass(frozen=True, slots=True)
class ResolvedDocument:
    """A DID document and the `Fetched.source` it came from ("key" for did:key, which needs no fetch)."""

    document: Mapping[str, Any]
    source: str


class Signer(Protocol):
    """Makes one kind of signature with one key; where the key lives is its own business."""

    #: DID URL of the verification method, as it will stand in the proof.
    verification_method: str
    #: JOSE name of the algorithm that the key is for: "EdDSA", "ES256" or "ES384".
    algorithm: str

    def sign(self, data: bytes) -> bytes:
        """Return the raw signature: 64 bytes for Ed25519 (RFC 8032), r || s for ECDSA (IEEE P1363)."""
        ...
