"""Presentations: made, signed for one verifier, and judged together with each credential inside."""

from __future__ import annotations

from typing import Any

import pytest

from credentials import errors
from credentials.presentation import build_presentation, sign_presentation
from credentials.verify import Binding, Outcome, Policy, PresentationReport, Verdict, verify_presentation
from tests.worlds.completions import NOW, SIGNED_AT
from tests.worlds.ec_keys import EcKey
from tests.worlds.issuers import Issuer, Key, sign, to_bytes
from tests.worlds.memory_web import MemoryWeb

HOLDER = Key("holder")
ASKED = {"challenge": "c-1", "domain": "recruiter.example"}


def about(issuer: Issuer, did: str | None) -> dict[str, Any]:
    """A credential about the person with this DID, or about nobody in particular."""
    unsigned = issuer.unsigned()
    subject = {**unsigned["credentialSubject"], **({"id": did} if did else {})}
    return dict(issuer.issue({**unsigned, "credentialSubject": subject}))


def present(*credentials: dict[str, Any], holder: Any = HOLDER, **asked: str) -> dict[str, Any]:
    unsigned = build_presentation(credentials, holder=holder.controller)
    return sign_presentation(unsigned, signer=holder, created=SIGNED_AT, **{**ASKED, **asked})


def judge(presentation: Any, web: MemoryWeb, **asked: Any) -> PresentationReport:
    data = presentation if isinstance(presentation, bytes) else to_bytes(presentation)
    return verify_presentation(data, fetcher=web, now=NOW, **{**ASKED, **asked})


def outcome(report: PresentationReport, step: str) -> tuple[str, str | None]:
    found = report.step(step)
    return found.outcome.value, found.code


@pytest.mark.parametrize("holder", [HOLDER, EcKey("holder"), EcKey("holder", "ES384")], ids=lambda key: key.algorithm)
def test_a_holder_presents_their_own_credential(web: MemoryWeb, issuer: Issuer, holder: Any) -> None:
    suite = "eddsa-rdfc-2022" if holder is HOLDER else "ecdsa-rdfc-2019"
    unsigned = build_presentation([about(issuer, holder.controller)], holder=holder.controller)
    signed = sign_presentation(unsigned, signer=holder, created=SIGNED_AT, cryptosuite=suite, **ASKED)
    report = judge(signed, web)
    assert report.verdict is Verdict.VALID
    assert {step.outcome for step in report.steps} == {Outcome.PASSED}
    assert report.holder == holder.controller
    assert report.bindings == (Binding.HOLDER,)
    assert report.credentials[0].verdict is Verdict.VALID


def test_a_credential_that_names_nobody_is_said_to_name_nobody(web: MemoryWeb, issuer: Issuer) -> None:
    report = judge(present(about(issuer, None)), web)
    assert report.verdict is Verdict.VALID
    assert report.bindings == (Binding.NOBODY_NAMED,)


@pytest.mark.case("HLD-01")
@pytest.mark.parametrize("asked", ["c-2", ""])
def test_another_challenge_is_not_answered(web: MemoryWeb, issuer: Issuer, asked: str) -> None:
    report = judge(present(about(issuer, HOLDER.controller)), web, challenge=asked)
    assert outcome(report, "challenge") == ("failed", "challenge_mismatch")
    assert report.step("challenge").problem_type == "https://w3id.org/security#INVALID_CHALLENGE_ERROR"
    assert report.verdict is Verdict.INVALID
    assert report.credentials[0].verdict is Verdict.VALID


@pytest.mark.case("HLD-02")
def test_a_presentation_for_another_domain_is_refused(web: MemoryWeb, issuer: Issuer) -> None:
    report = judge(present(about(issuer, HOLDER.controller)), web, domain="other.example")
    assert outcome(report, "domain") == ("failed", "domain_mismatch")
    assert report.step("domain").problem_type == "https://w3id.org/security#INVALID_DOMAIN_ERROR"


