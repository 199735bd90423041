"""DIDKit 0.4 and Plaudit judge each other's credentials and presentations.

What it can: did:key with Ed25519 and P-256; eddsa-rdfc-2022 and Ed25519Signature2020 over VCDM 1.1 and 2.0; VCDM 1.1 as
a JWT. What it cannot stands in tests too, with what it answers: it knows the ECDSA suites, and the jcs ones, under the
names of early drafts only, and no P-384.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from credentials import data_integrity, strict_json
from credentials.jose import vc_jwt_1_1
from credentials.presentation import build_presentation, sign_presentation
from credentials.verify import Outcome, Report, Verdict, verify
from credentials.verify.presentation import verify_presentation
from tests.interop.conftest import Node
from tests.interop.employer import CREATED, ED25519_2020, Employer
from tests.interop.node_worker import NodeWorker, PeerError
from tests.interop.shared_keys import EcdsaKey, EdKey, SharedKey
from tests.worlds.completions import NOW, SIGNED_AT

pytestmark = [pytest.mark.interop, pytest.mark.xdist_group("node")]

KEY = EdKey("didkit")
OK = {"checks": ["proof"], "warnings": [], "errors": []}
FORGED = {"checks": [], "warnings": [], "errors": ["signature error: Verification equation was not satisfied"]}
both_suites = pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "Ed25519Signature2020"])


@pytest.fixture(scope="module")
def didkit(node: Node) -> Iterator[NodeWorker]:
    with NodeWorker("didkit") as worker:
        yield worker
        assert worker.do("asked") == []


def options(suite: str, key: SharedKey = KEY, purpose: str = "assertionMethod", **more: Any) -> dict[str, Any]:
    named = {"type": suite} if suite == "Ed25519Signature2020" else {"type": "DataIntegrityProof", "cryptosuite": suite}
    return {
        "verificationMethod": key.verification_method,
        "proofPurpose": purpose,
        "created": CREATED,
        **named,
        **more,
    }


def unsigned(suite: str, key: SharedKey = KEY) -> dict[str, Any]:
    """The employer's credential with a did:key as its issuer."""
    document = Employer().unsigned(suite)
    return {**document, "issuer": {**document["issuer"], "id": key.controller}}


def unsigned_1_1(suite: str = "") -> dict[str, Any]:
    """A small credential of the older data model."""
    return {
        "@context": ["https://www.w3.org/2018/credentials/v1", *([ED25519_2020] if suite else [])],
        "id": "urn:uuid:3978344f-8596-4c3a-a978-8fcaba3903c5",
        "type": ["VerifiableCredential"],
        "issuer": KEY.controller,
        "issuanceDate": CREATED,
        "credentialSubject": {"id": "did:example:student"},
    }


def judge(document: dict[str, Any]) -> Report:
    web = Employer().web
    return verify(strict_json.dumps(document), fetcher=web, now=NOW)


@both_suites
def test_it_accepts_what_we_sign_and_nothing_altered(didkit: NodeWorker, suite: str) -> None:
    signed = json.dumps(data_integrity.add_proof(unsigned(suite), signer=KEY, created=SIGNED_AT, cryptosuite=suite))
    altered = [
        signed.replace("Accessibility intern", "Accessibility lead"),
        signed.replace('"statusListIndex": "7"', '"statusListIndex": "8"'),
        signed.replace(f'"created": "{CREATED}"', '"created": "2026-06-20T12:00:00Z"'),
    ]
    assert signed not in altered
    assert didkit.do("verifyAll", texts=[signed, *altered], options={}) == [OK, FORGED, FORGED, FORGED]


@both_suites
def test_we_accept_what_it_signs_and_nothing_altered(didkit: NodeWorker, suite: str) -> None:
    signed = didkit.do("issue", credential=unsigned(suite), options=options(suite), jwk=KEY.jwk())
    assert judge(signed).step("signature").outcome is Outcome.PASSED
    altered = json.loads(json.dumps(signed).replace("Accessibility intern", "Accessibility lead"))
    assert judge(altered).verdict is Verdict.ALTERED
    signed["proof"]["created"] = "2026-06-20T12:00:00Z"
    assert judge(signed).verdict is Verdict.ALTERED


@both_suites
def test_both_sign_the_same_bytes(didkit: NodeWorker, suite: str) -> None:
    """A third canonicalisation, in Rust, hashes what ours does."""
    theirs = didkit.do("issue", credential=unsigned(suite), options=options(suite), jwk=KEY.jwk())
    ours = data_integrity.add_proof(unsigned(suite), signer=KEY, created=SIGNED_AT, cryptosuite=suite)
    assert ours["proof"][0]["proofValue"] == theirs["proof"]["proofValue"]


