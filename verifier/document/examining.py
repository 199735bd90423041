"""Does in the disposable child what `judging_pdf` asks: validates a PDF's signatures and compares its pages."""

from __future__ import annotations

from verifier.document import pages, signatures
from verifier.document.answers import SIGNED_BYTES, Answer, Asked, Compared, Signature


def examine(asked: Asked) -> Answer:
    """Raises `DamagedFile` or `EncryptedFile` when the pages cannot be opened."""
    return Answer(_signatures(asked), _compared(asked))


def _signatures(asked: Asked) -> tuple[Signature, ...] | None:
    """None when the file is such that its signatures cannot be found."""
    if SIGNED_BYTES not in asked.handed:
        return ()
    try:
        return signatures.signatures(asked.handed, asked.roots, asked.now)
    except Exception:  # whatever a broken file makes the library raise, its pages may still be compared
        return None


def _compared(asked: Asked) -> Compared | None:
    if asked.signed is None:
        return None
    if asked.expected is None:
        return pages.look(asked.handed, asked.signed)
    return pages.compare(asked.handed, asked.expected, asked.signed)
