"""did:key and did:jwk: identifiers that are a key, read in one way only and never fetched."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import errors, multibase, strict_json
from credentials.did import DidResolver, dereference, did_jwk, did_key
from credentials.multikey import PublicKey
from tests.worlds.ec_keys import EcKey
from tests.worlds.issuers import Key
from tests.worlds.memory_web import MemoryWeb

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ED25519, P256, P384 = Key("ed"), EcKey("p256", "ES256"), EcKey("p384", "ES384")
SIGNERS = [ED25519, P256, P384, EcKey("p521", "ES512")]


def key_of(identifier: str, purpose: str = "assertionMethod") -> PublicKey:
    """The key that an identifier resolves to, without a question to anybody."""
    web = MemoryWeb()
    resolved = DidResolver(web, now=NOW).resolve(identifier)
    assert (resolved.source, web.asked) == ("key", [])
    return dereference(resolved, resolved.document["verificationMethod"][0]["id"], purpose).public_key


# --- did:key ----------------------------------------------------------------------------------------------------------


def _vectors(folder: Path, name: str) -> dict[str, Any]:
    """Vectors by identifier; one file has its documents a level deeper."""
    found: dict[str, Any] = json.loads((folder / "did-key" / f"{name}.json").read_bytes())
    documents: dict[str, Any] = found.get("didDocument", found)
    return documents


@pytest.mark.parametrize("name", ["ed25519-x25519", "nist-curves", "rsa"])
def test_did_key_vectors_of_kinds_that_sign_here(vectors: Path, name: str) -> None:
    """They resolve to themselves; the bytes inside are those that the vectors publish in other forms."""
    seen = 0
    for identifier, vector in _vectors(vectors, name).items():
        key = key_of(identifier)
        assert did_key(key) == identifier
        for published in _published_keys(vector):
            assert published == key
            seen += 1
    assert seen >= 2


def _published_keys(value: Any) -> list[PublicKey]:
    """Every key for signatures that stands somewhere in a vector, as JWK or in base58."""
    if isinstance(value, list):
        return [key for item in value for key in _published_keys(item)]
    if not isinstance(value, dict):
        return []
    found = [key for item in value.values() for key in _published_keys(item)]
    if "publicKeyJwk" in value and value["publicKeyJwk"].get("crv") != "X25519":
        return [*found, PublicKey.from_jwk(value["publicKeyJwk"])]
    if "publicKeyBase58" in value and value.get("type") == "Ed25519VerificationKey2018":
        return [*found, PublicKey.from_ed25519_bytes(multibase.decode_base58btc(value["publicKeyBase58"]))]
    return found


@pytest.mark.parametrize("name", ["secp256k1", "x25519", "bls12381"])
def test_did_key_vectors_of_other_kinds(vectors: Path, name: str) -> None:
    """A sound identifier of a kind that is not used here is refused as that, not as broken."""
    for identifier in _vectors(vectors, name):
        with pytest.raises(errors.KeyTypeNotSupported):
            key_of(identifier)


@pytest.mark.parametrize("signer", SIGNERS, ids=lambda signer: signer.algorithm)
def test_a_did_key_may_do_all_but_agree_on_keys(signer: Key | EcKey) -> None:
    identifier = did_key(signer.public)
    for purpose in ("assertionMethod", "authentication", "capabilityInvocation", "capabilityDelegation"):
        assert key_of(identifier, purpose) == signer.public
    with pytest.raises(errors.InvalidRelationship):
        key_of(identifier, "keyAgreement")


@pytest.mark.parametrize(
    "specific",
    ["z6Mk", "u" + ED25519.public.multikey[1:], "z" * 1500, ED25519.public.multikey + "1", "x", "z",
     multibase.encode(b"\xed\x01" + b"\xff" * 32), multibase.encode(b"\x80\x24" + b"\x05" * 33),
     multibase.encode(b"\xff\x01" + b"\x01" * 32)],
)  # fmt: skip
def test_did_keys_that_hold_no_key(specific: str) -> None:
    """Other bases, cut or lengthened text, points off their curve, codes of no key."""
    with pytest.raises(errors.MalformedDid):
        key_of(f"did:key:{specific}")


# --- did:jwk ----------------------------------------------------------------------------------------------------------


def encoded(jwk: Any) -> str:
    return f"did:jwk:{multibase.encode_base64url(jwk if isinstance(jwk, bytes) else strict_json.dumps(jwk))}"


@pytest.mark.parametrize("signer", SIGNERS, ids=lambda signer: signer.algorithm)
def test_a_did_jwk_is_its_key(signer: Key | EcKey) -> None:
    identifier = did_jwk(signer.public)
    assert key_of(identifier) == signer.public
    with pytest.raises(errors.InvalidRelationship):
        key_of(identifier, "keyAgreement")


def test_the_document_of_a_did_jwk() -> None:
    """One key named #0, published as it was written: other members of the JWK are kept and decide nothing."""
    jwk = {**P256.public.to_jwk(), "kid": "mine", "use": "sig", "alg": "ES256", "x5u": "https://evil.example"}
    identifier = encoded(jwk)
    document = DidResolver(MemoryWeb(), now=NOW).resolve(identifier).document
    assert document["id"] == identifier
    assert document["verificationMethod"] == [
        {"id": f"{identifier}#0", "type": "JsonWebKey2020", "controller": identifier, "publicKeyJwk": jwk}
    ]
    assert document["assertionMethod"] == [f"{identifier}#0"]
    assert key_of(identifier) == P256.public


