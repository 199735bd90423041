"""DIDs and the documents behind them: did:key and did:web, and the one way to a key; it opens no connection itself.

A key counts only when the resolved document lists it, under its own controller, for the purpose at hand.
Source: DID 1.0; did:web; did:key; Controlled Identifiers 1.0, 3.3 (retrieve verification method).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from credentials import errors, strict_json, timestamps
from credentials.multikey import PublicKey
from credentials.ports import Fetcher, ResolvedDocument

#: A did.json with fifty keys stays under 20 kB; the fetcher's own limit is the same.
MAX_DOCUMENT_BYTES: Final = 256_000
#: Longest DID that is looked at; a host name has at most 253 characters.
_MAX_DID: Final = 2_048
#: Verification relationships (CID 1.0, 2.3) that a document may hold.
RELATIONSHIPS: Final = (
    "assertionMethod",
    "authentication",
    "capabilityInvocation",
    "capabilityDelegation",
    "keyAgreement",
)
_MULTIKEY_CONTEXTS: Final = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
#: Type of verification method → the form of key that it holds.
_FORMS: Final[Mapping[str, tuple[str, ...]]] = {
    "Multikey": ("publicKeyMultibase",),
    "Ed25519VerificationKey2020": ("publicKeyMultibase",),
    "JsonWebKey": ("publicKeyJwk",),
    "JsonWebKey2020": ("publicKeyJwk",),
}
_MATERIAL: Final = ("publicKeyMultibase", "publicKeyJwk", "publicKeyBase58", "publicKeyPem", "publicKeyHex")

_DNS_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(rf"{_DNS_LABEL}(?:\.{_DNS_LABEL})*")
#: A host whose last label is a number is read as an IPv4 address by browsers, in decimal, octal or hexadecimal.
_NUMERIC_HOST: Final = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")
_PORT: Final = re.compile(r"[1-9][0-9]{0,4}")
#: A path segment: plain characters, or bytes above ASCII percent-encoded in upper case.
_SEGMENT: Final = re.compile(r"(?:[A-Za-z0-9._-]|%[89A-F][0-9A-F])+")
_DID: Final = re.compile(r"did:([a-z0-9]+):([A-Za-z0-9._:%-]+)")
_FRAGMENT: Final = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@/?%-]+")


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


def did_web_url(did: str) -> str:
    """The https URL at which a did:web has its document; raises `errors.MalformedDid`.

    Only the one spelling of each DID is accepted: lower-case host names, no addresses, `%3A` before a port.
    """
    method, host, port, path = _split_did_web(did)
    if method != "web":
        raise errors.MalformedDid(f"{did[:100]!r} is not a did:web")
    place = "/".join(path) if path else ".well-known"
    return f"https://{host}{':' + port if port else ''}/{place}/did.json"


def did_web(url: str) -> str:
    """The did:web of an origin or of a folder below it: `https://host:port/a/b` → `did:web:host%3Aport:a:b`.

    The scheme is not part of a DID, so http://localhost:8000 has one too. Raises `errors.MalformedDid`.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or parts.query or parts.fragment or "@" in parts.netloc:
        raise errors.MalformedDid(f"{url[:100]!r} is not the URL of a host or folder")
    segments = [segment for segment in parts.path.strip("/").split("/") if parts.path.strip("/")]
    did = ":".join(["did:web", parts.netloc.lower().replace(":", "%3A"), *segments])
    did_web_url(did)
    return did


def did_web_host(did: str) -> str:
    """The host name that a did:web stands on, without a port; raises `errors.MalformedDid`."""
    return _split_did_web(did)[1]


def did_key(key: PublicKey) -> str:
    """The did:key of a public key."""
    return f"did:key:{key.multikey}"


def did_of(did_url: str) -> str:
    """The DID that a DID URL with a fragment belongs to; raises `errors.MalformedDid` when it has no fragment."""
    text = did_url if isinstance(did_url, str) and len(did_url) <= _MAX_DID else ""
    did, _, fragment = text.partition("#")
    if not _FRAGMENT.fullmatch(fragment) or not _DID.fullmatch(did):
        raise errors.MalformedDid(f"{str(did_url)[:100]!r} is not a DID with a fragment that names a key")
    return did


class DidResolver:
    """Resolves did:key out of itself and did:web through the given `Fetcher`."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    def resolve(self, did: str) -> ResolvedDocument:
        """Return the DID's document; its `source` is "key" or what the fetcher said.

        Raises `errors.MalformedDid`, `errors.DidMethodNotSupported`, `errors.InvalidDidDocument`,
        `errors.DidDocumentIdMismatch`, and what the fetcher raises.
        """
        match = _DID.fullmatch(did) if isinstance(did, str) and len(did) <= _MAX_DID else None
        if match is None:
            raise errors.MalformedDid(f"{str(did)[:100]!r} is not a DID")
        if match[1] == "key":
            return ResolvedDocument(_did_key_document(did), "key")
        if match[1] != "web":
            raise errors.DidMethodNotSupported(f"did:{match[1]} cannot be looked up here")
        return self._resolve_web(did)

    def _resolve_web(self, did: str) -> ResolvedDocument:
        fetched = self._fetcher.fetch(did_web_url(did))
        try:
            document = strict_json.loads_object(fetched.body, max_bytes=MAX_DOCUMENT_BYTES)
        except errors.InvalidJson as error:
            raise errors.InvalidDidDocument(f"{fetched.url}: {error.detail}") from error
        check_document(document, did)
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
    did = did_of(verification_method)
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


def _not_allowed(method: VerificationMethod, purpose: str) -> errors.PlauditError:
    """Why a key that is published may not be used for `purpose`; "revoked" says more than "not listed"."""
    if method.revoked is not None:
        return errors.KeyLaterWithdrawn(f"the key {method.id} was withdrawn at {timestamps.format(method.revoked)}")
    return errors.InvalidRelationship(f"{method.id} is not listed under {purpose}")


def _split_did_web(did: str) -> tuple[str, str, str, list[str]]:
    match = _DID.fullmatch(did) if len(did) <= _MAX_DID else None
    if match is None:
        raise errors.MalformedDid(f"{did[:100]!r} is not a DID")
    authority, *path = match[2].split(":")
    host, encoded_colon, port = authority.partition("%3A")
    if not _HOST.fullmatch(host) or len(host) > 253 or _NUMERIC_HOST.fullmatch(host):
        raise errors.MalformedDid(f"{host[:100]!r} is not a host name that did:web allows")
    if encoded_colon and not (_PORT.fullmatch(port) and int(port) <= 65_535):
        raise errors.MalformedDid(f"{port[:20]!r} is not a port")
    if any(not _SEGMENT.fullmatch(segment) or set(segment) == {"."} for segment in path):
        raise errors.MalformedDid(f"{did[:100]!r} has a path that did:web does not allow")
    return match[1], host, port, path


def _did_key_document(did: str) -> dict[str, Any]:
    text = did.removeprefix("did:key:")
    try:
        key = PublicKey.from_multikey(text)
    except (errors.MalformedEncoding, errors.InvalidPublicKey) as error:
        raise errors.MalformedDid(f"{did[:100]!r} holds no usable key: {error.detail}") from error
    method = f"{did}#{key.multikey}"
    return {
        "@context": _MULTIKEY_CONTEXTS,
        "id": did,
        "verificationMethod": [
            {"id": method, "type": "Multikey", "controller": did, "publicKeyMultibase": key.multikey}
        ],
        **{relationship: [method] for relationship in RELATIONSHIPS if relationship != "keyAgreement"},
    }


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
    if "secretKeyMultibase" in method or "privateKeyMultibase" in method:
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
