"""Checks the proofs of ecdsa-sd-2023: a verifier's disclosure proof, and a holder's base proof, never in its place.

Source: Data Integrity ECDSA Cryptosuites 1.0, 3.5 (createVerifyData; verify derived proof).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from credentials import errors
from credentials.cryptosuites.ecdsa_sd import base, proof_value, signing_input
from credentials.cryptosuites.ecdsa_sd import statements as statements_of
from credentials.multikey import PublicKey


@dataclass(frozen=True, slots=True)
class EcdsaSd2023:
    """The cryptosuite as `credentials.cryptosuites` registers it."""

    name: str = base.NAME

    def check(
        self,
        document: Mapping[str, Any],
        proof: Mapping[str, Any],
        public_key: PublicKey,
        *,
        previous: Sequence[Mapping[str, Any]] = (),
        allow_inline_contexts: bool = False,
    ) -> None:
        """Check a disclosure proof, whose shape was checked, over `document`.

        Raises `errors.UnsupportedProof` for a proof in a chain, `errors.AlgorithmKeyMismatch`,
        `errors.BaseProofNotDisclosed`, `errors.MalformedEncoding`, `errors.MalformedProof`, `errors.SelectionLimit`,
        `errors.ProofContextMismatch`, `errors.SignatureInvalid`, and what canonicalisation raises.
        """
        if previous:
            raise errors.UnsupportedProof(f"a proof of {self.name} that signs other proofs is not checked here")
        base.check_algorithm(public_key.algorithm)
        value = proof_value.decode_disclosure(proof["proofValue"])
        lines = statements_of.of_part(
            base.unsecured(document), value.labels, allow_inline_contexts=allow_inline_contexts
        )
        if value.mandatory_indexes and value.mandatory_indexes[-1] >= len(lines):
            raise errors.SignatureInvalid("something that is always shown is missing")
        options_hash = signing_input.proof_hash(document, proof, allow_inline_contexts=allow_inline_contexts)
        _check_signatures(value, lines, value.mandatory_indexes, options_hash, public_key)


def check_base_proof(
    document: Mapping[str, Any],
    proof: Mapping[str, Any],
    public_key: PublicKey,
    *,
    allow_inline_contexts: bool = False,
) -> None:
    """Check a base proof as its holder may, or its issuer before it leaves: every signature in it.

    Raises as `EcdsaSd2023.check` does, `errors.NotABaseProof` in place of `errors.BaseProofNotDisclosed`, and
    `errors.InvalidPointer` and `errors.NotSelectable`.
    """
    base.check_algorithm(public_key.algorithm)
    value = proof_value.decode_base(proof["proofValue"])
    statements = statements_of.Statements(
        base.unsecured(document), value.hmac_key, allow_inline_contexts=allow_inline_contexts
    )
    options_hash = signing_input.proof_hash(document, proof, allow_inline_contexts=allow_inline_contexts)
    _check_signatures(value, statements.lines, statements.indexes(value.mandatory_pointers), options_hash, public_key)


def _check_signatures(
    value: proof_value.BaseProofValue | proof_value.DisclosureProofValue,
    lines: Sequence[str],
    mandatory_indexes: Sequence[int],
    options_hash: bytes,
    public_key: PublicKey,
) -> None:
    """The issuer's signature first: without it the others say nothing, and none of them is worth the work."""
    mandatory, others = base.split(lines, mandatory_indexes)
    if len(others) != len(value.signatures):
        raise errors.SignatureInvalid("the document has not as many statements as were signed")
    signed = signing_input.base_input(options_hash, value.proof_key, mandatory)
    if not public_key.verify(value.base_signature, signed):
        raise errors.SignatureInvalid("the signature does not fit what is always shown under the issuer's key")
    for line, signature in zip(others, value.signatures, strict=True):
        if not value.proof_key.verify(signature, line.encode()):
            raise errors.SignatureInvalid("a part that is shown is not what was signed")


ECDSA_SD_2023: Final = EcdsaSd2023()
