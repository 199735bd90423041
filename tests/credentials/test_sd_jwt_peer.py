"""Against the package sd-jwt, both ways, on random claim trees: what one issues and shows, the other reads the same."""

from __future__ import annotations

import random
from typing import Any

import pytest
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

from credentials import errors
from credentials.sd_jwt import PLAIN, BindingDemand, bind, issue, paths, present, verify
from tests.credentials.sd_jwt_tokens import NOW, JwkKey, Salts, encoded, hashed, marked, sd_jwt

ROUNDS = 300
PAIRS = {
    "ES256": JWK.generate(kty="EC", crv="P-256"),
    "EdDSA": JWK.generate(kty="OKP", crv="Ed25519"),
}
HOLDER = JWK.generate(kty="EC", crv="P-256")
NAMES = ["name", "a/b", "c~d", "名", "", "0", "type", "x y", "é"]


def tree(chance: random.Random, depth: int = 0) -> Any:
    """A random claim tree in the package's own notation: marked names in objects, marked elements in arrays."""
    kind = chance.random()
    if depth and (kind < 0.5 or depth > 4):
        return chance.choice([None, True, False, 0, -7, 2**53, 1.5, "", "a~b.c", "\U0001f393", "\u2028", '"\\'])
    if depth and kind < 0.72:
        elements = [tree(chance, depth + 1) for _ in range(chance.randrange(5))]
        return [SDObj(one) if chance.random() < 0.5 else one for one in elements]
    names = chance.sample(NAMES, chance.randrange(6))
    return {SDObj(one) if chance.random() < 0.5 else one: tree(chance, depth + 1) for one in names}


def wanted(claims: Any) -> Any:
    """The package's way to ask for everything."""
    if isinstance(claims, dict):
        return {name: wanted(item) or True for name, item in claims.items()}
    return [wanted(item) or True for item in claims] if isinstance(claims, list) else True


@pytest.mark.parametrize("algorithm", PAIRS)
def test_what_we_issue_the_package_reads(algorithm: str) -> None:
    chance, pair = random.Random(f"ours {algorithm}"), PAIRS[algorithm]
    key = JwkKey(pair.export(as_dict=True))
    for _ in range(ROUNDS):
        claims, hidden = marked(tree(chance))
        decoys = (lambda _: 1) if chance.random() < 0.3 else None
        text = issue(claims, disclosable=hidden, signer=key, salts=Salts(), profile=PLAIN, decoys=decoys)
        shown = present(text, [place for place in hidden if chance.random() < 0.5])
        for sent in (text, shown):
            theirs = SDJWTVerifier(sent, lambda *_: pair).get_verified_payload()
            assert theirs == verify(sent, key.public, now=NOW, profile=PLAIN).claims
        assert verify(text, key.public, now=NOW, profile=PLAIN).claims == claims


@pytest.mark.parametrize("algorithm", PAIRS)
def test_what_the_package_issues_we_read(algorithm: str) -> None:
    chance, pair = random.Random(f"theirs {algorithm}"), PAIRS[algorithm]
    public = JwkKey(pair.export(as_dict=True)).public
    for _ in range(ROUNDS):
        made = tree(chance)
        claims, hidden = marked(made)
        text = SDJWTIssuer(made, pair, sign_alg=algorithm, add_decoy_claims=chance.random() < 0.3).sd_jwt_issuance
        whole = verify(text, public, now=NOW, profile=PLAIN)
        assert whole.claims == claims
        assert sorted(whole.disclosed) == sorted(map(paths.pointer_of, hidden))
        holder = SDJWTHolder(text)
        holder.create_presentation(wanted(claims) if chance.random() < 0.5 else {})
        theirs = SDJWTVerifier(holder.sd_jwt_presentation, lambda *_: pair).get_verified_payload()
        assert verify(holder.sd_jwt_presentation, public, now=NOW, profile=PLAIN).claims == theirs


def test_key_binding_goes_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sd_jwt.holder.time", NOW.timestamp)
    pair, holder = PAIRS["ES256"], JwkKey(HOLDER.export(as_dict=True))
    key = JwkKey(pair.export(as_dict=True))
    claims = {"name": "Ada", "age": 30}
    text = issue(claims, disclosable=["/name"], signer=key, salts=Salts(), profile=PLAIN, holder=holder.public)
    ours = bind(present(text, ["/name"]), audience="v", nonce="n", issued_at=NOW, signer=holder)
    assert SDJWTVerifier(ours, lambda *_: pair, "v", "n").get_verified_payload()["name"] == "Ada"
    theirs = SDJWTHolder(text)
    theirs.create_presentation({"name": True}, "n", "v", HOLDER)
    result = verify(theirs.sd_jwt_presentation, key.public, now=NOW, profile=PLAIN, binding=BindingDemand("v", "n"))
    assert result.claims["name"] == "Ada"
    assert result.key_binding is not None


@pytest.mark.case("SDJ-01", "SDJ-03", "SDJ-04")
def test_what_the_package_lets_through_is_refused_here() -> None:
    """Measured: an unsigned disclosure, reserved names, and times that have passed."""
    pair = PAIRS["EdDSA"]
    key = JwkKey(pair.export(as_dict=True))
    unsigned = encoded(["salt", "admin", True])
    let_through: list[tuple[str, type[errors.PlauditError]]] = [
        (sd_jwt({"_sd": []}, unsigned, signer=key), errors.DisclosureUnreferenced)
    ]
    for name in ("_sd", "...", "_sd_alg"):
        text = encoded(["salt", name, []])
        let_through.append((sd_jwt({"_sd": [hashed(text)]}, text, signer=key), errors.ReservedClaimName))
    let_through.append((sd_jwt({"exp": 1}, signer=key), errors.TokenExpired))
    for text, error in let_through:
        SDJWTVerifier(text, lambda *_: pair).get_verified_payload()
        with pytest.raises(error):
            verify(text, key.public, now=NOW, profile=PLAIN)
