"""Proofs and keys, judged by the whole verifier."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from credentials.verify import Outcome, Policy, Verdict
from tests.worlds.completions import NOW, SIGNED_AT
from tests.worlds.issuers import Issuer, Key, judge, outcome, sign
from tests.worlds.memory_web import MemoryWeb


@pytest.mark.case("DIP-01")
def test_a_proof_for_another_purpose_does_not_count(web: MemoryWeb, issuer: Issuer) -> None:
    """Signed for authentication: good for logging in, not for vouching."""
    issuer.publish_did(authentication=[issuer.key.verification_method])
    report = judge(issuer.issue(proof_purpose="authentication"), web)
    assert outcome(report, "key") == ("failed", "proof_purpose")
    assert report.step("key").problem_type == "https://w3id.org/security#PROOF_VERIFICATION_ERROR"
    assert report.verdict is Verdict.INVALID


@pytest.mark.parametrize("listed", [[], ["did:web:employer.example#other"], None])
@pytest.mark.case("DIP-02")
def test_a_key_not_listed_for_the_purpose_does_not_count(web: MemoryWeb, issuer: Issuer, listed: Any) -> None:
    document = issuer.issue()
    issuer.publish_did(assertionMethod=listed, authentication=[issuer.key.verification_method])
    report = judge(document, web)
    assert report.step("key").outcome is not Outcome.PASSED
    assert report.verdict is not Verdict.VALID
    assert report.verified is None
    if listed is not None:
        problem = report.step("key").problem_type
        assert problem == "https://w3id.org/security#INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"


@pytest.mark.case("DIP-03")
def test_a_good_signature_by_somebody_else_is_not_the_issuer_s(web: MemoryWeb, issuer: Issuer) -> None:
    """With a did:key the signature itself is seen to be good, and still it is not the issuer's."""
    report = judge(sign(issuer.unsigned(), Key("attacker")), web)
    assert outcome(report, "signature") == ("passed", None)
    assert outcome(report, "issuer") == ("failed", "issuer_mismatch")
    assert report.verdict is Verdict.INVALID
    assert report.verified is None


@pytest.mark.case("DIP-03")
def test_an_attacker_s_domain_is_not_even_asked(web: MemoryWeb, issuer: Issuer) -> None:
    attacker = Issuer(web, "evil.example")
    report = judge(sign(issuer.unsigned(), attacker.key), web)
    assert outcome(report, "key") == ("failed", "issuer_mismatch")
    assert report.verdict is Verdict.INVALID
    assert web.asked == []


@pytest.mark.case("DIP-04")
def test_a_key_controlled_by_somebody_else_does_not_count(web: MemoryWeb, issuer: Issuer) -> None:
    method = {**issuer.key.method(), "controller": "did:web:evil.example"}
    document = issuer.issue()
    issuer.publish_did(verificationMethod=[method])
    report = judge(document, web)
    assert report.step("key").problem_type == "https://w3id.org/security#INVALID_VERIFICATION_METHOD"
    assert report.verdict is Verdict.INVALID


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "FutureProof2031"},
        {"cryptosuite": "mldsa44-rdfc-2031"},
        {"cryptosuite": "bbs-2023"},
        {"cryptosuite": "eddsa-jcs-2022"},
    ],
)
@pytest.mark.case("DIP-05")
def test_an_unknown_or_mislabelled_suite_cannot_be_checked(
    web: MemoryWeb, issuer: Issuer, changes: dict[str, Any]
) -> None:
    """Amber, not red: nothing was found out about the content."""
    document = issuer.issue()
    document["proof"][0].update(changes)
    report = judge(document, web)
    assert report.verdict is Verdict.CANNOT_CHECK
    assert "proof_unsupported" in (report.step("key").code, report.step("signature").code)
    assert report.verified is None


@pytest.mark.case("DIP-05")
def test_a_jcs_proof_labelled_rdfc_cannot_be_checked(web: MemoryWeb, issuer: Issuer) -> None:
    document = issuer.issue(suite="eddsa-jcs-2022")
    document["proof"][0]["cryptosuite"] = "eddsa-rdfc-2022"
    assert judge(document, web).verdict is Verdict.CANNOT_CHECK


@pytest.mark.parametrize("proof", ["removed", None, [], [None], ""])
@pytest.mark.case("DIP-06")
def test_without_a_proof_nothing_is_vouched_for(web: MemoryWeb, issuer: Issuer, proof: Any) -> None:
    document = {**issuer.issue(), "proof": proof}
    if proof == "removed":
        del document["proof"]
    report = judge(document, web)
    assert report.verdict is Verdict.INVALID
    assert report.step("structure").outcome is Outcome.FAILED
    assert report.step("structure").code in ("no_proof", "proof_malformed")
    assert web.asked == []


@pytest.mark.parametrize("value", ["", None, 5, [], "z"])
@pytest.mark.case("DIP-06")
def test_an_empty_proof_value_is_no_proof(web: MemoryWeb, issuer: Issuer, value: Any) -> None:
    document = issuer.issue()
    document["proof"][0]["proofValue"] = value
    report = judge(document, web)
    assert report.verdict is Verdict.INVALID
    assert report.verified is None


