"""did:jwk: a JSON Web Key that is its own identifier; nothing is fetched, and nothing can be revoked.

The identifier is the base64url of the key's JSON as its owner wrote it, so two spellings of one key are two DIDs. What
is asked of each is that it can be read in one way only: strict base64url, strict JSON, no private member.

Source: did:jwk method specification, "Create" and "Read"; RFC 7517.
"""

from __future__ import annotations

from typing import Any, Final

from credentials import canonical, errors, multibase, strict_json
from credentials.did import syntax
from credentials.did.document import SIGNING_RELATIONSHIPS
from credentials.multikey import PublicKey

#: The key of a did:jwk has this one name.
_FRAGMENT: Final = "#0"
_CONTEXTS: Final = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1")
#: Curves of keys that other software puts into a did:jwk: an identifier of theirs is sound, only not for us.
_OTHER_CURVES: Final = ("secp256k1", "X25519", "X448", "Ed448", "BLS12381G1", "BLS12381G2")


def did_jwk(key: PublicKey) -> str:
    """The did:jwk of a public key, its JWK written in JCS (RFC 8785) so that one key always has one DID of ours."""
    return f"did:jwk:{multibase.encode_base64url(canonical.jcs(key.to_jwk()))}"


def did_jwk_document(did: str) -> dict[str, Any]:
    """The document of a did:jwk, made out of the identifier itself.

    Raises `errors.MalformedDid`, also for a key that is for encryption only, and `errors.KeyTypeNotSupported`.
    """
    method = did + _FRAGMENT
    return {
        "@context": list(_CONTEXTS),
        "id": did,
        "verificationMethod": [
            {"id": method, "type": "JsonWebKey2020", "controller": did, "publicKeyJwk": _checked(_jwk(did), did)}
        ],
        **{relationship: [method] for relationship in SIGNING_RELATIONSHIPS},
    }


def _jwk(did: str) -> dict[str, Any]:
    try:
        text = multibase.decode_base64url(syntax.of_method(did, "jwk"))
        return strict_json.loads_object(text, max_bytes=syntax.MAX_IDENTIFIER)
    except (errors.MalformedEncoding, errors.InvalidJson) as error:
        raise errors.MalformedDid(f"{did[:100]!r} holds no JSON Web Key: {error.detail}") from error


def _checked(jwk: dict[str, Any], did: str) -> dict[str, Any]:
    """The key, when it can be used: a broken one makes the DID malformed, one of another kind is not our business."""
    try:
        PublicKey.from_jwk(jwk)
    except (errors.MalformedEncoding, errors.InvalidPublicKey) as error:
        if jwk.get("crv") in _OTHER_CURVES and "d" not in jwk:
            raise errors.KeyTypeNotSupported(f"{did[:100]!r} holds a key for {jwk['crv']}") from error
        raise errors.MalformedDid(f"{did[:100]!r} holds no usable key: {error.detail}") from error
    return jwk
