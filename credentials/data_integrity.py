"""Data Integrity proofs: makes and checks `eddsa-rdfc-2022` and `eddsa-jcs-2022`; who may sign is not its business.

Source: Data Integrity 1.0, 4 (add, verify); Data Integrity EdDSA Cryptosuites 1.0, 3.2 and 3.3.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from credentials import canonical, errors, jsonld, multibase, timestamps
from credentials.multikey import PublicKey
from credentials.ports import Signer

RDFC: Final = "eddsa-rdfc-2022"
JCS: Final = "eddsa-jcs-2022"
CRYPTOSUITES: Final = (RDFC, JCS)
#: How far the clocks of issuer and verifier may differ.
CLOCK_SKEW: Final = timedelta(minutes=5)

_PROOF_TYPE: Final = "DataIntegrityProof"
_ALGORITHM: Final = "EdDSA"
_SIGNATURE_BYTES: Final = 64
#: Members of a proof that must be strings when they are there (Data Integrity 1.0, 2.1).
_STRINGS: Final = ("id", "type", "cryptosuite", "verificationMethod", "proofPurpose", "challenge", "nonce")


@dataclass(frozen=True, slots=True)
class PreparedProof:
    """A document and the proof options about to be signed; `hash_data` (64 bytes) is what the key signs."""

    document: Mapping[str, Any]
    config: Mapping[str, Any]
    hash_data: bytes

    def complete(self, signature: bytes) -> dict[str, Any]:
        """Return the document with the finished proof added to its `proof` array."""
        if len(signature) != _SIGNATURE_BYTES:
            raise errors.SignatureMalformed(f"{len(signature)} bytes; Ed25519 signatures have {_SIGNATURE_BYTES}")
        proof = {name: value for name, value in self.config.items() if name != "@context"}
        if self.config["cryptosuite"] == JCS:
            # The jcs suite keeps the context in the proof (3.3.1, step 2); rdfc does not publish it.
            proof["@context"] = self.config["@context"]
        proof["proofValue"] = multibase.encode(signature)
        return {**self.document, "proof": [*proofs_of(self.document, required=False), proof]}


def prepare(
    document: Mapping[str, Any],
    *,
    verification_method: str,
    created: datetime,
    cryptosuite: str = RDFC,
    proof_purpose: str = "assertionMethod",
    expires: datetime | None = None,
    domain: str | None = None,
    challenge: str | None = None,
) -> PreparedProof:
    """Hash `document` and the proof's options, ready for a key; raises what `hash_data` raises."""
    if cryptosuite not in CRYPTOSUITES:
        raise errors.UnsupportedProof(f"{cryptosuite!r} is not made here")
    options = {
        "type": _PROOF_TYPE,
        "cryptosuite": cryptosuite,
        "created": timestamps.format(created),
        "expires": None if expires is None else timestamps.format(expires),
        "verificationMethod": verification_method,
        "proofPurpose": proof_purpose,
        "domain": domain,
        "challenge": challenge,
    }
    config: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    config["@context"] = document.get("@context")
    return PreparedProof(document, config, hash_data(document, config))


def add_proof(
    document: Mapping[str, Any],
    *,
    signer: Signer,
    created: datetime,
    cryptosuite: str = RDFC,
    proof_purpose: str = "assertionMethod",
    expires: datetime | None = None,
    domain: str | None = None,
    challenge: str | None = None,
) -> dict[str, Any]:
    """Return a new document whose `proof` array ends with a proof by `signer`; `document` stays as it is.

    Proofs already there are kept (a proof set). Raises `errors.AlgorithmKeyMismatch` when the signer's key is of
    another kind, and `errors.DataLoss` and its family when something would not be covered.
    """
    if signer.algorithm != _ALGORITHM:
        raise errors.AlgorithmKeyMismatch(f"{cryptosuite} signs with Ed25519, the key is for {signer.algorithm}")
    prepared = prepare(
        document,
        verification_method=signer.verification_method,
        created=created,
        cryptosuite=cryptosuite,
        proof_purpose=proof_purpose,
        expires=expires,
        domain=domain,
        challenge=challenge,
    )
    return prepared.complete(signer.sign(prepared.hash_data))


def hash_data(
    document: Mapping[str, Any], proof_config: Mapping[str, Any], *, previous: Sequence[Mapping[str, Any]] = ()
) -> bytes:
    """Return SHA-256(canonical proof config) || SHA-256(canonical document): the 64 bytes that are signed (3.2.4).

    `document` may still hold its proofs: they are left out, but for the `previous` ones that a proof chain signs too.
    `proof_config` is the proof with its @context (for rdfc: the document's); proofValue is left out.
    """
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    if previous:
        unsecured["proof"] = list(previous)
    config = {name: value for name, value in proof_config.items() if name != "proofValue"}
    canonical_form = _rdfc if config.get("cryptosuite") == RDFC else canonical.jcs
    return hashlib.sha256(canonical_form(config)).digest() + hashlib.sha256(canonical_form(unsecured)).digest()


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


