"""What the issuer's key signs in ecdsa-sd-2023: the proof's options, the proof key, and all that is mandatory.

Source: Data Integrity ECDSA Cryptosuites 1.0, 3.5 (serializeSignData; base proof hashing and configuration).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from credentials import errors, jsonld
from credentials.cryptosuites.ecdsa_sd.proof_value import key_bytes
from credentials.multikey import PublicKey


def proof_hash(document: Mapping[str, Any], proof: Mapping[str, Any], *, allow_inline_contexts: bool) -> bytes:
    """SHA-256 of the proof's canonical options under the document's contexts; proofValue is left out.

    Raises `errors.ProofContextMismatch` for a proof with other contexts, and what canonicalisation raises.
    """
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    context = document.get("@context")
    if options.setdefault("@context", context) != context:
        raise errors.ProofContextMismatch("the proof names other contexts than the document")
    canonical_form = jsonld.canonical_nquads(options, allow_inline_contexts=allow_inline_contexts)
    return hashlib.sha256(canonical_form.encode()).digest()


def mandatory_hash(lines: Sequence[str]) -> bytes:
    """SHA-256 of the mandatory statements, in order."""
    return hashlib.sha256("".join(lines).encode()).digest()


def base_input(hash_of_proof: bytes, proof_key: PublicKey, mandatory: Sequence[str]) -> bytes:
    """The bytes under the issuer's signature: 32 of the options, 35 of the key, 32 of what is mandatory."""
    return hash_of_proof + key_bytes(proof_key) + mandatory_hash(mandatory)