def test_two_spellings_of_a_key_are_two_identifiers() -> None:
    """The identifier is the text: members in another order, or with spaces, make another DID with the same key."""
    jwk = ED25519.public.to_jwk()
    turned = dict(reversed(jwk.items()))
    spellings = {encoded(jwk), encoded(turned), encoded(json.dumps(jwk).encode())}
    assert len(spellings) == 3
    assert {key_of(identifier) for identifier in spellings} == {ED25519.public}


_JWK = ED25519.public.to_jwk()


@pytest.mark.parametrize(
    "identifier",
    [
        encoded({**_JWK, "d": "AAAA"}),
        encoded({**P256.public.to_jwk(), "d": "AAAA"}),
        encoded({"kty": "OKP", "crv": "X25519", "x": _JWK["x"], "d": "AAAA"}),
        encoded({"kty": "oct", "k": "AAAA"}),
        encoded({**_JWK, "use": "enc"}),
        encoded({**_JWK, "x": _JWK["x"] + "="}),
        encoded({**_JWK, "x": _JWK["x"][:-1]}),
        encoded({**_JWK, "x": 5}),
        encoded({**_JWK, "crv": ["Ed25519"]}),
        encoded({**_JWK, "kty": "EC"}),
        encoded({}),
        encoded([]),
        encoded(b"x"),
        encoded(b"\xef\xbb\xbf{}"),
        encoded(strict_json.dumps(_JWK).replace(b'"kty"', b'"crv":"Ed25519","kty"')),
        "did:jwk:" + multibase.encode_base64url(strict_json.dumps(_JWK)) + "=",
        "did:jwk:eyJ",
        "did:jwk:a:b",
        "did:jwk:%7B%7D",
        "did:jwk:" + "A" * 2_048,
    ],
)  # fmt: skip
def test_did_jwks_that_hold_no_usable_key(identifier: str) -> None:
    """Private members, other uses, other spellings of a coordinate, other bases, and what is no JSON object."""
    with pytest.raises(errors.MalformedDid):
        key_of(identifier)


@pytest.mark.parametrize("crv", ["secp256k1", "X25519"])
def test_did_jwks_of_other_kinds(crv: str) -> None:
    with pytest.raises(errors.KeyTypeNotSupported):
        key_of(encoded({"kty": "OKP", "crv": crv, "x": _JWK["x"]}))


@given(st.binary(max_size=200))
def test_no_bytes_surprise_the_reader(data: bytes) -> None:
    """Any content of the two identifiers is a key or one of our errors."""
    for identifier in (f"did:jwk:{multibase.encode_base64url(data)}", f"did:key:{multibase.encode(data)}"):
        with pytest.raises((errors.MalformedDid, errors.KeyTypeNotSupported)):
            DidResolver(MemoryWeb(), now=NOW).resolve(identifier)


@given(st.binary(min_size=1, max_size=16))
def test_identifiers_come_back_from_their_key(name: bytes) -> None:
    for signer in (Key(name.hex()), EcKey(name.hex())):
        assert key_of(did_key(signer.public)) == signer.public
        assert key_of(did_jwk(signer.public)) == signer.public
