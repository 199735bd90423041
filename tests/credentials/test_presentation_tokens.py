"""Presentations as tokens: `vp+jwt`, alone and in an envelope, judged as those with embedded proofs are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from credentials import strict_json, vcdm
from credentials.jose import enveloped, jws, vc_jwt
from credentials.verify import Binding, Outcome, Policy, PresentationReport, Verdict, verify_presentation
from tests.worlds import tokens
from tests.worlds.completions import NOW, SIGNED_AT
from tests.worlds.ec_keys import EcKey
from tests.worlds.issuers import Issuer, Key
from tests.worlds.memory_web import MemoryWeb

HOLDER = Key("holder")
ASKED = {"challenge": "c-1", "domain": "recruiter.example"}


@pytest.fixture
def issuer() -> Issuer:
    return Issuer(MemoryWeb())


def held(issuer: Issuer, holder: str = HOLDER.controller) -> dict[str, Any]:
    """A credential about the holder, as a token in an envelope."""
    document = issuer.unsigned()
    document["credentialSubject"] = {**document["credentialSubject"], "id": holder}
    return enveloped.wrap("vc+jwt", tokens.as_jwt(document, issuer.key))


def present(*credentials: dict[str, Any], signer: Any = HOLDER, **members: Any) -> bytes:
    document = {
        "@context": [vcdm.CONTEXT],
        "type": ["VerifiablePresentation"],
        "holder": signer.controller,
        "verifiableCredential": list(credentials),
        **members,
    }
    return vc_jwt.sign_presentation(
        document, signer, issued_at=SIGNED_AT, audience="recruiter.example", nonce="c-1"
    ).encode()


def judge(data: bytes, issuer: Issuer, *, now: datetime = NOW, **asked: Any) -> PresentationReport:
    return verify_presentation(data, fetcher=issuer.web, now=now, **{**ASKED, **asked})


@pytest.mark.parametrize("signer", [HOLDER, EcKey("holder"), EcKey("holder", "ES384")], ids=lambda key: key.algorithm)
def test_a_holder_presents_a_token_in_a_token(issuer: Issuer, signer: Any) -> None:
    report = judge(present(held(issuer, signer.controller), signer=signer), issuer)
    assert report.verdict is Verdict.VALID
    assert {step.outcome for step in report.steps} == {Outcome.PASSED}
    assert report.holder == signer.controller
    assert report.bindings == (Binding.HOLDER,)
    assert report.step("structure").details["format"] == "vp+jwt"


def test_an_enveloped_presentation_is_the_same(issuer: Issuer) -> None:
    envelope = enveloped.wrap("vp+jwt", present(held(issuer)))
    assert judge(strict_json.dumps(envelope), issuer).verdict is Verdict.VALID


def test_an_envelope_of_another_kind_is_not_read_here(issuer: Issuer) -> None:
    envelope = enveloped.wrap("vp+cose", b"\xd2\x84")
    report = judge(strict_json.dumps(envelope), issuer)
    assert report.step("structure").code == "format_not_supported"
    assert report.verdict is Verdict.CANNOT_CHECK


@pytest.mark.case("HLD-01", "HLD-02")
@pytest.mark.parametrize(
    ("asked", "step", "code"),
    [
        ({"challenge": "c-2"}, "challenge", "challenge_mismatch"),
        ({"domain": "other.example"}, "domain", "domain_mismatch"),
    ],
)
def test_a_token_for_another_question_or_for_somebody_else_is_refused(
    issuer: Issuer, asked: dict[str, Any], step: str, code: str
) -> None:
    report = judge(present(held(issuer)), issuer, **asked)
    assert report.step(step).code == code
    assert report.verdict is Verdict.INVALID
    assert report.credentials[0].verdict is Verdict.VALID


def test_what_was_not_asked_is_not_checked(issuer: Issuer) -> None:
    report = verify_presentation(present(held(issuer)), fetcher=issuer.web, now=NOW)
    assert report.step("challenge").outcome is Outcome.NOT_APPLICABLE
    assert report.verdict is Verdict.VALID


@pytest.mark.case("HLD-04")
def test_an_altered_token_is_named_though_its_credential_is_good(issuer: Issuer) -> None:
    head, payload, signature = present(held(issuer)).split(b".")
    report = judge(b".".join([head, payload, signature[:-8] + b"AAAAAAAA"]), issuer)
    assert report.step("signature").code in ("signature_invalid", "encoding")
    assert report.credentials[0].verdict is Verdict.VALID
    assert report.verdict is Verdict.ALTERED


@pytest.mark.case("HLD-05")
def test_a_token_without_credentials_shows_nothing(issuer: Issuer) -> None:
    assert judge(present(), issuer).step("structure").code == "nothing_presented"


def test_a_term_that_no_context_defines_is_refused(issuer: Issuer) -> None:
    document = {
        "@context": [vcdm.CONTEXT],
        "type": ["VerifiablePresentation"],
        "holder": {"id": HOLDER.controller, "grade": "A"},
        "verifiableCredential": [held(issuer)],
    }
    token = vc_jwt.sign_presentation(document, HOLDER, audience="recruiter.example", nonce="c-1")
    assert judge(token.encode(), issuer).step("structure").code == "data_loss"


def test_more_credentials_than_the_limit_are_refused(issuer: Issuer) -> None:
    report = judge(present(held(issuer), held(issuer)), issuer, policy=Policy(max_credentials=1))
    assert report.step("structure").code == "too_many_credentials"


def test_a_token_from_the_future_is_refused(issuer: Issuer) -> None:
    report = judge(present(held(issuer)), issuer, now=SIGNED_AT - timedelta(minutes=10))
    assert report.step("signature").code == "proof_created_in_future"


@pytest.mark.parametrize(
    ("claim", "moment", "code"),
    [("exp", NOW, "proof_expired"), ("nbf", NOW + timedelta(minutes=6), "proof_created_in_future")],
)
def test_the_token_s_own_times_are_judged(issuer: Issuer, claim: str, moment: datetime, code: str) -> None:
    document = {
        "@context": [vcdm.CONTEXT], "type": ["VerifiablePresentation"], "holder": HOLDER.controller,
        "verifiableCredential": [held(issuer)], "aud": "recruiter.example", "nonce": "c-1",
        claim: int(moment.timestamp()),
    }  # fmt: skip
    header = {"typ": "vp+jwt", "kid": HOLDER.verification_method}
    report = judge(jws.sign(header, strict_json.dumps(document), HOLDER).encode(), issuer)
    assert report.step("validity").code == code
    assert report.step("signature").outcome is Outcome.PASSED
