"""Makes the receipt of a judgement. It judges nothing: what a receipt says was found out a moment ago."""

from __future__ import annotations

from credentials import receipts
from credentials.errors import PlauditError
from verifier.judging import Judged
from verifier.problems import NothingForReceipt, ReceiptNotMade
from verifier.receipts.signer import ReceiptOffice


def receipt(judged: Judged, office: ReceiptOffice) -> bytes:
    """Return the signed receipt (JSON); raises `NothingForReceipt`, and `ReceiptNotMade` with what to do."""
    checked = judged.handed or judged.report.source
    if checked is None:
        raise NothingForReceipt("What was checked has no bytes that a receipt could name.")
    unsigned = receipts.build_receipt(
        judged.report,
        digest=receipts.digest_of(checked),
        receipt_id=office.new_id(),
        issuer=office.signer.did,
        issuer_name=office.name,
    )
    try:
        return office.signer.sign(unsigned)
    except PlauditError as error:
        raise _not_made(error) from error


def printed(signed: bytes, office: ReceiptOffice) -> bytes:
    """Return a signed receipt as a PDF; raises `ReceiptNotMade`."""
    try:
        return office.printer.print(signed)
    except PlauditError as error:
        raise _not_made(error) from error


def _not_made(error: PlauditError) -> ReceiptNotMade:
    """What to tell whoever asked, without what was wrong inside: the cause's own title and remedy."""
    return ReceiptNotMade(f"{error.title}. {error.remedy}")
