"""Finds the key that a signature names, in its owner's own document, and whose key that is. Checks no signature."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509

from credentials import did, errors, timestamps
from credentials.compact_claim import key_hint
from credentials.jose import key_ids
from credentials.ports import Fetcher, ResolvedDocument
from credentials.verify.forms.face import KeyClaim, Signature

PURPOSE = "assertionMethod"
#: Identifiers that hold their key themselves: looking them up needs no fetch.
_SELF_CONTAINED = ("did:key:", "did:jwk:")
#: Where a key is from that no document lists.
CERTIFICATE = "certificate"
#: Issuers whom a certificate may name (SD-JWT VC, "Issuer Signature Mechanisms"; OpenID4VP 1.0, 5.9.3).
_CERTIFIED = ("https://", did.x509.SAN_DNS, did.x509.HASH)
#: The whole id of a verification method: a DID or https URL with a fragment.
_WHOLE_ID = re.compile(r"(?:did|https):[^#]+#", re.ASCII)


class KeyDocuments:
    """The issuers' key documents, each fetched at most once for one verification, whatever the outcome was."""

    def __init__(self, fetcher: Fetcher, now: datetime) -> None:
        self._resolver = did.DidResolver(fetcher, now=now)
        self._found: dict[str, ResolvedDocument | errors.PlauditError] = {}

    def of(self, identifier: str) -> ResolvedDocument:
        """The document of this identifier; raises what resolving it raised, also the second time."""
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
class FoundKey:
    """The key that a signature names, and whose key that is."""

    claim: KeyClaim
    method: did.VerificationMethod
    owner: str
    source: str


def find_key(
    claim: KeyClaim,
    *,
    issuer: str,
    keys: KeyDocuments,
    now: datetime,
    purpose: str = PURPOSE,
    trust_anchors: Sequence[x509.Certificate] = (),
) -> FoundKey:
    """The key that `claim` names, from its owner's own document, allowed for `purpose` and in force.

    Only the issuer's document is ever fetched. Another's key is looked up when that needs no fetch (did:key), so that
    a good signature by somebody else can be told from an altered document. Raises the typed error of what is wrong.
    Under `trust_anchors` a certificate chain is the key of an issuer that certificates name (`did.x509`).
    """
    if trust_anchors and claim.x5c is not None and issuer.startswith(_CERTIFIED):
        return _certified(claim, issuer, trust_anchors, now)
    owner = _owner(claim.key, issuer)
    if owner != issuer and not owner.startswith(_SELF_CONTAINED):
        raise errors.IssuerMismatch(f"the key is of {owner[:200]}, the issuer is {issuer[:200]}")
    if not owner.startswith(("did:", "https://")):
        raise errors.DidMethodNotSupported(f"{owner[:200]} is neither a DID nor an https URL")
    resolved = keys.of(owner)
    method = _method(resolved, claim, purpose)
    method.check_in_force(now if claim.created is None else claim.created, now)
    return FoundKey(claim, method, owner, resolved.source)


def _certified(claim: KeyClaim, issuer: str, trust_anchors: Sequence[x509.Certificate], now: datetime) -> FoundKey:
    key = did.x509.certified_key(claim.x5c, issuer=issuer, trust_anchors=trust_anchors, at=now)
    return FoundKey(claim, did.VerificationMethod(issuer, issuer, key), issuer, CERTIFICATE)


def _owner(key: str | None, issuer: str) -> str:
    """Whose key is named: the part before the fragment of a whole id; a shorter name is one of the issuer's."""
    return key.partition("#")[0] if key is not None and _WHOLE_ID.match(key) else issuer


def _method(resolved: ResolvedDocument, claim: KeyClaim, purpose: str) -> did.VerificationMethod:
    key = claim.key
    if key is not None and _WHOLE_ID.match(key):
        return did.dereference(resolved, key, purpose)
    methods = did.methods_for(resolved, purpose)
    if claim.hint is not None:
        return _hinted(methods.values(), claim.hint)
    return methods[key_ids.find(key, {name: method.public_key for name, method in methods.items()})]


def _hinted(methods: Iterable[did.VerificationMethod], hint: bytes) -> did.VerificationMethod:
    found = [method for method in methods if key_hint(method.public_key) == hint]
    if len(found) != 1:
        raise errors.KeyIdUnknown(f"{len(found)} keys of the issuer have the hint {hint.hex()}")
    return found[0]


def check_signature(signature: Signature, key: FoundKey, *, now: datetime, skew: timedelta) -> None:
    """The signature fits, and it is not dated after `now` by more than `skew`."""
    signature.check(key.method.public_key)
    created = key.claim.created
    if created is not None and created > now + skew:
        raise errors.ProofNotYetValid(f"the signature is dated {timestamps.format(created)}")


def check_owner(key: FoundKey, issuer: str) -> None:
    """The key is the issuer's: it stands in the issuer's own document."""
    if key.owner != issuer:
        raise errors.IssuerMismatch(f"the key is of {key.owner[:200]}, the issuer is {issuer[:200]}")