@pytest.mark.case("HLD-03")
def test_a_credential_about_somebody_else_is_said_to_be_and_still_judged(web: MemoryWeb, issuer: Issuer) -> None:
    mine, theirs = about(issuer, HOLDER.controller), about(issuer, "did:example:somebody")
    report = judge(present(mine, theirs), web)
    assert outcome(report, "holder") == ("failed", "holder_mismatch")
    assert report.bindings == (Binding.HOLDER, Binding.ANOTHER)
    assert [credential.verdict for credential in report.credentials] == [Verdict.VALID, Verdict.VALID]
    assert report.verdict is Verdict.INVALID


def test_a_presentation_signed_by_another_than_its_holder_is_refused(web: MemoryWeb, issuer: Issuer) -> None:
    unsigned = build_presentation([about(issuer, HOLDER.controller)], holder=HOLDER.controller)
    report = judge(sign_presentation(unsigned, signer=Key("thief"), created=SIGNED_AT, **ASKED), web)
    assert outcome(report, "holder") == ("failed", "holder_mismatch")
    assert report.holder is None
    assert report.verdict is Verdict.INVALID


@pytest.mark.case("HLD-04")
def test_an_altered_credential_inside_is_named_though_the_holder_signed_it(web: MemoryWeb, issuer: Issuer) -> None:
    good, bad = about(issuer, HOLDER.controller), about(issuer, HOLDER.controller)
    bad["awardedDate"] = "2026-06-17T00:00:00Z"
    report = judge(present(good, bad), web)
    assert report.step("signature").outcome is Outcome.PASSED
    assert [credential.verdict for credential in report.credentials] == [Verdict.VALID, Verdict.ALTERED]
    assert report.verdict is Verdict.ALTERED
    assert report.bindings == (Binding.HOLDER, Binding.NOT_SHOWN)


@pytest.mark.case("HLD-04")
def test_an_altered_presentation_is_named_though_its_credential_is_good(web: MemoryWeb, issuer: Issuer) -> None:
    presented = present(about(issuer, HOLDER.controller))
    report = judge({**presented, "id": "urn:example:added"}, web)
    assert outcome(report, "signature") == ("failed", "signature_invalid")
    assert outcome(report, "challenge") == ("not_checked", "not_reached")
    assert report.credentials[0].verdict is Verdict.VALID
    assert report.verdict is Verdict.ALTERED
    assert report.bindings == (Binding.NOT_SHOWN,)


@pytest.mark.case("HLD-05")
def test_a_presentation_without_credentials_shows_nothing(web: MemoryWeb) -> None:
    report = judge(present(), web)
    assert outcome(report, "structure") == ("failed", "nothing_presented")


@pytest.mark.case("HLD-05")
def test_an_unsigned_credential_inside_is_not_verified(web: MemoryWeb, issuer: Issuer) -> None:
    report = judge(present(issuer.unsigned()), web)
    assert report.credentials[0].verdict is Verdict.INVALID
    assert report.verdict is Verdict.INVALID


@pytest.mark.case("DIP-01")
def test_a_signature_that_vouches_is_not_one_that_presents(web: MemoryWeb, issuer: Issuer) -> None:
    unsigned = build_presentation([about(issuer, HOLDER.controller)], holder=HOLDER.controller)
    report = judge(sign(unsigned, HOLDER, challenge="c-1", domain="recruiter.example"), web)
    assert outcome(report, "key") == ("failed", "proof_purpose")


def test_an_unsigned_presentation_shows_its_credentials_and_nobody(web: MemoryWeb, issuer: Issuer) -> None:
    unsigned = build_presentation([about(issuer, HOLDER.controller)], holder=HOLDER.controller)
    report = verify_presentation(to_bytes(unsigned), fetcher=web, now=NOW)
    outcomes = {step.id: step.outcome for step in report.steps}
    assert outcomes.pop("size") is outcomes.pop("structure") is Outcome.PASSED
    assert set(outcomes.values()) == {Outcome.NOT_APPLICABLE}
    assert report.holder is None
    assert report.bindings == (Binding.NOT_SHOWN,)
    assert report.verdict is Verdict.VALID
    asked = judge(unsigned, web)
    assert outcome(asked, "challenge") == ("failed", "challenge_mismatch")
    assert outcome(asked, "domain") == ("failed", "domain_mismatch")