def check_proof(document: Mapping[str, Any], proof: Mapping[str, Any], public_key: PublicKey) -> None:
    """Check one proof over `document` with the key that its verification method was found to be.

    Raises `errors.NoProof`, `errors.MalformedProof`, `errors.UnsupportedProof`, `errors.AlgorithmKeyMismatch`,
    `errors.MalformedEncoding`, `errors.ProofContextMismatch`, `errors.SignatureInvalid`, and what canonicalisation
    raises. Purpose and times are judged by `check_purpose` and `check_times`.
    """
    check_shape(proof)
    if public_key.algorithm != _ALGORITHM:
        raise errors.AlgorithmKeyMismatch(f"{proof['cryptosuite']} needs an Ed25519 key, not {public_key.algorithm}")
    signature = decode_proof_value(proof["proofValue"])
    config = _config_to_check(document, proof)
    if not public_key.verify(signature, hash_data(document, config, previous=_previous_proofs(document, proof))):
        raise errors.SignatureInvalid("the signature does not fit the document under the issuer's key")


def check_shape(proof: Mapping[str, Any]) -> None:
    """Check a proof's members before any look-up; `errors.NoProof`, `MalformedProof`, `UnsupportedProof`."""
    for name in _STRINGS:
        if name in proof and not isinstance(proof[name], str):
            raise errors.MalformedProof(f"{name} is not a string", pointer=f"/proof/{name}")
    check_supported(proof)
    for name in ("verificationMethod", "proofPurpose"):
        if not proof.get(name):
            raise errors.MalformedProof(f"the proof has no {name}", pointer=f"/proof/{name}")
    if not proof.get("proofValue"):
        raise errors.NoProof("the proof has no proofValue", pointer="/proof/proofValue")
    for name in ("created", "expires"):
        if name in proof:
            timestamps.parse(proof[name])


def check_supported(proof: Mapping[str, Any]) -> None:
    """Raise `errors.UnsupportedProof` unless proof type and cryptosuite are ones that are checked here."""
    if proof.get("type") != _PROOF_TYPE:
        raise errors.UnsupportedProof(f"the proof type {str(proof.get('type'))[:60]!r} is not checked here")
    if proof.get("cryptosuite") not in CRYPTOSUITES:
        raise errors.UnsupportedProof(f"the cryptosuite {str(proof.get('cryptosuite'))[:60]!r} is not checked here")


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


def decode_proof_value(text: object) -> bytes:
    """The signature in `proofValue`: multibase `z` (base58btc), 64 bytes; anything else raises `MalformedEncoding`."""
    signature = multibase.decode(text)
    if len(signature) != _SIGNATURE_BYTES:
        raise errors.MalformedEncoding(f"proofValue holds {len(signature)} bytes instead of {_SIGNATURE_BYTES}")
    return signature


def _previous_proofs(document: Mapping[str, Any], proof: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The proofs that this one signs too (Data Integrity 1.0, 4.4: proof chains); each must be there exactly once."""
    if "previousProof" not in proof:
        return []
    names = _as_list(proof["previousProof"])
    found = [item for item in proofs_of(document) if item.get("id") in names]
    if not names or sorted(map(str, names)) != sorted(str(item["id"]) for item in found):
        raise errors.MalformedProof("previousProof does not name one proof of the document", pointer="/proof")
    return found


def _config_to_check(document: Mapping[str, Any], proof: Mapping[str, Any]) -> dict[str, Any]:
    """The proof's options as they were signed (rdfc 3.2.2 and 3.2.5; jcs 3.3.2 and 3.3.5)."""
    config = dict(proof)
    if proof["cryptosuite"] == RDFC:
        context = document.get("@context")
        if config.setdefault("@context", context) != context:
            raise errors.ProofContextMismatch("the proof names other contexts than the document")
    elif "@context" in proof:
        _check_context_prefix(document, proof["@context"])
    return config


def _check_context_prefix(document: Mapping[str, Any], context: Any) -> None:
    """The document's @context must start with the proof's, in that order (3.3.2, step 3.1)."""
    signed, present = _as_list(context), _as_list(document.get("@context"))
    if present[: len(signed)] != signed or not signed:
        raise errors.ProofContextMismatch("the proof's @context is not where the document's begins")


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _rdfc(document: Mapping[str, Any]) -> bytes:
    return jsonld.canonical_nquads(document).encode()
