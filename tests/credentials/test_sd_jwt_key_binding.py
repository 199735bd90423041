"""Key binding (RFC 9901, 4.3 and 7.3): only the holder's key, over this presentation, for this verifier, and now."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials import errors
from credentials.sd_jwt import SD_JWT_VC, BindingDemand, bind, issue, parse, parse_json, present, verify
from tests.credentials.sd_jwt_tokens import HOLDER, ISSUER, NOW, SECONDS, Salts, bound, hashed
from tests.worlds.ec_keys import EcKey
from tests.worlds.issuers import Key

DEMAND = BindingDemand("https://verifier.example", "n-1")


def presentation(claims: Any = None, **more: Any) -> str:
    more.setdefault("holder", HOLDER.public)
    text = issue(
        {"vct": "x", "name": "Ada", "age": 30, **(claims or {})},
        disclosable=["/name", "/age"],
        signer=ISSUER,
        salts=Salts(),
        profile=SD_JWT_VC,
        **more,
    )
    return present(text, ["/name"])


def verified(text: str) -> Any:
    return verify(text, ISSUER.public, now=NOW, binding=DEMAND)


@pytest.mark.parametrize("hash_name", ["sha-256", "sha-384", "sha-512"])
@pytest.mark.parametrize(
    "holder", [HOLDER, Key("holder"), EcKey("holder", "ES384")], ids=lambda key: str(key.algorithm)
)
def test_the_holder_proves_the_key(hash_name: str, holder: Any) -> None:
    shown = presentation(holder=holder.public, hash_name=hash_name)
    text = bind(shown, audience=DEMAND.audience, nonce=DEMAND.nonce, issued_at=NOW, signer=holder)
    result = verified(text)
    assert result.key_binding.key == holder.public
    assert (result.key_binding.audience, result.key_binding.nonce) == (DEMAND.audience, DEMAND.nonce)
    assert result.key_binding.issued_at == SECONDS
    assert result.claims["name"] == "Ada"
    assert "age" not in result.claims


@pytest.mark.case("SDJ-06")
def test_a_demanded_key_binding_must_be_there() -> None:
    with pytest.raises(errors.KeyBindingMissing):
        verified(presentation())


def test_without_a_demand_nobody_is_the_holder() -> None:
    """A key binding that nobody asked for proves nothing and is not shown as if it did."""
    text = bound(presentation(), nonce="another")
    assert verify(text, ISSUER.public, now=NOW).key_binding is None


@pytest.mark.case("SDJ-06", "HLD-01", "HLD-02")
@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({"aud": "https://other.example"}, errors.DomainMismatch),
        ({"aud": ["https://verifier.example"]}, errors.DomainMismatch),
        ({"aud": None}, errors.DomainMismatch),
        ({"nonce": "n-0"}, errors.ChallengeMismatch),
        ({"nonce": None}, errors.ChallengeMismatch),
        ({"sd_hash": hashed("something else~")}, errors.KeyBindingDigestMismatch),
        ({"sd_hash": None}, errors.KeyBindingDigestMismatch),
        ({"typ": "JWT"}, errors.TokenTypeMismatch),
        ({"typ": "kb+jwt+x"}, errors.TokenTypeMismatch),
        ({"signer": EcKey("thief", "ES256")}, errors.SignatureInvalid),
        ({"signer": ISSUER}, errors.AlgorithmKeyMismatch),
        ({"iat": None}, errors.ClaimMalformed),
        ({"iat": str(SECONDS)}, errors.ClaimMalformed),
        ({"iat": SECONDS - 361}, errors.KeyBindingStale),
        ({"iat": SECONDS + 61}, errors.KeyBindingStale),
        ({"exp": SECONDS}, errors.TokenExpired),
        ({"nbf": SECONDS + 61}, errors.TokenNotYetValid),
    ],
)
def test_a_key_binding_for_anything_else_is_refused(claims: Any, error: type[errors.PlauditError]) -> None:
    with pytest.raises(error):
        verified(bound(presentation(), **claims))


@pytest.mark.parametrize("iat", [SECONDS - 360, SECONDS + 60])
def test_clocks_may_differ_a_little(iat: int) -> None:
    assert verified(bound(presentation(), iat=iat, more="ignored")).key_binding.issued_at == iat


def test_the_window_is_the_verifiers_to_choose() -> None:
    narrow = BindingDemand(DEMAND.audience, DEMAND.nonce, max_age=timedelta(0))
    with pytest.raises(errors.KeyBindingStale):
        verify(bound(presentation(), iat=SECONDS - 61), ISSUER.public, now=NOW, binding=narrow)


@pytest.mark.case("SDJ-06")
@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({}, errors.HolderKeyMissing),
        ({"cnf": "x"}, errors.HolderKeyMissing),
        ({"cnf": {"kid": "key-1"}}, errors.HolderKeyMissing),
        ({"cnf": {"jwk": 5}}, errors.InvalidPublicKey),
        ({"cnf": {"jwk": {**HOLDER.public.to_jwk(), "d": "AA"}}}, errors.InvalidPublicKey),
    ],
)
def test_the_key_comes_from_cnf_jwk_only(claims: Any, error: type[errors.PlauditError]) -> None:
    with pytest.raises(error):
        verified(bound(presentation(claims, holder=None)))


@pytest.mark.case("SDJ-06")
def test_another_selection_is_not_what_the_holder_signed() -> None:
    text = bound(presentation())
    token, _, binding = text.split("~")
    with pytest.raises(errors.KeyBindingDigestMismatch):
        verified(f"{token}~{binding}")


def test_a_presentation_is_signed_once() -> None:
    text = bound(presentation())
    with pytest.raises(errors.SdJwtMalformed):
        bind(text, audience="a", nonce="n", issued_at=NOW, signer=HOLDER)
    with pytest.raises(errors.SdJwtMalformed):
        present(text, [])


def test_json_serialization_carries_key_binding_too() -> None:
    """`sd_hash` is over the compact form, whichever way the token travels (RFC 9901, 8.1)."""
    shown = presentation()
    token, disclosure, binding = bound(shown).split("~")
    protected, payload, signature = token.split(".")
    header = {"disclosures": [disclosure], "kb_jwt": binding}
    message = {"payload": payload, "protected": protected, "signature": signature, "header": header}
    parsed = parse_json(json.dumps(message).encode())
    assert parsed.presented == parse(shown).presented
    result = verify(parsed, ISSUER.public, now=NOW, binding=DEMAND)
    assert result.key_binding is not None


@settings(max_examples=200)
@given(st.data())
def test_one_changed_character_anywhere_is_refused(data: st.DataObject) -> None:
    text = bound(presentation())
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("Aa0_-~.").filter(lambda character: character != text[place]))
    with pytest.raises(errors.PlauditError):
        verified(text[:place] + other + text[place + 1 :])
