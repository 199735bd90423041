"""Controlled identifier documents: is this one well-formed, and which key does it allow for a purpose. Fetches nothing.

The same for DIDs of every method and for https identifiers. A key counts only when the document lists it, under the
document's own controller, for the purpose at hand.

Source: Controlled Identifiers 1.0, 2 (data model) and 3.3 (retrieve verification method); DID 1.0, 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from credentials import errors, strict_json, timestamps
from credentials.did.cid import controller_of
from credentials.multikey import PublicKey
from credentials.ports import Fetched, ResolvedDocument

#: A did.json with fifty keys stays under 20 kB; the fetcher's own limit is the same.
MAX_DOCUMENT_BYTES: Final = 256_000
#: Verification relationships (CID 1.0, 2.3) that a document may hold.
RELATIONSHIPS: Final = (
    "assertionMethod",
    "authentication",
    "capabilityInvocation",
    "capabilityDelegation",
    "keyAgreement",
)
#: What a key that signs is good for when its identifier is made of the key alone.
SIGNING_RELATIONSHIPS: Final = tuple(name for name in RELATIONSHIPS if name != "keyAgreement")
MULTIKEY_CONTEXTS: Final = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1")
#: Type of verification method → the form of key that it holds.
_FORMS: Final[Mapping[str, tuple[str, ...]]] = {
    "Multikey": ("publicKeyMultibase",),
    "Ed25519VerificationKey2020": ("publicKeyMultibase",),
    "JsonWebKey": ("publicKeyJwk",),
    "JsonWebKey2020": ("publicKeyJwk",),
}
_MATERIAL: Final = ("publicKeyMultibase", "publicKeyJwk", "publicKeyBase58", "publicKeyPem", "publicKeyHex")
#: Members that hold a private half (CID 1.0, 2.2.2 and 2.2.3); whoever published one has lost the key.
_PRIVATE: Final = ("secretKeyMultibase", "privateKeyMultibase", "secretKeyJwk", "privateKeyJwk")


@dataclass(frozen=True, slots=True)
class VerificationMethod:
    """A key that its owner's document allows for one purpose. `revoked` and `expires` are the document's own words."""

    id: str
    controller: str
    public_key: PublicKey
    revoked: datetime | None = None
    expires: datetime | None = None

    def check_in_force(self, signed_at: datetime, now: datetime) -> None:
        """Raise unless the key could be used at `signed_at` and has not been withdrawn by `now` (both aware).

        `errors.KeyRevoked` and `errors.KeyExpired`: it had ended when the signature was made. An `expires` that came
        later is rotation and does no harm. `errors.KeyLaterWithdrawn`: `revoked` came later; whoever stole the key
        could have written any earlier time into the proof, so the proof's own word does not count.
        """
        if self.revoked is not None and self.revoked <= signed_at:
            raise errors.KeyRevoked(f"the key {self.id} must not be used from {timestamps.format(self.revoked)}")
        if self.expires is not None and self.expires <= signed_at:
            raise errors.KeyExpired(f"the key {self.id} ended at {timestamps.format(self.expires)}")
        if self.revoked is not None and self.revoked <= now:
            raise errors.KeyLaterWithdrawn(f"the key {self.id} was withdrawn at {timestamps.format(self.revoked)}")


def parse_document(fetched: Fetched, identifier: str) -> ResolvedDocument:
    """Read what was fetched as the document of `identifier`.

    Raises `errors.InvalidDidDocument` and `errors.DidDocumentIdMismatch`.
    """
    try:
        document = strict_json.loads_object(fetched.body, max_bytes=MAX_DOCUMENT_BYTES)
    except errors.InvalidJson as error:
        raise errors.InvalidDidDocument(f"{fetched.url}: {error.detail}") from error
    check_document(document, identifier)
    return ResolvedDocument(document, fetched.source)


def check_document(document: Mapping[str, Any], did: str) -> None:
    """Check the shape of a controlled identifier document and that it is `did`'s (CID 1.0, 2.1)."""
    identifier = document.get("id")
    if not isinstance(identifier, str):
        raise errors.InvalidDidDocument("the key document has no id", pointer="/id")
    if identifier != did:
        raise errors.DidDocumentIdMismatch(f"asked for {did}, got the document of {identifier[:200]}", pointer="/id")
    for name in ("verificationMethod", *RELATIONSHIPS):
        if not isinstance(document.get(name, []), list):
            raise errors.InvalidDidDocument(f"{name} is not a list", pointer=f"/{name}")
    identifiers = [_absolute(method["id"], identifier) for _, method in _methods(document)]
    if len(set(identifiers)) != len(identifiers):
        raise errors.InvalidDidDocument("two keys have the same id", pointer="/verificationMethod")


