"""What can be wrong when a holder shows a part of a credential: pointers, base proofs where others belong, limits."""

from __future__ import annotations

from credentials.errors.families import BadData, Refused

_PROOF = "https://w3id.org/security#PROOF_VERIFICATION_ERROR"


class BaseProofNotDisclosed(BadData):
    """An ecdsa-sd-2023 base proof was shown to a verifier: it is the holder's, and holds a secret of theirs."""

    code = "proof_is_base"
    title = "A signature that only the holder should have"
    remedy = "Derive a disclosure proof that shows the parts wanted, and send that."
    problem_type = _PROOF


class NotABaseProof(BadData):
    """A part can only be taken from the whole that the issuer signed; this proof already shows a part."""

    code = "proof_is_not_base"
    title = "Nothing more can be derived from this proof"
    remedy = "Use the credential as its issuer gave it to the holder."
    problem_type = _PROOF


class InvalidPointer(BadData):
    """A JSON pointer (RFC 6901) that selects nothing, or goes into something that can only be shown whole."""

    code = "pointer_invalid"
    title = "The JSON pointer selects nothing that can be shown"
    remedy = "Point to a member of the credential; lists in a fixed order, @json and tagged texts are shown whole."


class NotSelectable(BadData):
    """The document has a node that cannot be told apart from others by where it stands, so no part can be shown."""

    code = "not_selectable"
    title = "Parts of this document cannot be shown by themselves"
    remedy = "Give the nodes of the document ids, and write it in compacted form."


class SelectionLimit(Refused):
    """More pointers or statements than one credential needs; each statement costs one signature."""

    code = "selection_limit"
    title = "Too much for selective disclosure"
    remedy = "Split the credential into several."
    problem_type = _PROOF
    status_hint = 413
