"""What every way of securing a credential has in common, as the steps of verification see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from credentials.multikey import PublicKey


@dataclass(frozen=True, slots=True)
class KeyClaim:
    """Which key a signature says it was made with, and when. `created` is None where the signature does not say.

    `key` is the whole id of a verification method; tokens may call it by less (its fragment, its thumbprint), and None
    where they name none: then their issuer must have just one. `x5c` is a certificate chain that a token brought along;
    it is looked at only for issuers that certificates name, and only under authorities that the caller trusts. `hint`
    is `compact_claim.key_hint` of the key, where there is room for no more.
    """

    key: str | None
    created: datetime | None
    x5c: Any = None
    hint: bytes | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A time in which something holds: the credential itself, or (`of_signature`) only its signature."""

    start: datetime | None
    end: datetime | None
    of_signature: bool = False


class Signature(Protocol):
    """One signature that a credential carries."""

    def claim(self) -> KeyClaim:
        """Which key it names; raises the typed error of whatever is wrong with its shape or purpose."""
        ...

    def check(self, key: PublicKey) -> None:
        """Raise the typed error of the first thing wrong with the signature under `key`."""
        ...

    def describe(self) -> dict[str, Any]:
        """Plain JSON for whom the sentence is not enough."""
        ...


class Secured(Protocol):
    """A credential taken apart and well-formed, with its signatures, none of which was checked yet."""

    @property
    def format(self) -> str:
        """The media type without "application/" ("vc", "vc+jwt", "dc+sd-jwt" …)."""
        ...

    @property
    def document(self) -> Mapping[str, Any]: ...

    @property
    def issuer(self) -> str: ...

    @property
    def signatures(self) -> Sequence[Signature]: ...

    @property
    def status(self) -> Sequence[Any]:
        """The entries that say where a withdrawal would be published, each as it stands in the document."""
        ...

    def windows(self) -> Sequence[Window]:
        """Every time within which it says it holds, the credential's own first; raises for what is no time."""
        ...