def dereference(resolved: ResolvedDocument, verification_method: str, purpose: str) -> VerificationMethod:
    """Return the key that a proof names, for `purpose` ("assertionMethod", …), from its owner's document.

    Raises `errors.DidDocumentIdMismatch`, `errors.InvalidVerificationMethod` (missing, foreign controller, unreadable),
    `errors.MultipleVerificationMaterial`, `errors.InvalidRelationship`, and `errors.KeyLaterWithdrawn` for a key that
    is in no such relationship any more because it was revoked. Other times are not judged here: see
    `VerificationMethod.check_in_force`.
    """
    did = controller_of(verification_method)
    check_document(resolved.document, did)
    if purpose not in RELATIONSHIPS:
        raise errors.InvalidRelationship(f"{str(purpose)[:60]!r} is not a purpose of keys")
    for relationship, method in _methods(resolved.document):
        if _absolute(method["id"], did) == verification_method:
            parsed = _parse_method(method, verification_method, did)
            if relationship == purpose or _lists(resolved.document, purpose, verification_method):
                return parsed
            raise _not_allowed(parsed, purpose)
    raise errors.InvalidVerificationMethod(f"{did} has no key {verification_method}")


def methods_for(resolved: ResolvedDocument, purpose: str) -> dict[str, VerificationMethod]:
    """The keys that a document allows for `purpose`, by id; those of kinds that are not known here are left out.

    For tokens, which may call a key by less than its whole id. Raises `errors.InvalidDidDocument`.
    """
    did = str(resolved.document.get("id"))
    check_document(resolved.document, did)
    found = {}
    for relationship, method in _methods(resolved.document):
        identifier = _absolute(method["id"], did)
        if relationship == purpose or _lists(resolved.document, purpose, identifier):
            try:
                found[identifier] = _parse_method(method, identifier, did)
            except errors.PlauditError:
                continue
    return found


def _not_allowed(method: VerificationMethod, purpose: str) -> errors.PlauditError:
    """Why a key that is published may not be used for `purpose`; "revoked" says more than "not listed"."""
    if method.revoked is not None:
        return errors.KeyLaterWithdrawn(f"the key {method.id} was withdrawn at {timestamps.format(method.revoked)}")
    return errors.InvalidRelationship(f"{method.id} is not listed under {purpose}")


def _methods(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each verification method with the list it stands in; relationships may hold whole methods (CID 1.0, 2.3)."""
    for name in ("verificationMethod", *RELATIONSHIPS):
        for index, method in enumerate(document.get(name, [])):
            if isinstance(method, str) and name != "verificationMethod":
                continue
            if not isinstance(method, Mapping) or not isinstance(method.get("id"), str):
                raise errors.InvalidDidDocument("a key has no id", pointer=f"/{name}/{index}")
            yield name, method


def _lists(document: Mapping[str, Any], purpose: str, verification_method: str) -> bool:
    entries = [entry for entry in document.get(purpose, []) if isinstance(entry, str)]
    return verification_method in (_absolute(entry, str(document["id"])) for entry in entries)


def _absolute(identifier: str, did: str) -> str:
    """DID documents may shorten their own DID URLs to the fragment (DID 1.0, 3.2.2)."""
    return did + identifier if identifier.startswith("#") else identifier


def _parse_method(method: Mapping[str, Any], identifier: str, did: str) -> VerificationMethod:
    controller = method.get("controller")
    if controller != did:
        raise errors.InvalidVerificationMethod(f"{identifier} is controlled by {str(controller)[:100]}, not by {did}")
    if any(name in method for name in _PRIVATE):
        raise errors.InvalidVerificationMethod(f"{identifier} publishes its private key")
    return VerificationMethod(
        identifier, did, _public_key(method, identifier), _time(method, "revoked"), _time(method, "expires")
    )


def _public_key(method: Mapping[str, Any], identifier: str) -> PublicKey:
    material = [name for name in _MATERIAL if name in method]
    if len(material) > 1:
        raise errors.MultipleVerificationMaterial(f"{identifier} has {' and '.join(material)}")
    kind, form = str(method.get("type")), material[0] if material else "no key"
    if form not in _FORMS.get(kind, ()):
        raise errors.InvalidVerificationMethod(f"{identifier} is {kind[:60]!r} with {form}: not a known form of a key")
    try:
        key = (PublicKey.from_jwk if form == "publicKeyJwk" else PublicKey.from_multikey)(method[form])
    except (errors.MalformedEncoding, errors.InvalidPublicKey) as error:
        raise errors.InvalidVerificationMethod(f"{identifier}: {error.detail}") from error
    if kind == "Ed25519VerificationKey2020" and key.algorithm != "EdDSA":
        raise errors.InvalidVerificationMethod(f"{identifier} is not an Ed25519 key")
    return key


def _time(method: Mapping[str, Any], name: str) -> datetime | None:
    if name not in method:
        return None
    try:
        return timestamps.parse(method[name])
    except errors.MalformedTimestamp as error:
        raise errors.InvalidVerificationMethod(f"{name} of {method['id']}: {error.detail}") from error