def test_a_holder_with_a_domain_is_looked_up_there(web: MemoryWeb, issuer: Issuer) -> None:
    key = Key("key-1", "did:web:student.example")
    document = {
        "id": key.controller,
        "verificationMethod": [key.method()],
        "authentication": [key.verification_method],
    }
    web.put("https://student.example/.well-known/did.json", document)
    unsigned = build_presentation([about(issuer, key.controller)])
    report = judge(sign_presentation(unsigned, signer=key, created=SIGNED_AT, **ASKED), web)
    assert report.holder == key.controller
    assert report.verdict is Verdict.VALID


def test_more_credentials_than_the_limit_are_refused(web: MemoryWeb, issuer: Issuer) -> None:
    three = [issuer.issue({**issuer.unsigned(), "id": f"https://employer.example/c/{number}"}) for number in range(3)]
    report = judge(present(*three), web, policy=Policy(max_credentials=2))
    assert outcome(report, "structure")[1] == "too_many_credentials"
    assert report.verdict is Verdict.CANNOT_CHECK


@pytest.mark.parametrize("data", [b"{}", b"[]", b"\xff", b'{"type":"VerifiablePresentation"}'])
def test_what_is_no_presentation_is_said_to_be_none(web: MemoryWeb, data: bytes) -> None:
    report = judge(data, web)
    assert report.step("structure").outcome is Outcome.FAILED
    assert report.credentials == ()


def test_the_report_as_json_says_what_became_of_each_credential(web: MemoryWeb, issuer: Issuer) -> None:
    told = judge(present(about(issuer, HOLDER.controller)), web).to_json()
    assert told["verdict"] == "valid"
    assert told["holder"] == HOLDER.controller
    assert told["credentials"][0]["binding"] == "holder"
    assert [check["id"] for check in told["checks"]][-1] == "holder"


def test_a_report_cannot_be_better_than_what_was_found(web: MemoryWeb, issuer: Issuer) -> None:
    bad = judge(present(issuer.unsigned()), web)
    with pytest.raises(ValueError, match="better than"):
        PresentationReport(Verdict.VALID, bad.steps, NOW, None, bad.credentials, bad.bindings)


def test_a_presentation_with_a_fault_of_ours_is_not_checked(
    web: MemoryWeb, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("boom")

    presented = present(about(issuer, HOLDER.controller))
    monkeypatch.setattr("credentials.data_integrity.check_binding", broken)
    report = judge(presented, web)
    assert outcome(report, "challenge") == ("not_checked", "internal_error")
    assert report.verdict is Verdict.CANNOT_CHECK


def test_the_holder_may_be_an_object(web: MemoryWeb, issuer: Issuer) -> None:
    unsigned = {**build_presentation([about(issuer, HOLDER.controller)]), "holder": {"id": HOLDER.controller}}
    report = judge(sign_presentation(unsigned, signer=HOLDER, created=SIGNED_AT, **ASKED), web)
    assert report.verdict is Verdict.VALID


def test_signing_needs_no_more_than_a_signer(issuer: Issuer) -> None:
    with pytest.raises(errors.AlgorithmKeyMismatch):
        sign_presentation(build_presentation([]), signer=EcKey("holder"), created=SIGNED_AT, **ASKED)


@pytest.mark.case("DIP-11")
def test_a_proof_that_has_expired_presents_nothing_any_more(web: MemoryWeb, issuer: Issuer) -> None:
    unsigned = build_presentation([about(issuer, HOLDER.controller)], holder=HOLDER.controller)
    signed = sign(
        unsigned, HOLDER, proof_purpose="authentication", expires=NOW, challenge="c-1", domain="recruiter.example"
    )
    report = judge(signed, web)
    assert outcome(report, "validity") == ("failed", "proof_expired")
    assert report.verdict is Verdict.EXPIRED
    assert report.credentials[0].verdict is Verdict.VALID
