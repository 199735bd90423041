"""Judges the proofs of one document: whose key, does the signature fit, is it the issuer's. Knows nothing of reports.

The same functions serve the credential and the status list that it points to; each raises the typed error of the
first thing wrong, and returns only what was confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import schemas
from credentials import data_integrity, did, errors, timestamps
from credentials.ports import Fetcher, ResolvedDocument

#: Suites made with an Ed25519 key. A proof of one that is labelled as the other is mislabelled, not tampered with.
_SIBLINGS = {"eddsa-rdfc-2022": "eddsa-jcs-2022", "eddsa-jcs-2022": "eddsa-rdfc-2022"}
PURPOSE = "assertionMethod"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one verification may cost. Each is far above anything honest and far below anything that hurts."""

    #: 1 MB: a credential is 6 kB; one with an embedded picture a few hundred.
    max_bytes: int = 1_000_000
    #: Each proof may cost a fetch and a signature check; two or three are seen in practice.
    max_proofs: int = 8
    #: Each entry may cost a fetch; a revocation and a suspension entry are seen in practice.
    max_status_entries: int = 4
    #: How far two honest clocks may differ.
    clock_skew: timedelta = data_integrity.CLOCK_SKEW


DEFAULT_LIMITS = Limits()


class KeyDocuments:
    """The issuers' key documents, each fetched at most once for one verification, whatever the outcome was."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._resolver = did.DidResolver(fetcher)
        self._found: dict[str, ResolvedDocument | errors.PlauditError] = {}

    def of(self, identifier: str) -> ResolvedDocument:
        """The document of this DID; raises what resolving it raised, also the second time."""
        if identifier not in self._found:
            try:
                self._found[identifier] = self._resolver.resolve(identifier)
            except errors.PlauditError as error:
                self._found[identifier] = error
        found = self._found[identifier]
        if isinstance(found, errors.PlauditError):
            raise found
        return found


@dataclass(frozen=True, slots=True)
class ProofKey:
    """One proof, the key that it names, and whose key that is."""

    proof: Mapping[str, Any]
    method: did.VerificationMethod
    owner: str
    source: str


def check_contexts(document: Mapping[str, Any]) -> None:
    """Every context is a URL whose content is pinned here: nothing is fetched and nothing is redefined in place."""
    for number, context in enumerate(document["@context"]):
        if not isinstance(context, str):
            raise errors.InlineContextRefused("a context is written into the document", pointer=f"/@context/{number}")
        if context not in schemas.contexts():
            raise errors.ContextNotKnown(f"{context[:200]} is not known here", pointer=f"/@context/{number}")


def proofs_of(document: Mapping[str, Any], limits: Limits) -> list[dict[str, Any]]:
    """The proofs of `document`, one or several. Raises `errors.NoProof`, `MalformedProof` or `TooManyProofs`."""
    proofs = data_integrity.proofs_of(document)
    if len(proofs) > limits.max_proofs:
        raise errors.TooManyProofs(f"{len(proofs)} proofs; at most {limits.max_proofs} are checked", pointer="/proof")
    return proofs


def find_key(proof: Mapping[str, Any], *, issuer: str, keys: KeyDocuments, now: datetime) -> ProofKey:
    """The key that `proof` names, from its owner's own document, allowed for vouching and in force.

    Only the issuer's document is ever fetched. Another DID's key is looked up when that needs no fetch (did:key), so
    that a good signature by somebody else can be told from an altered document.
    """
    data_integrity.check_shape(proof)
    data_integrity.check_purpose(proof, PURPOSE)
    method_url: str = proof["verificationMethod"]
    owner = method_url.partition("#")[0]
    if owner != issuer and not owner.startswith("did:key:"):
        raise errors.IssuerMismatch(f"the key is of {owner[:200]}, the issuer is {issuer[:200]}")
    if not owner.startswith("did:"):
        raise errors.DidMethodNotSupported(f"{owner[:200]} is not a DID")
    resolved = keys.of(owner)
    method = did.dereference(resolved, method_url, PURPOSE)
    created = proof.get("created")
    method.check_in_force(now if created is None else timestamps.parse(created), now)
    return ProofKey(proof, method, owner, resolved.source)


def check_signature(document: Mapping[str, Any], key: ProofKey, *, now: datetime, limits: Limits) -> None:
    """The signature of `key.proof` fits `document`, and the proof is not from the future."""
    proof = dict(key.proof)
    try:
        data_integrity.check_proof(dict(document), proof, key.method.public_key)
    except errors.SignatureInvalid:
        if _mislabelled(document, proof, key):
            raise errors.UnsupportedProof(
                "the proof is labelled as one cryptosuite and was made with another", pointer="/proof/cryptosuite"
            ) from None
        raise
    created = proof.get("created")
    if created is not None and timestamps.parse(created) > now + limits.clock_skew:
        raise errors.ProofNotYetValid(f"proof.created is {created}", pointer="/proof/created")


def check_owner(key: ProofKey, issuer: str) -> None:
    """The key is the issuer's: it stands in the issuer's own document."""
    if key.owner != issuer:
        raise errors.IssuerMismatch(f"the key is of {key.owner[:200]}, the issuer is {issuer[:200]}")


def _mislabelled(document: Mapping[str, Any], proof: dict[str, Any], key: ProofKey) -> bool:
    """Does the signature fit once the cryptosuite is called by its sibling's name?"""
    sibling = _SIBLINGS.get(str(proof.get("cryptosuite")))
    if sibling is None:
        return False
    try:
        data_integrity.check_proof(dict(document), {**proof, "cryptosuite": sibling}, key.method.public_key)
    except errors.PlauditError:
        return False
    return True
