"""Finds the key that a signature names, in its owner's own document, and whose key that is. Checks no signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from credentials import did, errors, timestamps
from credentials.ports import Fetcher, ResolvedDocument
from credentials.verify.forms.face import KeyClaim, Signature

PURPOSE = "assertionMethod"
#: Identifiers that hold their key themselves: looking them up needs no fetch.
_SELF_CONTAINED = ("did:key:", "did:jwk:")


class KeyDocuments:
    """The issuers' key documents, each fetched at most once for one verification, whatever the outcome was."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._resolver = did.DidResolver(fetcher)
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
    """One signature, the key that it names, and whose key that is."""

    signature: Signature
    claim: KeyClaim
    method: did.VerificationMethod
    owner: str
    source: str


def find_key(
    signature: Signature, *, issuer: str, keys: KeyDocuments, now: datetime, purpose: str = PURPOSE
) -> FoundKey:
    """The key that `signature` names, from its owner's own document, allowed for `purpose` and in force.

    Only the issuer's document is ever fetched. Another's key is looked up when that needs no fetch (did:key), so that
    a good signature by somebody else can be told from an altered document. Raises the typed error of what is wrong.
    """
    claim = signature.claim()
    url = claim.verification_method
    owner = issuer if url is None else url.partition("#")[0]
    if owner != issuer and not owner.startswith(_SELF_CONTAINED):
        raise errors.IssuerMismatch(f"the key is of {owner[:200]}, the issuer is {issuer[:200]}")
    if not owner.startswith("did:"):
        raise errors.DidMethodNotSupported(f"{owner[:200]} is not a DID")
    resolved = keys.of(owner)
    method = did.dereference(resolved, _only_key(resolved, purpose) if url is None else url, purpose)
    method.check_in_force(now if claim.created is None else claim.created, now)
    return FoundKey(signature, claim, method, owner, resolved.source)


def check_signature(key: FoundKey, *, now: datetime, skew: timedelta) -> None:
    """The signature fits, and it is not dated after `now` by more than `skew`."""
    key.signature.check(key.method.public_key)
    created = key.claim.created
    if created is not None and created > now + skew:
        raise errors.ProofNotYetValid(f"the signature is dated {timestamps.format(created)}")


def check_owner(key: FoundKey, issuer: str) -> None:
    """The key is the issuer's: it stands in the issuer's own document."""
    if key.owner != issuer:
        raise errors.IssuerMismatch(f"the key is of {key.owner[:200]}, the issuer is {issuer[:200]}")


def _only_key(resolved: ResolvedDocument, purpose: str) -> str:
    """The one key that may be meant where a token names none; raises `errors.KeyIdUnknown` when it is not clear."""
    listed = resolved.document.get(purpose, [])
    if len(listed) != 1:
        raise errors.KeyIdUnknown("the token names no key, and its issuer has not just one")
    method = listed[0] if isinstance(listed[0], str) else str(listed[0].get("id"))
    return f"{resolved.document['id']}{method}" if method.startswith("#") else method
