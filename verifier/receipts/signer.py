"""What the verifier asks of others to make a receipt: a signature, and a page. It holds no key and draws nothing."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class ReceiptSigner(Protocol):
    """Signs receipts with a key that is of no use for anything else."""

    @property
    def did(self) -> str:
        """The DID that receipts are issued under."""
        ...

    def sign(self, receipt: Mapping[str, Any]) -> bytes:
        """Return the receipt with its proof; raises a `PlauditError` when nothing can be signed now."""
        ...

    def published(self) -> bytes:
        """Return the DID document that receipts are checked by; raises a `PlauditError` when there is none."""
        ...


class ReceiptPrinter(Protocol):
    """Draws receipts."""

    def print(self, receipt: bytes) -> bytes:
        """Return a signed receipt as a PDF with the receipt in it; raises a `PlauditError` when it cannot be drawn."""
        ...


@dataclass(frozen=True, slots=True)
class ReceiptOffice:
    """All that makes receipts. `new_id` returns a fresh urn:uuid; `name` is what the issuer of receipts is called."""

    signer: ReceiptSigner
    printer: ReceiptPrinter
    new_id: Callable[[], str] = lambda: uuid.uuid4().urn
    name: str = "Plaudit verifier"
