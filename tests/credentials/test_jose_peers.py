"""Other people's libraries and ours read each other's tokens: joserfc and PyJWT."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import joserfc.jws
import jwt
import pytest
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from credentials import errors, multibase, strict_json
from credentials.jose import jws
from credentials.multikey import PublicKey
from tests.credentials.jose_tokens import KEYS

PAYLOAD = strict_json.dumps({"name": "Nguyễn Thị Hồng Ánh", "hours": 120, "list": [1.5, None, True, {"a": "b"}]})
#: joserfc refuses algorithms that nobody asked for, and limits what it reads; EdDSA is deprecated there by RFC 9864.
REGISTRY = JWSRegistry(algorithms=["EdDSA", "ES256", "ES384", "ES512", "RS256"])
pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
HEADER = {"typ": "vc+jwt", "kid": "did:example:a#b"}


def their_key(key: PublicKey) -> Any:
    """A public key of ours as joserfc's."""
    jwk: dict[str, str | list[str]] = {**key.to_jwk()}
    return OKPKey.import_key(jwk) if key.algorithm == "EdDSA" else ECKey.import_key(jwk)


def private_key(algorithm: str) -> Any:
    """A fresh key pair of joserfc's."""
    if algorithm == "RS256":
        return RSAKey.generate_key(2048)
    if algorithm == "EdDSA":
        return OKPKey.generate_key("Ed25519")
    return ECKey.generate_key({"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}[algorithm])


def signed_by_joserfc(algorithm: str, key: Any) -> str:
    return str(joserfc.jws.serialize_compact({**HEADER, "alg": algorithm}, PAYLOAD, key, registry=REGISTRY))


def signed_by_pyjwt(algorithm: str, key: Any) -> str:
    return jwt.api_jws.encode(PAYLOAD, key.private_key, algorithm, headers=HEADER)


@pytest.mark.parametrize("algorithm", KEYS)
def test_they_read_ours(algorithm: str) -> None:
    signer = KEYS[algorithm]
    token = jws.sign(HEADER, PAYLOAD, signer)
    key = their_key(signer.public)
    assert joserfc.jws.deserialize_compact(token, key, registry=REGISTRY).payload == PAYLOAD
    assert jwt.api_jws.decode(token, key.public_key, algorithms=[algorithm]) == PAYLOAD
    assert signer.public.thumbprint() == key.thumbprint()


@pytest.mark.parametrize("sign", [signed_by_joserfc, signed_by_pyjwt])
@pytest.mark.parametrize("algorithm", [*KEYS, "RS256"])
def test_we_read_theirs(algorithm: str, sign: Callable[[str, Any], str]) -> None:
    """RS256 too, which we only read; and their token under another key of the kind does not fit."""
    key = private_key(algorithm)
    parsed = jws.parse(sign(algorithm, key))
    assert (parsed.payload, parsed.kid) == (PAYLOAD, HEADER["kid"])
    public = PublicKey.from_jwk(key.as_dict(private=False))
    jws.check(parsed, public, typ=("vc+jwt",))
    assert public.thumbprint() == key.thumbprint()
    other = PublicKey.from_jwk(private_key(algorithm).as_dict(private=False))
    with pytest.raises(errors.SignatureInvalid):
        jws.check_signature(parsed, other)


@pytest.mark.parametrize("algorithm", KEYS)
def test_we_agree_on_bad_ones(algorithm: str) -> None:
    """Every byte of the signature, changed by one bit each: nobody accepts any."""
    signer = KEYS[algorithm]
    parsed = jws.parse(jws.sign(HEADER, PAYLOAD, signer))
    key = their_key(signer.public)
    for place in range(0, len(parsed.signature), 7):
        wrong = bytearray(parsed.signature)
        wrong[place] ^= 1 << (place % 8)
        assert not signer.public.verify(bytes(wrong), parsed.signing_input)
        token = parsed.signing_input.decode() + "." + multibase.encode_base64url(bytes(wrong))
        with pytest.raises(jwt.InvalidSignatureError):
            jwt.api_jws.decode(token, key.public_key, algorithms=[algorithm])