@pytest.mark.parametrize("name", ["type", "cryptosuite", "verificationMethod", "proofPurpose", "proofValue"])
def test_a_proof_must_be_complete(web: MemoryWeb, issuer: Issuer, name: str) -> None:
    document = issuer.issue()
    del document["proof"][0][name]
    report = judge(document, web)
    assert report.verdict in (Verdict.INVALID, Verdict.CANNOT_CHECK)
    assert report.verified is None


@pytest.mark.parametrize(
    "changes",
    [
        {"created": "2026-06-22T12:00:00Z"},
        {"domain": "evil.example"},
        {"challenge": "x"},
        {"nonce": "x"},
        {"expires": "2036-01-01T00:00:00Z"},
        {"id": "urn:uuid:6b0cf0d2-8fd8-4e5b-9b5c-0f3f2b7c8f11"},
    ],
)
@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
@pytest.mark.case("DIP-07")
def test_proof_options_are_covered_by_the_signature(
    web: MemoryWeb, issuer: Issuer, suite: str, changes: dict[str, str]
) -> None:
    document = issuer.issue(suite=suite)
    document["proof"][0].update(changes)
    report = judge(document, web)
    assert report.step("signature").outcome is Outcome.FAILED
    assert report.verified is None


@pytest.mark.case("DIP-07")
def test_another_key_of_the_issuer_does_not_fit(web: MemoryWeb, issuer: Issuer) -> None:
    second = Key("key-2", issuer.did)
    methods = [issuer.key.method(), second.method()]
    document = issuer.issue()
    issuer.publish_did(verificationMethod=methods, assertionMethod=[method["id"] for method in methods])
    document["proof"][0]["verificationMethod"] = second.verification_method
    assert judge(document, web).verdict is Verdict.ALTERED


@pytest.mark.parametrize(
    "change",
    [
        lambda value: "u" + value[1:],
        lambda value: "m" + value[1:],
        lambda value: "f" + value[1:],
        lambda value: value[1:],
        lambda value: value[:-1] + "0",
        lambda value: value[:-1] + "l",
        lambda value: "z1" + value[1:],
        lambda value: "z11111" + value[1:],
        lambda value: value[:-1],
        lambda value: value + "1",
        lambda value: value + " ",
    ],
)
@pytest.mark.case("DIP-08")
def test_a_proof_value_has_one_spelling(web: MemoryWeb, issuer: Issuer, change: Any) -> None:
    document = issuer.issue()
    document["proof"][0]["proofValue"] = change(document["proof"][0]["proofValue"])
    report = judge(document, web)
    assert report.step("signature").outcome is Outcome.FAILED
    assert report.step("signature").code in ("encoding", "signature_malformed", "proof_malformed")
    assert report.verdict is Verdict.INVALID


@pytest.mark.case("DIP-09")
def test_one_bad_proof_among_good_ones_fails_and_each_is_listed(web: MemoryWeb, issuer: Issuer) -> None:
    good = issuer.issue()
    bad = issuer.issue(issuer.unsigned(hours=99))
    report = judge({**good, "proof": good["proof"] + bad["proof"]}, web)
    assert report.verdict is Verdict.ALTERED
    listed = report.step("signature").details["proofs"]
    assert [item["outcome"] for item in listed] == ["passed", "failed"]
    assert report.verified is None


def test_several_good_proofs_are_all_judged(web: MemoryWeb, issuer: Issuer) -> None:
    """Two suites over one document, as a proof set."""
    document = issuer.unsigned()
    proofs = [issuer.issue(document, suite=suite)["proof"][0] for suite in ("eddsa-rdfc-2022", "eddsa-jcs-2022")]
    report = judge({**document, "proof": proofs}, web)
    assert report.verdict is Verdict.VALID
    assert len(report.step("signature").details["proofs"]) == 2


def test_a_proof_that_cannot_be_judged_leaves_the_whole_unchecked(web: MemoryWeb, issuer: Issuer) -> None:
    """A good proof beside an unknown one: never greener than the worst check."""
    document = issuer.issue()
    document["proof"].append({**document["proof"][0], "cryptosuite": "mldsa44-rdfc-2031"})
    report = judge(document, web)
    assert report.verdict is Verdict.CANNOT_CHECK
    assert [item["outcome"] for item in report.step("key").details["proofs"]] == ["passed", "not_checked"]


def test_a_bad_proof_counts_more_than_one_that_cannot_be_judged(web: MemoryWeb, issuer: Issuer) -> None:
    """Mislabelled first, altered second: the whole is altered."""
    document = issuer.unsigned()
    mislabelled = {**issuer.issue(document)["proof"][0], "cryptosuite": "eddsa-jcs-2022"}
    bad = issuer.issue(issuer.unsigned(hours=99))["proof"][0]
    report = judge({**document, "proof": [mislabelled, bad]}, web)
    assert [item["outcome"] for item in report.step("signature").details["proofs"]] == ["not_checked", "failed"]
    assert report.verdict is Verdict.ALTERED


