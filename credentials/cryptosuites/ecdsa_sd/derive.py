"""Derives a disclosure proof: a holder shows a part of a credential, and the issuer is not asked; it checks nothing.

Source: Data Integrity ECDSA Cryptosuites 1.0, 3.5 (createDisclosureData; add derived proof).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from credentials import errors
from credentials.cryptosuites.ecdsa_sd import base, proof_value, selection
from credentials.cryptosuites.ecdsa_sd.statements import Statements


def derive(
    document: Mapping[str, Any],
    selective_pointers: Sequence[str],
    *,
    proof_id: str | None = None,
    allow_inline_contexts: bool = False,
) -> dict[str, Any]:
    """Return a new document of what is mandatory and what the pointers (RFC 6901) name, with a disclosure proof.

    The proof stands in an array where the base proof did; other proofs fit the whole only and are left out. `proof_id`
    chooses among several base proofs. Raises `errors.NoProof`, `errors.MalformedProof` for a choice left open,
    `errors.NotABaseProof`, `errors.InvalidPointer` (also when nothing is selected), `errors.SignatureInvalid` when the
    document is not what was signed, and what `create_base_proof` raises for documents.
    """
    proof = _base_proof(document, proof_id)
    value = proof_value.decode_base(proof.get("proofValue"))
    whole = base.unsecured(document)
    statements = Statements(whole, value.hmac_key, allow_inline_contexts=allow_inline_contexts)
    pointers = [*value.mandatory_pointers, *selective_pointers]
    disclosure = _disclosure(statements, value, pointers)
    derived = {name: member for name, member in proof.items() if name != "@context"}
    derived["proofValue"] = disclosure.encode()
    revealed = selection.select(whole, pointers)
    return {**revealed, "proof": [derived] if isinstance(document["proof"], list) else derived}


def _base_proof(document: Mapping[str, Any], proof_id: str | None) -> dict[str, Any]:
    found = [
        proof
        for proof in base.proofs(document)
        if isinstance(proof, dict) and proof.get("cryptosuite") == base.NAME and proof_id in (None, proof.get("id"))
    ]
    if not found:
        raise errors.NoProof(f"the document has no such proof of {base.NAME}", pointer="/proof")
    if len(found) > 1:
        raise errors.MalformedProof(f"the document has several proofs of {base.NAME}: choose by id", pointer="/proof")
    return found[0]


def _disclosure(
    statements: Statements, value: proof_value.BaseProofValue, pointers: Sequence[str]
) -> proof_value.DisclosureProofValue:
    mandatory = set(statements.indexes(value.mandatory_pointers))
    shown = statements.indexes(pointers)
    if not shown:
        raise errors.InvalidPointer("nothing is mandatory and nothing is selected: there is nothing to show")
    others = [index for index in range(len(statements.lines)) if index not in mandatory]
    if len(others) != len(value.signatures):
        raise errors.SignatureInvalid("the document has not as many statements as were signed")
    signature_of = dict(zip(others, value.signatures, strict=True))
    return proof_value.DisclosureProofValue(
        base_signature=value.base_signature,
        proof_key=value.proof_key,
        signatures=[signature_of[index] for index in shown if index not in mandatory],
        labels=statements.verifier_labels(pointers),
        mandatory_indexes=[place for place, index in enumerate(shown) if index in mandatory],
    )
