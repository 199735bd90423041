"""Tells whether what was judged is itself a receipt, and what it says. Nothing of it is checked again here."""

from __future__ import annotations

from typing import Any

from credentials import receipts
from credentials.errors import CredentialMalformed
from credentials.receipts import Receipt
from credentials.verify import Report


def receipt_in(report: Report) -> Receipt | None:
    """Return the receipt that was confirmed, or None: it is no receipt, or its signature was not confirmed."""
    if report.verified is None or not receipts.is_receipt(report.verified.document):
        return None
    try:
        return receipts.read(report.verified.document)
    except CredentialMalformed:
        return None


def member(report: Report) -> dict[str, Any]:
    """The receipt as a member of an answer of the API; nothing for other credentials."""
    found = receipt_in(report)
    return {} if found is None else {"receipt": found.to_json()}
