"""What a report tells of the signature of a token."""

from __future__ import annotations

from typing import Any

from credentials import strict_json
from credentials.jose import jws
from credentials.sd_jwt import holding, issuing, profiles
from tests.worlds import tokens
from tests.worlds.completions import NOW, SIGNED_AT
from tests.worlds.issuers import Issuer, Key, judge
from tests.worlds.memory_web import MemoryWeb

KEY_ID = "did:web:employer.example#key-1"


def test_a_token_is_described_by_its_algorithm_and_its_key(web: MemoryWeb, issuer: Issuer) -> None:
    expected: dict[str, list[dict[str, Any]]] = {
        "vc+jwt": [{"alg": "EdDSA", "kid": KEY_ID}],
        "vc+cose": [{"alg": "EdDSA", "kid": KEY_ID}],
        "vc+sd-jwt": [
            {
                "alg": "EdDSA",
                "kid": KEY_ID,
                "disclosed": ["/credentialSubject/role", "/credentialSubject/identifier", "/evidence/0"],
            }
        ],
        "dc+sd-jwt": [{"alg": "EdDSA", "kid": KEY_ID, "disclosed": ["/credentialSubject/role"]}],
    }
    for name, proofs in expected.items():
        report = judge(tokens.ALL[name](issuer.unsigned(), issuer.key), web)
        assert report.step("structure").details["format"] == name
        found = [dict(proof) for proof in report.step("signature").details["proofs"]]
        for proof in found + proofs:
            proof["disclosed"] = sorted(proof.get("disclosed", []))
        assert found == proofs


def test_a_token_that_names_no_key_is_described_by_its_algorithm_alone(web: MemoryWeb, issuer: Issuer) -> None:
    token = jws.sign({"typ": "vc+jwt"}, strict_json.dumps(issuer.unsigned()), issuer.key)
    report = judge(token.encode(), web)
    assert report.step("signature").details["proofs"] == [{"alg": "EdDSA"}]
    assert report.step("key").details["keys"] == [KEY_ID]


def test_an_sd_jwt_vc_dated_in_the_future_is_refused(web: MemoryWeb, issuer: Issuer) -> None:
    claims = {"iss": issuer.did, "vct": "https://employer.example/vct", "iat": int(NOW.timestamp()) + 301}
    text = issuing.issue(
        claims, disclosable=[], signer=issuer.key, salts=tokens.salts(), profile=profiles.SD_JWT_VC,
        header={"kid": KEY_ID},
    )  # fmt: skip
    report = judge(text.encode(), web)
    assert report.step("signature").code == "proof_created_in_future"
    assert report.step("signature").details["detail"] == "the signature is dated 2026-07-01T12:05:01Z"


def test_a_key_binding_is_mentioned_only_where_there_is_one(web: MemoryWeb, issuer: Issuer) -> None:
    holder = Key("holder")
    text = issuing.issue(
        {"iss": issuer.did, "vct": "https://employer.example/vct"}, disclosable=[], signer=issuer.key,
        salts=tokens.salts(), profile=profiles.SD_JWT_VC, holder=holder.public, header={"kid": KEY_ID},
    )  # fmt: skip
    (without,) = judge(text.encode(), web).step("signature").details["proofs"]
    assert "keyBinding" not in without
    bound = holding.bind(text, audience="a", nonce="n", issued_at=SIGNED_AT, signer=holder)
    (proof,) = judge(bound.encode(), web).step("signature").details["proofs"]
    assert proof["keyBinding"] == "not_checked"
