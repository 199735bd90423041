"""Data Integrity proofs, alone, in sets and in chains: makes and checks them; who may sign is not its business.

What is hashed and how a signature is written is the cryptosuite's (`credentials.cryptosuites`).

Source: Data Integrity 1.0, 2.1 (proofs, sets, chains) and 4 (add, verify).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from credentials import cryptosuites, errors, timestamps
from credentials.cryptosuites import HashedSuite
from credentials.multikey import PublicKey
from credentials.ports import Signer

RDFC: Final = "eddsa-rdfc-2022"
JCS: Final = "eddsa-jcs-2022"
#: How far the clocks of issuer and verifier may differ.
CLOCK_SKEW: Final = timedelta(minutes=5)

#: Members of a proof that must be strings when they are there (Data Integrity 1.0, 2.1).
_STRINGS: Final = ("id", "type", "cryptosuite", "verificationMethod", "proofPurpose", "challenge", "nonce")


@dataclass(frozen=True, slots=True)
class PreparedProof:
    """A document and the proof options about to be signed; `hash_data` is what the key signs."""

    document: Mapping[str, Any]
    config: Mapping[str, Any]
    hash_data: bytes
    suite: HashedSuite
    algorithm: str

    def complete(self, signature: bytes) -> dict[str, Any]:
        """Return the document with the finished proof added to its `proof` array."""
        proof = self.suite.complete(self.config, signature, algorithm=self.algorithm)
        return {**self.document, "proof": [*proofs_of(self.document, required=False), proof]}


def prepare(
    document: Mapping[str, Any],
    *,
    verification_method: str,
    created: datetime,
    cryptosuite: str = RDFC,
    algorithm: str = "EdDSA",
    proof_purpose: str = "assertionMethod",
    expires: datetime | None = None,
    domain: str | Sequence[str] | None = None,
    challenge: str | None = None,
    proof_id: str | None = None,
    previous_proof: str | Sequence[str] | None = None,
    document_hash: bytes | None = None,
    allow_inline_contexts: bool = False,
) -> PreparedProof:
    """Hash `document` and the proof's options, ready for a key that is for `algorithm` (a JOSE name).

    `previous_proof` names proofs of the document, by id, that this one is to sign too (a proof chain).
    `document_hash` is the hash of the canonical document where it is known already (`lint.LintToken.covered`). Raises
    `errors.UnsupportedProof`, `errors.AlgorithmKeyMismatch`, `errors.MalformedProof` when a previous proof is missing,
    and `errors.DataLoss` and its family when something would not be covered.
    """
    suite = cryptosuites.hashed(cryptosuite)
    suite.check_algorithm(algorithm)
    options = {
        "id": proof_id,
        "created": timestamps.format(created),
        "expires": None if expires is None else timestamps.format(expires),
        "verificationMethod": verification_method,
        "proofPurpose": proof_purpose,
        "domain": _plain(domain),
        "challenge": challenge,
        "previousProof": _plain(previous_proof),
    }
    config = suite.configure(document, {name: value for name, value in options.items() if value is not None})
    hashed = suite.hash_data(
        document,
        config,
        algorithm=algorithm,
        previous=_previous_proofs(document, config),
        document_hash=document_hash,
        allow_inline_contexts=allow_inline_contexts,
    )
    return PreparedProof(document, config, hashed, suite, algorithm)


def add_proof(
    document: Mapping[str, Any], *, signer: Signer, created: datetime, cryptosuite: str = RDFC, **options: Any
) -> dict[str, Any]:
    """Return a new document whose `proof` array ends with a proof by `signer`; `document` stays as it is.

    Proofs already there are kept (a proof set). `options` are those of `prepare`, which also says what is raised.
    """
    prepared = prepare(
        document,
        verification_method=signer.verification_method,
        created=created,
        cryptosuite=cryptosuite,
        algorithm=signer.algorithm,
        **options,
    )
    return prepared.complete(signer.sign(prepared.hash_data))


def proofs_of(document: Mapping[str, Any], *, required: bool = True) -> list[dict[str, Any]]:
    """The proofs of a document as a list; raises `errors.NoProof`, and `errors.MalformedProof` for other shapes."""
    if not required and "proof" not in document:
        return []
    proof = document.get("proof")
    proofs = proof if isinstance(proof, list) else [proof]
    if proof is None or not proofs:
        raise errors.NoProof("the document has no proof", pointer="/proof")
    objects = [item for item in proofs if isinstance(item, dict)]
    if len(objects) != len(proofs):
        raise errors.MalformedProof("a proof is not an object", pointer="/proof")
    return objects


def check_proof(
    document: Mapping[str, Any],
    proof: Mapping[str, Any],
    public_key: PublicKey,
    *,
    allow_inline_contexts: bool = False,
) -> None:
    """Check one proof over `document` with the key that its verification method was found to be.

    Raises `errors.NoProof`, `errors.MalformedProof`, `errors.UnsupportedProof`, `errors.AlgorithmKeyMismatch`,
    `errors.MalformedEncoding`, `errors.ProofContextMismatch`, `errors.SignatureInvalid`, and what canonicalisation
    raises. Purpose, times and binding are judged by `check_purpose`, `check_times` and `check_binding`.
    """
    check_shape(proof)
    cryptosuites.of_proof(proof).check(
        document,
        proof,
        public_key,
        previous=_previous_proofs(document, proof),
        allow_inline_contexts=allow_inline_contexts,
    )


def check_shape(proof: Mapping[str, Any]) -> None:
    """Check a proof's members before any look-up; `errors.NoProof`, `MalformedProof`, `UnsupportedProof`."""
    for name in _STRINGS:
        if name in proof and not isinstance(proof[name], str):
            raise errors.MalformedProof(f"{name} is not a string", pointer=f"/proof/{name}")
    cryptosuites.of_proof(proof)
    for name in ("verificationMethod", "proofPurpose"):
        if not proof.get(name):
            raise errors.MalformedProof(f"the proof has no {name}", pointer=f"/proof/{name}")
    if not proof.get("proofValue"):
        raise errors.NoProof("the proof has no proofValue", pointer="/proof/proofValue")
    if "domain" in proof:
        _strings(proof, "domain")
    for name in ("created", "expires"):
        if name in proof:
            timestamps.parse(proof[name])


