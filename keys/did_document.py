"""Writes the DID document that publishes an owner's keys (DID 1.0, Controlled Identifiers 1.0). Fetches, reads nothing.

Every key that ever signed is listed for ever, since a credential does not expire when its key rotates. What changes is
what a key may vouch for:

* active, retiring, retired: in `assertionMethod`. No `expires`: a verifier must not accept any proof of an expired
  method (CID 1.0 section 2.2), however old the proof, and these proofs stay good.
* compromised: carries `revoked` and is in no relationship, so no proof of it is accepted, whatever date it claims.
* `authentication` ("it is me, now") names the active key alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from credentials import timestamps
from keys.errors import KeyNotFound
from keys.key_info import KeyInfo, KeyState

CONTEXTS = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1")


def did_document(
    did: str, keys: Iterable[KeyInfo], *, owner: str | None = None, also_known_as: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the DID document of `did`, listing those of `keys` that it owns, oldest first.

    `owner` is whose keys they are in the keyring, where that is another name of the same owner; `also_known_as` names
    such names. Raises `KeyNotFound` when it owns none: a document without keys would say that the issuer vouches for
    nothing.
    """
    owned = sorted((info for info in keys if info.owner == (owner or did)), key=lambda info: info.serial)
    if not owned:
        raise KeyNotFound(f"{did} has no keys to publish.")
    document: dict[str, Any] = {
        "@context": list(CONTEXTS),
        "id": did,
        "verificationMethod": [_verification_method(info, did) for info in owned],
        "assertionMethod": [f"{did}#{info.id}" for info in owned if info.state.vouches],
        "authentication": [f"{did}#{info.id}" for info in owned if info.state is KeyState.ACTIVE],
    }
    if also_known_as:
        document["alsoKnownAs"] = list(also_known_as)
    return document


def _verification_method(info: KeyInfo, did: str) -> dict[str, str]:
    method = {
        "id": f"{did}#{info.id}",
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": info.public_key.multikey,
    }
    if info.compromised_since is not None:
        method["revoked"] = timestamps.format(info.compromised_since)
    return method