def test_the_older_data_model_both_ways(didkit: NodeWorker) -> None:
    document, suite = unsigned_1_1("Ed25519Signature2020"), "Ed25519Signature2020"
    theirs = didkit.do("issue", credential=document, options=options(suite), jwk=KEY.jwk())
    ours = data_integrity.add_proof(document, signer=KEY, created=SIGNED_AT, cryptosuite=suite)
    assert didkit.do("verifyAll", texts=[json.dumps(ours)], options={}) == [OK]
    assert judge(theirs).step("signature").outcome is Outcome.PASSED
    theirs["credentialSubject"]["id"] = "did:example:another"
    assert judge(theirs).verdict is Verdict.ALTERED


def test_we_read_its_jwt_of_the_older_data_model(didkit: NodeWorker) -> None:
    asked = {"verificationMethod": KEY.verification_method, "proofFormat": "jwt"}
    token = didkit.do("issue", credential=unsigned_1_1(), options=asked, jwk=KEY.jwk())
    secured = vc_jwt_1_1.read_credential_1_1(token)
    secured.check_signature(KEY.public)
    assert secured.document == unsigned_1_1()
    assert secured.kid == KEY.verification_method


def test_its_presentation_answers_our_challenge(didkit: NodeWorker) -> None:
    credential = didkit.do("issue", credential=unsigned(S := "eddsa-rdfc-2022"), options=options(S), jwk=KEY.jwk())
    presentation = didkit.do(
        "present",
        presentation=build_presentation([credential], holder=KEY.controller),
        options=options(S, purpose="authentication", challenge="c1", domain="recruiter.example"),
        jwk=KEY.jwk(),
    )
    text = strict_json.dumps(presentation)
    for challenge, expected in (("c1", Outcome.PASSED), ("c2", Outcome.FAILED)):
        report = verify_presentation(
            text, fetcher=Employer().web, now=NOW, challenge=challenge, domain="recruiter.example"
        )
        assert report.step("signature").outcome is Outcome.PASSED
        assert report.step("challenge").outcome is expected


def test_our_presentation_answers_its_challenge(didkit: NodeWorker) -> None:
    credential = data_integrity.add_proof(unsigned("eddsa-rdfc-2022"), signer=KEY, created=SIGNED_AT)
    presentation = sign_presentation(
        build_presentation([credential], holder=KEY.controller),
        signer=KEY,
        created=SIGNED_AT,
        challenge="c1",
        domain="recruiter.example",
    )
    asked = {"challenge": "c1", "domain": "recruiter.example", "proofPurpose": "authentication"}
    answer = didkit.do("verifyPresentation", presentation=presentation, options=asked)
    assert answer == OK
    other = didkit.do("verifyPresentation", presentation=presentation, options={**asked, "challenge": "c2"})
    assert (other["checks"], other["errors"]) == ([], ["No applicable proof"])


@pytest.mark.parametrize(
    ("suite", "key"),
    [("ecdsa-rdfc-2019", EcdsaKey("didkit")), ("eddsa-jcs-2022", KEY), ("ecdsa-jcs-2019", EcdsaKey("didkit"))],
)
def test_it_does_not_know_the_names_of_other_suites(didkit: NodeWorker, suite: str, key: SharedKey) -> None:
    """It can neither make them nor read a credential that has one."""
    with pytest.raises(PeerError, match=f"unknown variant `{suite}`"):
        didkit.do("issue", credential=unsigned(suite, key), options=options(suite, key), jwk=key.jwk())
    signed = data_integrity.add_proof(unsigned(suite, key), signer=key, created=SIGNED_AT, cryptosuite=suite)
    (answer,) = didkit.do("verifyAll", texts=[json.dumps(signed)], options={})
    assert "did not match any variant" in answer["thrown"]


def test_we_refuse_the_suite_of_a_draft_that_it_makes(didkit: NodeWorker) -> None:
    """`ecdsa-2019` became `ecdsa-rdfc-2019` in May 2023; a verifier that guessed would verify what no standard says."""
    key = EcdsaKey("didkit")
    signed = didkit.do("issue", credential=unsigned("", key), options={**options("ecdsa-2019", key)}, jwk=key.jwk())
    assert judge(signed).step("signature").outcome is not Outcome.PASSED


def test_it_makes_no_did_of_a_p384_key(didkit: NodeWorker) -> None:
    with pytest.raises(PeerError, match="Unable to generate DID"):
        didkit.do("identify", jwk=EcdsaKey("didkit", "ES384").jwk())


@pytest.mark.parametrize("key", [KEY, EcdsaKey("didkit")], ids=["Ed25519", "P-256"])
def test_it_names_a_key_as_we_do(didkit: NodeWorker, key: SharedKey) -> None:
    assert didkit.do("identify", jwk=key.jwk()) == {
        "did": key.controller,
        "verificationMethod": key.verification_method,
    }