def check_purpose(proof: Mapping[str, Any], expected: str = "assertionMethod") -> None:
    """Raise `errors.ProofPurposeMismatch` unless the proof was made for `expected`."""
    if proof.get("proofPurpose") != expected:
        raise errors.ProofPurposeMismatch(f"made for {str(proof.get('proofPurpose'))[:60]!r}, needed for {expected!r}")


def check_times(proof: Mapping[str, Any], now: datetime) -> None:
    """Raise `errors.ProofExpired`, or `errors.ProofNotYetValid` when `created` is further off than clocks differ."""
    if "expires" in proof and timestamps.parse(proof["expires"]) <= now:
        raise errors.ProofExpired(f"the signature expired at {proof['expires']}")
    if "created" in proof and timestamps.parse(proof["created"]) > now + CLOCK_SKEW:
        raise errors.ProofNotYetValid(f"the signature is dated {proof['created']}")


def check_binding(proof: Mapping[str, Any], *, challenge: str | None, domain: str | None) -> None:
    """Raise `errors.ChallengeMismatch` or `errors.DomainMismatch` unless the proof answers what was asked (4.4).

    None asks nothing: then the proof may name any challenge or domain. A proof may be for several domains.
    """
    if challenge is not None and proof.get("challenge") != challenge:
        raise errors.ChallengeMismatch("the proof does not answer the challenge that was given", pointer="/proof")
    if domain is not None and domain not in _strings(proof, "domain"):
        raise errors.DomainMismatch(f"the proof was not made for {domain}", pointer="/proof")


def _previous_proofs(document: Mapping[str, Any], proof: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The proofs that this one signs too (Data Integrity 1.0, 4.4: proof chains); each must be there exactly once."""
    if "previousProof" not in proof:
        return []
    names = _strings(proof, "previousProof")
    found = [item for item in proofs_of(document, required=False) if item.get("id") in names]
    if not names or proof.get("id") in names or sorted(names) != sorted(str(item["id"]) for item in found):
        raise errors.MalformedProof("previousProof does not name other proofs of the document", pointer="/proof")
    return found


def _strings(proof: Mapping[str, Any], name: str) -> list[str]:
    """A member that is one string or a list of them; raises `errors.MalformedProof`."""
    value = proof.get(name, [])
    found = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str) for item in found):
        raise errors.MalformedProof(f"{name} is not a string or a list of strings", pointer=f"/proof/{name}")
    return found


def _plain(value: str | Sequence[str] | None) -> str | list[str] | None:
    return value if value is None or isinstance(value, str) else list(value)
