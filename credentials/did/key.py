"""did:key: a public key that is its own identifier; nothing is fetched, and nothing can be revoked.

Source: did:key method specification (W3C CCG), 3.1 (document creation); Controlled Identifiers 1.0, 2.2.2 (Multikey).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from credentials import errors, multibase
from credentials.did.document import MULTIKEY_CONTEXTS, SIGNING_RELATIONSHIPS
from credentials.multikey import PublicKey

#: Kinds of key that other software puts into a did:key: an identifier of theirs is sound, only not for us.
_OTHER_KINDS: Final[Mapping[int, str]] = {
    0xE7: "secp256k1",
    0xEA: "BLS12-381 G1",
    0xEB: "BLS12-381 G2",
    0xEC: "X25519",
    0xEE: "BLS12-381 G1 and G2",
}


def did_key(key: PublicKey) -> str:
    """The did:key of a public key."""
    return f"did:key:{key.multikey}"


def verification_method_of(key: PublicKey) -> str:
    """The DID URL under which the did:key of `key` lists it."""
    return f"{did_key(key)}#{key.multikey}"


def key_of(did: str) -> PublicKey:
    """The public key inside a did:key; raises `errors.MalformedDid`, or `errors.KeyTypeNotSupported`."""
    text = did.removeprefix("did:key:")
    try:
        return PublicKey.from_multikey(text)
    except errors.MalformedEncoding as error:
        raise errors.MalformedDid(f"{did[:100]!r} holds no key: {error.detail}") from error
    except errors.InvalidPublicKey as error:
        codec, _ = multibase.split_varint(multibase.decode(text))
        if codec in _OTHER_KINDS:
            raise errors.KeyTypeNotSupported(f"{did[:100]!r} holds a key for {_OTHER_KINDS[codec]}") from error
        raise errors.MalformedDid(f"{did[:100]!r} holds no usable key: {error.detail}") from error


def did_key_document(did: str) -> dict[str, Any]:
    """The document of a did:key, made out of the identifier itself; raises what `key_of` raises."""
    key = key_of(did)
    method = f"{did}#{key.multikey}"
    return {
        "@context": list(MULTIKEY_CONTEXTS),
        "id": did,
        "verificationMethod": [
            {"id": method, "type": "Multikey", "controller": did, "publicKeyMultibase": key.multikey}
        ],
        **{relationship: [method] for relationship in SIGNING_RELATIONSHIPS},
    }
