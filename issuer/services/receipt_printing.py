"""Draws receipts of verifications for the verifier, which cannot draw. It signs, checks and stores nothing."""

from __future__ import annotations

from issuer.certificates.pool import CertificatePool
from issuer.certificates.receipt import ReceiptInput


class ReceiptPrinting:
    """Prints receipts by the processes of `pool`."""

    def __init__(self, pool: CertificatePool) -> None:
        self._pool = pool

    def print(self, receipt: bytes) -> bytes:
        """Return a signed receipt as a PDF, PDF/A-3a and PDF/UA-1, with the receipt in it.

        Raises `NotACertificateSource` for anything else, and what drawing raises (`RendererBusy`, `MissingGlyph`…).
        """
        return self._pool.render(ReceiptInput.from_receipt(receipt), receipt)
