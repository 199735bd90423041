"""What can be wrong with a compact claim: the short signed statement that fits a printed QR code."""

from __future__ import annotations

from credentials.errors.families import BadData, Refused

_MALFORMED = "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR"


class FragmentMalformed(BadData):
    """The text after the # is not `9` and one decimal number without needless zeros (multibase base10)."""

    code = "fragment_malformed"
    title = "Not the text of a compact claim"
    remedy = "Scan the whole code again, or copy the whole address with everything after the #."
    problem_type = _MALFORMED
    status_hint = 400


class CompactClaimMalformed(BadData):
    """A claim is missing, too many, of the wrong type, impossible, or not in its one short form (compact-claim.md)."""

    code = "compact_claim_malformed"
    title = "Not a well-formed compact claim"
    remedy = "Have it issued again by a program that keeps to docs/compact-claim.md."
    problem_type = _MALFORMED


class CompactClaimTooLarge(Refused):
    """The signed claim has more bytes than a printed code can carry."""

    code = "compact_claim_too_large"
    title = "Too long for a printed code"
    remedy = "Print the code that only carries the address."
    status_hint = 413


class NotCompactable(BadData):
    """The credential lacks a fact that a compact claim must state, or says it in a way that has no short form."""

    code = "not_compactable"
    title = "No compact claim can be made of this credential"
    remedy = "Print the code that only carries the address."
    problem_type = _MALFORMED