def test_too_many_proofs_are_not_checked(web: MemoryWeb, issuer: Issuer) -> None:
    document = issuer.issue()
    document["proof"] *= Policy().max_proofs + 1
    assert outcome(judge(document, web), "structure") == ("not_checked", "too_many_proofs")
    assert web.asked == []


@pytest.mark.case("DIP-11")
def test_a_proof_past_its_end_is_expired(web: MemoryWeb, issuer: Issuer) -> None:
    document = issuer.issue(expires=NOW - timedelta(days=1))
    report = judge(document, web)
    assert report.verdict is Verdict.EXPIRED
    assert report.verified is None or report.step("signature").outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("ahead", "verdict"),
    [
        (timedelta(minutes=4), Verdict.VALID),
        (timedelta(minutes=10), Verdict.INVALID),
        (timedelta(days=1), Verdict.INVALID),
    ],
)
@pytest.mark.case("DIP-11")
def test_a_proof_from_the_future_is_not_verified(
    web: MemoryWeb, issuer: Issuer, ahead: timedelta, verdict: Verdict
) -> None:
    """Five minutes are the clocks' fault; more is not."""
    report = judge(issuer.issue(created=NOW + ahead), web)
    assert report.verdict is verdict
    if verdict is Verdict.INVALID:
        assert outcome(report, "signature") == ("failed", "proof_created_in_future")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"revoked": "2026-06-01T00:00:00Z"}, "key_revoked"),
        ({"revoked": "2026-06-25T00:00:00Z"}, "key_later_withdrawn"),
        ({"expires": "2026-06-01T00:00:00Z"}, "key_expired"),
    ],
)
@pytest.mark.case("DIP-12", "KEY-05")
def test_a_withdrawn_key_does_not_vouch(web: MemoryWeb, issuer: Issuer, changes: dict[str, str], code: str) -> None:
    """Whoever stole a key can write any date: the date in the proof is no excuse once the key was withdrawn."""
    document = issuer.issue(created=SIGNED_AT)
    issuer.publish_did(verificationMethod=[{**issuer.key.method(), **changes}])
    report = judge(document, web)
    assert outcome(report, "key") == ("failed", code)
    assert report.verdict is Verdict.INVALID
    assert report.verified is None


@pytest.mark.case("DIP-12", "KEY-03")
def test_a_key_that_ended_after_signing_still_vouches(web: MemoryWeb, issuer: Issuer) -> None:
    """Rotation: the old key has ended, what it signed in its time stays good."""
    document = issuer.issue()
    issuer.publish_did(verificationMethod=[{**issuer.key.method(), "expires": "2026-06-30T00:00:00Z"}])
    issuer.web.put(issuer.list_url(), issuer.list_credential())
    assert outcome(judge(document, web), "key") == ("passed", None)


@pytest.mark.case("DIP-16")
def test_two_different_keys_in_one_method_are_none(web: MemoryWeb, issuer: Issuer) -> None:
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    document = issuer.issue()
    issuer.publish_did(verificationMethod=[{**issuer.key.method(), "publicKeyJwk": jwk}])
    assert outcome(judge(document, web), "key") == ("failed", "multiple_verification_material")


def test_a_key_document_about_somebody_else_is_not_believed(web: MemoryWeb, issuer: Issuer) -> None:
    document = issuer.issue()
    issuer.publish_did(id="did:web:evil.example")
    report = judge(document, web)
    assert report.verdict is not Verdict.VALID
    assert report.verified is None


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"id":"did:web:employer.example"}'])
def test_a_key_document_that_is_none_confirms_nothing(web: MemoryWeb, issuer: Issuer, body: bytes) -> None:
    document = issuer.issue()
    web.put(issuer.did_url, body)
    report = judge(document, web)
    assert report.verdict in (Verdict.CANNOT_CHECK, Verdict.INVALID)
    assert report.verified is None


@pytest.mark.parametrize("did", ["did:ion:EiAnKD8", "urn:example:issuer"])
def test_an_issuer_that_cannot_be_looked_up_is_unchecked(web: MemoryWeb, issuer: Issuer, did: str) -> None:
    document = issuer.unsigned()
    document["issuer"]["id"] = did
    report = judge(sign(document, Key("k", did)), web)
    assert report.verdict is Verdict.CANNOT_CHECK
    assert web.asked == []


def test_an_issuer_may_be_named_by_the_address_of_its_key_document(web: MemoryWeb, issuer: Issuer) -> None:
    """A controlled identifier document at an https URL (CID 1.0), asked for at exactly that URL."""
    url = "https://employer.example/issuer"
    key = Key("key-1", url)
    document = issuer.unsigned()
    document["issuer"]["id"] = url
    del document["credentialStatus"]
    signed = sign(document, key)
    assert judge(signed, web).verdict is Verdict.CANNOT_CHECK
    web.put(url, {"id": url, "verificationMethod": [key.method()], "assertionMethod": [key.verification_method]})
    report = judge(signed, web)
    assert {name: outcome(report, name)[0] for name in ("key", "signature", "issuer")} == {
        "key": "passed", "signature": "passed", "issuer": "passed",
    }  # fmt: skip
    assert set(web.asked) == {url}
