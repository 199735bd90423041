"""Makes the base proof of ecdsa-sd-2023, which an issuer gives to the holder and nobody else; it chooses no keys.

Source: Data Integrity ECDSA Cryptosuites 1.0, 3.5 (create base proof; base proof transformation and serialization).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol

from credentials import errors, timestamps
from credentials.cryptosuites.ecdsa_sd import proof_value, signing_input
from credentials.cryptosuites.ecdsa_sd.statements import Statements
from credentials.multikey import PublicKey
from credentials.ports import Signer

NAME: Final = "ecdsa-sd-2023"
_ALGORITHM: Final = "ES256"


class ProofKey(Protocol):
    """A P-256 key pair made for one proof and forgotten afterwards; `sign` gives r || s over SHA-256."""

    public: PublicKey

    def sign(self, data: bytes) -> bytes: ...


def create_base_proof(
    document: Mapping[str, Any],
    *,
    signer: Signer,
    proof_key: ProofKey,
    hmac_key: bytes,
    mandatory_pointers: Sequence[str],
    created: datetime,
    proof_purpose: str = "assertionMethod",
    expires: datetime | None = None,
    proof_id: str | None = None,
    allow_inline_contexts: bool = False,
) -> dict[str, Any]:
    """Return a new document whose `proof` array ends with a base proof; `document` stays as it is.

    `proof_key` and the 32 bytes of `hmac_key` must be fresh random for each proof. `mandatory_pointers` (RFC 6901)
    name what every disclosure will show. Raises `errors.AlgorithmKeyMismatch` unless both keys are P-256,
    `errors.MalformedEncoding` for an HMAC key of another size, `errors.InvalidPointer`, `errors.NotSelectable`,
    `errors.SelectionLimit`, and what `jsonld.to_quads` raises when something would not be covered.
    """
    for algorithm in (signer.algorithm, proof_key.public.algorithm):
        check_algorithm(algorithm)
    if len(hmac_key) != proof_value.HMAC_BYTES:
        raise errors.MalformedEncoding(f"the HMAC key has {len(hmac_key)} bytes instead of {proof_value.HMAC_BYTES}")
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": NAME,
        **({} if proof_id is None else {"id": proof_id}),
        "created": timestamps.format(created),
        **({} if expires is None else {"expires": timestamps.format(expires)}),
        "verificationMethod": signer.verification_method,
        "proofPurpose": proof_purpose,
    }
    options_hash = signing_input.proof_hash(document, proof, allow_inline_contexts=allow_inline_contexts)
    statements = Statements(unsecured(document), hmac_key, allow_inline_contexts=allow_inline_contexts)
    value = _value(statements, options_hash, signer, proof_key, hmac_key, mandatory_pointers)
    return {**document, "proof": [*proofs(document), {**proof, "proofValue": value.encode()}]}


def _value(
    statements: Statements,
    options_hash: bytes,
    signer: Signer,
    proof_key: ProofKey,
    hmac_key: bytes,
    mandatory_pointers: Sequence[str],
) -> proof_value.BaseProofValue:
    mandatory, others = split(statements.lines, statements.indexes(mandatory_pointers))
    signatures = [proof_key.sign(line.encode()) for line in others]
    signature = signer.sign(signing_input.base_input(options_hash, proof_key.public, mandatory))
    return proof_value.BaseProofValue(signature, proof_key.public, hmac_key, signatures, mandatory_pointers)


def check_algorithm(algorithm: str) -> None:
    """Raise `errors.AlgorithmKeyMismatch` unless the key is for ES256: the suite has P-256 and SHA-256 only."""
    if algorithm != _ALGORITHM:
        raise errors.AlgorithmKeyMismatch(f"{NAME} needs a key for {_ALGORITHM}, not for {algorithm}")


def unsecured(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document without its proofs."""
    return {name: value for name, value in document.items() if name != "proof"}


def proofs(document: Mapping[str, Any]) -> list[Any]:
    """The proofs of a document, as a list; whether they are proofs is not judged."""
    found = document.get("proof", [])
    return found if isinstance(found, list) else [found]


def split(lines: Sequence[str], indexes: Sequence[int]) -> tuple[list[str], list[str]]:
    """The lines with these indexes, and the others; both in order."""
    chosen = set(indexes)
    kept = [line for index, line in enumerate(lines) if index in chosen]
    return kept, [line for index, line in enumerate(lines) if index not in chosen]
